"""Which failures of a task are worth another try, and how often Prefect tries again.

One owner a span of time (docs/decisions/09): the store repeats a request for seconds and a cut body
or a connection for up to a minute; Prefect tries the whole task again while a store is out of reach
for minutes. Each try of a step in the warehouse is a transaction of its own that looks into the
ledger first, so that nothing is done twice. A wrong file, row or statement is never tried again.
"""

import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from prefect import Task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun

from social_vault.errors import UnavailableError

log = logging.getLogger(__name__)

PAUSES = [5.0, 20.0, 60.0, 120.0, 180.0]  # seconds; an outage of five minutes is outlived
JITTER = 0.5
P = ParamSpec("P")
R = TypeVar("R")


def retried_task(step: Callable[P, R]) -> Task[P, R]:
    """Make a task of a step that reaches a store: tried again only while that is out of reach."""
    return Task(
        step,
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=len(PAUSES),
        retry_delay_seconds=PAUSES,
        retry_jitter_factor=JITTER,
        retry_condition_fn=tries_again,
    )


def tries_again(task: Task[..., object], run: TaskRun, state: State[object]) -> bool:
    """Decide on another try, and log why there is one and when; the jitter is Prefect's secret."""
    cause = outage(state)
    if cause is None:
        return False
    tried = max(run.run_count, 1)
    pause = PAUSES[min(tried, len(PAUSES)) - 1]
    log.warning(
        "%s: %s Trying again in about %.0f seconds (retry %d of %d).",
        *(task.name, cause, pause, tried, len(PAUSES)),
    )
    return True


def outage(state: State[object]) -> UnavailableError | None:
    """Return what was out of reach when a task failed; nothing else is worth another try."""
    cause: object = state.result(raise_on_failure=False)
    while isinstance(cause, BaseException):
        if isinstance(cause, UnavailableError):
            return cause
        cause = cause.__cause__
    return None
