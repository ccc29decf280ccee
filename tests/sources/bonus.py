"""A database of the bonus system for one test, and the product's way of reading it."""

import csv
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from pydantic import SecretStr

from local.postgres import LocalPostgres
from social_vault.settings import PostgresSettings
from social_vault.sources.postgres import open_bonus
from social_vault.sources.reading import Bookmark, Reading

TABLES = """
CREATE TABLE outbox (
    id serial PRIMARY KEY,
    event_ts timestamp NOT NULL DEFAULT clock_timestamp(),
    event_type varchar NOT NULL DEFAULT 'user_rank',
    event_value text DEFAULT '{}'
);
CREATE TABLE ranks (
    id int, name varchar(2048), bonus_percent numeric(19, 5), min_payment_threshold numeric(19, 5)
);
CREATE TABLE users (id int, order_user_id text)
"""


@dataclass(frozen=True)
class Bonus:
    """One database with its owner, and a reader who may only select."""

    server: LocalPostgres
    database: str
    reader: str
    password: str = field(repr=False)
    folder: Path

    def connect(self, **options: object) -> psycopg.Connection:
        """Connect as the owner."""
        return psycopg.connect(self.server.address(dbname=self.database), **options)

    def run(self, statement: str, *values: object) -> None:
        """Change something and commit it."""
        with self.connect(autocommit=True) as owner:
            owner.execute(statement, values or None)

    def settings(self, **changed: object) -> PostgresSettings:
        """Give the reader's settings, with other parts of the address if they are given."""
        parts = {"dbname": self.database, "user": self.reader, "password": self.password}
        address = self.server.address(**(parts | changed))
        return PostgresSettings(connection=SecretStr(address))

    @contextmanager
    def snapshot(self, **changed: object):
        """Open a snapshot; lend its readers by the names of their tables."""
        with open_bonus(self.settings(**changed)) as readers:
            yield {reader.table: reader for reader in readers}

    def read(
        self, since: Bookmark | None = None, table: str = "bonus_outbox"
    ) -> tuple[Reading, list[dict[str, str]]]:
        """Read a table as a run does; return what the reading says, and its rows."""
        path = self.folder / "read.csv"
        with self.snapshot() as readers:
            reading = readers[table].read(since, path)
        rows = rows_of(path.read_bytes())
        assert reading.records == len(rows)
        return reading, rows

    def ids(self, since: Bookmark | None = None) -> list[int]:
        """Read which events are new."""
        return [int(row["id"]) for row in self.read(since)[1]]


def rows_of(content: bytes) -> list[dict[str, str]]:
    """Read the rows of a CSV, with the line breaks that its values hold."""
    return list(csv.DictReader(content.decode().splitlines(keepends=True)))
