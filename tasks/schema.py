"""Create the tables that everything else relies on."""

from social_vault.schema import apply as schema
from tasks.connections import open_vertica
from tasks.retries import warehouse_task


@warehouse_task
def create_schema(warehouse_block: str | None) -> None:
    """Create the schemas, tables and views that are absent; safe to repeat."""
    with open_vertica(warehouse_block) as warehouse:
        schema.apply_schema(warehouse)
