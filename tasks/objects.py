"""Find the objects of a bucket and spool their bytes; the storage repeats its own requests."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from dwh.objects import ObjectRequest, ObjectVersion, SpooledObject
from dwh.timing import Timed, timed
from tasks.places import open_storage
from tasks.plan import LoadPlan


@task(cache_policy=NO_CACHE, persist_result=False)
def list_objects(request: ObjectRequest, plan: LoadPlan) -> tuple[ObjectVersion, ...]:
    """Return the object versions asked for, each pinned to what it is now."""
    return open_storage(plan.storage_block).find(request)


@task(cache_policy=NO_CACHE, persist_result=False)
def fetch_object(wanted: ObjectVersion, plan: LoadPlan) -> Timed[SpooledObject]:
    """Spool one object version, complete or not at all."""
    store = open_storage(plan.storage_block)
    return timed(store.fetch, wanted, plan.folder)
