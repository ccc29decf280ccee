"""Bring one validated object into staging: one transaction, one ledger row, every record once.

The order is the protocol (docs/decisions, 02 and 03): lock the table, look into the ledger, draw a
number, COPY both files, keep what COPY itself refused, count again, write the ledger row, COMMIT.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from social_vault.errors import RejectLimitError, WarehouseError
from social_vault.landing.objects import ObjectVersion, SpooledObject
from social_vault.model.contract import Contract
from social_vault.records.validation import Validated
from social_vault.stores.vertica import Warehouse

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class StageRequest:
    """One object on its way into staging."""

    spooled: SpooledObject
    validated: Validated
    contract: Contract
    reject_limit: float = 1.0
    run_id: str | None = None


@dataclass(frozen=True)
class Staged:
    """One load as the ledger has it; `already` tells that an earlier run brought it in."""

    load_id: int
    table: str
    status: str
    read: int
    accepted: int
    rejected: int
    blank: int
    already: bool


def known_versions(
    warehouse: Warehouse, objects: Iterable[ObjectVersion]
) -> frozenset[ObjectVersion]:
    """Return those of the object versions that the ledger has a load of."""
    with warehouse.transaction():
        return frozenset(each for each in objects if find_load(warehouse, each) is not None)


def find_load(warehouse: Warehouse, wanted: ObjectVersion) -> Staged | None:
    """Return the load of an object version, if there is one."""
    rows = warehouse.query("staging/find_load", identity(wanted))
    if not rows:
        return None
    load_id, status, *counts = rows[0]
    read, accepted, rejected, blank = (int(str(count)) for count in counts)
    number = int(str(load_id))
    return Staged(number, wanted.table, str(status), read, accepted, rejected, blank, already=True)


def identity(wanted: ObjectVersion) -> dict[str, object]:
    """Return what tells one object version from every other."""
    return {
        "source": wanted.source,
        "bucket": wanted.bucket,
        "object_key": wanted.key,
        "object_version": wanted.version,
        "table_name": wanted.table,
    }


def stage(warehouse: Warehouse, request: StageRequest) -> Staged:
    """Load an object's records, or find that they are loaded; whatever fails leaves nothing."""
    wanted = request.spooled.object
    check_limit(request)
    with warehouse.transaction():
        warehouse.execute("staging/lock", table=wanted.table)
        found = find_load(warehouse, wanted)
        if found is not None:
            return found
        staged = copy_records(warehouse, request)
    log.info(
        "Load %d: %s: read %d, accepted %d, rejected %d, blank %d.",
        *(
            staged.load_id,
            staged.table,
            staged.read,
            staged.accepted,
            staged.rejected,
            staged.blank,
        ),
    )
    return staged


def check_limit(request: StageRequest) -> None:
    """Refuse a file of which too large a share was refused."""
    validated, limit = request.validated, request.reject_limit
    if validated.rejected_count > limit * validated.read:
        raise RejectLimitError(
            f"{request.spooled.object.key}: {validated.rejected_count} of {validated.read} records "
            f"were refused, allowed is a share of {limit:g}; nothing of the file was loaded."
        )


def copy_records(warehouse: Warehouse, request: StageRequest) -> Staged:
    """Copy both files, account for every record, write the ledger row; the caller commits."""
    validated = request.validated
    load_id = int(str(warehouse.query("staging/draw_load_id")[0][0]))
    staged_at = datetime.now(UTC).replace(tzinfo=None)
    binds: dict[str, object] = {
        "load_id": load_id,
        "staged_at": staged_at,
        "contract_version": request.contract.version,
    }
    refused = copy_accepted(warehouse, request, binds) if validated.accepted_count else 0
    if validated.rejected_count:
        copy_rejected(warehouse, request, binds)
    staged = counted(warehouse, request, load_id, refused)
    warehouse.execute("staging/record_load", ledger_row(request, staged) | binds)
    return staged


def copy_accepted(warehouse: Warehouse, request: StageRequest, binds: dict[str, object]) -> int:
    """Copy the accepted records; keep and count those that COPY refuses all the same."""
    table = request.spooled.object.table
    copy_rejects = f"copy_rejects_{binds['load_id']}"
    warehouse.copy(
        f"staging/copy_{table}", request.validated.accepted, binds, copy_rejects=copy_rejects
    )
    refused = int(
        str(warehouse.query("staging/count_copy_rejects", copy_rejects=copy_rejects)[0][0])
    )
    if refused:
        log.warning(
            "%s: COPY refused %d records that the contract accepts: contract and table disagree.",
            *(request.spooled.object.key, refused),
        )
        warehouse.execute(
            "staging/move_copy_rejects", binds, table=table, copy_rejects=copy_rejects
        )
    return refused


def copy_rejected(warehouse: Warehouse, request: StageRequest, binds: dict[str, object]) -> None:
    """Copy the refused records; COPY must take every one of them."""
    table = request.spooled.object.table
    names = {"table": table, "copy_rejects": f"copy_rejects_{binds['load_id']}_rej"}
    warehouse.copy("staging/copy_rejects", request.validated.rejected, binds, **names)


def counted(warehouse: Warehouse, request: StageRequest, load_id: int, refused: int) -> Staged:
    """Count again what stands in the warehouse: read = accepted + rejected + blank must hold."""
    table, validated = request.spooled.object.table, request.validated
    row = warehouse.query("staging/count_rows", {"load_id": load_id}, table=table)[0]
    accepted, rejected = (int(str(count)) for count in row)
    expected = (validated.accepted_count - refused, validated.rejected_count + refused)
    if (accepted, rejected) != expected or accepted + rejected + validated.blank != validated.read:
        raise WarehouseError(
            f"{request.spooled.object.key}: the warehouse holds {accepted} accepted and {rejected} "
            f"rejected records, expected {expected[0]} and {expected[1]} of {validated.read} read."
        )
    if rejected > request.reject_limit * validated.read:
        raise RejectLimitError(
            f"{request.spooled.object.key}: {rejected} of {validated.read} records were refused, "
            f"{refused} of them by COPY; allowed is a share of {request.reject_limit:g}."
        )
    status = "refused" if validated.refusal else "staged"
    counts = (validated.read, accepted, rejected, validated.blank)
    return Staged(load_id, table, status, *counts, already=False)


def ledger_row(request: StageRequest, staged: Staged) -> dict[str, object]:
    """Return what the ledger keeps of a load."""
    wanted = request.spooled.object
    return identity(wanted) | {
        "load_src": wanted.uri,
        "etag": wanted.etag,
        "size_bytes": request.spooled.size,
        "sha256": request.spooled.sha256,
        "last_modified": wanted.last_modified.astimezone(UTC).replace(tzinfo=None),
        "status": staged.status,
        "read_count": staged.read,
        "accepted_count": staged.accepted,
        "rejected_count": staged.rejected,
        "blank_count": staged.blank,
        "run_id": request.run_id,
    }
