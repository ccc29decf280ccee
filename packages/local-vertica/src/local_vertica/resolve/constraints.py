"""Check enabled keys after a change: Vertica rolls the statement back on a violation."""

import duckdb

from local_vertica.catalog.model import Constraint, Table, quoted
from local_vertica.errors import VerticaError


def enforced_keys(table: Table) -> list[Constraint]:
    """Return the PRIMARY KEY and UNIQUE constraints that are enabled."""
    return [c for c in table.constraints if c.kind in ("primary", "unique") and c.is_enforced]


def check_key(connection: duckdb.DuckDBPyConnection, table: Table, key: Constraint) -> None:
    """Refuse the change if a key now stands twice; its values stay out of the message."""
    if duplicates(connection, table.duck_name, key, limit=1):
        names = ", ".join(key.columns)
        message = (
            f"Duplicate key values: columns ({names}) "
            f"-- violates constraint '{table.schema}.{table.name}.{key.name}'"
        )
        raise VerticaError("23505", message, 6745)


def duplicates(
    connection: duckdb.DuckDBPyConnection, source: str, key: Constraint, limit: int
) -> list[tuple[object, ...]]:
    """Return keys that stand more than once in a table, as many as `limit`."""
    names = [quoted(name.lower()) for name in key.columns]
    columns = ", ".join(names)
    present = " AND ".join(f"{name} IS NOT NULL" for name in names)
    sql = (
        f"SELECT {columns} FROM {source} WHERE {present} "
        f"GROUP BY {columns} HAVING count(*) > 1 ORDER BY {columns} LIMIT {limit}"
    )
    rows: list[tuple[object, ...]] = connection.execute(sql).fetchall()
    return rows
