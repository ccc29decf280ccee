"""Bring one validated object into staging: one transaction, one ledger row, every record once.

The order is the protocol (docs/decisions, 02 and 03): lock the tables, look into the ledger, draw a
number, COPY all files, keep what COPY itself refused, count again, write the ledger row, COMMIT.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from social_vault.errors import RejectLimitError, WarehouseError
from social_vault.landing.objects import SpooledObject
from social_vault.loading.ledger import find_load, identity, number
from social_vault.loading.loads import LOADED, REFUSED, Load
from social_vault.model.table import Table
from social_vault.records.validation import Part, Validated
from social_vault.schema.statements import copying
from social_vault.stores.vertica import Warehouse

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class StageRequest:
    """One object on its way into staging."""

    spooled: SpooledObject
    validated: Validated
    table: Table
    reject_limit: float = 1.0
    run_id: str | None = None


def stage(warehouse: Warehouse, request: StageRequest) -> Load:
    """Load an object's records, or find that they are loaded; whatever fails leaves nothing."""
    check_limit(request)  # before the lock: a file that is refused keeps nobody waiting
    with warehouse.transaction():
        lock_parts(warehouse, request.table)
        # Another run may have been quicker; under the lock the look into the ledger is certain.
        found = find_load(warehouse, request.spooled.object, request.table.name)
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


def lock_parts(warehouse: Warehouse, table: Table) -> None:
    """Lock every staging table that a source table fills."""
    # In one order for all sessions, so that no two wait for each other.
    for part in sorted(table.parts, key=lambda part: part.name):
        warehouse.execute(copying("lock", table, part))


def check_limit(request: StageRequest) -> None:
    """Raise RejectLimitError for a file of which too large a share was refused."""
    validated, limit = request.validated, request.reject_limit
    if validated.rejected_count > limit * validated.read:
        raise RejectLimitError(
            f"{request.spooled.object.key}: {validated.rejected_count} of {validated.read} records "
            f"were refused, allowed is a share of {limit:g}; nothing of the file was loaded."
        )


def copy_records(warehouse: Warehouse, request: StageRequest) -> Load:
    """Copy both files, account for every record, write the ledger row; the caller commits."""
    validated = request.validated
    # A sequence knows no rollback: the number of a load that fails is lost, and never used again.
    load_id = number(warehouse.query("ledgers/draw_load_id")[0][0])
    # One value for table, rejects and ledger; the load_dt of the batch follows from it.
    staged_at = datetime.now(UTC).replace(tzinfo=None)
    binds: dict[str, object] = {
        "load_id": load_id,
        "staged_at": staged_at,
        "contract_version": request.table.version,
    }
    refused = sum(
        copy_accepted(warehouse, request, binds, each) for each in validated.parts if each.rows
    )
    if validated.rejected_count:
        copy_rejected(warehouse, request, binds)
    staged = counted(warehouse, request, load_id, refused)
    warehouse.execute("ledgers/record_load", ledger_row(request, staged) | binds)
    return staged


def copy_accepted(
    warehouse: Warehouse, request: StageRequest, binds: dict[str, object], rows: Part
) -> int:
    """Copy the rows for one staging table; keep and count those that COPY refuses all the same."""
    table, key = request.table, request.spooled.object.key
    part = next(each for each in table.parts if each.name == rows.name)
    # A name of its own, lest the rejects of an earlier COPY of the session be counted with it.
    names = {"copy_rejects": f"copy_rejects_{binds['load_id']}_{table.parts.index(part)}"}
    warehouse.copy(copying("accepted", table, part), rows.path, binds, **names)
    refused = number(warehouse.query("ledgers/count_copy_rejects", None, **names)[0][0])
    if refused and len(table.parts) > 1:
        # The rest of these documents stands in other tables, and none may be there in part.
        raise WarehouseError(
            f"{key}: COPY into {part.name} refused {refused} of {rows.rows} rows that the contract "
            f"accepts, expected none: contract and table disagree; nothing of it was loaded."
        )
    if refused:
        log.warning(
            "%s: COPY refused %d records that the contract accepts: contract and table disagree.",
            *(key, refused),
        )
        warehouse.execute(copying("move_copy_rejects", table), binds, **names)
    return refused


def copy_rejected(warehouse: Warehouse, request: StageRequest, binds: dict[str, object]) -> None:
    """Copy the refused records; COPY must take every one of them."""
    names = {"copy_rejects": f"copy_rejects_{binds['load_id']}_rej"}
    warehouse.copy(copying("rejects", request.table), request.validated.rejected, binds, **names)


def counted(warehouse: Warehouse, request: StageRequest, load_id: int, refused: int) -> Load:
    """Count again what stands in the warehouse: read = accepted + rejected + blank must hold."""
    validated = request.validated
    # Not what COPY says that it took: what a reader will find there after the COMMIT.
    row = warehouse.query(copying("count_rows", request.table), {"load_id": load_id})[0]
    *rows, rejected = map(number, row)
    # Of a table in several parts COPY refuses nothing: that is an error before this.
    expected = [part.rows - refused for part in validated.parts]
    accepted, wanted = validated.accepted_count - refused, validated.rejected_count + refused
    is_sum = accepted + rejected + validated.blank == validated.read
    if (rows, rejected) != (expected, wanted) or not is_sum:
        held = ", ".join(map(str, rows))
        raise WarehouseError(
            f"{request.spooled.object.key}: the warehouse holds {held} accepted rows and "
            f"{rejected} rejected records, expected {', '.join(map(str, expected))} and {wanted} "
            f"of {validated.read} read."
        )
    # Once more, now with what COPY itself refused; the transaction takes all of it back.
    if rejected > request.reject_limit * validated.read:
        raise RejectLimitError(
            f"{request.spooled.object.key}: {rejected} of {validated.read} records were refused, "
            f"{refused} of them by COPY; allowed is a share of {request.reject_limit:g}."
        )
    status = REFUSED if validated.refusal else LOADED
    counts = (validated.read, accepted, rejected, validated.blank)
    return Load(load_id, request.table.name, status, *counts)


def ledger_row(request: StageRequest, staged: Load) -> dict[str, object]:
    """Give the binds of the ledger row: whose bytes they were, and where the records went."""
    wanted = request.spooled.object
    return identity(wanted, request.table.name) | {
        "load_src": wanted.uri,
        "etag": wanted.etag,
        "size_bytes": request.spooled.size,
        "sha256": request.spooled.sha256,
        "status": staged.status,
        "read_count": staged.read,
        "accepted_count": staged.accepted,
        "rejected_count": staged.rejected,
        "blank_count": staged.blank,
        "run_id": request.run_id,
    }
