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


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """Lend one session with s.t to all tests of a file that leave the database as it is.

    To open a database takes longer than most statements.
    """
    database = Database(tmp_path_factory.mktemp("shared") / "warehouse.duckdb")
    client = Client(database)
    client.run("CREATE SCHEMA s")
    client.run(TABLE)
    yield client
    database.close()


@pytest.fixture
def client(database):
    """Return a session with schema s and table s.t."""
    client = Client(database)
    client.run("CREATE SCHEMA s")
    client.run(TABLE)
    return client
