"""The warehouses under test: the local Vertica as a process of its own, and a real one."""

import hashlib
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import local_vertica
import pytest
import vertica_python

from social_vault.landing.objects import ObjectVersion, SpooledObject
from social_vault.loading.loads import Load
from social_vault.loading.staging import StageRequest, stage
from social_vault.loading.vault import VaultBatch, load_vault
from social_vault.model.catalogue import catalogue, of_worlds
from social_vault.records.validation import validate_file
from social_vault.schema.apply import apply_schema
from social_vault.settings import WarehouseSettings
from social_vault.stores.vertica import open_warehouse
from tests.warehouse.address import Address


@pytest.fixture
def warehouse_address(vertica_address: local_vertica.Address) -> Address:
    """Name each warehouse in turn: the local Vertica, and a real one if there is one."""
    return Address.of(vertica_address)


@pytest.fixture
def schema(warehouse_address: Address) -> Iterator[str]:
    """Make a schema of the test's own and drop it with all it holds."""
    name = f"test_{secrets.token_hex(6)}"
    with warehouse_address.connect() as connection:
        connection.cursor().execute(f"CREATE SCHEMA {name}")
    yield name
    with warehouse_address.connect() as connection:
        connection.cursor().execute(f"DROP SCHEMA {name} CASCADE")


@pytest.fixture
def connect(warehouse_address: Address) -> Iterator[object]:
    """Return a function that opens connections; they are closed in the end."""
    opened = []

    def open_one(**options: object) -> vertica_python.Connection:
        opened.append(warehouse_address.connect(**options))
        return opened[-1]

    yield open_one
    for connection in opened:
        connection.close()


class Vault:
    """The product's own way from the text of a file into a warehouse."""

    def __init__(self, settings: WarehouseSettings, folder: Path) -> None:
        self.settings = settings
        self.folder = folder
        self.files = 0

    def stage(self, table: str, text: str | bytes, **options: object) -> Load:
        """Validate a file and bring it into staging."""
        with open_warehouse(self.settings) as warehouse:
            return stage(warehouse, self.request(table, text, **options))

    def request(self, table: str, text: str | bytes, **options: object) -> StageRequest:
        """Return a file on its way into staging; each call is another object version."""
        self.files += 1
        data = text.encode() if isinstance(text, str) else text
        path = self.folder / f"{self.files}.csv"
        path.write_bytes(data)
        version = ObjectVersion(
            source="s3",
            bucket="landing",
            key=str(options.pop("key", f"{self.files}/{table}.csv")),
            etag=str(options.pop("etag", f"e{self.files}")),
            size=len(data),
            last_modified=options.pop("uploaded", datetime(2021, 6, 1, tzinfo=UTC)),
            version_id=str(options.pop("version_id", "")),
        )
        spooled = SpooledObject(version, path, len(data), hashlib.sha256(data).hexdigest())
        folder = self.folder / f"split-{self.files}"
        folder.mkdir()
        validated = validate_file(path, catalogue().tables[table], folder)
        return StageRequest(spooled, validated, catalogue().tables[table], **options)

    def load(self) -> VaultBatch:
        """Bring everything pending into the vault."""
        with open_warehouse(self.settings) as warehouse:
            return load_vault(warehouse)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Return the rows of a query; {staging} and {dwh} stand for the schemas."""
        names = {"staging": self.settings.staging_schema, "dwh": self.settings.dwh_schema}
        with open_warehouse(self.settings) as warehouse:
            cursor = warehouse._cursor
            cursor.execute(query.format(**names))
            return [tuple(row) for row in cursor.fetchall()]

    def tamper(self, statement: str) -> None:
        """Change something behind the product's back."""
        names = {"staging": self.settings.staging_schema, "dwh": self.settings.dwh_schema}
        with open_warehouse(self.settings) as warehouse, warehouse.transaction():
            warehouse._cursor.execute(statement.format(**names))
            warehouse._cursor.fetchall()


@pytest.fixture
def vault(
    warehouse_address: Address, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Vault]:
    """Make the product's schemas under names of the test's own; drop them in the end.

    Made is what the WORLDS of the test's file declare, else the social network alone.
    """
    declared = of_worlds(getattr(request.module, "WORLDS", ["social_network"]))
    mark = secrets.token_hex(6)
    settings = warehouse_address.settings(f"staging_{mark}", f"dwh_{mark}")
    with open_warehouse(settings) as warehouse:
        apply_schema(warehouse, declared)
    yield Vault(settings, tmp_path)
    with warehouse_address.connect() as connection:
        for name in (settings.dwh_schema, settings.staging_schema):
            connection.cursor().execute(f"DROP SCHEMA {name} CASCADE")
