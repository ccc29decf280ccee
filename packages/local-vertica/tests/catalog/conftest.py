import pytest

from local_vertica.engine.database import Database
from support.catalog_client import TABLE, Client


@pytest.fixture
def path(tmp_path):
    """Return where the database lies."""
    return tmp_path / "warehouse.duckdb"


@pytest.fixture
def database(path):
    """Open a new database."""
    database = Database(path)
    yield database
    database.close()


@pytest.fixture
def client(database):
    """Return a session with schema s and table s.t."""
    client = Client(database)
    client.run("CREATE SCHEMA s")
    client.run(TABLE)
    return client
