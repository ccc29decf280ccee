"""What v_monitor tells of transactions, errors and queries that are over."""

import pytest

from local_vertica.copy.context import SpooledSource
from local_vertica.errors import VerticaError
from support.catalog_client import Client

LAST = "FROM transactions WHERE NOT is_ddl ORDER BY start_timestamp DESC, transaction_id DESC"


@pytest.fixture
def user(client, database):
    """Give the session of a user who may do nothing."""
    client.run("CREATE USER u")
    return Client(database, "u")


def test_transactions_tell_how_they_ended(client):
    """Committed, rolled back, and the one that asks, which is open."""
    client.run("INSERT INTO s.t (id) VALUES (1); SELECT 1; COMMIT")
    client.run("DELETE FROM s.t; ROLLBACK")

    assert client.run(
        f"SELECT is_committed, number_of_statements, isolation, end_timestamp IS NULL {LAST}"
    )[:3] == [
        (None, 1, "READ COMMITTED", True),
        (False, 1, "READ COMMITTED", False),
        (True, 2, "READ COMMITTED", False),
    ]


def test_data_definition_is_a_transaction_of_its_own(client):
    """It is serializable, committed unless it is refused, and its request names it."""
    client.run("CREATE TABLE s.made (a INT)")
    client.refused("CREATE TABLE s.made (a INT)")

    rows = client.run(
        "SELECT t.is_committed, t.isolation, r.success, t.description = r.request "
        "FROM transactions t JOIN query_requests r USING (transaction_id) "
        "WHERE t.is_ddl AND r.request ILIKE '%s.made%' ORDER BY t.transaction_id"
    )

    assert rows == [(True, "SERIALIZABLE", True, True), (False, "SERIALIZABLE", False, True)]


def test_a_statement_that_commits_by_itself_is_committed(client):
    """With autocommit, reading is a committed transaction, too; a failure is none."""
    client.run("SET SESSION AUTOCOMMIT TO on")
    client.run("SELECT 1")
    client.refused("SELECT 1 / 0")

    assert client.run(f"SELECT description, is_committed {LAST}")[1:3] == [
        ("SELECT 1 / 0", False),
        ("SELECT 1", True),
    ]


def test_errors_join_the_requests_that_failed(client):
    """Level, number and message are those the client was told."""
    client.refused("SELECT 1 / 0")

    assert client.run(
        "SELECT r.request, r.error_count, e.error_level, e.error_code, e.message "
        "FROM query_requests r JOIN error_messages e "
        "USING (node_name, session_id, request_id, transaction_id)"
    ) == [("SELECT 1 / 0", 1, "ERROR", 3117, "Division by zero")]


def test_errors_without_a_request_are_kept(client):
    """What begins no statement, or cannot be prepared, has neither request nor transaction."""
    client.refused("FOO")
    with pytest.raises(VerticaError, match="does not exist"):
        client.session.describe("SELECT a FROM nowhere")

    assert client.run("SELECT error_code, request_id, transaction_id FROM error_messages") == [
        (4856, None, None),
        (4566, None, None),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE USER u IDENTIFIED 'hidden'",
        "ALTER USER u IDENTIFIED BY 'hidden' 'hidden'",
        "ALTER USER dbadmin IDENTIFIED BY 'x' REPLACE 'hidden'",
        "CREATE KEY k TYPE 'RSA' 'hidden'",
        "ALTER SESSION SET AWSAuth 'hidden'",
    ],
)
def test_no_secret_is_kept_of_a_statement_that_failed(client, statement):
    """Neither the request nor the error's message shows it."""
    client.refused(statement)

    for table in ("error_messages", "query_requests", "query_profiles", "transactions"):
        assert "hidden" not in str(client.run(f"SELECT * FROM {table}"))
    assert client.run("SELECT COUNT(*) FROM error_messages") == [(1,)]


def test_profiles_tell_what_a_query_did(client, tmp_path):
    """The number of its error, and the table of a load."""
    client.refused("SELECT 1 / 0")
    rows = tmp_path / "rows"
    rows.write_bytes(b"1\n2\n")
    needed = client.session.run("COPY s.t (id) FROM STDIN")
    client.session.copy(needed, [SpooledSource(rows, "STDIN")])

    assert client.run(
        "SELECT query, schema_name, table_name, error_code, is_executing FROM query_profiles "
        "WHERE query_type = 'QUERY' ORDER BY statement_id LIMIT 2"
    ) == [
        ("SELECT 1 / 0", "", "", 3117, False),
        ("COPY s.t (id) FROM STDIN", "s", "t", 0, False),
    ]


@pytest.mark.parametrize("table", ["transactions", "error_messages", "query_profiles"])
def test_a_user_sees_its_own(client, user, table):
    """Who may monitor sees all users', anybody else only what is its own."""
    client.refused("SELECT 1 / 0")
    user.refused("SELECT 1 / 0")
    names = f"SELECT DISTINCT user_name FROM {table} ORDER BY 1"

    assert user.run(names) == [("u",)]
    assert client.run(names) == [("dbadmin",), ("u",)]
    client.run("GRANT SYSMONITOR TO u")
    user.run("SET ROLE sysmonitor")
    assert user.run(names) == [("dbadmin",), ("u",)]


def test_sessions_tell_what_they_do_and_since_when(database, client):
    """An idle session shows its last statement and its open transaction, a busy one its own."""
    other = Client(database)
    other.run("INSERT INTO s.t (id) VALUES (1)")
    columns = "current_statement, last_statement, transaction_description, statement_start IS NULL"
    query = f"SELECT {columns} FROM sessions WHERE session_id ="
    idle, busy = (
        client.run(f"{query} '{who.session.state.session_id}'")[0] for who in (other, client)
    )

    insert = "INSERT INTO s.t (id) VALUES (1)"
    assert idle == ("", insert, f"user dbadmin ({insert})", True)
    assert busy[0].startswith("SELECT current_statement")
    assert busy[3] is False
    assert client.run(
        "SELECT transaction_start <= NOW(), last_statement_duration_us >= 0 FROM sessions"
    ) == [(True, True), (True, True)]


def test_locks_that_were_given_back_are_counted(database, client):
    """LOCK_USAGE tells by session, table and mode how often locks were held, and how long."""
    client.run("INSERT INTO s.t (id) VALUES (1); COMMIT; INSERT INTO s.t (id) VALUES (2); COMMIT")
    query = (
        "SELECT mode, hold_count, wait_count, max_hold_time >= avg_hold_time, "
        "max_wait_time = INTERVAL '0 seconds' FROM lock_usage "
        "WHERE object_name = 'Table:s.t' AND session_id = CURRENT_SESSION()"
    )

    assert client.run(query) == [("I", 2, 0, True, True)]
    client.run("CREATE USER u")
    assert Client(database, "u").run("SELECT COUNT(*) FROM lock_usage") == [(0,)]


def test_a_profiled_statement_runs_and_tells_where_its_profile_is(client):
    """The notice names its row of QUERY_PROFILES; rows come as ever, and changes are made."""
    result = client.session.run("PROFILE SELECT COUNT(*) FROM s.t")
    rows = [row for batch in result.batches for row in batch]
    query = result.notices[0].removeprefix("Statement is being profiled. ").rstrip(";")

    assert rows == [(0,)]
    told = client.run(query.replace("*", "query, query_type, is_executing"))
    assert told == [("PROFILE SELECT COUNT(*) FROM s.t", "QUERY", False)]
    assert client.run("PROFILE INSERT INTO s.t (id) VALUES (1)") == [(1,)]
    assert client.run("SELECT id FROM s.t") == [(1,)]


@pytest.mark.parametrize(
    ("statement", "sqlstate"),
    [
        ("PROFILE", "42601"),
        ("PROFILE DROP TABLE s.t", "42601"),
        ("PROFILE PROFILE SELECT 1", "42601"),
        ("PROFILE SELECT nosuch FROM s.t", "42703"),
        ("PROFILE COPY s.t FROM STDIN", "0A000"),
    ],
)
def test_what_is_no_query_and_no_change_cannot_be_profiled(client, statement, sqlstate):
    """COPY could be in Vertica, and is refused as not supported."""
    assert client.refused(statement) == sqlstate
