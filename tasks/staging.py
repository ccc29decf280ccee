"""Bring objects into the staging tables, each in one transaction with its ledger row."""

from collections.abc import Sequence

from social_vault.landing.objects import ObjectVersion, SpooledObject
from social_vault.loading import staging
from social_vault.loading.staging import Staged, StageRequest
from social_vault.model.catalogue import CONTRACTS
from social_vault.records.validation import Validated
from social_vault.schema.apply import check_schema
from social_vault.timing import Timed, timed
from tasks.connections import open_vertica
from tasks.retries import warehouse_task
from tasks.run_context import RunContext


@warehouse_task
def find_new(found: Sequence[ObjectVersion], context: RunContext) -> tuple[ObjectVersion, ...]:
    """Return the object versions that no load has brought in yet."""
    with open_vertica(context.warehouse_block) as warehouse:
        check_schema(warehouse)
        known = staging.known_versions(warehouse, found)
    return tuple(each for each in found if each not in known)


@warehouse_task
def stage_object(
    spooled: Timed[SpooledObject], validated: Timed[Validated], context: RunContext
) -> Timed[Staged]:
    """Load the two parts of one object, in one transaction; say where its records went."""
    source = spooled.value
    request = StageRequest(
        spooled=source,
        validated=validated.value,
        contract=CONTRACTS[source.object.table],
        reject_limit=context.reject_limit,
        run_id=context.run_id,
    )
    with open_vertica(context.warehouse_block) as warehouse:
        return timed(staging.stage, warehouse, request)
