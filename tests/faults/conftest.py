"""A local Vertica that tests may kill and start again on the same file."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import vertica_python

from social_vault.settings import WarehouseSettings


class LocalVertica:
    """A server process on a database file, which outlives the process."""

    def __init__(self, database: Path) -> None:
        self.database = database
        self.password = secrets.token_urlsafe(12)
        self.process: subprocess.Popen[str] | None = None
        self.port = 0

    def start(self) -> None:
        """Start the server on the file and wait until it listens."""
        command = [sys.executable, "-m", "local.vertica", "--port", "0"]
        with self.database.with_suffix(".log").open("a") as log:
            self.process = subprocess.Popen(
                [*command, "--database", str(self.database)],
                env={**os.environ, "LOCAL_VERTICA_PASSWORD": self.password},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        line = self.process.stdout.readline()
        self.process.stdout.close()
        if not line.startswith("listening on "):
            pytest.fail(f"the local Vertica said {line!r}, expected that it listens", pytrace=False)
        self.port = int(line.rpartition(":")[2])

    def kill(self) -> None:
        """End the process as kill -9 does."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End the process, if there is one, and leave nothing of it."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()

    def connect(self, **options: object) -> vertica_python.Connection:
        """Return a plain connection of the driver."""
        given = {"host": "127.0.0.1", "port": self.port, "user": "dbadmin", "database": "w"}
        return vertica_python.connect(
            **{**given, "password": self.password, "tlsmode": "disable", **options}
        )

    def leave(self, connection: vertica_python.Connection) -> None:
        """Close a connection whose server may be dead; the driver would leave its socket open."""
        socket = connection.socket
        with suppress(Exception):
            connection.close()
        if socket is not None:
            socket.close()

    def settings(self, mark: str) -> WarehouseSettings:
        """Return the product's settings for schemas that bear the mark."""
        return WarehouseSettings(
            host="127.0.0.1",
            port=self.port,
            user="dbadmin",
            database="w",
            password=self.password,
            tlsmode="disable",
            staging_schema=f"staging_{mark}",
            dwh_schema=f"dwh_{mark}",
        )


@pytest.fixture
def mortal_vertica(tmp_path: Path) -> Iterator[LocalVertica]:
    """Run a local Vertica of the test's own, made to be killed."""
    server = LocalVertica(tmp_path / "warehouse.duckdb")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def steady_vertica(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalVertica]:
    """Run one local Vertica for the tests of a file."""
    server = LocalVertica(tmp_path_factory.mktemp("vertica") / "warehouse.duckdb")
    server.start()
    yield server
    server.stop()
