"""What is read from S3: the bytes of its objects."""

from social_vault.landing.objects import ObjectVersion, SpooledObject
from tasks.connections import open_storage
from tasks.retries import retried_task
from tasks.run_context import RunContext


# One task an object, so that a retry fetches one file again and not the whole prefix.
@retried_task
def fetch_object(wanted: ObjectVersion, context: RunContext) -> SpooledObject:
    """Spool one object version, complete or not at all."""
    return open_storage(context.storage_block).fetch(wanted, context.folder)
