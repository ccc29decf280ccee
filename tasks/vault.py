"""Load what is staged into the Data Vault."""

from social_vault.loading import vault
from social_vault.loading.vault import VaultBatch
from social_vault.timing import Timed, timed
from tasks.connections import open_vertica
from tasks.retries import warehouse_task
from tasks.run_context import RunContext


@warehouse_task
def load_vault(context: RunContext) -> Timed[VaultBatch]:
    """Bring every load that is staged and not yet in the vault into it, in one transaction."""
    with open_vertica(context.warehouse_block) as warehouse:
        return timed(vault.load_vault, warehouse, context.run_id)
