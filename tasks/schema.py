"""Create the tables that everything else relies on."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from dwh import schema
from tasks.places import open_vertica
from tasks.transient import JITTER, PAUSES, is_transient


@task(
    cache_policy=NO_CACHE,
    persist_result=False,
    retries=len(PAUSES),
    retry_delay_seconds=PAUSES,
    retry_jitter_factor=JITTER,
    retry_condition_fn=is_transient,
)
def create_schema(warehouse_block: str | None) -> None:
    """Create the schemas, tables and views that are absent; safe to repeat."""
    with open_vertica(warehouse_block) as warehouse:
        schema.apply_schema(warehouse)
