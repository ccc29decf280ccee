"""What two connections see of each other."""

import socket
import threading
import time

import pytest
from vertica_python import errors

from support.driver import leave, log_in


@pytest.fixture
def table(schema, connect):
    """Make a table of two columns; return its name."""
    connect().cursor().execute(f"CREATE TABLE {schema}.t (a INT NOT NULL, b VARCHAR(5))")
    return f"{schema}.t"


def rows(connection, query):
    """Return what a query gives."""
    cursor = connection.cursor()
    cursor.execute(query)
    return [tuple(row) for row in cursor.fetchall()]


def wait_for_lock(connection, table):
    """Wait until some session waits for a lock of the table."""
    query = (
        "SELECT COUNT(*) FROM v_monitor.locks "
        f"WHERE object_name ILIKE '%{table}' AND lock_scope = 'REQUESTED'"
    )
    deadline = time.monotonic() + 20
    while rows(connection, query) == [(0,)]:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_what_is_not_committed_is_nobody_elses(table, connect):
    """Another connection sees rows after COMMIT, and none after ROLLBACK."""
    first, second = connect(), connect()

    rows(first, f"INSERT INTO {table} VALUES (1, 'one')")
    assert rows(second, f"SELECT COUNT(*) FROM {table}") == [(0,)]
    first.commit()
    assert rows(second, f"SELECT COUNT(*) FROM {table}") == [(1,)]
    rows(first, f"DELETE FROM {table}")
    first.rollback()
    assert rows(second, f"SELECT COUNT(*) FROM {table}") == [(1,)]


def test_a_failed_statement_leaves_the_earlier_ones(table, connect):
    """Vertica rolls back the failed statement only."""
    first = connect()
    rows(first, f"INSERT INTO {table} VALUES (1, 'one')")

    with pytest.raises(errors.QueryError):
        first.cursor().execute(f"INSERT INTO {table} VALUES (NULL, 'x')")
    with pytest.raises(errors.QueryError):
        first.cursor().execute(f"INSERT INTO {table} VALUES (2, 'far too long')")
    first.commit()

    assert rows(connect(), f"SELECT a, b FROM {table}") == [(1, "one")]


def test_copy_no_commit_waits_for_commit(table, connect):
    """A COPY with NO COMMIT is part of the transaction; without it it commits all."""
    first, second = connect(), connect()

    first.cursor().copy(f"COPY {table} FROM STDIN NO COMMIT", "1|one\n2|two\n")
    assert rows(second, f"SELECT COUNT(*) FROM {table}") == [(0,)]
    first.rollback()
    assert rows(first, f"SELECT COUNT(*) FROM {table}") == [(0,)]
    first.cursor().copy(f"COPY {table} FROM STDIN", "1|one\n2|two\n")
    first.rollback()
    assert rows(second, f"SELECT COUNT(*) FROM {table}") == [(2,)]


def test_data_definition_commits(table, schema, connect):
    """CREATE TABLE in the middle of a transaction commits what came before it."""
    first, second = connect(), connect()
    rows(first, f"INSERT INTO {table} VALUES (1, 'one')")

    first.cursor().execute(f"CREATE TABLE {schema}.other (a INT)")
    first.rollback()

    assert rows(second, f"SELECT COUNT(*) FROM {table}") == [(1,)]


def test_an_exclusive_lock_serialises_two_loads(table, connect):
    """Two runs that lock, look and insert what is absent insert it once."""
    connections = [connect() for _ in range(4)]
    absent = (
        f"INSERT INTO {table} SELECT 1, 'one' WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE a = 1)"
    )

    def load(connection):
        connection.cursor().execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        rows(connection, absent)
        connection.commit()

    threads = [threading.Thread(target=load, args=(one,)) for one in connections]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert rows(connect(), f"SELECT COUNT(*) FROM {table}") == [(1,)]


def test_a_lock_that_is_taken_is_refused_at_once_with_nowait(table, connect):
    """NOWAIT answers with a LockFailure instead of waiting."""
    first, second = connect(), connect()
    first.cursor().execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")

    with pytest.raises(errors.LockFailure):
        second.cursor().execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE NOWAIT")

    first.commit()
    second.cursor().execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE NOWAIT")


def test_a_connection_that_breaks_gives_its_locks_back(table, connect, vertica_address):
    """When a client goes away its transaction is rolled back and the next one gets the lock."""
    first, second, watcher = log_in(vertica_address), connect(), connect()
    first.cursor().execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
    rows(first, f"INSERT INTO {table} VALUES (1, 'one')")
    thread = threading.Thread(target=rows, args=(second, f"INSERT INTO {table} VALUES (2, 'two')"))
    thread.start()
    wait_for_lock(watcher, table)

    first._socket().shutdown(socket.SHUT_RDWR)
    thread.join(30)
    leave(first)

    assert not thread.is_alive()
    assert rows(second, f"SELECT a FROM {table}") == [(2,)]


def test_a_second_writer_reads_what_the_first_committed(table, connect):
    """After a wait for X the count includes the rows of the one who held it."""
    first, second, watcher = connect(), connect(), connect()
    first.cursor().execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
    rows(first, f"INSERT INTO {table} VALUES (1, 'one')")
    seen = []

    def count():
        second.cursor().execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        seen.extend(rows(second, f"SELECT COUNT(*) FROM {table}"))

    thread = threading.Thread(target=count)
    thread.start()
    wait_for_lock(watcher, table)
    first.commit()
    thread.join(30)

    assert seen == [(1,)]


def test_a_session_that_has_written_sees_what_others_commit(table, schema, connect):
    """READ COMMITTED: its queries and writes read the newest rows, and its own."""
    first, second = connect(), connect()
    rows(second, f"CREATE TABLE {schema}.u (a INT)")
    rows(first, f"INSERT INTO {table} VALUES (1, 'one')")

    rows(second, f"INSERT INTO {schema}.u VALUES (7)")
    rows(second, f"INSERT INTO {table} VALUES (2, 'two')")
    assert rows(first, f"SELECT a FROM {schema}.u") == []
    second.commit()

    assert rows(first, f"SELECT a FROM {schema}.u") == [(7,)]
    assert rows(first, f"SELECT a FROM {table} ORDER BY a") == [(1,), (2,)]
    rows(first, f"INSERT INTO {table} SELECT a, 'new' FROM {schema}.u")
    first.commit()
    assert rows(second, f"SELECT a FROM {table} ORDER BY a") == [(1,), (2,), (7,)]
