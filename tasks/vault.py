"""Load what is staged into the Data Vault."""

from dwh import vault
from dwh.timing import Timed, timed
from dwh.vault import VaultBatch
from tasks.places import open_vertica
from tasks.plan import LoadPlan
from tasks.transient import warehouse_task


@warehouse_task
def load_vault(plan: LoadPlan) -> Timed[VaultBatch]:
    """Bring every load that is staged and not yet in the vault into it, in one transaction."""
    with open_vertica(plan.warehouse_block) as warehouse:
        return timed(vault.load_vault, warehouse, plan.run_id)
