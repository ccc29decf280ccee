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

from social_vault.errors import PipelineError
from social_vault.landing.objects import ObjectVersion, SpooledObject
from social_vault.loading.staging import Staged
from social_vault.records.validation import Validated
from social_vault.report.text import Outcome
from social_vault.timing import Timed
from tasks.records import validate_object
from tasks.run_context import RunContext
from tasks.staging import stage_object
from tasks.storage import fetch_object

AHEAD = 2
WORKERS = AHEAD + 2  # two fetch ahead, one checks, one stages
R = TypeVar("R")


@dataclass(frozen=True)
class Chain:
    """The three steps of one object, under way or done."""

    object: ObjectVersion  # as it was listed
    fetched: PrefectFuture[Timed[SpooledObject]]
    validated: PrefectFuture[Timed[Validated]]
    staged: PrefectFuture[Timed[Staged]]


def carry_objects(objects: Sequence[ObjectVersion], context: RunContext) -> tuple[Outcome, ...]:
    """Fetch, check and stage every object; return what became of each, failures included."""
    chains: list[Chain] = []
    for each, fetched in fetched_ahead(objects, context):
        before = [chain.staged for chain in chains if chain.object.table == each.table]
        chains.append(carry(each, fetched, before[-1:], context))
    return tuple(outcome_of(chain) for chain in chains)


def fetched_ahead(
    objects: Sequence[ObjectVersion], context: RunContext
) -> Iterator[tuple[ObjectVersion, PrefectFuture[Timed[SpooledObject]]]]:
    """Yield each object with its fetch; by then the fetches of the next two are under way."""
    ahead = deque[tuple[ObjectVersion, PrefectFuture[Timed[SpooledObject]]]]()
    for each in objects:
        ahead.append((each, fetch_object.submit(each, context)))
        if len(ahead) > AHEAD:
            yield ahead.popleft()
    yield from ahead


def carry(
    found: ObjectVersion,
    fetched: PrefectFuture[Timed[SpooledObject]],
    before: Sequence[PrefectFuture[Timed[Staged]]],
    context: RunContext,
) -> Chain:
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
        wait_for=[allow_failure(each) for each in before],
    )
    return Chain(found, fetched, validated, staged)


def result_of(future: PrefectFuture[R]) -> R:
    """Stand for a result that is still to come: Prefect puts it in before the task starts."""
    return cast("R", future)


def outcome_of(chain: Chain) -> Outcome:
    """Wait for the last step of an object and say how it went."""
    chain.staged.wait()
    steps: dict[str, PrefectFuture[Timed[object]]] = {
        "fetch": cast("PrefectFuture[Timed[object]]", chain.fetched),
        "validate": cast("PrefectFuture[Timed[object]]", chain.validated),
        "stage": cast("PrefectFuture[Timed[object]]", chain.staged),
    }
    done = {name: step for name, step in steps.items() if step.state.is_completed()}
    broken = [step.state for name, step in steps.items() if name not in done]
    seconds = {name: step.result().seconds for name, step in done.items()}
    if broken:
        return Outcome(version_of(chain), seconds, failure_of(broken[0]))
    return Outcome(version_of(chain), seconds, already=chain.staged.result().value.already)


def version_of(chain: Chain) -> ObjectVersion:
    """Return the version that was fetched; it is a fresher one if the object was replaced."""
    fetched = chain.fetched
    return fetched.result().value.object if fetched.state.is_completed() else chain.object


def failure_of(state: State[object]) -> str:
    """Say why a task failed, in words that give away no value of the data."""
    error = state.result(raise_on_failure=False)
    if isinstance(error, PipelineError):
        return str(error)
    return f"An unexpected {type(error).__name__}; the log of the run tells more."
