"""Create the tables that everything else relies on."""

from dwh import schema
from tasks.places import open_vertica
from tasks.transient import warehouse_task


@warehouse_task
def create_schema(warehouse_block: str | None) -> None:
    """Create the schemas, tables and views that are absent; safe to repeat."""
    with open_vertica(warehouse_block) as warehouse:
        schema.apply_schema(warehouse)
