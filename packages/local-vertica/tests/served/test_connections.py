"""Connecting, talking and leaving, over the wire with the unmodified driver."""

import contextlib
import datetime as dt
import gc
import secrets
import socket
import struct
import threading
import time
import uuid
import warnings
from decimal import Decimal

import pytest
import vertica_python
from vertica_python.errors import (
    ConnectionError as RefusedError,
)
from vertica_python.errors import (
    MissingColumn,
    QueryCanceled,
    QueryError,
    VerticaSyntaxError,
)

from support.driver import log_in

GARBAGE = {
    "http": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "huge": b"\x7f\xff\xff\xff\x00\x03\x00\x05",
    "negative": b"\xff\xff\xff\xff\x00\x03\x00\x05",
    "unknown request": struct.pack("!ii", 8, 99),
    "cut": b"\x00\x00",
    "nothing": b"",
    "zeros": bytes(64),
    "no user": struct.pack("!ii", 9, 3 << 16 | 5) + b"\0",
}


def refusal(address, **options):
    """Return what the driver says when it is not let in; it leaves its socket open then."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            log_in(address, **options)
        except RefusedError as error:
            message = str(error)
        gc.collect()
    return message


@contextlib.contextmanager
def cancelled_after(connection, seconds):
    """Send a cancel request some time after the block has begun."""
    timer = threading.Timer(seconds, connection.cancel)
    timer.start()
    yield
    timer.join()


def test_a_wrong_password_is_refused(vertica_address):
    """Nobody comes in without the password, and the error says so."""
    told = refusal(vertica_address, password="not this one")

    assert "Invalid username or password" in told
    assert "not this one" not in told


def test_an_unknown_user_is_refused(vertica_address):
    """The password alone lets nobody in."""
    told = refusal(vertica_address, user="nobody_of_that_name")

    assert "Invalid username or password" in told


def test_a_locked_account_is_refused_until_it_is_unlocked(connect, vertica_address):
    """The right password does not help; a wrong one is not told of the lock."""
    user, password = f"test_{secrets.token_hex(6)}", secrets.token_urlsafe(12)
    cursor = connect().cursor()
    cursor.execute(f"CREATE USER {user} IDENTIFIED BY '{password}' ACCOUNT LOCK")
    try:
        assert "is locked" in refusal(vertica_address, user=user, password=password)
        assert "is locked" not in refusal(vertica_address, user=user, password="not this one")
        cursor.execute(f"ALTER USER {user} ACCOUNT UNLOCK")
        log_in(vertica_address, user=user, password=password).close()
    finally:
        cursor.execute(f"DROP USER {user}")


def test_the_driver_knows_what_the_server_told_it(connect):
    """The driver's cache of session parameters follows the session."""
    connection = connect(autocommit=True)

    assert connection.autocommit
    connection.autocommit = False
    assert not connection.autocommit
    assert int(connection.parameters["protocol_version"]) >= 3 << 16 | 5


def test_a_running_statement_can_be_cancelled(connect):
    """It ends with an error of its own at once, and the session goes on."""
    connection = connect()
    cursor = connection.cursor()

    began = time.monotonic()
    with cancelled_after(connection, 0.3), pytest.raises(QueryCanceled):
        cursor.execute("SELECT SLEEP(30)")

    assert time.monotonic() - began < 10
    cursor.execute("SELECT 1")
    assert cursor.fetchall() == [[1]]


def test_a_cancel_request_with_a_wrong_key_stops_nothing(connect, vertica_address):
    """Knowing a session's number is not enough to stop it."""
    connection = connect()
    request = struct.pack("!iiII", 16, 80877102, connection.backend_pid, 12345)
    address = (vertica_address.host, vertica_address.port)

    with socket.create_connection(address) as stranger:
        stranger.sendall(request)
        cursor = connection.cursor()
        cursor.execute("SELECT SLEEP(1)")

    assert len(cursor.fetchall()) == 1


def test_a_cancel_while_nothing_runs_harms_nothing(connect):
    """A request that comes too late does not hit the next statement."""
    connection = connect()
    connection.cancel()
    time.sleep(0.2)

    cursor = connection.cursor()
    cursor.execute("SELECT 1")

    assert cursor.fetchall() == [[1]]


def test_statements_of_one_text_answer_in_turn(connect):
    """Each has its own result, and an error comes where its statement stands."""
    cursor = connect().cursor()

    cursor.execute("SELECT 1; SELECT 'two', 2; SELECT nope; SELECT 4")

    assert cursor.fetchall() == [[1]]
    assert cursor.nextset()
    assert cursor.fetchall() == [["two", 2]]
    with pytest.raises(MissingColumn):
        cursor.nextset()
    cursor.execute("SELECT 5")
    assert cursor.fetchall() == [[5]]


def test_changes_answer_with_how_many_rows_they_touched(schema, connect):
    """INSERT, UPDATE and DELETE give one row with a count."""
    cursor = connect().cursor()
    cursor.execute(f"CREATE TABLE {schema}.t (n INT)")
    statements = {
        f"INSERT INTO {schema}.t SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3": 3,
        f"UPDATE {schema}.t SET n = 9 WHERE n > 1": 2,
        f"DELETE FROM {schema}.t WHERE n = 1": 1,
    }

    for statement, count in statements.items():
        cursor.execute(statement)
        assert cursor.fetchall() == [[count]]


def test_explain_checks_a_statement_and_runs_nothing(schema, connect):
    """The plan's lines begin with the statement; a wrong one is refused as if it ran."""
    cursor = connect().cursor()
    cursor.execute(f"CREATE TABLE {schema}.t (a INT)")
    statement = f"EXPLAIN INSERT INTO {schema}.t SELECT 1"

    cursor.execute(statement)
    lines = [line.strip() for (line,) in cursor.fetchall()]

    assert cursor.description[0].name == "QUERY PLAN"
    assert "QUERY PLAN DESCRIPTION:" in lines
    assert statement in lines
    cursor.execute(f"SELECT COUNT(*) FROM {schema}.t")
    assert cursor.fetchall() == [[0]]
    with pytest.raises(MissingColumn):
        cursor.execute(f"EXPLAIN SELECT b FROM {schema}.t")
    with pytest.raises(VerticaSyntaxError):
        cursor.execute("EXPLAIN VERBOSE LOCAL SELECT 1")


def test_prepared_statements_take_values_of_every_kind(schema, connect):
    """NULL, Cyrillic, quotes and numbers arrive as they are, one by one and in bulk."""
    cursor = connect(use_prepared_statements=True).cursor()
    cursor.execute(f"CREATE TABLE {schema}.p (n INT, t VARCHAR(80), d NUMERIC(9,2), b BOOLEAN)")
    values = [[1, "Ян 'x' \\", Decimal("1.50"), True], [2, "", None, False], [None] * 4]

    cursor.executemany(f"INSERT INTO {schema}.p VALUES (?, ?, ?, ?)", values)
    cursor.execute(f"SELECT n, t, d, b FROM {schema}.p WHERE n = ? OR n IS NULL ORDER BY n", [1])

    assert cursor.fetchall() == [values[2], values[0]]


def test_after_a_refused_prepared_statement_the_next_one_works(connect):
    """An error in Parse leaves client and server in step."""
    cursor = connect(use_prepared_statements=True).cursor()

    for _ in range(2):
        with pytest.raises(VerticaSyntaxError):
            cursor.execute("SELECT FROM WHERE ?", [1])
        with pytest.raises(VerticaSyntaxError):
            cursor.execute("SELECT 1; SELECT 2")
        cursor.execute("SELECT CAST(? AS INT) + 1", [1])
        assert cursor.fetchall() == [[2]]


@pytest.mark.parametrize("binary", [False, True], ids=["text", "binary"])
@pytest.mark.parametrize("prepared", [False, True], ids=["simple", "prepared"])
def test_values_of_every_type_come_back(schema, connect, binary, prepared):
    """Each scalar type has its Python value in both forms and both protocols."""
    connection = connect(binary_transfer=binary, use_prepared_statements=prepared)
    cursor = connection.cursor()
    cursor.execute(
        f"CREATE TABLE {schema}.v (a BOOLEAN, b INT, c FLOAT, d CHAR(3), e VARCHAR(9), f DATE,"
        " g TIME, h TIMESTAMP, i NUMERIC(20,3), j VARBINARY(4), k UUID)"
    )
    cursor.execute(
        f"INSERT INTO {schema}.v VALUES (TRUE, -7, 0.5, 'a', 'Ян', '2021-02-03', '04:05:06.5',"
        " '2021-02-03 04:05:06.789', 12345678901234567.125, HEX_TO_BINARY('0x00ff'),"
        " '00010203-0405-0607-0809-0a0b0c0d0e0f')"
    )

    cursor.execute(f"SELECT a, b, c, d, e, f, g, h, i, j, k FROM {schema}.v")

    assert cursor.fetchall() == [
        [
            True,
            -7,
            0.5,
            "a  ",
            "Ян",
            dt.date(2021, 2, 3),
            dt.time(4, 5, 6, 500_000),
            dt.datetime(2021, 2, 3, 4, 5, 6, 789_000),
            Decimal("12345678901234567.125"),
            b"\x00\xff",
            uuid.UUID("00010203-0405-0607-0809-0a0b0c0d0e0f"),
        ]
    ]


@pytest.mark.parametrize("autocommit", [False, True])
def test_a_result_of_many_batches_is_whole(schema, connect, autocommit):
    """No row is lost or doubled between the batches it is sent in."""
    cursor = connect(autocommit=autocommit).cursor()
    cursor.execute(f"CREATE TABLE {schema}.many (n INT)")
    cursor.copy(f"COPY {schema}.many FROM STDIN", "\n".join(map(str, range(45_000))))

    cursor.execute(f"SELECT n FROM {schema}.many ORDER BY n")

    assert [row[0] for row in cursor.iterate()] == list(range(45_000))


def test_a_result_left_unread_does_not_disturb_the_next(schema, connect):
    """The driver passes over what it did not fetch; the session stays usable."""
    cursor = connect().cursor()
    cursor.execute(f"CREATE TABLE {schema}.many (n INT)")
    cursor.copy(f"COPY {schema}.many FROM STDIN", "\n".join(map(str, range(45_000))))

    cursor.execute(f"SELECT n FROM {schema}.many")
    cursor.fetchone()
    cursor.execute("SELECT 'next'")

    assert cursor.fetchall() == [["next"]]


def test_a_client_that_vanishes_gives_back_its_locks(schema, connect, vertica_address):
    """A connection that is cut in a transaction does not keep others waiting."""
    cursor = connect(autocommit=True).cursor()
    cursor.execute(f"CREATE TABLE {schema}.t (n INT)")
    lost = log_in(vertica_address)
    lost.cursor().execute(f"LOCK TABLE {schema}.t IN EXCLUSIVE MODE")
    lost.cursor().execute(f"INSERT INTO {schema}.t VALUES (1)")

    lost._socket().shutdown(socket.SHUT_RDWR)
    lost.close_socket()
    cursor.execute(f"INSERT INTO {schema}.t VALUES (2)")
    cursor.execute(f"SELECT n FROM {schema}.t")

    assert cursor.fetchall() == [[2]]


def test_a_session_closed_by_another_is_told_and_ends(connect):
    """CLOSE_SESSION ends the other connection for good."""
    victim, other = connect(), connect()
    cursor = victim.cursor()
    cursor.execute("SELECT session_id FROM v_monitor.current_session")
    (name,) = cursor.fetchone()

    other.cursor().execute(f"SELECT CLOSE_SESSION('{name}')")

    with pytest.raises((QueryError, RefusedError)):
        keep_asking(cursor)


def keep_asking(cursor):
    """Run small statements for some seconds."""
    for _ in range(50):
        cursor.execute("SELECT 1")
        cursor.fetchall()
        time.sleep(0.1)


@pytest.mark.parametrize("policy", ["NONE", "ROUNDROBIN"])
def test_load_balancing_leads_to_a_node(local_vertica, policy):
    """One node is all there is: the client stays, or is sent to where it already is.

    On a real Vertica the policy is the cluster's and changing it would disturb others.
    """
    setter = log_in(local_vertica)
    setter.cursor().execute(f"SELECT SET_LOAD_BALANCE_POLICY('{policy}')")

    expected = (
        pytest.warns(UserWarning, match="Load balancing requested")
        if policy == "NONE"
        else nothing()
    )
    with expected, log_in(local_vertica, connection_load_balance=True) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT 1")
        assert cursor.fetchall() == [[1]]
    setter.cursor().execute("SELECT SET_LOAD_BALANCE_POLICY('NONE')")
    setter.close()


def nothing():
    """Return a context that expects nothing."""
    return contextlib.nullcontext()


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE.keys())
def test_what_does_not_speak_the_protocol_harms_nobody(local_vertica, garbage):
    """Strangers are sent away; the server and its sessions go on.

    Not tried on a real Vertica, which others use.
    """
    connection = log_in(local_vertica)

    with socket.create_connection((local_vertica.host, local_vertica.port), 10) as stranger:
        stranger.sendall(garbage)
        stranger.shutdown(socket.SHUT_WR)
        while stranger.recv(4096):
            pass

    cursor = connection.cursor()
    cursor.execute("SELECT 1")
    assert cursor.fetchall() == [[1]]
    connection.close()
    log_in(local_vertica).close()


def test_many_clients_are_served_at_once(vertica_address):
    """Connections do not wait for each other."""
    opened = [log_in(vertica_address) for _ in range(20)]
    answers = []

    for number, connection in enumerate(opened):
        cursor = connection.cursor()
        cursor.execute(f"SELECT {number}")
        answers.append(cursor.fetchall()[0][0])
    for connection in opened:
        connection.close()

    assert answers == list(range(20))


def test_a_driver_that_is_told_nothing_of_tls_connects(local_vertica):
    """The driver's default, tlsmode prefer, goes on in clear where no TLS is offered."""
    with (
        pytest.warns(UserWarning, match="TLS is not configured"),
        vertica_python.connect(
            host=local_vertica.host,
            port=local_vertica.port,
            user=local_vertica.user,
            password=local_vertica.password,
            database=local_vertica.database,
        ) as connection,
    ):
        assert connection.cursor() is not None
