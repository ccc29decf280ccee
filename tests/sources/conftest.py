"""One PostgreSQL and one MongoDB for the session, empty for each test."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pymongo import MongoClient
from pymongo.collection import Collection

from local.mongo import DATABASE, LocalMongo, serve_mongo
from local.postgres import LocalPostgres, serve_postgres
from tests.sources.bonus import TABLES, Bonus
from tests.sources.order_system import Extractor, refused


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalPostgres]:
    """Run a real PostgreSQL."""
    with serve_postgres(tmp_path_factory.mktemp("postgres")) as running:
        yield running


@pytest.fixture
def bonus(postgres: LocalPostgres, tmp_path: Path) -> Iterator[Bonus]:
    """Make a database and a role that may read it; drop both in the end."""
    mark, password = secrets.token_hex(6), secrets.token_urlsafe(16)
    made = Bonus(postgres, f"bonus_{mark}", f"reader_{mark}", password, tmp_path)
    with psycopg.connect(postgres.address(), autocommit=True) as owner:
        owner.execute(f"CREATE DATABASE {made.database}")
        owner.execute(f"CREATE ROLE {made.reader} LOGIN PASSWORD '{password}'")
    made.run(TABLES)
    made.run(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {made.reader}")
    yield made
    with psycopg.connect(postgres.address(), autocommit=True) as owner:
        owner.execute(f"DROP DATABASE {made.database} WITH (FORCE)")
        owner.execute(f"DROP ROLE {made.reader}")


@pytest.fixture(scope="session")
def mongo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalMongo]:
    """Run a server that speaks MongoDB's protocol, and fails when it is told to."""
    with serve_mongo(tmp_path_factory.mktemp("mongo"), "--enable-test-commands") as running:
        yield running


@pytest.fixture
def client(mongo: LocalMongo) -> Iterator[MongoClient[dict[str, Any]]]:
    """Connect as the owner; nothing is left of other tests."""
    with mongo.client() as owner:
        owner.drop_database(DATABASE)
        yield owner
        owner.admin.command("configureFailPoint", "failCommand", mode="off")


@pytest.fixture
def orders(client: MongoClient[dict[str, Any]]) -> Collection[dict[str, Any]]:
    """Lend the collection of orders."""
    return client[DATABASE].orders


@pytest.fixture
def extractor(mongo: LocalMongo, tmp_path: Path, orders: Collection[dict[str, Any]]) -> Extractor:
    """Lend an extractor of the empty collection."""
    return Extractor(mongo, tmp_path)


@pytest.fixture
def unwatched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the right to watch from everybody."""
    monkeypatch.setattr("pymongo.collection.Collection.watch", refused)
