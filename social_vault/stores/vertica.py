"""The one seam to Vertica: connections, statements, COPY, and the driver's errors mapped.

The driver's own named binds replace text one name after the other over the whole statement, also
inside literals and values already put in; `bound` writes all binds in one pass instead.
Driver errors carry the SQL with its values; ours carry the statement's name and the SQLSTATE.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from vertica_python import errors as driver_errors

from social_vault.disk import on_disk
from social_vault.errors import (
    PipelineError,
    UnavailableError,
    WarehouseError,
    WarehouseSetupError,
    WorkerError,
)
from social_vault.settings import WarehouseSettings
from social_vault.stores.vertica_connection import Connection, Cursor, connect, sqlstate_of
from sql import Statement, written

BIND = re.compile(r"(?<![:\w]):([a-z_]\w*)")
COPY_BUFFER = 1 << 20
TRANSIENT = {
    *("55V03", "40V01", "40001"),  # a lock that did not come in time, a deadlock, a conflict
    *("53000", "53200"),  # lack of resources
    *("08000", "08003", "08006", "V1001"),  # lost connections
    *("57V01", "57V03", "57V04"),  # a server that is going down or starting
    *("V1003", "25000"),  # nodes came or went; in Eon mode, shards changed their subscribers
}
LACKING = {
    "42501": "a right that is needed, as `make grants` prints them",
    "42V01": "a table that is needed, as the flow apply-schema creates them",
    "3F000": "a schema that is needed, as the flow apply-schema creates them",
    "53100": "room on its disks",
}
# Without a SQLSTATE it is the driver that speaks: of a connection that broke or timed out.
LOST = (
    driver_errors.ConnectionError,
    driver_errors.TimedOutError,
    driver_errors.InterfaceError,
    driver_errors.MessageError,
    OSError,
    EOFError,
)
Row = tuple[object, ...]


class Warehouse:
    """One connection: statements and COPY in it, transactions by `transaction`.

    A statement is given as it was made from a pattern, or, if it is written by hand, by its name.
    """

    def __init__(self, connection: Connection, schemas: Mapping[str, str]) -> None:
        self._connection = connection
        self._cursor = connection.cursor()
        self.schemas = schemas

    def execute(
        self, what: Statement | str, binds: Mapping[str, object] | None = None, **names: str
    ) -> int:
        """Run a statement; return the rows it changed, 0 where it does not count."""
        rows = self._run(what, binds or {}, names)
        first = rows[0][0] if rows and rows[0] else 0
        return first if isinstance(first, int) else 0

    def query(
        self, what: Statement | str, binds: Mapping[str, object] | None = None, **names: str
    ) -> list[Row]:
        """Run a statement that answers with rows; never one that answers with many."""
        return self._run(what, binds or {}, names)

    def copy(
        self, what: Statement, source: Path, binds: Mapping[str, object], **names: str
    ) -> None:
        """Send a file to a COPY FROM STDIN; it does not commit."""
        text = bound(self._cursor, what.text(**self.schemas, **names), binds)
        with _LocalFile(source) as data, mapped(what.name):
            try:
                self._cursor.copy(text, data, buffer_size=COPY_BUFFER)
            except driver_errors.Error:
                data.raise_failure()  # the driver tells of it only as one of its own errors
                raise

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

    def _run(
        self, what: Statement | str, binds: Mapping[str, object], names: Mapping[str, str]
    ) -> list[Row]:
        """Run one statement and read its result to the end, for errors may hide there."""
        statement = written(what) if isinstance(what, str) else what
        text = bound(self._cursor, statement.text(**self.schemas, **names), binds)
        with mapped(statement.name):
            self._cursor.execute(text)
            rows = self._cursor.fetchall()
            while self._cursor.nextset():
                self._cursor.fetchall()
        return [tuple(row) for row in rows or ()]


class _LocalFile:
    """A file on this machine's disk that remembers why it could not be read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._failure: WorkerError | None = None

    def __enter__(self) -> Self:
        with on_disk("COPY cannot read what it is to send", self._path):
            self._file = self._path.open("rb")
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    def read(self, octets: int = -1) -> bytes:
        """Return the next octets, none at the end."""
        try:
            with on_disk("COPY cannot read what it is to send", self._path):
                return self._file.read(octets)
        except WorkerError as error:
            self._failure = error
            raise

    def raise_failure(self) -> None:
        """Raise what a read raised, if one did."""
        if self._failure is not None:
            raise self._failure


def bound(cursor: Cursor, text: str, binds: Mapping[str, object]) -> str:
    """Write every bind as a literal, in one pass: no value is searched for binds."""
    wanted = set(BIND.findall(text))
    if missing := wanted - set(binds):
        raise PipelineError(f"A statement lacks values for {sorted(missing)}.")
    return BIND.sub(lambda bind: literal(cursor, binds[bind[1]]), text)


def literal(cursor: Cursor, value: object) -> str:
    """Write a value as SQL, several as a list for IN, none of them as NULL.

    E'' says what a backslash is, whatever StandardConformingStrings.
    """
    if isinstance(value, tuple):
        return ", ".join(literal(cursor, each) for each in value) or "NULL"
    text = cursor.object_to_sql_literal(value)
    return "E" + text.replace("\\", "\\\\") if "\\" in text else text


@contextmanager
def open_warehouse(settings: WarehouseSettings, label: str = "social-vault") -> Iterator[Warehouse]:
    """Hand out a connection and close it in the end; what is not committed then is gone."""
    connection = connect(settings, label)
    try:
        yield Warehouse(connection, settings.schemas)
    finally:
        with suppress(Exception):
            connection.close()


@contextmanager
def mapped(name: str, *, unknown_outcome: bool = False) -> Iterator[None]:
    """Turn what the driver raises into our errors, once: name and SQLSTATE, never SQL or values."""
    try:
        yield
    except (driver_errors.Error, OSError, EOFError) as error:
        raise _mapped(name, error, unknown_outcome=unknown_outcome) from None


def _mapped(name: str, error: Exception, *, unknown_outcome: bool) -> PipelineError:
    """Return our error for one of the driver's."""
    sqlstate, kind = sqlstate_of(error), type(error).__name__
    code = f", SQLSTATE {sqlstate}" if sqlstate else ""
    if sqlstate in TRANSIENT or (not sqlstate and isinstance(error, LOST)):
        outcome = " Whether it was committed the ledger knows." if unknown_outcome else ""
        return UnavailableError(f"{name}: the warehouse was lost or busy ({kind}{code}).{outcome}")
    number = getattr(error, "error_code", None)
    found = f"({kind}{code}{f', error {number}' if number else ''})"
    if sqlstate in LACKING:
        return WarehouseSetupError(f"{name}: the warehouse lacks {LACKING[sqlstate]} {found}.")
    return WarehouseError(f"{name}: the warehouse refused it {found}.")


__all__ = ["Connection", "Cursor", "Row", "Warehouse", "bound", "open_warehouse"]
