"""The warehouses under test: the local Vertica as a process of its own, and a real one."""

import hashlib
import ipaddress
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import vertica_python
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from social_vault.landing.objects import ObjectVersion, SpooledObject
from social_vault.loading.loads import Load
from social_vault.loading.staging import StageRequest, stage
from social_vault.loading.vault import VaultBatch, load_vault
from social_vault.model.catalogue import catalogue
from social_vault.records.validation import validate_file
from social_vault.schema.apply import apply_schema
from social_vault.settings import WarehouseSettings
from social_vault.stores.vertica import open_warehouse

SECONDS_TO_START = 30
REAL = {
    "host": "VERTICA_TEST_HOST",
    "port": "VERTICA_TEST_PORT",
    "user": "VERTICA_TEST_USER",
    "password": "VERTICA_TEST_PASSWORD",
    "database": "VERTICA_TEST_DATABASE",
    "tlsmode": "VERTICA_TEST_TLSMODE",
}


@dataclass(frozen=True)
class Address:
    """Where a warehouse is, and how to get in."""

    host: str
    port: int
    user: str
    database: str
    password: str = field(repr=False)
    tlsmode: str = "disable"

    def settings(self, staging: str = "staging", vault: str = "dwh") -> WarehouseSettings:
        """Return the product's settings for it."""
        return WarehouseSettings(
            host=self.host,
            port=self.port,
            user=self.user,
            database=self.database,
            password=self.password,
            tlsmode=self.tlsmode,
            staging_schema=staging,
            dwh_schema=vault,
        )

    def connect(self, **options: object) -> vertica_python.Connection:
        """Return a plain connection of the driver."""
        given = {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "database": self.database,
            "password": self.password,
            "tlsmode": self.tlsmode,
        }
        return vertica_python.connect(**{**given, **options})


@contextmanager
def served(database: Path, *options: str, password: str | None = None) -> Iterator[Address]:
    """Run a local Vertica on a free port for as long as the block lasts."""
    process, address = started(database, *options, password=password)
    try:
        yield address
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def started(
    database: Path, *options: str, password: str | None = None
) -> tuple[subprocess.Popen[str], Address]:
    """Start a local Vertica; return it when it listens."""
    password = password or secrets.token_urlsafe(12)
    command = [sys.executable, "-m", "local.vertica", "--port", "0", "--database", str(database)]
    with (database.parent / f"{database.name}.log").open("a") as log:
        process = subprocess.Popen(
            [*command, *options],
            env={**os.environ, "LOCAL_VERTICA_PASSWORD": password},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    process.stdout.close()
    if not line.startswith("listening on "):
        process.kill()
        process.wait()
        pytest.fail(f"the local Vertica did not start: {line!r}", pytrace=False)
    host, _, port = line.removeprefix("listening on ").rpartition(":")
    return process, Address(host, int(port), "dbadmin", database.stem, password)


def real_address() -> Address:
    """Return the real Vertica named by the environment; without one the test is skipped."""
    given = {name: os.environ.get(variable) for name, variable in REAL.items()}
    if not given["host"]:
        pytest.skip("no real Vertica: VERTICA_TEST_HOST is not set")
    return Address(
        given["host"],
        int(given["port"] or 5433),
        given["user"] or "dbadmin",
        given["database"] or "",
        given["password"] or "",
        given["tlsmode"] or "verify-full",
    )


@pytest.fixture(scope="session")
def local_vertica(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """Run one local Vertica for all tests of a session."""
    folder = tmp_path_factory.mktemp("vertica")
    with served(folder / "warehouse.duckdb") as address:
        yield address


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return the paths of a self-signed certificate for 127.0.0.1 and of its key."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stand-in")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "key.pem").write_bytes(secret)
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture(scope="session")
def secured(
    certificate: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Address]:
    """Run a server that offers TLS."""
    cert, key = certificate
    database = tmp_path_factory.mktemp("secured") / "warehouse.duckdb"
    with served(database, "--tls-cert", str(cert), "--tls-key", str(key)) as address:
        yield address


@pytest.fixture(params=["local", pytest.param("real", marks=pytest.mark.real_vertica)])
def warehouse_address(request: pytest.FixtureRequest) -> Address:
    """Return each warehouse in turn."""
    if request.param == "local":
        found: Address = request.getfixturevalue("local_vertica")
        return found
    return real_address()


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
def vault(warehouse_address: Address, tmp_path: Path) -> Iterator[Vault]:
    """Make the product's schemas under names of the test's own; drop them in the end."""
    mark = secrets.token_hex(6)
    settings = warehouse_address.settings(f"staging_{mark}", f"dwh_{mark}")
    with open_warehouse(settings) as warehouse:
        apply_schema(warehouse)
    yield Vault(settings, tmp_path)
    with warehouse_address.connect() as connection:
        for name in (settings.dwh_schema, settings.staging_schema):
            connection.cursor().execute(f"DROP SCHEMA {name} CASCADE")
