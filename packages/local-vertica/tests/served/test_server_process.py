"""The local Vertica as a process: its doors, its start and its end.

These tests hold for the stand-in alone: a real Vertica is configured with SQL and not ours to stop.
"""

import gc
import os
import signal
import ssl
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterator

import pytest
import vertica_python
from vertica_python.errors import QueryError

from local_vertica import LocalVertica, running
from support.driver import leave, log_in

PASSWORD = "пароль 'x' \\ y"
DRIVER_ERRORS = (vertica_python.errors.Error, ssl.SSLError)


def run_server(*options, **environment):
    """Run a server that is expected not to start; return what it says and its exit code."""
    variables = {**os.environ, **environment}
    command = [sys.executable, "-m", "local_vertica", *map(str, options)]
    done = subprocess.run(
        command, env=variables, capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def server(tmp_path) -> Iterator[LocalVertica]:
    """Run a server of the test's own, made to be ended and started again."""
    with running(tmp_path) as server:
        yield server


def is_let_in(address, **options):
    """Say whether the driver can connect and ask; it leaves its socket open if not."""
    answers = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            with log_in(address, **options) as connection:
                cursor = connection.cursor()
                cursor.execute("SELECT 1")
                answers = cursor.fetchall()
        except DRIVER_ERRORS:
            pass
        gc.collect()
    return answers == [[1]]


@pytest.mark.parametrize("mode", ["disable", "prefer", "require", "verify-ca", "verify-full"])
def test_every_tls_mode_connects_where_tls_is_offered(secured, certificate, mode):
    """With the certificate at hand the driver is satisfied in every mode."""
    trusted = {"tls_cafile": str(certificate[0])} if mode.startswith("verify") else {}

    assert is_let_in(secured, tlsmode=mode, **trusted)


def test_a_certificate_for_another_name_is_refused_by_the_client(secured, certificate):
    """The host in the certificate is what verify-full looks at."""
    assert not is_let_in(
        secured, host="localhost", tlsmode="verify-full", tls_cafile=str(certificate[0])
    )


def test_an_unknown_certificate_is_refused_by_the_client_and_harms_nobody(secured):
    """A failed handshake ends that connection only."""
    assert not is_let_in(secured, tlsmode="verify-full")
    assert is_let_in(secured, tlsmode="require")


def test_tls_is_spoken_after_a_request_for_load_balancing(secured):
    """Both requests may come on one connection before the start-up message."""
    with pytest.warns(UserWarning, match="Load balancing requested"):
        assert is_let_in(secured, tlsmode="require", connection_load_balance=True)


def test_much_data_passes_through_tls(secured):
    """Large messages in both directions are whole."""
    with log_in(secured, tlsmode="require") as connection:
        cursor = connection.cursor()
        cursor.execute("CREATE TABLE much (n INT, t VARCHAR(100))")
        lines = "".join(f"{number}|{'x' * 100}\n" for number in range(30_000))
        cursor.copy("COPY much FROM STDIN", lines)
        cursor.execute("SELECT SUM(n), SUM(LENGTH(t)) FROM much")
        assert cursor.fetchall() == [[449_985_000, 3_000_000]]
        cursor.execute("SELECT t FROM much")
        assert {row[0] for row in cursor.iterate()} == {"x" * 100}


def test_a_client_that_insists_on_tls_is_not_served_in_clear(local_vertica):
    """Without a certificate the server says no, and the driver gives up."""
    assert not is_let_in(local_vertica, tlsmode="require")


@pytest.mark.parametrize("method", ["password", "md5", "sha512"])
def test_every_method_lets_in_the_right_password_only(tmp_path, method):
    """Whatever way the password is asked for, only the right one opens."""
    with running(tmp_path, "--auth", method, password=PASSWORD) as address:
        assert is_let_in(address)
        assert not is_let_in(address, password=PASSWORD[:-1])
        assert not is_let_in(address, password="")


def test_without_a_password_any_is_taken(tmp_path):
    """A server for one's own machine need not ask."""
    variables = {name: value for name, value in os.environ.items() if "VERTICA" not in name}
    command = [sys.executable, "-m", "local_vertica", "--port", "0", "--user", "me"]
    process = subprocess.Popen(
        [*command, "--database", str(tmp_path / "w.duckdb")],
        env=variables,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        port = int(process.stdout.readline().rpartition(":")[2])
        options = {"port": port, "user": "me", "password": "any", "tlsmode": "disable"}
        with vertica_python.connect(host="127.0.0.1", database="w", **options) as connection:
            assert connection.cursor() is not None
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_a_signal_ends_the_server_while_statements_run(server):
    """Committed rows stay, open work is dropped, and it does not take long."""
    connection = log_in(server)
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE t (n INT)")
    cursor.execute("INSERT INTO t VALUES (1); COMMIT; INSERT INTO t VALUES (2)")
    busy = log_in(server)
    running = threading.Thread(target=fail_quietly, args=(busy, "SELECT SLEEP(60)"))
    running.start()
    time.sleep(0.5)

    began = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    code = server.process.wait(20)
    running.join(20)

    assert code == 0
    assert time.monotonic() - began < 10
    for each in (connection, busy):
        each.close_socket()
    server.start()
    with log_in(server) as reader:
        cursor = reader.cursor()
        cursor.execute("SELECT n FROM t")
        assert cursor.fetchall() == [[1]]


def fail_quietly(connection, statement):
    """Run a statement whose server goes away."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            connection.cursor().execute(statement)
        except DRIVER_ERRORS:
            return


def test_a_killed_server_keeps_what_was_committed_and_nothing_else(server):
    """After kill -9 tables and committed rows are there; open work and its spool are gone."""
    connection = log_in(server)
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE t (a INT NOT NULL, b VARCHAR(5))")
    cursor.execute("CREATE VIEW v AS SELECT a FROM t")
    cursor.copy("COPY t FROM STDIN", "1|one\n2|two\n")
    cursor.execute("INSERT INTO t VALUES (3, 'three')")
    cursor.copy("COPY t FROM STDIN NO COMMIT", "4|four\n")

    server.kill()
    leave(connection)
    server.start()

    with log_in(server) as again:
        cursor = again.cursor()
        cursor.execute("SELECT a FROM v ORDER BY a")
        assert cursor.fetchall() == [[1], [2]]
        with pytest.raises(QueryError):
            cursor.execute("INSERT INTO t VALUES (5, 'far too long')")
        cursor.execute("SELECT table_name FROM tables")
        assert cursor.fetchall() == [["t"]]
    assert not list(server.path.with_name(f"{server.path.name}.spool").iterdir())


def test_a_busy_port_is_told_in_a_sentence(local_vertica, tmp_path):
    """The port is named, nothing is printed as if it were ready."""
    code, out, err = run_server(
        "--port", local_vertica.port, "--database", tmp_path / "other.duckdb"
    )

    assert (code, out) == (1, "")
    assert f"cannot listen on 127.0.0.1:{local_vertica.port}" in err
    assert "Traceback" not in err


def test_a_database_in_use_is_told_in_a_sentence(tmp_path):
    """Two servers never share a file."""
    with running(tmp_path) as server:
        code, out, err = run_server("--port", 0, "--database", server.path)

    assert (code, out) == (1, "")
    assert f"{server.path}: the database is open in another process" in err


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--database", "{folder}"], "cannot open the database"),
        (["--database", "{folder}/garbage"], "cannot open the database"),
        (["--database", "{folder}/w", "--tls-cert", "{folder}/no"], "cannot use the certificate"),
        (["--database", "{folder}/w", "--tls-cert", "{folder}/garbage"], "cannot use the cert"),
        (["--database", "{folder}/w", "--tls-key", "{folder}/no"], "--tls-key needs --tls-cert"),
        (["--database", "{folder}/w", "--password-file", "{folder}/no"], "the password file"),
        (["--database", "{folder}/w", "--host", "203.0.113.9"], "give a password"),
        (["--database", "{folder}/w", "--port", "99999"], "cannot listen on 127.0.0.1:99999"),
    ],
)
def test_what_stands_in_the_way_of_a_start_is_told_in_a_sentence(tmp_path, options, sentence):
    """A wrong option ends the start with its reason and no traceback."""
    (tmp_path / "garbage").write_text("neither a database nor a certificate\n" * 1000)

    written = [option.format(folder=tmp_path) for option in options]
    code, out, err = run_server("--port", 0, *written, LOCAL_VERTICA_PASSWORD="")

    assert (code, out) == (1, "")
    assert sentence in err
    assert "Traceback" not in err


def test_help_tells_what_the_options_mean():
    """A stranger can start the server from its own help."""
    code, out, _ = run_server("--help")

    assert code == 0
    for option in ("--database", "--port", "--password-file", "--tls-cert", "listening on"):
        assert option in out
