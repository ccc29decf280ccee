"""Which failed tasks are tried again."""

import pytest
from prefect.states import Failed

from dwh.errors import (
    AuditError,
    PipelineError,
    RejectLimitError,
    SourceError,
    StorageError,
    UnavailableError,
    WarehouseError,
)
from tasks.transient import is_transient


def failed(error):
    """Return the state that a task ends in which raised this error."""
    return Failed(message="", data=error)


def wrapped(error):
    """Return an error of another type that this one caused."""
    try:
        try:
            raise error
        except Exception as cause:
            raise RuntimeError("around it") from cause
    except RuntimeError as outer:
        return outer


def test_a_store_out_of_reach_is_worth_another_try():
    """Only this fault goes away by itself."""
    assert is_transient(None, None, failed(UnavailableError("busy")))


def test_the_cause_counts_and_not_what_was_wrapped_around_it():
    """A driver or a library may put its own error around the fault."""
    assert is_transient(None, None, failed(wrapped(UnavailableError("busy"))))


@pytest.mark.parametrize(
    "error",
    [
        AuditError("x"),
        PipelineError("x"),
        RejectLimitError("x"),
        SourceError("x"),
        StorageError("x"),
        WarehouseError("x"),
        ConnectionError("not mapped at the seam"),
        ValueError("x"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_no_other_failure_is_repeated(error):
    """A wrong file, row or statement gives the same answer each time."""
    assert not is_transient(None, None, failed(error))
    assert not is_transient(None, None, failed(wrapped(error)))
