"""Errors of Vertica's driver become ours once, without SQL, values or doubt about another try."""

import errno
import io
import socket
import ssl
import time
from contextlib import ExitStack

import pytest
from pydantic import SecretStr
from vertica_python import errors as driver_errors

from social_vault.errors import (
    PipelineError,
    SettingsError,
    UnavailableError,
    WarehouseError,
    WarehouseSetupError,
    WorkerError,
)
from social_vault.model.catalogue import catalogue
from social_vault.schema.statements import copying
from social_vault.settings import WarehouseSettings
from social_vault.stores import addresses, vertica_connection
from social_vault.stores.vertica import Warehouse, mapped

SETTINGS = WarehouseSettings(host="127.0.0.1", port=1, database="d", user="u", password="canary")


class Refusal(driver_errors.QueryError):
    """A refusal with a SQLSTATE, as the driver makes it from the server's words."""

    def __init__(self, sqlstate):
        Exception.__init__(self, "Message: canary, SQL: 'SELECT canary'")
        self.given = sqlstate

    @property
    def sqlstate(self):
        """Return the SQLSTATE."""
        return self.given


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (Refusal("55V03"), UnavailableError),
        (Refusal("53000"), UnavailableError),
        (Refusal("08006"), UnavailableError),
        (Refusal("V1001"), UnavailableError),
        (Refusal("40V01"), UnavailableError),
        (Refusal("57V04"), UnavailableError),
        (Refusal("V1003"), UnavailableError),
        (Refusal("25000"), UnavailableError),
        (driver_errors.ConnectionError("canary"), UnavailableError),
        (driver_errors.TimedOutError("canary"), UnavailableError),
        (ConnectionResetError("canary"), UnavailableError),
        (TimeoutError("canary"), UnavailableError),
        (Refusal("42601"), WarehouseError),
        (Refusal("42V01"), WarehouseSetupError),
        (Refusal("42501"), WarehouseSetupError),
        (Refusal("53100"), WarehouseSetupError),
        (Refusal("57014"), WarehouseError),
        (Refusal("22V04"), WarehouseError),
        (driver_errors.DataError("canary"), WarehouseError),
        (driver_errors.ProgrammingError("canary"), WarehouseError),
    ],
)
def test_only_what_another_try_may_cure_is_worth_one(error, ours):
    """An allow-list decides; the text names the statement and gives away nothing else."""
    with pytest.raises(PipelineError) as caught, mapped("hubs/h_users"):
        raise error

    assert type(caught.value) is ours
    assert str(caught.value).startswith("hubs/h_users: ")
    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def tls_fault():
    """Return a driver's error over a failed handshake."""
    error = driver_errors.ConnectionError("certificate verify failed")
    error.__context__ = ssl.SSLCertVerificationError(1, "self-signed certificate")
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            driver_errors.ConnectionError("Message: x, Sqlstate: 28000, Error Code: 2248"),
            "password",
        ),
        (
            driver_errors.ConnectionError("Message: x, Sqlstate: 3D000, Error Code: 2500"),
            "database",
        ),
        (driver_errors.SSLNotSupported("SSL requested but disabled"), "no TLS"),
        (tls_fault(), "no certificate that can be trusted"),
    ],
)
def test_a_closed_door_is_not_tried_again(error, words):
    """What settings cause is said as such, without the password."""
    found = vertica_connection._unconnected(SETTINGS, error)

    assert isinstance(found, SettingsError)
    assert words in str(found)
    assert "canary" not in str(found)


def test_an_address_that_does_not_answer_is_named_with_its_cause():
    """The driver hides why; the address itself is asked."""
    found = vertica_connection._unconnected(SETTINGS, driver_errors.ConnectionError("Failed"))

    assert isinstance(found, UnavailableError)
    assert "127.0.0.1:1: " in str(found)
    assert "refused" in str(found)


def test_a_password_that_was_not_given_is_told_as_such():
    """The server only says that it refuses; the variable that is not set is the cause."""
    refusal = driver_errors.ConnectionError("Message: x, Sqlstate: 28000, Error Code: 2248")
    settings = SETTINGS.model_copy(update={"password": SecretStr("")})

    found = vertica_connection._unconnected(settings, refusal)

    assert isinstance(found, SettingsError)
    assert "VERTICA_PASSWORD is not set" in str(found)


def unresolved(code):
    """Return a name service that answers every question with this code."""

    def getaddrinfo(*_question, **_options):
        raise socket.gaierror(code, "canned")

    return getaddrinfo


def test_a_host_name_that_does_not_exist_is_told_at_once(monkeypatch, caplog):
    """It is a wrong setting, named; no other try is made."""
    monkeypatch.setattr(socket, "getaddrinfo", unresolved(socket.EAI_NONAME))
    settings = SETTINGS.model_copy(update={"host": "no.such.host"})

    with pytest.raises(SettingsError, match=r"no\.such\.host: there is no host of this name"):
        vertica_connection.connect(settings, "label")

    assert caplog.messages == []


def test_a_name_service_out_of_reach_is_an_outage_and_each_retry_is_told(monkeypatch, caplog):
    """EAI_AGAIN says nothing of the name; what is tried again says so, and when."""
    monkeypatch.setattr(socket, "getaddrinfo", unresolved(socket.EAI_AGAIN))
    monkeypatch.setattr(vertica_connection, "wait_random_exponential", lambda **_: lambda _: 0.01)

    with pytest.raises(UnavailableError, match="cannot be reached"):
        vertica_connection.connect(SETTINGS, "label")

    assert len(caplog.messages) == vertica_connection.TRIES - 1
    assert all("Trying again in 0.0 seconds." in message for message in caplog.messages)


def test_one_name_that_exists_keeps_it_an_outage(monkeypatch):
    """A node that is down may come back, whatever else is wrong in the list of addresses."""
    settings = SETTINGS.model_copy(update={"backup_nodes": "no.such.host.invalid:5433"})
    causes = [ConnectionRefusedError(111, "refused"), socket.gaierror(socket.EAI_NONAME, "canned")]
    monkeypatch.setattr(vertica_connection, "refusals", lambda *_: causes)

    with pytest.raises(UnavailableError, match=r"refused; no\.such\.host\.invalid: there is"):
        vertica_connection.check_connection(settings, 1)


def test_a_server_that_never_answers_is_given_up():
    """It takes the connection and says nothing: a short limit holds for the log-in, too."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings = SETTINGS.model_copy(update={"port": silent.getsockname()[1]})
        started = time.monotonic()
        with pytest.raises(UnavailableError, match="answers, but lets nobody in"):
            vertica_connection.check_connection(settings, 0.5)

    assert time.monotonic() - started < 10


def test_an_address_that_takes_no_connection_ends_in_time():
    """One that drops what it is sent answers nothing, not even no."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, ExitStack() as stack:
        address = full.getsockname()
        for _ in range(3):
            client = stack.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(address)
        [cause] = addresses.refusals([address], 0.5)

    assert isinstance(cause, TimeoutError)


def test_a_name_that_is_slow_to_resolve_ends_in_time(monkeypatch):
    """The system's resolver knows no time limit of ours."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(20))

    started = time.monotonic()
    [cause] = addresses.refusals([("slow.example", 5433)], 0.2)

    assert isinstance(cause, TimeoutError)
    assert time.monotonic() - started < 10


def test_a_disk_that_gives_nothing_back_is_no_outage_of_the_warehouse(tmp_path):
    """The driver tells of it as of its own errors; another try would end the same."""

    class Broken(io.BytesIO):
        def read(self, _octets=-1):
            raise OSError(errno.EIO, "Input/output error")

    class Reading:
        def copy(self, _sql, data, **_options):
            data._file.close()
            data._file = Broken()
            try:
                data.read(10)
            except WorkerError as error:
                raise driver_errors.DataError(str(error)) from None

    accepted = tmp_path / "accepted"
    accepted.write_bytes(b"1")
    warehouse = Warehouse.__new__(Warehouse)
    warehouse._cursor, warehouse.schemas = Reading(), {"staging": "s", "vault": "v"}

    with pytest.raises(WorkerError, match=r"COPY cannot read what it is to send: .*accepted"):
        warehouse.copy(copying("lock", catalogue().tables["users"]), accepted, {})
