"""A database of two tables, and two sessions of it."""

import pytest

from local_vertica.engine.database import Database
from support.engine_client import Client


@pytest.fixture
def database(tmp_path):
    """Open a new database with a table t (a INT NOT NULL, b VARCHAR(5))."""
    database = Database(tmp_path / "warehouse.duckdb")
    Client(database).run("CREATE TABLE t (a INT NOT NULL, b VARCHAR(5)); CREATE TABLE u (a INT)")
    yield database
    database.close()


@pytest.fixture
def client(database):
    """Return a session with a transaction per COMMIT."""
    return Client(database)


@pytest.fixture
def other(database):
    """Return a second session."""
    return Client(database)
