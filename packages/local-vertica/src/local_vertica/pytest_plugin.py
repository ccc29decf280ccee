"""Fixtures for tests that need a Vertica; pytest finds them when this package is installed."""

import os
from collections.abc import Iterator

import pytest

from local_vertica.process import Address, LocalVertica, running

REAL = {
    "host": "VERTICA_TEST_HOST",
    "port": "VERTICA_TEST_PORT",
    "user": "VERTICA_TEST_USER",
    "password": "VERTICA_TEST_PASSWORD",
    "database": "VERTICA_TEST_DATABASE",
    "tlsmode": "VERTICA_TEST_TLSMODE",
}


def pytest_configure(config: pytest.Config) -> None:
    """Name the mark of tests that would also run on a real Vertica."""
    line = f"real_vertica: needs a real Vertica, whose address stands in {REAL['host']}"
    config.addinivalue_line("markers", line)


@pytest.fixture(scope="session")
def local_vertica(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalVertica]:
    """Run one server for all tests of a session, on a new database."""
    with running(tmp_path_factory.mktemp("local_vertica")) as server:
        yield server


@pytest.fixture(params=["local", pytest.param("real", marks=pytest.mark.real_vertica)])
def vertica_address(request: pytest.FixtureRequest) -> Address:
    """Name each Vertica in turn: the local one, then a real one if the environment names it."""
    if request.param == "local":
        found: Address = request.getfixturevalue("local_vertica")
        return found
    return real_address()


def real_address() -> Address:
    """Read where the real Vertica is; skip the test if there is none."""
    given = {name: os.environ.get(variable, "") for name, variable in REAL.items()}
    if not given["host"]:
        pytest.skip(f"no real Vertica: {REAL['host']} is not set")
    return Address(
        host=given["host"],
        port=int(given["port"] or 5433),
        user=given["user"] or "dbadmin",
        database=given["database"],
        password=given["password"],
        tlsmode=given["tlsmode"] or "verify-full",
    )
