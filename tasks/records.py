"""Part the records of an object into accepted and refused ones."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from social_vault.landing.objects import SpooledObject
from social_vault.model.catalogue import catalogue
from social_vault.records import validation
from social_vault.records.validation import Validated
from tasks.run_context import RunContext


# Never tried again: what is wrong with a file stays wrong.
@task(cache_policy=NO_CACHE, persist_result=False)
def validate_object(spooled: SpooledObject, context: RunContext) -> Validated:
    """Check every record against the contract of its table; say where the two parts lie."""
    table = catalogue().feeds(spooled.object.key)
    return validation.validate_file(spooled.path, table, context.folder)
