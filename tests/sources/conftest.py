"""One PostgreSQL for the session, and a database of its own for each test."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from local.postgres import LocalPostgres, serve_postgres
from tests.sources.bonus import TABLES, Bonus


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
