"""Which failures of a task are worth another try, and how its runs are told to Prefect.

One owner a fault: the storage repeats its own requests, so only tasks that talk to the warehouse
are tried again, each try a transaction of its own that looks into the ledger first.
"""

from prefect.client.schemas.objects import State

from dwh.errors import UnavailableError

TRIES_AFTER_THE_FIRST = 3
PAUSES = [5.0, 20.0, 60.0]
JITTER = 0.5


def is_transient(_task: object, _run: object, state: State[object]) -> bool:
    """Tell whether a failed task may succeed on another try: only if a store was out of reach."""
    cause: object = state.result(raise_on_failure=False)
    while isinstance(cause, BaseException):
        if isinstance(cause, UnavailableError):
            return True
        cause = cause.__cause__
    return False
