"""Find the objects of a bucket and spool their bytes; the storage repeats its own requests."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from social_vault.landing.objects import ObjectRequest, ObjectVersion, SpooledObject
from social_vault.timing import Timed, timed
from tasks.connections import open_storage
from tasks.run_context import RunContext


@task(cache_policy=NO_CACHE, persist_result=False)
def list_objects(request: ObjectRequest, context: RunContext) -> tuple[ObjectVersion, ...]:
    """Return the object versions asked for, each pinned to what it is now."""
    return open_storage(context.storage_block).find(request)


@task(cache_policy=NO_CACHE, persist_result=False)
def fetch_object(wanted: ObjectVersion, context: RunContext) -> Timed[SpooledObject]:
    """Spool one object version, complete or not at all."""
    store = open_storage(context.storage_block)
    return timed(store.fetch, wanted, context.folder)
