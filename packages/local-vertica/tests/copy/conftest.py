"""A bare DuckDB with just enough of a session for COPY."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest

from local_vertica.copy.context import CopyIds, CopyOutcome, SpooledSource
from local_vertica.copy.exchange import exchange_on_arrival
from local_vertica.copy.grammar import parse_copy
from local_vertica.copy.rejects import REJECT_COLUMNS
from local_vertica.copy.run import run_copy
from local_vertica.errors import VerticaError
from local_vertica.sql.scope import ColumnInfo, TableInfo
from local_vertica.types import VType, parse_type

IDS = CopyIds("v_test_node0001", "v_test_node0001-1:0x1", 45035996273704970, 7)


@dataclass
class BareSession:
    """A CopyContext by hand: tables are made by `create`, expressions are taken as DuckDB SQL."""

    cursor: duckdb.DuckDBPyConnection
    spool_folder: Path
    tables: dict[str, TableInfo] = field(default_factory=dict)
    ids: CopyIds = IDS
    parameters: dict[str, str] = field(default_factory=dict)

    def create(self, name: str, columns: str, kind: str = "table") -> TableInfo:
        """Make a table from 'name TYPE [NOT NULL]; …'."""
        infos = []
        for text in columns.split(";"):
            column, _, rest = text.strip().partition(" ")
            type_text = rest.removesuffix(" NOT NULL")
            infos.append(ColumnInfo(column, parse_type(type_text), nullable=type_text == rest))
        return self.add(TableInfo("public", name, f'main."{name}"', tuple(infos), kind))

    def add(self, table: TableInfo) -> TableInfo:
        """Make a table in DuckDB, with NOT NULL and octet checks, and remember it."""
        lines = []
        for column in table.columns:
            line = f'"{column.name}" {column.vtype.duck}'
            line += "" if column.nullable else " NOT NULL"
            if column.vtype.is_string:
                line += f' CHECK (strlen("{column.name}") <= {column.vtype.length})'
            lines.append(line)
        self.cursor.execute(f"CREATE TABLE {table.duck_name} ({', '.join(lines)})")
        self.tables[table.name.lower()] = table
        return table

    def resolve_table(self, _schema: str | None, name: str) -> TableInfo:
        """Return a table made by hand."""
        if name.lower() not in self.tables:
            raise VerticaError("42V01", f'Relation "{name}" does not exist', 4566)
        return self.tables[name.lower()]

    def find_reject_table(self, _schema: str | None, name: str) -> TableInfo | None:
        """Return any table of that name."""
        return self.tables.get(name.lower())

    def create_reject_table(self, _schema: str | None, name: str, temporary: bool) -> TableInfo:
        """Make a reject table."""
        duck = f'main."{name}"'
        return self.add(TableInfo("public", name, duck, REJECT_COLUMNS, "reject", temporary))

    def translate_expression(self, text: str, _columns: Mapping[str, VType]) -> str:
        """Take the expression as DuckDB's."""
        return text

    def parameter(self, name: str) -> str | None:
        """Return a parameter put in by hand."""
        return self.parameters.get(name.lower())

    def copy(self, statement: str, *contents: bytes) -> CopyOutcome:
        """Run a COPY over these contents as its sources, spooled as the wire does."""
        parsed = parse_copy(statement)
        table = exchange_on_arrival(parsed)
        sources = []
        for place, content in enumerate(contents):
            path = self.spool_folder.parent / f"source-{place}"
            path.write_bytes(content if table is None else content.translate(table))
            sources.append(SpooledSource(path, f"/in/{place}.dat", table))
        return run_copy(self, parsed, sources)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Return what a DuckDB query gives."""
        return self.cursor.execute(query).fetchall()


@pytest.fixture
def new_session(tmp_path: Path) -> Iterator[Callable[[], BareSession]]:
    """Lend a maker of fresh sessions."""
    connections = []

    def make() -> BareSession:
        connections.append(duckdb.connect())
        folder = tmp_path / f"spool-{len(connections)}"
        folder.mkdir()
        return BareSession(connections[-1], folder)

    yield make
    for connection in connections:
        connection.close()


@pytest.fixture
def session(new_session: Callable[[], BareSession]) -> BareSession:
    """Lend one fresh session."""
    return new_session()
