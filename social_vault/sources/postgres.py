"""The bonus system's PostgreSQL: what its tables gained, read in one snapshot as CSV.

Numbers and times are given to rows before they are committed, so who remembers the highest passes
over rows that commit late. Remembered is the horizon: the oldest transaction that was still at work
when the last snapshot was taken. What committed since has a number at or above it, and so has each
row that was changed. Rows of transactions above the horizon may come again; the vault drops them.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
from psycopg import errors, sql

from social_vault.disk import on_disk
from social_vault.errors import SourceError
from social_vault.model.catalogue import catalogue
from social_vault.model.table import Table
from social_vault.settings import PostgresSettings
from social_vault.sources.postgres_connection import Place, connect, refusal
from social_vault.sources.reading import Bookmark, Reading

log = logging.getLogger(__name__)

SOURCE = "bonus"
SCHEMA = "public"
ORDER = "id"

# A pooler refuses settings at the start of a session, and a role may have its own: they are made
# for the one transaction. Snapshots hold the source's clean-up back, so none may last for ever.
BEGIN = (
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    "SET LOCAL statement_timeout = '10min'",
    "SET LOCAL idle_in_transaction_session_timeout = '10min'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL bytea_output = 'hex'",
)
SNAPSHOT = """
SELECT pg_snapshot_xmin(taken)::text::bigint, pg_snapshot_xmax(taken)::text::bigint
FROM pg_current_snapshot() AS taken
"""
CLUSTER = """
SELECT system_identifier::text, timeline_id FROM pg_control_system(), pg_control_checkpoint()
"""
# xmin keeps 32 bits of a number of 64: taken is the newest number not above the snapshot's end that
# ends in them. So a very old row may come again, and none is missed. FREEZE leaves xmin as it is.
NEW = """
WHERE {high} - ((({high} - xmin::text::bigint) % 4294967296 + 4294967296) % 4294967296) >= {since}
"""
COPY = """
COPY (SELECT {columns} FROM {table} {new} ORDER BY {order})
TO STDOUT (FORMAT csv, HEADER, FORCE_QUOTE *, NULL '', ENCODING 'UTF8')
"""


@dataclass(frozen=True)
class Snapshot:
    """What a transaction sees: all below the horizon, nothing from `high` on, and of which cluster.

    A cluster that was restored or failed over has another identifier or timeline, as far as the
    user may ask for them.
    """

    horizon: int
    high: int
    system: str | None = None
    timeline: int | None = None


@dataclass(frozen=True)
class PostgresReader:
    """Reads one table within a snapshot that all readers of a run share."""

    connection: psycopg.Connection
    snapshot: Snapshot
    declared: Table

    @property
    def source(self) -> str:
        """Name the source system as the catalogue does."""
        return self.declared.source

    @property
    def table(self) -> str:
        """Name the source table as the catalogue does."""
        return self.declared.name

    def read(self, since: Bookmark | None, path: Path) -> Reading:
        """Write what changed since a bookmark, or the whole table where it is read so."""
        before = snapshot_of(since, self.table)
        horizon, warnings = None, tuple[str, ...]()
        if before and not self.declared.is_whole:
            why = break_between(before, self.snapshot)
            horizon = None if why else before.horizon
            warnings = (f"{why}: everything is read again.",) if why else ()
        records = self._copy(self._statement(horizon), path)
        until = asdict(known(self.snapshot, before))
        return Reading(records, until, self.declared.is_whole, warnings)

    def _statement(self, horizon: int | None) -> sql.Composed:
        """Compose the COPY of all rows, or of those that changed at or above a horizon."""
        new: sql.Composable = sql.SQL("")
        if horizon is not None:
            high, since = sql.Literal(self.snapshot.high), sql.Literal(horizon)
            new = sql.SQL(NEW).format(high=high, since=since)
        return sql.SQL(COPY).format(
            columns=sql.SQL(", ").join(map(sql.Identifier, self.declared.headers)),
            table=sql.Identifier(SCHEMA, self.declared.origin),
            new=new,
            order=sql.Identifier(ORDER),
        )

    def _copy(self, statement: sql.Composed, path: Path) -> int:
        """Write the rows as they come; return how many the server says that it sent."""
        place = Place(SOURCE, f"{SCHEMA}.{self.declared.origin}", self.declared.headers)
        cursor = self.connection.cursor()
        with (
            refusals(place),
            savepoint(self.connection),
            cursor.copy(statement) as rows,
            on_disk(f"{self.table} cannot be written", path),
            path.open("wb") as file,
        ):
            for row in rows:
                file.write(row)
        return cursor.rowcount


@contextmanager
def open_bonus(settings: PostgresSettings) -> Iterator[tuple[PostgresReader, ...]]:
    """Open one snapshot of the bonus system and lend a reader of it for each of its tables."""
    place = Place(SOURCE)
    connection = connect(settings, place)
    try:
        with refusals(place):
            snapshot = take_snapshot(connection)
        tables = catalogue().of_source(SOURCE)
        yield tuple(PostgresReader(connection, snapshot, table) for table in tables)
    finally:
        with suppress(psycopg.Error):
            connection.execute("ROLLBACK")  # or a pooler would close its own connection, too
        connection.close()


def take_snapshot(connection: psycopg.Connection) -> Snapshot:
    """Begin the transaction in which all is read, and say what it sees."""
    for statement in BEGIN:
        connection.execute(statement)
    horizon, high = _numbers(connection.execute(SNAPSHOT).fetchone())
    try:
        with savepoint(connection):
            found = connection.execute(CLUSTER).fetchone()
    except (errors.InsufficientPrivilege, errors.UndefinedFunction):
        found = None
        log.info("The user may not ask which cluster this is: a restored one is told less surely.")
    system, timeline = found or (None, None)
    return Snapshot(horizon, high, system, timeline)


def _numbers(row: tuple[object, ...] | None) -> tuple[int, int]:
    low, high = row or (None, None)
    if not isinstance(low, int) or not isinstance(high, int):
        raise TypeError("A snapshot is two whole numbers.")
    return low, high


@contextmanager
def savepoint(connection: psycopg.Connection) -> Iterator[None]:
    """Keep the snapshot usable for others after a statement that the server refused."""
    connection.execute("SAVEPOINT attempt")
    try:
        yield
    except psycopg.Error:
        if not connection.broken:
            connection.execute("ROLLBACK TO SAVEPOINT attempt")
        raise
    connection.execute("RELEASE SAVEPOINT attempt")


@contextmanager
def refusals(place: Place) -> Iterator[None]:
    """Turn the driver's errors into ours, which name the system and the table."""
    try:
        yield
    except psycopg.Error as error:
        raise refusal(error, place) from None


def snapshot_of(bookmark: Bookmark | None, table: str) -> Snapshot | None:
    """Read the snapshot that a bookmark tells of; raise SourceError for another's bookmark."""
    if bookmark is None:
        return None
    horizon, high = bookmark.get("horizon"), bookmark.get("high")
    system, timeline = bookmark.get("system"), bookmark.get("timeline")
    if not isinstance(horizon, int) or not isinstance(high, int):
        raise SourceError(f"The chain of {table} ends in a bookmark without `horizon` and `high`.")
    return Snapshot(
        horizon,
        high,
        system if isinstance(system, str) else None,
        timeline if isinstance(timeline, int) else None,
    )


def break_between(before: Snapshot, now: Snapshot) -> str:
    """Say why what changed between two snapshots cannot be told; nothing where it can."""
    if None not in (before.system, now.system) and before.system != now.system:
        return "The bonus system is another cluster than before"
    if None not in (before.timeline, now.timeline) and before.timeline != now.timeline:
        return "The bonus system was restored or failed over"
    if now.high < before.high:  # as after a restore of the machine, which has no new timeline
        return "The bonus system has forgotten transactions"
    return ""


def known(now: Snapshot, before: Snapshot | None) -> Snapshot:
    """Keep what was known of the cluster while nobody may ask for it."""
    if before is None or now.system is not None:
        return now
    return Snapshot(now.horizon, now.high, before.system, before.timeline)
