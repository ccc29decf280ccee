"""What others have committed since a transaction's snapshot, for its statements to read.

Vertica is READ COMMITTED: a statement sees what is committed when it starts, and what its own
transaction has done. DuckDB reads the snapshot that was taken at the transaction's first write.
So a table that others have changed since is copied, as it is committed now, into a database in
memory, and the statement reads the copy with the rows its own transaction has put into the table.
Those can be nothing but inserted rows: to change or delete some it must have locked the table
against all who write, and then nobody has changed it since.
"""

import itertools
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

import duckdb

from local_vertica.catalog.model import Table
from local_vertica.engine.database import Database

# DuckDB counts the rows that are not committed yet from here (MAX_ROW_ID in its row_id.hpp).
UNCOMMITTED = 36028797018960000
NUMBERS = itertools.count(1)
# What stands in FROM instead of a table of this schema and name; None where all are as they are.
Sources = Mapping[tuple[str, str], str] | None


@dataclass(frozen=True)
class Wanted:
    """Which of these tables are to be read as they are committed now, and for what.

    The transaction has rows of its `own` to be seen in some; what `is_write` may have to be done
    again, with the same rows.
    """

    tables: Sequence[Table]
    is_stale: Callable[[str], bool]
    own: Container[str]
    is_write: bool


@dataclass(frozen=True)
class Copy:
    """A table as it was after a commit."""

    place: str
    name: str
    commit: int

    @property
    def duck_name(self) -> str:
        """Return the copy's name in DuckDB SQL."""
        return f"{self.place}.main.{self.name}"


@dataclass
class Copies:
    """The copies that a transaction has made, in databases that end with it."""

    database: Database
    newest: dict[str, Copy] = field(default_factory=dict)
    places: dict[str, bool] = field(default_factory=dict)  # and whether a write may need them again

    def sources(self, wanted: Wanted) -> Mapping[tuple[str, str], str]:
        """Return what stands in FROM instead of the stale tables: all of one moment."""
        place = self._attach()
        with closing(self.database.connect()) as reader:
            reader.begin()
            stale, commit = self._moment(reader, wanted)
            made = {
                name: copy
                for table in stale
                for name, copy in self._copy(reader, table, Copy(place, f"t{table.oid}", commit))
            }
            reader.commit()
            self.newest |= made
        sources = {(t.schema, t.name): self._source(t, wanted) for t in stale}
        self._forget_old()
        return sources

    def of_old(
        self, held: duckdb.DuckDBPyConnection, wanted: Wanted
    ) -> Mapping[tuple[str, str], str]:
        """Return what stands in FROM instead of tables: as a transaction that now ends saw them."""
        place = self._attach()
        copies = {t: Copy(place, f"t{t.oid}", 0) for t in wanted.tables}
        for table, copy in copies.items():
            held.execute(f"CREATE TABLE {copy.duck_name} AS SELECT * FROM {table.duck_name}")
        held.commit()
        self.places[place] = True
        return {(t.schema, t.name): _with_own(t, copy, wanted) for t, copy in copies.items()}

    def close(self) -> None:
        """Forget them all."""
        self.newest.clear()
        self.places = dict.fromkeys(self.places, False)
        self._forget_old()

    def _attach(self) -> str:
        """Make a database for copies; return its name."""
        place = f"v_newer_{next(NUMBERS)}"
        with closing(self.database.connect()) as connection:
            connection.execute(f"ATTACH ':memory:' AS {place}")
        self.places[place] = False
        return place

    def _moment(self, reader: duckdb.DuckDBPyConnection, wanted: Wanted) -> tuple[list[Table], int]:
        """Take a snapshot; return the tables that are stale then, and the commit it shows."""
        with self.database.committing:
            take_snapshot(reader)
            stale = [t for t in wanted.tables if wanted.is_stale(f"{t.schema}.{t.name}")]
            return stale, self.database.commits

    def _copy(
        self, reader: duckdb.DuckDBPyConnection, table: Table, copy: Copy
    ) -> Iterator[tuple[str, Copy]]:
        """Copy a table, unless it has not changed since it was copied; give its name with it."""
        name = f"{table.schema}.{table.name}"
        known = self.newest.get(name)
        if known is None or self.database.changed_since(name, known.commit):
            reader.execute(f"CREATE TABLE {copy.duck_name} AS SELECT * FROM {table.duck_name}")
            yield name, copy

    def _source(self, table: Table, wanted: Wanted) -> str:
        """Return what is read instead of a table."""
        copy = self.newest[f"{table.schema}.{table.name}"]
        self.places[copy.place] |= wanted.is_write
        return _with_own(table, copy, wanted)

    def _forget_old(self) -> None:
        """Drop the databases that hold nothing to be read again."""
        used = {copy.place for copy in self.newest.values()}
        old = [p for p, is_kept in self.places.items() if p not in used and not is_kept]
        with closing(self.database.connect()) as connection:
            for place in old:
                connection.execute(f"DETACH {place}")
                del self.places[place]


def take_snapshot(connection: duckdb.DuckDBPyConnection) -> None:
    """Let the transaction begun on a connection see until its end what is committed now."""
    connection.execute("SELECT 1 FROM _v.settings LIMIT 0")


def _with_own(table: Table, copy: Copy, wanted: Wanted) -> str:
    """Return a table's copy, and the rows the transaction itself has put into the table."""
    if f"{table.schema}.{table.name}" not in wanted.own:
        return copy.duck_name
    own = f"SELECT * FROM {table.duck_name} WHERE rowid >= {UNCOMMITTED}"
    return f"(SELECT * FROM {copy.duck_name} UNION ALL {own})"
