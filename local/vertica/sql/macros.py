"""Give DuckDB the macros that translated SQL calls."""

from pathlib import Path

import duckdb

SOURCE = Path(__file__).with_name("macros.sql")


def register_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the macros in the database, anew at each opening."""
    for statement in statements():
        connection.execute(statement)


def statements() -> list[str]:
    """Return the statements that create the macros, each before those that use it."""
    lines = [line for line in SOURCE.read_text().splitlines() if not line.startswith("--")]
    return [part.strip() for part in "\n".join(lines).split(";\n") if part.strip()]
