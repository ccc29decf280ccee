"""Load what is staged into the Data Vault: one transaction a batch, audited before its COMMIT."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from social_vault.errors import AuditError
from social_vault.schema.apply import HUBS, LINKS, SATELLITES
from social_vault.stores.vertica import Warehouse

log = logging.getLogger(__name__)

TABLES = (
    *(f"hubs/{hub}" for hub in HUBS),
    *(f"links/{link}" for link in LINKS),
    *(f"satellites/{satellite}" for satellite in SATELLITES),
)


@dataclass(frozen=True)
class VaultBatch:
    """What one vault transaction took over; without loads there was nothing to do."""

    batch_id: int | None = None
    load_dt: datetime | None = None
    loads: tuple[int, ...] = ()
    added: Mapping[str, int] = field(default_factory=dict)


def load_vault(warehouse: Warehouse, run_id: str | None = None) -> VaultBatch:
    """Bring every load that is staged and not yet in the vault into it, or nothing of them."""
    with warehouse.transaction():
        warehouse.execute("vault/lock")
        if not warehouse.query("vault/count_pending")[0][0]:
            return VaultBatch()
        batch = take_loads(warehouse, run_id)
        binds: dict[str, object] = {"batch_id": batch.batch_id, "load_dt": batch.load_dt}
        added = {table.split("/")[1]: warehouse.execute(table, binds) for table in TABLES}
        for table in added:
            audit(warehouse, table, binds)
    log.info("Batch %s: %d rows added.", batch.batch_id, sum(added.values()))
    return VaultBatch(batch.batch_id, batch.load_dt, batch.loads, added)


def take_loads(warehouse: Warehouse, run_id: str | None) -> VaultBatch:
    """Write the pending loads into the vault's ledger as one batch."""
    batch_id = int(str(warehouse.query("vault/next_batch_id")[0][0]))
    warehouse.execute("vault/take_loads", {"batch_id": batch_id, "run_id": run_id})
    rows = warehouse.query("vault/batch_loads", {"batch_id": batch_id})
    load_dt = rows[0][1]
    if not isinstance(load_dt, datetime):
        raise AuditError(f"vault/batch_loads: load_dt is a {type(load_dt).__name__}, not a time.")
    return VaultBatch(batch_id, load_dt, tuple(int(str(row[0])) for row in rows))


def audit(warehouse: Warehouse, table: str, binds: Mapping[str, object]) -> None:
    """Raise AuditError if the batch left something in a table that must not be."""
    found = [
        f"{name} ({count})" for name, count in warehouse.query(f"checks/{table}", binds) if count
    ]
    if found:
        raise AuditError(f"checks/{table}: {'; '.join(found)}. The batch was rolled back.")
