"""Bring objects into the staging tables, each in one transaction with its ledger row."""

from collections.abc import Sequence

from dwh import staging
from dwh.contracts import CONTRACTS
from dwh.objects import ObjectVersion, SpooledObject
from dwh.records.validation import Validated
from dwh.schema import check_schema
from dwh.staging import Staged, StageRequest
from dwh.timing import Timed, timed
from tasks.places import open_vertica
from tasks.plan import LoadPlan
from tasks.transient import warehouse_task


@warehouse_task
def find_new(found: Sequence[ObjectVersion], plan: LoadPlan) -> tuple[ObjectVersion, ...]:
    """Return the object versions that no load has brought in yet."""
    with open_vertica(plan.warehouse_block) as warehouse:
        check_schema(warehouse)
        known = staging.known_versions(warehouse, found)
    return tuple(each for each in found if each not in known)


@warehouse_task
def stage_object(
    spooled: Timed[SpooledObject], validated: Timed[Validated], plan: LoadPlan
) -> Timed[Staged]:
    """Load the two parts of one object, in one transaction; say where its records went."""
    source = spooled.value
    request = StageRequest(
        spooled=source,
        validated=validated.value,
        contract=CONTRACTS[source.object.table],
        reject_limit=plan.reject_limit,
        run_id=plan.run_id,
    )
    with open_vertica(plan.warehouse_block) as warehouse:
        return timed(staging.stage, warehouse, request)
