"""Part the records of an object into accepted and refused ones."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from dwh.contracts import CONTRACTS
from dwh.objects import SpooledObject
from dwh.records import validation
from dwh.records.validation import Validated
from dwh.timing import Timed, timed
from tasks.plan import LoadPlan


@task(cache_policy=NO_CACHE, persist_result=False)
def validate_object(spooled: Timed[SpooledObject], plan: LoadPlan) -> Timed[Validated]:
    """Check every record against the contract of its table; say where the two parts lie."""
    source = spooled.value
    contract = CONTRACTS[source.object.table]
    return timed(validation.validate_file, source.path, contract, plan.folder)
