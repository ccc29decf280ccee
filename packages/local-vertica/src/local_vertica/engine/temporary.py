"""Temporary tables: a global one's private copy, and ON COMMIT DELETE ROWS."""

from collections.abc import Iterable

from local_vertica.catalog.model import Table
from local_vertica.catalog.store import key_of
from local_vertica.ddl.context import Definition
from local_vertica.ddl.emit import create_table
from local_vertica.engine.session import EngineSession
from local_vertica.engine.transaction import Transaction


def make_global_copies(session: EngineSession, names: Iterable[tuple[str, str]]) -> None:
    """Make this session's copy of every global temporary table named, if it has none yet."""
    for schema, name in names:
        table = session.catalog.relations.get(key_of(schema, name))
        if isinstance(table, Table) and table.scope == "global":
            _make_copy(session, table)


def _make_copy(session: EngineSession, table: Table) -> None:
    """Make one copy; it is looked for in DuckDB, since a rolled back transaction loses it."""
    name = f"{table.schema}.{table.name}".lower()
    found = session.connection.execute(
        "SELECT 1 FROM duckdb_tables() WHERE temporary AND table_name = ?", [name]
    ).fetchone()
    if found is None:
        create_table(_definition(session), table)


def note_write(transaction: Transaction, table: Table) -> None:
    """Remember to empty a temporary table at COMMIT, unless it preserves its rows."""
    if table.scope and not table.keeps_rows:
        transaction.to_empty.add(f"{table.schema}.{table.name}".lower())


def _definition(session: EngineSession) -> Definition:
    """Return what making a table needs; the catalogue is not changed by it."""
    return Definition(
        draft=session.catalog.draft(),
        connection=session.connection,
        names=session.names,
        scope=session.scope(),
        user=session.state.user,
        text="",
    )
