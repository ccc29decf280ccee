"""What others have committed since a transaction's snapshot, for its statements to read.

Vertica is READ COMMITTED: a statement sees what is committed when it starts, and what its own
transaction has done. DuckDB reads the snapshot that was taken at the transaction's first write.
So a table that others have changed since is copied, as it is committed now, into a database in
memory, and the statement reads the copy with the rows its own transaction has put into the table.
Those can be nothing but inserted rows: to change or delete some it must have locked the table
against all who write, and then nobody has changed it since.
"""

import itertools
from collections.abc import Callable, Container, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import duckdb

from local.vertica.catalog.model import Table

if TYPE_CHECKING:
    from local.vertica.engine.database import Database

# DuckDB counts the rows that are not committed yet from here (MAX_ROW_ID in its row_id.hpp).
UNCOMMITTED = 36028797018960000
NUMBERS = itertools.count(1)


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

    database: "Database"
    newest: dict[str, Copy] = field(default_factory=dict)
    places: dict[str, bool] = field(default_factory=dict)  # and whether a write may need them again

    def sources(self, wanted: Wanted) -> Mapping[tuple[str, str], str]:
        """Return what stands in FROM instead of the stale tables: all of one moment."""
        place = f"v_newer_{next(NUMBERS)}"
        with closing(self.database.connect()) as reader:
            reader.execute(f"ATTACH ':memory:' AS {place}")
            self.places[place] = False
            reader.begin()
            stale, commit = self._moment(reader, wanted)
            for table in stale:
                self._copy(reader, table, Copy(place, f"t{table.oid}", commit))
            reader.commit()
        sources = {(t.schema, t.name): self._source(t, wanted) for t in stale}
        self._forget_old()
        return sources

    def close(self) -> None:
        """Forget them all."""
        self.newest.clear()
        self.places = dict.fromkeys(self.places, False)
        self._forget_old()

    def _moment(self, reader: duckdb.DuckDBPyConnection, wanted: Wanted) -> tuple[list[Table], int]:
        """Take a snapshot; return the tables that are stale then, and the commit it shows."""
        with self.database.committing:
            reader.execute("SELECT 1 FROM _v.settings LIMIT 0")
            stale = [t for t in wanted.tables if wanted.is_stale(f"{t.schema}.{t.name}")]
            return stale, self.database.commits

    def _copy(self, reader: duckdb.DuckDBPyConnection, table: Table, copy: Copy) -> None:
        """Copy a table, unless it has not changed since it was copied."""
        name = f"{table.schema}.{table.name}"
        known = self.newest.get(name)
        if known is None or self.database.changed_since(name, known.commit):
            reader.execute(f"CREATE TABLE {copy.duck_name} AS SELECT * FROM {table.duck_name}")
            self.newest[name] = copy

    def _source(self, table: Table, wanted: Wanted) -> str:
        """Return a table's copy, and the rows the transaction itself has put into the table."""
        name = f"{table.schema}.{table.name}"
        copy = self.newest[name]
        self.places[copy.place] |= wanted.is_write
        if name not in wanted.own:
            return copy.duck_name
        own = f"SELECT * FROM {table.duck_name} WHERE rowid >= {UNCOMMITTED}"
        return f"(SELECT * FROM {copy.duck_name} UNION ALL {own})"

    def _forget_old(self) -> None:
        """Drop the databases that hold nothing to be read again."""
        used = {copy.place for copy in self.newest.values()}
        old = [p for p, is_kept in self.places.items() if p not in used and not is_kept]
        with closing(self.database.connect()) as connection:
            for place in old:
                connection.execute(f"DETACH {place}")
                del self.places[place]
