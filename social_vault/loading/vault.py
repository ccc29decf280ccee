"""Load what is staged into the Data Vault: one transaction a batch, audited before its COMMIT."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from social_vault.errors import AuditError
from social_vault.loading.ledger import count_pending, number
from social_vault.model.catalogue import catalogue
from social_vault.schema import statements
from social_vault.stores.vertica import Warehouse
from sql import Statement

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class VaultBatch:
    """What one vault transaction took over; without loads there was nothing to do."""

    batch_id: int | None = None
    load_dt: datetime | None = None
    loads: tuple[int, ...] = ()
    tables: tuple[str, ...] = ()  # the source tables that the loads came into
    added: dict[str, int] = field(default_factory=dict)


def load_vault(warehouse: Warehouse, run_id: str | None = None) -> VaultBatch:
    """Bring every load that is staged and not yet in the vault into it, or nothing of them.

    Only the tables that the batch's sources feed are loaded and audited.
    """
    declared = catalogue()
    with warehouse.transaction():
        # The lock comes before the look: else two runs would take the same loads.
        warehouse.execute("ledgers/lock_vault")
        if not count_pending(warehouse):
            return VaultBatch()
        batch = take_loads(warehouse, run_id)
        binds: dict[str, object] = {"batch_id": batch.batch_id, "load_dt": batch.load_dt}
        fed = declared.fed_by(batch.tables)
        for described in fed:
            load = statements.load(declared, described)
            batch.added[described.name] = warehouse.execute(load, binds)
        # Only when all is there: the audit of a link looks into its hubs.
        for described in fed:
            audit(warehouse, statements.audit(declared, described), binds)
    log.info("Batch %s: %d rows added.", batch.batch_id, sum(batch.added.values()))
    return batch


def take_loads(warehouse: Warehouse, run_id: str | None) -> VaultBatch:
    """Write the pending loads into the vault's ledger as one batch; the caller holds its lock."""
    batch_id = number(warehouse.query("ledgers/next_batch_id")[0][0])
    binds = {"batch_id": batch_id, "run_id": run_id, "tables": tuple(catalogue().tables)}
    warehouse.execute("ledgers/take_loads", binds)
    rows = warehouse.query("ledgers/batch_loads", {"batch_id": batch_id})
    # Read back and not taken from a clock here: it is later than every batch before it.
    load_dt = rows[0][2]
    if not isinstance(load_dt, datetime):
        raise AuditError(f"ledgers/batch_loads: load_dt is a {type(load_dt).__name__}, not a time.")
    loads = tuple(number(load_id) for load_id, _, _ in rows)
    tables = tuple(dict.fromkeys(str(table) for _, table, _ in rows))
    return VaultBatch(batch_id, load_dt, loads, tables)


def audit(warehouse: Warehouse, checks: Statement, binds: Mapping[str, object]) -> None:
    """Raise AuditError if the batch left something in a table that must not be."""
    found = [f"{name} ({count})" for name, count in warehouse.query(checks, binds) if count]
    if found:
        raise AuditError(f"{checks.name}: {'; '.join(found)}. The batch was rolled back.")
