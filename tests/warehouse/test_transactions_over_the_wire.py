"""What two connections see of each other, and what a killed server keeps."""

import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress

import pytest
import vertica_python
from vertica_python import errors


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


def test_a_connection_that_breaks_gives_its_locks_back(table, connect, warehouse_address):
    """When a client goes away its transaction is rolled back and the next one gets the lock."""
    first, second, watcher = warehouse_address.connect(), connect(), connect()
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


def leave(connection):
    """Close a connection that has lost its server; the driver itself leaves the socket open."""
    lost = connection._socket()
    with suppress(OSError, errors.Error):
        connection.close()
    lost.close()


def start(database):
    """Start a server of its own on the file; return the process and its port."""
    command = [sys.executable, "-m", "local.vertica", "--port", "0", "--database", str(database)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    port = int(process.stdout.readline().rpartition(":")[2])
    process.stdout.close()
    return process, port


def enter(port):
    """Return a connection to that server."""
    return vertica_python.connect(
        host="127.0.0.1", port=port, user="dbadmin", database="w", password="", tlsmode="disable"
    )


def test_a_killed_server_keeps_what_was_committed_and_nothing_else(tmp_path):
    """After kill -9 tables and committed rows are there; open work and its spool are gone."""
    database = tmp_path / "warehouse.duckdb"
    process, port = start(database)
    connection = enter(port)
    connection.cursor().execute("CREATE TABLE t (a INT NOT NULL, b VARCHAR(5))")
    connection.cursor().execute("CREATE VIEW v AS SELECT a FROM t")
    connection.cursor().copy("COPY t FROM STDIN", "1|one\n2|two\n")
    rows(connection, "INSERT INTO t VALUES (3, 'three')")
    connection.cursor().copy("COPY t FROM STDIN NO COMMIT", "4|four\n")

    process.kill()
    process.wait()
    leave(connection)
    process, port = start(database)

    try:
        with enter(port) as again:
            assert rows(again, "SELECT a FROM v ORDER BY a") == [(1,), (2,)]
            with pytest.raises(errors.QueryError):
                again.cursor().execute("INSERT INTO t VALUES (5, 'far too long')")
            assert rows(again, "SELECT table_name FROM tables") == [("t",)]
        assert not list((tmp_path / "warehouse.duckdb.spool").iterdir())
    finally:
        process.terminate()
        process.wait(20)


def test_a_file_in_use_is_refused_with_its_name(tmp_path):
    """A second server on the same file says so and ends."""
    process, _ = start(tmp_path / "warehouse.duckdb")

    try:
        second = subprocess.run(
            [sys.executable, "-m", "local.vertica", "--port", "0", "--database",
             str(tmp_path / "warehouse.duckdb")],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    finally:
        process.terminate()
        process.wait(20)

    assert second.returncode == 1
    assert "open in another process" in second.stderr
