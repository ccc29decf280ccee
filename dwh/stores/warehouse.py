"""The one seam to Vertica: connections, statements by name, COPY, and the driver's errors mapped.

The driver's own named binds replace text one name after the other over the whole statement, also
inside literals and values already put in; `bound` writes all binds in one pass instead.
Driver errors carry the SQL with its values; ours carry the statement's name and the SQLSTATE.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol, cast

import vertica_python
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential
from vertica_python import errors as driver_errors

from dwh.errors import PipelineError, SettingsError, UnavailableError, WarehouseError
from dwh.settings import WarehouseSettings
from sql import statement

log = logging.getLogger(__name__)

BIND = re.compile(r"(?<![:\w]):([a-z_]\w*)")
COPY_BUFFER = 1 << 20
CONNECT_TRIES = 3
# Lock timeout, lack of resources, lost connections, a server that is going down or starting.
TRANSIENT = {"55V03", "53000", "53200", "08000", "08003", "08006", "V1001", "57V01", "57V03"}
Row = tuple[object, ...]


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


class Connection(Protocol):
    """What is used of the driver's connection."""

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


class Notice(Protocol):
    """What the server tells beside an answer."""

    message: str


class Warehouse:
    """One connection: statements by the names of their files, transactions by `transaction`."""

    def __init__(self, connection: Connection, schemas: Mapping[str, str]) -> None:
        self._connection = connection
        self._cursor = connection.cursor()
        self.schemas = schemas

    def execute(self, name: str, binds: Mapping[str, object] | None = None, **names: str) -> int:
        """Run a statement; return the rows it changed, 0 where it does not count."""
        rows = self._run(name, binds or {}, names)
        first = rows[0][0] if rows and rows[0] else 0
        return first if isinstance(first, int) else 0

    def query(
        self, name: str, binds: Mapping[str, object] | None = None, **names: str
    ) -> list[Row]:
        """Run a statement that answers with rows; never one that answers with many."""
        return self._run(name, binds or {}, names)

    def copy(self, name: str, source: Path, binds: Mapping[str, object], **names: str) -> None:
        """Send a file to a COPY FROM STDIN; it does not commit."""
        text = bound(self._cursor, statement(name, **self.schemas, **names), binds)
        with source.open("rb") as data, mapped(name):
            self._cursor.copy(text, data, buffer_size=COPY_BUFFER)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what is done inside as a whole, or nothing of it."""
        try:
            yield
        except BaseException:
            with suppress(Exception):
                self._connection.rollback()
            raise
        with mapped("COMMIT", unknown_outcome=True):
            self._connection.commit()

    def _run(self, name: str, binds: Mapping[str, object], names: Mapping[str, str]) -> list[Row]:
        """Run one statement and read its result to the end, for errors may hide there."""
        text = bound(self._cursor, statement(name, **self.schemas, **names), binds)
        with mapped(name):
            self._cursor.execute(text)
            rows = self._cursor.fetchall()
            while self._cursor.nextset():
                self._cursor.fetchall()
        return [tuple(row) for row in rows or ()]


def bound(cursor: Cursor, text: str, binds: Mapping[str, object]) -> str:
    """Write every bind as a literal, in one pass: no value is searched for binds."""
    wanted = set(BIND.findall(text))
    if missing := wanted - set(binds):
        raise PipelineError(f"A statement lacks values for {sorted(missing)}.")
    return BIND.sub(lambda bind: cursor.object_to_sql_literal(binds[bind[1]]), text)


@contextmanager
def open_warehouse(settings: WarehouseSettings, label: str = "social-vault") -> Iterator[Warehouse]:
    """Hand out a connection and close it in the end; what is not committed then is gone."""
    connection = connect(settings, label)
    try:
        yield Warehouse(connection, settings.schemas)
    finally:
        with suppress(Exception):
            connection.close()


def connect(settings: WarehouseSettings, label: str) -> Connection:
    """Return a connection, after at most three tries; say why there is none."""
    if settings.tlsmode in ("prefer", "disable"):
        log.warning(
            "The connection to Vertica is not verified: VERTICA_TLSMODE is %s.", settings.tlsmode
        )
    tries = Retrying(
        retry=retry_if_exception_type(UnavailableError),
        stop=stop_after_attempt(CONNECT_TRIES),
        wait=wait_random_exponential(multiplier=0.5, max=5),
        reraise=True,
    )
    return tries(_connect, settings, label)


def _connect(settings: WarehouseSettings, label: str) -> Connection:
    """Try all addresses once."""
    where = f"Vertica at {settings.host}:{settings.port}"
    try:
        connection = vertica_python.connect(**connection_options(settings, label))
        connection.notice_handler = note  # the driver would make a Python warning of each
        connection.cursor().execute("SET TIME ZONE TO 'UTC'")
    except (driver_errors.ConnectionError, driver_errors.Error, OSError) as error:
        raise _unconnected(where, error) from None
    return cast("Connection", connection)


def note(notice: Notice) -> None:
    """Keep what the server tells beside its answers, as that a table is there already."""
    log.debug("Vertica notes: %s", notice.message)


def _unconnected(where: str, error: Exception) -> PipelineError:
    """Return why there is no connection: a closed door is not worth another try."""
    sqlstate = getattr(error, "sqlstate", "") or ""
    if isinstance(error, driver_errors.SSLNotSupported):
        return SettingsError(f"{where} offers no TLS; VERTICA_TLSMODE asks for it.")
    if sqlstate.startswith("28"):
        return SettingsError(f"{where} refuses the user or the password (SQLSTATE {sqlstate}).")
    root: BaseException = error
    while root.__cause__ or root.__context__:
        root = root.__cause__ or root.__context__ or root
    return UnavailableError(f"{where} cannot be reached: {type(root).__name__}: {root}")


def connection_options(settings: WarehouseSettings, label: str) -> dict[str, object]:
    """Return what the driver is told; its time limit is for each wait on the socket, reads too."""
    options: dict[str, object] = {
        "host": settings.host,
        "port": settings.port,
        "database": settings.database,
        "user": settings.user,
        "password": settings.password.get_secret_value(),
        "backup_server_node": settings.backups,
        "session_label": label,
        "connection_timeout": settings.deadline,
        "autocommit": False,
        "tlsmode": settings.tlsmode,
        "unicode_error": "strict",
    }
    if settings.tls_cafile:
        options["tls_cafile"] = settings.tls_cafile
    return options


@contextmanager
def mapped(name: str, *, unknown_outcome: bool = False) -> Iterator[None]:
    """Turn what the driver raises into our errors, once: name and SQLSTATE, never SQL or values."""
    try:
        yield
    except (driver_errors.Error, OSError, EOFError) as error:
        raise _mapped(name, error, unknown_outcome=unknown_outcome) from None


def _mapped(name: str, error: Exception, *, unknown_outcome: bool) -> PipelineError:
    """Return our error for one of the driver's."""
    sqlstate = getattr(error, "sqlstate", None)
    sqlstate = sqlstate.decode() if isinstance(sqlstate, bytes) else sqlstate
    kind = type(error).__name__
    if not sqlstate or sqlstate in TRANSIENT:
        outcome = " Whether it was committed the ledger knows." if unknown_outcome else ""
        code = f", SQLSTATE {sqlstate}" if sqlstate else ""
        return UnavailableError(f"{name}: the warehouse was lost or busy ({kind}{code}).{outcome}")
    number = getattr(error, "error_code", None)
    return WarehouseError(
        f"{name}: the warehouse refused it ({kind}, SQLSTATE {sqlstate}, error {number})."
    )


__all__ = ["Connection", "Cursor", "Row", "Warehouse", "bound", "open_warehouse"]
