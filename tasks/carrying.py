"""Carry objects from the storage into staging, four at a time.

Two are fetched while another is checked and a fourth is staged; a failure of one stops no other.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from prefect import allow_failure
from prefect.client.schemas.objects import State
from prefect.futures import PrefectFuture

from social_vault.answers.run_report import Outcome
from social_vault.errors import PipelineError, exit_code_of
from social_vault.landing.objects import ObjectVersion, SpooledObject
from social_vault.loading.loads import Load
from social_vault.model.catalogue import catalogue
from social_vault.records.validation import Validated
from tasks.records import validate_object
from tasks.run_context import RunContext
from tasks.storage import fetch_object
from tasks.warehouse import stage_object

AHEAD = 2
WORKERS = AHEAD + 2  # two fetch ahead, one checks, one stages
R = TypeVar("R")


@dataclass(frozen=True)
class Steps:
    """The three steps of one object, under way or done."""

    object: ObjectVersion  # as it was listed
    fetched: PrefectFuture[SpooledObject]
    validated: PrefectFuture[Validated]
    staged: PrefectFuture[Load]


def carry_objects(objects: Sequence[ObjectVersion], context: RunContext) -> tuple[Outcome, ...]:
    """Fetch, check and stage every object; return what became of each, failures included."""
    under_way: list[Steps] = []
    staged_last: dict[str, PrefectFuture[Load]] = {}  # by table
    for each, fetched in fetched_ahead(objects, context):
        # The last one is enough: it has itself waited for those before it.
        before = staged_last.get(feeding(each))
        steps = carry(each, fetched, before, context)
        staged_last[feeding(each)] = steps.staged
        under_way.append(steps)
    return tuple(outcome_of(steps) for steps in under_way)


def fetched_ahead(
    objects: Sequence[ObjectVersion], context: RunContext
) -> Iterator[tuple[ObjectVersion, PrefectFuture[SpooledObject]]]:
    """Yield each object with its fetch; by then the fetches of the next two are under way."""
    ahead = deque[tuple[ObjectVersion, PrefectFuture[SpooledObject]]]()
    for each in objects:
        ahead.append((each, fetch_object.submit(each, context)))
        if len(ahead) > AHEAD:
            yield ahead.popleft()
    yield from ahead


def carry(
    found: ObjectVersion,
    fetched: PrefectFuture[SpooledObject],
    before: PrefectFuture[Load] | None,
    context: RunContext,
) -> Steps:
    """Check an object when it has arrived, then hand it to staging without waiting for that.

    Objects of one table are staged in the order of the listing, the oldest first: where two of one
    batch disagree, the later load is the newer truth.
    """
    validated = validate_object.submit(result_of(fetched), context)
    validated.wait()  # one check at a time keeps memory within its bound
    staged = stage_object.submit(
        result_of(fetched),
        result_of(validated),
        context,
        return_state=False,
        wait_for=awaited(found, before),
    )
    return Steps(found, fetched, validated, staged)


def awaited(found: ObjectVersion, before: PrefectFuture[Load] | None) -> list[object]:
    """Say what a load waits for: the one of its table before it.

    A file does not mind that one's failure. A chain stops there: loaded later, the older object
    would be taken for the newer truth.
    """
    if before is None:
        return []
    return [before if catalogue().feeds(found.key).source else allow_failure(before)]


def result_of(future: PrefectFuture[R]) -> R:
    """Stand for a result that is still to come: Prefect puts it in before the task starts."""
    return cast("R", future)


def outcome_of(steps: Steps) -> Outcome:
    """Wait for the last step of an object and say how it went."""
    steps.staged.wait()
    version, table = version_of(steps), feeding(steps.object)
    states = (steps.fetched.state, steps.validated.state, steps.staged.state)
    # A step behind a broken one never ran: the first that failed is the cause.
    broken = next((state for state in states if not state.is_completed()), None)
    if broken is not None and broken.is_pending():
        return Outcome(version, table, failure="An earlier object of its chain was not loaded.")
    if broken is not None:
        failure, exit_code = failure_of(broken)
        return Outcome(version, table, failure=failure, exit_code=exit_code)
    return Outcome(version, table, steps.staged.result())


def version_of(steps: Steps) -> ObjectVersion:
    """Name the version that was fetched: a fresher one, if the object was replaced since."""
    fetched = steps.fetched
    return fetched.result().object if fetched.state.is_completed() else steps.object


def feeding(found: ObjectVersion) -> str:
    """Name the table that an object feeds."""
    return catalogue().feeds(found.key).name


def failure_of(state: State[object]) -> tuple[str, int]:
    """Say why a task failed, without a value of the data, and whose matter that is."""
    error = state.result(raise_on_failure=False)
    if isinstance(error, PipelineError):
        return str(error), exit_code_of(error)
    return f"An unexpected {type(error).__name__}; the log of the run tells more.", 1
