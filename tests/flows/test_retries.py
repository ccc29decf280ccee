"""Which failed tasks are tried again."""

import pytest
from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import TaskRun
from prefect.states import Failed

from social_vault.errors import (
    AuditError,
    PipelineError,
    RejectLimitError,
    SourceError,
    StorageError,
    UnavailableError,
    WarehouseError,
)
from social_vault.stores.s3 import Patience
from social_vault.stores.vertica_connection import TRIES
from tasks.publication import publish
from tasks.records import validate_object
from tasks.retries import PAUSES, outage, tries_again
from tasks.storage import fetch_object
from tasks.warehouse import answer, create_schema, find_new, load_vault, stage_object

ALL = (
    answer,
    create_schema,
    fetch_object,
    find_new,
    load_vault,
    publish,
    stage_object,
    validate_object,
)


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
    assert outage(failed(UnavailableError("busy")))


def test_the_cause_counts_and_not_what_was_wrapped_around_it():
    """A driver or a library may put its own error around the fault."""
    assert outage(failed(wrapped(UnavailableError("busy"))))


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
    assert not outage(failed(error))
    assert not outage(failed(wrapped(error)))


REACHING = (
    answer,
    create_schema,
    fetch_object,
    find_new,
    load_vault,
    stage_object,
)


@pytest.mark.parametrize("owned", REACHING, ids=lambda task: task.name)
def test_tasks_that_reach_a_store_outlive_an_outage_of_minutes(owned):
    """Their tries stand further and further apart, and more than five minutes in all."""
    pauses = owned.retry_delay_seconds

    assert owned.retry_condition_fn is tries_again
    assert owned.retries == len(pauses)
    assert pauses == sorted(pauses)
    assert 300 < sum(pauses) < 600
    assert owned.retry_jitter_factor > 0


@pytest.mark.parametrize("not_owned", [publish, validate_object], ids=lambda task: task.name)
def test_other_tasks_are_tried_once(not_owned):
    """What reaches no store gives the same answer each time."""
    assert not_owned.retries == 0


def test_the_tries_of_all_owners_together_stay_bounded():
    """A store that refuses every request for good is asked some dozens of times, not thousands."""
    patience = Patience()
    fetches = patience.requests * patience.tries * (1 + len(PAUSES))
    connects = TRIES * (1 + len(PAUSES))

    assert fetches <= 72
    assert connects <= 18


@pytest.mark.parametrize("each", ALL, ids=lambda task: task.name)
def test_no_task_keeps_or_reuses_results(each):
    """The ledger says what is done; a cache beside it could say something else."""
    assert each.cache_policy == NO_CACHE
    assert each.persist_result is False


@pytest.mark.usefixtures("prefect_server")
@pytest.mark.parametrize(
    ("error", "tries"), [(UnavailableError("busy"), 4), (WarehouseError("wrong"), 1)]
)
def test_a_flow_counts_as_many_tries_as_promised(error, tries):
    """The rule holds in the engine, not only on paper."""
    made = []

    @task(retries=3, retry_delay_seconds=0, retry_condition_fn=tries_again)
    def always_fails():
        made.append(1)
        raise error

    @flow
    def only_it():
        always_fails()

    with pytest.raises(type(error)):
        only_it()
    assert len(made) == tries


def test_each_retry_is_told_in_one_sentence_with_its_pause(caplog):
    """Who watches a run knows what it waits for, and until when."""
    run = TaskRun(task_key="k", dynamic_key="d", run_count=2)

    assert tries_again(fetch_object, run, failed(UnavailableError("It is busy.")))

    assert caplog.messages == [
        "fetch_object: It is busy. Trying again in about 20 seconds (retry 2 of 5)."
    ]
