"""What is read from S3: the listing of a bucket, and the bytes of its objects."""

from social_vault.landing.finding import find_objects
from social_vault.landing.objects import ObjectRequest, ObjectVersion, SpooledObject
from social_vault.model.catalogue import catalogue
from tasks.connections import open_storage
from tasks.retries import retried_task
from tasks.run_context import RunContext


@retried_task
def list_objects(request: ObjectRequest, context: RunContext) -> tuple[ObjectVersion, ...]:
    """List the objects asked for that feed a table, the oldest first."""
    return find_objects(open_storage(context.storage_block), request, catalogue())


# One task an object, so that a retry fetches one file again and not the whole prefix.
@retried_task
def fetch_object(wanted: ObjectVersion, context: RunContext) -> SpooledObject:
    """Spool one object version, complete or not at all."""
    return open_storage(context.storage_block).fetch(wanted, context.folder)
