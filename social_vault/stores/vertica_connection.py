"""Connections to Vertica: how they are asked for, how long they wait, why there is none."""

import logging
import re
import socket as sockets
import ssl
from collections.abc import Callable
from typing import Protocol, cast

import vertica_python
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_random_exponential,
)
from vertica_python import errors as driver_errors

from social_vault.errors import PipelineError, SettingsError, UnavailableError
from social_vault.settings import WarehouseSettings
from social_vault.stores.addresses import Address, refusals, unreachable

log = logging.getLogger(__name__)

TRIES = 3
SECONDS_TO_REACH = 4  # an address; one that is out of reach says nothing at all
SECONDS_TO_CONNECT = 30  # a server that is reached may be busy: for each of its answers
SECONDS_TO_ASK = 4
SQLSTATE = re.compile(r"Sqlstate: ([0-9A-Z]{5})")
# What our SQL means must not depend on a database's defaults: DefaultSessionLocale may hold 'a' and
# 'A' equal, and under SERIALIZABLE every reader of a ledger keeps its writers out.
SESSION = (
    "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED",
    "SET LOCALE TO 'en_US@collation=binary'",
    "SET TIME ZONE TO 'UTC'",
)
# A server that went silent for good is told from one that works within three minutes, and a
# firewall on the way sees no idle line while a long statement runs.
KEEPALIVE = {sockets.TCP_KEEPIDLE: 60, sockets.TCP_KEEPINTVL: 20, sockets.TCP_KEEPCNT: 6}
CLOSED_DOORS = {"28": "the user or the password", "3D": "the name of the database"}  # by class
NO_PASSWORD = "the user, and no password was given: VERTICA_PASSWORD is not set"  # noqa: S105


class Cursor(Protocol):
    """What is used of the driver's cursor."""

    def execute(self, operation: str) -> object:
        """Run one statement."""
        ...

    def fetchall(self) -> list[list[object]]:
        """Return the rows of the result at hand."""
        ...

    def nextset(self) -> bool:
        """Go to the next result, which raises what went wrong there."""
        ...

    def copy(self, sql: str, data: object, **kwargs: object) -> None:
        """Send the data of COPY FROM STDIN."""
        ...

    def object_to_sql_literal(self, py_obj: object) -> str:
        """Write a value as SQL."""
        ...


class Notice(Protocol):
    """What the server says beside its answers."""

    message: str


class Connection(Protocol):
    """What is used of the driver's connection."""

    socket: sockets.socket
    notice_handler: Callable[[Notice], None]
    establish_socket_connection: Callable[[object], sockets.socket]

    def cursor(self) -> Cursor:
        """Return the connection's cursor."""
        ...

    def commit(self) -> None:
        """Make the open transaction durable."""
        ...

    def rollback(self) -> None:
        """Drop the open transaction."""
        ...

    def close(self) -> None:
        """Leave."""
        ...


def connect(settings: WarehouseSettings, label: str) -> Connection:
    """Return a connection, after at most three tries; say why there is none."""
    if settings.tlsmode in ("prefer", "disable"):
        log.warning(
            "The connection to Vertica is not verified: VERTICA_TLSMODE is %s.", settings.tlsmode
        )
    tries = Retrying(
        retry=retry_if_exception_type(UnavailableError),
        stop=stop_after_attempt(TRIES),
        wait=wait_random_exponential(multiplier=0.5, max=5),
        before_sleep=_tell,
        reraise=True,
    )
    return tries(_connect, settings, label)


def check_connection(settings: WarehouseSettings, seconds: float) -> None:
    """Raise why Vertica lets nobody in: its addresses are asked at once, those that answer tried.

    An address that is down costs a run some seconds, and a command at a terminal none.
    """
    addresses = addresses_of(settings)
    causes = refusals(addresses, seconds)
    up = [each for each, cause in zip(addresses, causes, strict=True) if cause is None]
    if not up:
        raise unreachable(_place(settings), addresses, causes)
    (host, port), *others = up
    backups = ",".join(f"{other}:{its_port}" for other, its_port in others)
    tried = {"host": host, "port": port, "backup_nodes": backups}
    _connect(settings.model_copy(update=tried), "social-vault check", seconds).close()


def addresses_of(settings: WarehouseSettings) -> list[Address]:
    """Return all addresses in the order in which they are tried."""
    return [(settings.host, settings.port), *settings.backups]


def _tell(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    pause = state.next_action.sleep if state.next_action else 0.0
    log.warning("%s Trying again in %.1f seconds.", error, pause)


class _Connection(vertica_python.Connection):  # type: ignore[misc] # the driver has no types
    """The driver's connection with two time limits: one to reach a server, one for its answers."""

    def establish_socket_connection(self, address_list: object) -> sockets.socket:
        """Return a socket to the first address that can be reached."""
        patience = self.options["connection_timeout"]
        self.options["connection_timeout"] = min(SECONDS_TO_REACH, patience)
        try:
            reached = cast("sockets.socket", super().establish_socket_connection(address_list))
        finally:
            self.options["connection_timeout"] = patience
        reached.settimeout(patience)
        return reached

    def startup_connection(self) -> None:
        """Log in; the driver would leave its socket open where that fails."""
        try:
            super().startup_connection()
        except BaseException:
            self.close_socket()
            raise


def _connect(
    settings: WarehouseSettings, label: str, seconds: float = SECONDS_TO_CONNECT
) -> Connection:
    """Try all addresses once; the connection then waits for answers as long as it is told to."""
    try:
        options = _options(settings, label) | {"connection_timeout": seconds}
        connection = cast("Connection", _Connection(options))
        connection.notice_handler = _note  # the driver would make a Python warning of each
        connection.establish_socket_connection = _lost
        prepare(connection.cursor())
        for option, value in KEEPALIVE.items():
            connection.socket.setsockopt(sockets.IPPROTO_TCP, option, value)
        connection.socket.settimeout(settings.deadline)
    except (driver_errors.Error, OSError) as error:
        raise _unconnected(settings, error) from None
    return connection


def prepare(cursor: Cursor) -> None:
    """Say in one request what the session relies on, and read every answer: errors hide there."""
    cursor.execute("; ".join(SESSION))
    while cursor.nextset():
        pass


def _options(settings: WarehouseSettings, label: str) -> dict[str, object]:
    """Return what the driver is told."""
    options: dict[str, object] = {
        "host": settings.host,
        "port": settings.port,
        "database": settings.database,
        "user": settings.user,
        "password": settings.password.get_secret_value(),
        "backup_server_node": settings.backups,
        "session_label": label,
        "autocommit": False,
        "tlsmode": settings.tlsmode,
        "unicode_error": "strict",
    }
    if settings.tls_cafile:
        options["tls_cafile"] = settings.tls_cafile
    return options


def _note(notice: Notice) -> None:
    """Keep what the server tells beside its answers, as that a table is there already."""
    log.debug("Vertica notes: %s", notice.message)


def _lost(_addresses: object) -> sockets.socket:
    """Refuse a second socket: the driver would go on in a session that has no transaction."""
    raise driver_errors.ConnectionError("The connection was lost.")


def _unconnected(settings: WarehouseSettings, error: Exception) -> PipelineError:
    """Return why there is no connection: a closed door is not worth another try."""
    where, code = _place(settings), sqlstate_of(error)
    if code and code[:2] in CLOSED_DOORS:
        no_password = code[:2] == "28" and not settings.password.get_secret_value()
        refused = NO_PASSWORD if no_password else CLOSED_DOORS[code[:2]]
        return SettingsError(f"{where} refuses {refused} (SQLSTATE {code}).")
    if isinstance(error, driver_errors.SSLNotSupported):
        return SettingsError(f"{where} offers no TLS; VERTICA_TLSMODE asks for it.")
    if isinstance(error.__context__, ssl.SSLError):
        return SettingsError(f"{where} has no certificate that can be trusted: {error}.")
    addresses = addresses_of(settings)
    # The driver keeps to itself why an address is out of reach: each is asked again.
    causes = refusals(addresses, SECONDS_TO_ASK)
    return unreachable(f"{where}{f' (SQLSTATE {code})' if code else ''}", addresses, causes)


def _place(settings: WarehouseSettings) -> str:
    return f"Vertica at {settings.host}:{settings.port}"


def sqlstate_of(error: Exception) -> str | None:
    """Return the SQLSTATE of a driver's error; at log-in the driver has it only as text."""
    given = getattr(error, "sqlstate", None)
    if isinstance(given, bytes):
        return given.decode()
    found = SQLSTATE.search(str(error)) if isinstance(error, driver_errors.DatabaseError) else None
    return cast("str | None", given) or (found[1] if found else None)
