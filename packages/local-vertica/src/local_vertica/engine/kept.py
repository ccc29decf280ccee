"""The rows that an INSERT has put into a table, kept to be put in again after a rollback.

The statement itself would not do the same again: it has drawn numbers from a sequence or by
chance. The rows are held in a variable of the connection,
which a rollback leaves as it is; so there must not be too many.
"""

import itertools
from dataclasses import dataclass, field

import duckdb

from local_vertica.catalog.model import Table
from local_vertica.engine.newer import UNCOMMITTED, Sources

ROW = '"v kept row"'  # a name that no column has
MOST_VALUES = 200_000
NUMBERS = itertools.count(1)


@dataclass
class KeptRows:
    """Rows of one INSERT, told from others by where DuckDB puts what is not committed."""

    connection: duckdb.DuckDBPyConnection
    table: Table
    last: int = UNCOMMITTED - 1
    count: int = 0
    variable: str = field(default_factory=lambda: f"v_kept_{next(NUMBERS)}")

    def values(self, count: int) -> int:
        """Return how many values so many rows have."""
        return count * len(self.table.columns)

    def note_before(self) -> None:
        """Remember which uncommitted row of the table is the last before the INSERT."""
        newest = f"SELECT max(rowid) FROM {self.table.duck_name} WHERE rowid >= {UNCOMMITTED}"
        row = self.connection.execute(newest).fetchone()
        self.last = UNCOMMITTED - 1 if row is None or row[0] is None else int(row[0])

    def keep(self, count: int) -> None:
        """Keep the rows that have come since."""
        self.count = count
        rows = f"SELECT * FROM {self.table.duck_name} WHERE rowid > {self.last}"
        self.connection.execute(
            f"SET VARIABLE {self.variable} = (SELECT list({ROW}) FROM ({rows}) AS {ROW})"
        )

    def put_back(self, _newer: Sources = None) -> int:
        """Put them in again; return how many they are."""
        if self.count:
            rows = f"(SELECT unnest(getvariable('{self.variable}')) AS {ROW})"
            self.connection.execute(
                f"INSERT INTO {self.table.duck_name} SELECT {ROW}.* FROM {rows}"
            )
        return self.count

    def forget(self) -> None:
        """Drop them."""
        self.connection.execute(f"RESET VARIABLE {self.variable}")
