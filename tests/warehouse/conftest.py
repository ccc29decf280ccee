"""The warehouses under test: the local Vertica as its own process, and a real one where there is one."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import vertica_python

from dwh.settings import WarehouseSettings

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
    process = subprocess.Popen(
        [*command, *options],
        env={**os.environ, "LOCAL_VERTICA_PASSWORD": password},
        stdout=subprocess.PIPE,
        stderr=(database.parent / f"{database.name}.log").open("a"),
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    process.stdout.close()
    assert line.startswith("listening on "), f"the local Vertica did not start: {line!r}"
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
