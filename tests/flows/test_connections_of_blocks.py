"""How the sessions of a run are known in the warehouse."""

import pytest
from prefect import flow, task
from prefect.runtime import flow_run

from tasks.connections import session_label

label_of_session = task(session_label)


@flow(persist_result=False)
def a_run():
    """Return what a task on a thread calls its sessions, and the run's own number."""
    return label_of_session.submit().result(), str(flow_run.id)


@pytest.mark.usefixtures("prefect_server")
def test_sessions_bear_the_number_of_their_run():
    """A DBA who sees a session, and one who has a ledger's row, find the same run."""
    label, number = a_run()

    assert label == f"social-vault {number}"


def test_sessions_without_a_run_have_a_label_all_the_same(monkeypatch):
    """What connects by itself is known as ours."""
    monkeypatch.delenv("PREFECT__FLOW_RUN_ID", raising=False)

    assert session_label() == "social-vault"
