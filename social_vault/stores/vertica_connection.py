"""Connections to Vertica: how they are asked for, how long they wait, why there is none."""

import logging
import re
import socket as sockets
import ssl
from collections.abc import Callable
from typing import Protocol, cast

import vertica_python
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential
from vertica_python import errors as driver_errors

from social_vault.errors import PipelineError, SettingsError, UnavailableError
from social_vault.settings import WarehouseSettings

log = logging.getLogger(__name__)

TRIES = 3
SECONDS_TO_CONNECT = 30
SECONDS_TO_ASK = 5
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
        reraise=True,
    )
    return tries(_connect, settings, label)


def _connect(settings: WarehouseSettings, label: str) -> Connection:
    """Try all addresses once; the connection then waits for answers as long as it is told to."""
    try:
        connection: Connection = vertica_python.connect(**_options(settings, label))
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
    """Return what the driver is told; its time limit is for each wait on the socket."""
    options: dict[str, object] = {
        "host": settings.host,
        "port": settings.port,
        "database": settings.database,
        "user": settings.user,
        "password": settings.password.get_secret_value(),
        "backup_server_node": settings.backups,
        "session_label": label,
        "connection_timeout": SECONDS_TO_CONNECT,
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
    where = f"Vertica at {settings.host}:{settings.port}"
    code = sqlstate_of(error)
    if code and code[:2] in CLOSED_DOORS:
        return SettingsError(f"{where} refuses {CLOSED_DOORS[code[:2]]} (SQLSTATE {code}).")
    if isinstance(error, driver_errors.SSLNotSupported):
        return SettingsError(f"{where} offers no TLS; VERTICA_TLSMODE asks for it.")
    if isinstance(error.__context__, ssl.SSLError):
        return SettingsError(f"{where} has no certificate that can be trusted: {error}.")
    causes = "; ".join(
        _cause(*address) for address in ((settings.host, settings.port), *settings.backups)
    )
    known = f" SQLSTATE {code}." if code else ""
    return UnavailableError(f"{where} cannot be reached: {causes}.{known}")


def _cause(host: str, port: int) -> str:
    """Ask an address itself why it is out of reach; the driver keeps that to itself."""
    try:
        sockets.create_connection((host, port), SECONDS_TO_ASK).close()
    except OSError as error:
        return f"{host}:{port}: {error.strerror or error}"
    return f"{host}:{port} answers, but lets nobody in"


def sqlstate_of(error: Exception) -> str | None:
    """Return the SQLSTATE of a driver's error; at log-in the driver has it only as text."""
    given = getattr(error, "sqlstate", None)
    if isinstance(given, bytes):
        return given.decode()
    found = SQLSTATE.search(str(error)) if isinstance(error, driver_errors.DatabaseError) else None
    return cast("str | None", given) or (found[1] if found else None)
