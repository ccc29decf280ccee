"""SERIALIZABLE and READ ONLY transactions."""

import pytest

from support.engine_client import Client

SERIALIZABLE = (
    "BEGIN ISOLATION LEVEL SERIALIZABLE",
    "START TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ WRITE",
    "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE",
)


@pytest.fixture
def hasty(database):
    """Return a session that waits for no lock."""
    hasty = Client(database)
    hasty.run("ALTER SESSION SET LockTimeout = 0")
    return hasty


def locks(client):
    """Return the locks that are held."""
    return client.run("SELECT object_name, lock_mode FROM v_monitor.locks ORDER BY 1")


@pytest.mark.parametrize("statement", SERIALIZABLE)
def test_what_a_serializable_transaction_reads_stays(client, hasty, statement):
    """It locks each table it reads, also beneath a view, for others' reading only."""
    hasty.run("CREATE VIEW v AS SELECT a FROM u; INSERT INTO u VALUES (1); COMMIT")
    client.run(statement)
    assert client.run("SELECT a FROM v") == [(1,)]

    assert locks(hasty) == [("Table:public.u", "S")]
    assert hasty.refused("INSERT INTO u VALUES (2)") == "55V03"
    assert hasty.run("SELECT a FROM u") == [(1,)]
    assert hasty.value("INSERT INTO t VALUES (1, 'x')") == 1

    client.run("COMMIT")
    assert hasty.value("INSERT INTO u VALUES (2)") == 1


def test_a_serializable_write_locks_what_it_reads(client, hasty):
    """The table it fills is locked more strongly if it reads that, too."""
    client.run("BEGIN ISOLATION LEVEL SERIALIZABLE; INSERT INTO t SELECT a, 'x' FROM u")
    assert locks(hasty) == [("Table:public.t", "I"), ("Table:public.u", "S")]

    client.run("INSERT INTO t SELECT a, b FROM t")

    assert ("Table:public.t", "SI") in locks(hasty)
    assert hasty.refused("INSERT INTO t VALUES (1, 'x')") == "55V03"


def test_a_serializable_transaction_begins_with_what_is_committed(client, other):
    """The lock comes first: what was committed before it is seen, with writes pending, too."""
    client.run("BEGIN ISOLATION LEVEL SERIALIZABLE; INSERT INTO t VALUES (1, 'x')")
    other.run("INSERT INTO u VALUES (5); COMMIT")

    assert client.run("SELECT a FROM u") == client.run("SELECT a FROM u") == [(5,)]


def test_temporary_and_system_tables_are_not_locked(client):
    """They are isolated by their scope."""
    client.run("CREATE GLOBAL TEMP TABLE g (a INT); BEGIN ISOLATION LEVEL SERIALIZABLE")

    client.run("SELECT * FROM g, v_catalog.tables")

    assert locks(client) == []


def test_the_level_is_a_transactions_own(client, database):
    """BEGIN sets it for one, SET SESSION for those to come, ALTER DATABASE for new sessions."""
    client.run("BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT a FROM u; COMMIT; SELECT a FROM u")
    isolation = "SELECT isolation FROM v_monitor.transactions ORDER BY transaction_id DESC LIMIT 2"
    assert client.run(isolation) == [("READ COMMITTED",), ("SERIALIZABLE",)]
    client.run("COMMIT; SELECT a FROM u")
    client.run("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE READ ONLY")
    assert client.run(f"{isolation.replace('2', '1')}") == [("READ COMMITTED",)]
    assert client.run("SHOW TRANSACTION_ISOLATION")[0][1] == "SERIALIZABLE"
    assert client.run("SHOW TRANSACTION_READ_ONLY")[0][1] == "true"

    admin = Client(database)
    admin.run("ALTER DATABASE DEFAULT SET TransactionIsolationLevel = 'SERIALIZABLE'")

    assert admin.run("SHOW TRANSACTION_ISOLATION")[0][1] == "READ COMMITTED"
    assert Client(database).run("SHOW TRANSACTION_ISOLATION")[0][1] == "SERIALIZABLE"
    refused = "ALTER DATABASE DEFAULT SET TransactionIsolationLevel = 'REPEATABLE READ'"
    assert admin.refused(refused) == "22023"


def test_the_level_cannot_be_changed_after_a_statement(client):
    """A second BEGIN earns a notice, and leaves the transaction as it is."""
    client.run("SELECT a FROM u; BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT a FROM u")

    assert locks(client) == []


WRITES = (
    "INSERT INTO t VALUES (1, 'x')",
    "UPDATE t SET a = 1",
    "DELETE FROM t",
    "MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN UPDATE SET b = 'x'",
    "EXPLAIN DELETE FROM t",
    "COPY t FROM STDIN",
    "CREATE TABLE x (a INT)",
    "CREATE LOCAL TEMP TABLE x (a INT)",
    "ALTER TABLE t ADD COLUMN c INT",
    "ALTER DATABASE DEFAULT SET LockTimeout = 7",
    "SELECT a INTO x FROM t",
    "DROP TABLE t",
    "TRUNCATE TABLE t",
    "GRANT SELECT ON t TO public",
    "REVOKE SELECT ON t FROM public",
)


@pytest.mark.parametrize("statement", WRITES)
def test_a_read_only_transaction_refuses_what_writes(client, statement):
    """What the documentation lists is refused with 25006, and reading goes on."""
    client.run("BEGIN READ ONLY")

    assert client.refused(statement) == "25006"
    assert client.run("SELECT a FROM t") == []
    client.run("COMMIT")


def test_a_read_only_transaction_may_fill_temporary_tables(client):
    """Rows of a temporary table are the session's own."""
    client.run("CREATE LOCAL TEMP TABLE l (a INT) ON COMMIT PRESERVE ROWS; BEGIN READ ONLY")

    assert client.value("INSERT INTO l SELECT 1") == 1
    assert client.copy("COPY l FROM STDIN", b"2\n").accepted == 1
    client.run("COMMIT; INSERT INTO t VALUES (1, 'x')")
    assert client.run("SELECT a FROM l ORDER BY a") == [(1,), (2,)]
