"""Errors of Vertica's driver become ours once, without SQL, values or doubt about another try."""

import ssl

import pytest
from vertica_python import errors as driver_errors

from social_vault.errors import SettingsError, UnavailableError, WarehouseError
from social_vault.settings import WarehouseSettings
from social_vault.stores import vertica_connection
from social_vault.stores.vertica import mapped

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
        (Refusal("42V01"), WarehouseError),
        (Refusal("42501"), WarehouseError),
        (Refusal("57014"), WarehouseError),
        (Refusal("22V04"), WarehouseError),
        (driver_errors.DataError("canary"), WarehouseError),
        (driver_errors.ProgrammingError("canary"), WarehouseError),
    ],
)
def test_only_what_another_try_may_cure_is_worth_one(error, ours):
    """An allow-list decides; the text names the statement and gives away nothing else."""
    with pytest.raises((WarehouseError, UnavailableError)) as caught, mapped("hubs/h_users"):
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
