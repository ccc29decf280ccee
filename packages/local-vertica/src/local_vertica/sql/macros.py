"""Give DuckDB the macros and functions that translated SQL calls."""

from pathlib import Path

import duckdb

from local_vertica.sql.host_functions import register_host_functions

SOURCE = Path(__file__).with_name("macros.sql")


def register_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the macros and functions in the database, anew at each opening."""
    register_host_functions(connection)
    connection.begin()  # one for all: each by itself would be written to the disk by itself
    for statement in statements():
        connection.execute(statement)
    connection.commit()


def statements() -> list[str]:
    """Return the statements that create the macros, each before those that use it."""
    lines = [line for line in SOURCE.read_text().splitlines() if not line.startswith("--")]
    return [part.strip() for part in "\n".join(lines).split(";\n") if part.strip()]
