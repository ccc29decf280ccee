import threading
import time
from contextlib import suppress

import pytest

from local_vertica.errors import VerticaError
from support.engine_client import Client

FAILING = {
    "INSERT INTO t VALUES (NULL, 'x')": "22004",
    "INSERT INTO t VALUES (3, 'sixsix')": "22001",
    "INSERT INTO t VALUES (3, 'три')": "22001",
    "INSERT INTO t SELECT 1 / (a - a), b FROM t": "22012",
    "UPDATE t SET a = NULL": "22004",
    "INSERT INTO nosuch VALUES (1)": "42V01",
    "INSERT INTO t (c) VALUES (1)": "42703",
    "SELECT 1 / (a - a) FROM t": "22012",
    "SELECT nosuch FROM t": "42703",
    "SELEC 1": "42601",
}


@pytest.mark.parametrize(("statement", "sqlstate"), FAILING.items())
def test_a_failed_statement_leaves_the_earlier_ones(client, other, statement, sqlstate):
    """Vertica takes back the failed statement only; what was written before it can be committed."""
    client.run("INSERT INTO t VALUES (1, 'one')")
    client.run("UPDATE t SET b = 'uno'")

    assert client.refused(statement) == sqlstate

    client.run("INSERT INTO t VALUES (2, 'due'); COMMIT")
    assert other.run("SELECT a, b FROM t ORDER BY a") == [(1, "uno"), (2, "due")]


def test_a_failed_copy_leaves_the_earlier_ones(client):
    """Rows of an earlier COPY NO COMMIT survive a later one that is refused."""
    client.copy("COPY t FROM STDIN NO COMMIT", b"1|one\n2|two\n")

    with pytest.raises(VerticaError) as error:
        client.copy("COPY t FROM STDIN ABORT ON ERROR NO COMMIT", b"3|three\nx|four\n")

    assert error.value.sqlstate == "22V04"
    assert client.run("SELECT a FROM t ORDER BY a") == [(1,), (2,)]


def test_a_copy_is_redone_from_its_spool(client, other):
    """A statement that fails after COPY NO COMMIT costs none of its rows, rejects included."""
    client.copy("COPY t FROM STDIN REJECTED DATA AS TABLE r NO COMMIT", b"1|one\nx|bad\n2|two\n")

    assert client.refused("INSERT INTO t VALUES (NULL, 'x')") == "22004"

    assert client.value("SELECT COUNT(*) FROM r") == 1
    client.run("COMMIT")
    assert other.value("SELECT COUNT(*) FROM t") == 2


def test_the_spool_is_gone_with_its_transaction(client, database):
    """No input of a COPY stays on the disk after COMMIT or ROLLBACK."""
    client.copy("COPY t FROM STDIN NO COMMIT", b"1|one\n")
    assert list(database.spool_folder.iterdir())

    client.run("ROLLBACK")

    assert not list(database.spool_folder.iterdir())


def test_work_that_would_have_another_result_ends_the_transaction(client, other):
    """A redo that no longer touches the same rows is refused: nothing is kept in silence."""
    client.run("INSERT INTO t SELECT 1, 'x' FROM v_catalog.tables")
    other.run("CREATE TABLE more (a INT)")

    with pytest.raises(VerticaError) as error:
        client.run("INSERT INTO t VALUES (NULL, 'x')")

    assert (error.value.sqlstate, error.value.severity) == ("40001", "ROLLBACK")
    assert client.session.transaction_status == "I"
    client.run("COMMIT")
    assert other.value("SELECT COUNT(*) FROM t") == 0


def test_a_cancel_at_any_moment_leaves_a_usable_transaction(client):
    """Also one that meets the beginning or the end of a transaction in DuckDB."""
    stop = threading.Event()

    def cancel():
        while not stop.is_set():
            client.session.cancel()

    thread = threading.Thread(target=cancel, daemon=True)
    thread.start()
    try:
        for _ in range(200):
            with suppress(VerticaError):
                client.run("INSERT INTO u VALUES (1)")
            client.run("ROLLBACK")
    finally:
        stop.set()
        thread.join(30)

    assert client.run("INSERT INTO u VALUES (2); SELECT a FROM u") == [(2,)]


def test_a_cancel_costs_no_earlier_statement(client):
    """Not even one that comes while their work is done again after a failure."""
    client.run("INSERT INTO u VALUES (1)")
    stop = threading.Event()

    def cancel():
        while not stop.wait(0.0005):
            client.session.cancel()

    thread = threading.Thread(target=cancel, daemon=True)
    thread.start()
    try:
        for _ in range(200):
            assert client.refused("INSERT INTO t VALUES (NULL, 'x')") in ("22004", "57014")
    finally:
        stop.set()
        thread.join(30)

    assert client.run("SELECT a FROM u") == [(1,)]


def test_a_system_table_that_cannot_be_filled_leaves_a_usable_transaction(client):
    """It reads the tables inside the transaction, which DuckDB then gives up."""
    client.run("CREATE TABLE p (a INT NOT NULL) PARTITION BY 10 // a; INSERT INTO p VALUES (0)")

    assert client.refused("SELECT * FROM v_monitor.partitions") == "22012"

    assert client.run("SELECT a FROM p") == [(0,)]


def test_rollback_takes_everything_back(client):
    """INSERT, COPY NO COMMIT, UPDATE and DELETE leave nothing after ROLLBACK."""
    client.run("INSERT INTO u VALUES (1); COMMIT")
    client.run("INSERT INTO u VALUES (2); UPDATE u SET a = 5; DELETE FROM u")
    client.copy("COPY u FROM STDIN NO COMMIT", b"7\n")

    client.run("ROLLBACK")

    assert client.run("SELECT a FROM u") == [(1,)]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE x (a INT)",
        "DROP TABLE t",
        "TRUNCATE TABLE t",
        "CREATE VIEW v AS SELECT a FROM u",
    ],
)
def test_data_definition_commits_what_is_open(client, other, statement):
    """DDL and TRUNCATE commit: ROLLBACK then finds nothing to take back."""
    client.run("INSERT INTO u VALUES (1)")

    client.run(statement)
    client.run("ROLLBACK")

    assert other.run("SELECT a FROM u") == [(1,)]


def test_truncate_commits_also_when_it_fails(client, other):
    """A refused TRUNCATE has committed what was open, as the documentation warns."""
    client.run("INSERT INTO u VALUES (1)")

    assert client.refused("TRUNCATE TABLE nosuch") == "42V01"
    client.run("ROLLBACK")

    assert other.run("SELECT a FROM u") == [(1,)]


def test_copy_commits_unless_it_says_no_commit(client, other):
    """COPY commits itself and what was open before it."""
    client.run("INSERT INTO u VALUES (1)")
    client.copy("COPY u FROM STDIN NO COMMIT", b"2\n")
    assert other.value("SELECT COUNT(*) FROM u") == 0

    client.copy("COPY u FROM STDIN", b"3\n")
    client.run("ROLLBACK")

    assert other.value("SELECT COUNT(*) FROM u") == 3


def test_a_session_without_writes_reads_what_is_committed_now(client, other):
    """READ COMMITTED: two SELECTs of one transaction see the commits between them."""
    assert client.value("SELECT COUNT(*) FROM u") == 0
    other.run("INSERT INTO u VALUES (1); COMMIT")
    assert client.value("SELECT COUNT(*) FROM u") == 1


def test_an_exclusive_lock_brings_the_newest_rows_with_it(client, other):
    """After a wait for a table's lock its holder's rows are seen, even with own writes pending."""
    client.run("INSERT INTO t VALUES (1, 'one')")
    other.run("INSERT INTO u VALUES (1); COMMIT")

    client.run("LOCK TABLE u IN EXCLUSIVE MODE")

    assert client.value("SELECT COUNT(*) FROM u") == 1
    assert client.value("SELECT COUNT(*) FROM t") == 1


def test_an_update_after_a_newer_commit_is_no_conflict(client, other):
    """An old snapshot is renewed instead of failing with DuckDB's conflict."""
    other.run("INSERT INTO u VALUES (1); COMMIT")
    client.run("INSERT INTO t VALUES (1, 'one')")
    other.run("UPDATE u SET a = 2; COMMIT")

    assert client.value("UPDATE u SET a = a + 10") == 1

    client.run("COMMIT")
    assert other.run("SELECT a FROM u") == [(12,)]


def test_writers_wait_for_an_exclusive_lock(client, other):
    """LOCK TABLE … IN EXCLUSIVE MODE lets the second writer in after the first COMMIT only."""
    client.run("LOCK TABLE u IN EXCLUSIVE MODE; INSERT INTO u VALUES (1)")
    done = threading.Event()

    def insert():
        other.run("INSERT INTO u SELECT COUNT(*) + 10 FROM u; COMMIT")
        done.set()

    thread = threading.Thread(target=insert, daemon=True)
    thread.start()
    assert not done.wait(0.2)
    client.run("COMMIT")

    assert done.wait(10)
    assert client.run("SELECT a FROM u ORDER BY a") == [(1,), (11,)]


def test_a_closed_session_gives_its_locks_back(client, other):
    """What a client that went away had locked and written is free and gone."""
    client.run("LOCK TABLE u IN EXCLUSIVE MODE; INSERT INTO u VALUES (1)")

    client.session.close()

    assert other.value("INSERT INTO u VALUES (2)") == 1
    assert client.refused("SELECT 1") == "57V01"


def test_lock_timeout_is_configurable_and_named(client, other):
    """LockTimeout bounds the wait; NOWAIT does not wait at all."""
    client.run("LOCK TABLE u IN EXCLUSIVE MODE")
    other.run("ALTER SESSION SET LockTimeout = 1")
    started = time.monotonic()

    assert other.refused("LOCK TABLE u IN SHARE MODE NOWAIT") == "55V03"
    assert time.monotonic() - started < 0.9
    assert other.refused("DELETE FROM u") == "55V03"
    assert time.monotonic() - started >= 1


def test_autocommit_makes_each_statement_a_transaction(database, other):
    """With autocommit a write is committed at once, unless BEGIN was said."""
    client = Client(database, autocommit="on")
    client.run("INSERT INTO u VALUES (1)")
    assert (other.value("SELECT COUNT(*) FROM u"), client.session.transaction_status) == (1, "I")

    client.run("BEGIN; INSERT INTO u VALUES (2)")
    assert other.value("SELECT COUNT(*) FROM u") == 1
    client.run("ROLLBACK; INSERT INTO u VALUES (3)")
    assert other.value("SELECT COUNT(*) FROM u") == 2


def test_savepoints_part_a_transaction(client):
    """ROLLBACK TO takes back what came after the savepoint, and no more."""
    client.run("INSERT INTO u VALUES (1); SAVEPOINT s; INSERT INTO u VALUES (2)")
    client.run("ROLLBACK TO SAVEPOINT s; INSERT INTO u VALUES (3); COMMIT")

    assert client.run("SELECT a FROM u ORDER BY a") == [(1,), (3,)]
    assert client.refused("RELEASE SAVEPOINT s") == "3B001"


def test_enabled_keys_are_checked_at_the_end_of_the_statement(client):
    """A violation takes back the whole statement; a disabled key is not checked."""
    client.run("CREATE TABLE k (a INT PRIMARY KEY ENABLED, b INT UNIQUE DISABLED)")
    client.run("INSERT INTO k VALUES (1, 1); INSERT INTO k VALUES (2, 1)")

    assert client.refused("INSERT INTO k SELECT a, b FROM k") == "23505"
    assert client.refused("UPDATE k SET a = 1") == "23505"
    assert client.value("UPDATE k SET a = 3 - a") == 2
    assert client.value("SELECT COUNT(*) FROM k") == 2


def test_temporary_tables_belong_to_their_session(client, other):
    """A LOCAL TEMP table is unknown elsewhere; a GLOBAL one is known, its rows are not."""
    client.run("CREATE LOCAL TEMP TABLE l (a INT) ON COMMIT PRESERVE ROWS")
    client.run("CREATE GLOBAL TEMP TABLE g (a INT) ON COMMIT PRESERVE ROWS")
    client.run("INSERT INTO l VALUES (1); INSERT INTO g VALUES (1); COMMIT")

    assert client.value("SELECT COUNT(*) FROM l") == client.value("SELECT COUNT(*) FROM g") == 1
    assert other.refused("SELECT COUNT(*) FROM l") == "42V01"
    assert other.value("SELECT COUNT(*) FROM g") == 0


def test_a_temporary_table_forgets_its_rows_at_commit(client):
    """ON COMMIT DELETE ROWS is the default."""
    client.run("CREATE LOCAL TEMP TABLE l (a INT); INSERT INTO l VALUES (1)")
    assert client.value("SELECT COUNT(*) FROM l") == 1

    client.run("COMMIT")

    assert client.value("SELECT COUNT(*) FROM l") == 0


def test_a_reject_table_of_no_commit_is_temporary(client, other):
    """With NO COMMIT a new reject table is the session's own, and ROLLBACK takes it away."""
    client.copy("COPY t FROM STDIN REJECTED DATA AS TABLE r NO COMMIT", b"x|bad\n")
    assert client.value("SELECT COUNT(*) FROM r") == 1
    assert client.refused("DELETE FROM r") == "0A000"
    assert other.refused("SELECT COUNT(*) FROM r") == "42V01"

    client.run("ROLLBACK")

    assert client.refused("SELECT COUNT(*) FROM r") == "42V01"


def test_a_reject_table_of_a_committing_copy_lasts(client, other):
    """Without NO COMMIT a new reject table is there for everybody: to read and to drop."""
    client.copy("COPY t FROM STDIN REJECTED DATA AS TABLE r", b"x|bad\n1|one\n")

    assert other.value("SELECT COUNT(*) FROM r") == 1
    assert other.refused("CREATE PROJECTION p AS SELECT row_number FROM r") == "0A000"
    other.run("DROP TABLE r")
    assert client.refused("SELECT COUNT(*) FROM r") == "42V01"


def test_copy_leaves_an_identity_to_number_itself(client):
    """COPY fills the other columns; it cannot be told to fill this one."""
    client.run("CREATE TABLE i (id IDENTITY, a INT)")

    client.copy("COPY i FROM STDIN", b"5\n6\n")

    assert client.run("SELECT id, a FROM i ORDER BY a") == [(1, 5), (2, 6)]
    assert client.value("SELECT LAST_INSERT_ID()") == 2
    with pytest.raises(VerticaError) as refused:
        client.copy("COPY i (id, a) FROM STDIN", b"7|7\n")
    assert refused.value.number == 2444


def test_cancelling_ends_a_wait_for_a_lock(client, other):
    """A cancelled statement fails with 57014 and the session goes on."""
    client.run("LOCK TABLE u IN EXCLUSIVE MODE")
    threading.Timer(0.2, other.session.cancel).start()

    assert other.refused("DELETE FROM u") == "57014"
    assert other.value("SELECT COUNT(*) FROM u") == 0
