"""Which failures of a task are worth another try, and how often Prefect tries again.

One owner a span of time (docs/decisions/09): the store repeats a request for seconds and a cut body
or a connection for up to a minute; Prefect tries the whole task again while a store is out of reach
for minutes. Each try of a step in the warehouse is a transaction of its own that looks into the
ledger first, so that nothing is done twice. A wrong file, row or statement is never tried again.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from prefect import Task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from social_vault.errors import UnavailableError

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
        retry_condition_fn=is_transient,
    )


def is_transient(_task: object, _run: object, state: State[object]) -> bool:
    """Tell whether a failed task may succeed on another try: only if a store was out of reach."""
    cause: object = state.result(raise_on_failure=False)
    while isinstance(cause, BaseException):
        if isinstance(cause, UnavailableError):
            return True
        cause = cause.__cause__
    return False
