"""What data definition waits for: table locks, and others' data definition."""

import threading
import time

import pytest

from support.engine_client import Client


@pytest.fixture
def hasty(database):
    """Return a session that waits for nothing."""
    hasty = Client(database)
    hasty.run("ALTER SESSION SET LockTimeout = 0")
    return hasty


def test_a_rename_that_waits_for_its_table_holds_nobody_up(database, client, other, hasty):
    """Others can change the catalogue meanwhile."""
    client.run("INSERT INTO t VALUES (1, 'x')")
    rename = "ALTER TABLE u, t RENAME TO u9, t9"
    thread = threading.Thread(target=other.run, args=(rename,), daemon=True)
    thread.start()
    while not any(request.granted_at is None for request in database.locks.requests()):
        time.sleep(0.01)

    hasty.run("CREATE TABLE n (a INT)")

    client.run("COMMIT")
    thread.join(30)
    assert client.run("SELECT a FROM t9") == [(1,)]


def test_definitions_wait_for_each_other_as_long_as_for_a_lock(database, client, hasty):
    """The wait ends with the time that is set, or with a cancel."""
    with database.drafting(lambda: False, 0):
        assert hasty.refused("CREATE TABLE n (a INT)") == "55V03"
        timer = threading.Timer(0.2, client.session.cancel)
        timer.start()
        assert client.refused("CREATE TABLE n (a INT)") == "57014"
        timer.join()

    hasty.run("CREATE TABLE n (a INT)")


def test_a_parameter_of_the_database_can_be_set_in_a_transaction(client, other):
    """It commits, as data definition does."""
    client.run("INSERT INTO t VALUES (1, 'x'); SELECT SET_CONFIG_PARAMETER('LockTimeout', '7')")

    assert other.run("SELECT a FROM t") == [(1,)]
