"""System tables: what columns they have, and how a query gets their rows."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import duckdb

from local_vertica.catalog.model import duck_table
from local_vertica.sql.scope import ColumnInfo, TableInfo
from local_vertica.types import VType

Row = tuple[object, ...]
# It is given the session that asks, whose type lies above: `monitor` enters its tables here.
RowSource = Callable[..., Iterable[Row]]
Entered = TypeVar("Entered", bound=RowSource)
SYSTEM_SCHEMAS = frozenset({"v_catalog", "v_monitor", "v_internal", "v_temp_schema"})
SHORT_TYPES = {
    "i": VType("INTEGER"),
    "b": VType("BOOLEAN"),
    "f": VType("FLOAT"),
    "n": VType("NUMERIC", precision=18, scale=0),
    "t": VType("TIMESTAMPTZ"),
    "w": VType("TIMESTAMP"),
    "d": VType("INTERVAL DAY TO SECOND"),
    "s": VType("VARCHAR", length=128),
    "m": VType("VARCHAR", length=8192),
    "l": VType("VARCHAR", length=65000),
}


@dataclass(frozen=True)
class SystemTable:
    """A table of the catalogue or the monitor."""

    schema: str
    name: str
    columns: tuple[ColumnInfo, ...]
    rows: RowSource

    @property
    def duck_name(self) -> str:
        """Return the temporary DuckDB table that a query reads it from."""
        return duck_table(self.schema, self.name, temporary=True)

    @property
    def info(self) -> TableInfo:
        """Return what a statement needs to know of it."""
        return TableInfo(self.schema, self.name, self.duck_name, self.columns, "system")


TABLES: dict[tuple[str, str], SystemTable] = {}  # by schema and name


def system_table(name: str, columns: str) -> Callable[[Entered], Entered]:
    """Enter a function as the row source of schema.name; columns are `name:type` words."""
    schema, _, table = name.partition(".")
    infos = tuple(_column(word) for word in columns.split())

    def enter(rows: Entered) -> Entered:
        TABLES[schema, table] = SystemTable(schema, table, infos, rows)
        return rows

    return enter


def _column(word: str) -> ColumnInfo:
    """Return the column that `name` or `name:type` writes down; a name alone is a short text."""
    name, _, short = word.partition(":")
    return ColumnInfo(name, SHORT_TYPES[short or "s"])


def find_system_table(schema: str, name: str) -> TableInfo | None:
    """Return the system table of that name, or None."""
    found = TABLES.get((schema.lower(), name.lower()))
    return found.info if found else None


def fill(
    connection: duckdb.DuckDBPyConnection, session: object, reads: Iterable[tuple[str, str]]
) -> None:
    """Write the rows, as the session sees them now, of those system tables that a query reads."""
    for key in sorted({(schema.lower(), name.lower()) for schema, name in reads}):
        if table := TABLES.get(key):
            _fill_one(connection, table, list(table.rows(session)))


def _fill_one(connection: duckdb.DuckDBPyConnection, table: SystemTable, rows: list[Row]) -> None:
    """Make the temporary table anew."""
    columns = ", ".join(f'"{column.name}" {column.vtype.duck}' for column in table.columns)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table.duck_name} ({columns})")
    marks = ", ".join("?" for _ in table.columns)
    for batch in _batches(rows, 200):
        values = ", ".join([f"({marks})"] * len(batch))
        flat = [value for row in batch for value in row]
        connection.execute(f"INSERT INTO {table.duck_name} VALUES {values}", flat)


def _batches(rows: list[Row], size: int) -> Iterator[list[Row]]:
    """Cut rows into batches."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
