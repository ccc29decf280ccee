"""A database with users, roles and objects, opened anew for each test of rights."""

import shutil
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from local_vertica.engine.database import Database
from support.catalog_client import Client

OBJECTS = """
    CREATE SCHEMA s; CREATE SCHEMA o; CREATE TABLE o.other (a INT);
    CREATE TABLE s.t (a INT, b INT); CREATE TABLE s.u (x INT PRIMARY KEY DISABLED);
    CREATE TABLE s.keyed (a INT PRIMARY KEY ENABLED);
    CREATE TABLE s.parted (a INT NOT NULL) PARTITION BY a;
    CREATE TABLE s.parted_too LIKE s.parted INCLUDING PROJECTIONS;
    CREATE VIEW s.v AS SELECT a FROM s.t; CREATE VIEW s.upper_v AS SELECT a FROM s.v;
    CREATE SEQUENCE s.q; CREATE USER ann IDENTIFIED BY 'old'; CREATE USER bob; CREATE ROLE reader;
    CREATE AUTHENTICATION way METHOD 'trust' HOST '0.0.0.0/0';
    REVOKE TEMP ON DATABASE DEFAULT FROM public"""
EVERYTHING = (
    "GRANT ALL ON DATABASE DEFAULT TO ann; GRANT ALL ON SCHEMA s TO ann;"
    "GRANT ALL EXTEND ON ALL TABLES IN SCHEMA s TO ann;"
    "GRANT ALL EXTEND ON ALL SEQUENCES IN SCHEMA s TO ann"
)


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """Make a file with objects of dbadmin's, users ann and bob, and the role reader."""
    path = tmp_path_factory.mktemp("template") / "warehouse.duckdb"
    with closing(Database(path)) as database:
        Client(database, "dbadmin").run(OBJECTS)
    return path


@contextmanager
def opened(template, folder):
    """Open a copy of the template."""
    with closing(Database(Path(shutil.copy(template, folder)))) as database:
        yield database


@pytest.fixture
def database(template, tmp_path):
    """Open a database of the test's own."""
    with opened(template, tmp_path) as database:
        yield database


@pytest.fixture(scope="module")
def granted(template, tmp_path_factory):
    """Open a database in which ann has every privilege; nothing refused can change it."""
    with opened(template, tmp_path_factory.mktemp("granted")) as database:
        Client(database, "dbadmin").run(EVERYTHING)
        yield database


@pytest.fixture
def admin(database):
    """Return the superuser's session."""
    return Client(database, "dbadmin")


@pytest.fixture
def ann(database):
    """Return the session of a user without rights."""
    return Client(database, "ann")


@pytest.fixture
def bob(database):
    """Return the session of another one."""
    return Client(database, "bob")
