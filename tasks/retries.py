"""Which failures of a task are worth another try, and how often Prefect tries again.

One owner a fault: the storage repeats its own requests, so only tasks that talk to the warehouse
are tried again, each try a transaction of its own that looks into the ledger first.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from prefect import Task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from social_vault.errors import UnavailableError

PAUSES = [5.0, 20.0, 60.0]
JITTER = 0.5
P = ParamSpec("P")
R = TypeVar("R")


def warehouse_task(step: Callable[P, R]) -> Task[P, R]:
    """Make a task of a step in the warehouse: tried again only while that is out of reach."""
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
