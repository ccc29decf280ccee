"""The server as a process of its own: started on a free port, stopped, killed, started again."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PASSWORD_VARIABLE = "LOCAL_VERTICA_PASSWORD"  # noqa: S105 - a name, not a secret
LOOPBACK = "127.0.0.1"
USER = "dbadmin"
READY = "listening on "
SECONDS_TO_STOP = 20
LAST_LINES = 5


class StartError(RuntimeError):
    """The server did not come up; the last lines of its log say why."""


@dataclass
class Address:
    """Where a Vertica listens, and how to get in."""

    host: str
    port: int
    user: str
    database: str
    password: str = field(repr=False)
    tlsmode: str = "disable"

    def connect_options(self, **more: object) -> dict[str, object]:
        """Return what `vertica_python.connect` asks for; what is given here goes before it."""
        options: dict[str, object] = {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "database": self.database,
            "password": self.password,
            "tlsmode": self.tlsmode,
        }
        return options | more


class LocalVertica(Address):
    """A server process on a database file, which outlives the process.

    Its port is free when it starts, and another one each time: ask for it after `start`.
    """

    def __init__(self, path: Path, options: tuple[str, ...] = (), password: str = "") -> None:
        password = password or secrets.token_urlsafe(12)
        super().__init__(LOOPBACK, 0, USER, path.stem, password)
        self.path = path
        self.log = path.with_suffix(".log")
        self._options = options
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start the server on the file; return when it listens."""
        command = [sys.executable, "-m", "local_vertica", "--host", self.host, "--port", "0"]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("a") as log:
            process = subprocess.Popen(
                [*command, "--user", self.user, "--database", str(self.path), *self._options],
                # The list of processes shows arguments to everybody, and no environment.
                env={**os.environ, PASSWORD_VARIABLE: self.password},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self._process = process
        line = ""
        if process.stdout is not None:
            with process.stdout as told:
                line = told.readline()
        if not line.startswith(READY):
            self.kill()
            raise StartError("\n".join(self.log.read_text().splitlines()[-LAST_LINES:]))
        self.port = int(line.rpartition(":")[2])

    @property
    def process(self) -> subprocess.Popen[str]:
        """The process that runs, or ran last, for who sends it signals."""
        if self._process is None:
            raise StartError("the server was never started")
        return self._process

    def kill(self) -> None:
        """End the process as `kill -9` does; what was committed stays in the file."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End the process, if it runs: open transactions are rolled back."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self.kill()


@contextmanager
def running(
    folder: Path, *options: str | Path, database: str = "warehouse", password: str = ""
) -> Iterator[LocalVertica]:
    """Run a server for as long as the block lasts, on a file in the folder.

    The options are those of the command line: `"--tls-cert", path`. Without a password a random
    one is made. The file is kept: run it again on the same folder, and what was committed is there.
    """
    server = LocalVertica(folder / f"{database}.duckdb", tuple(map(str, options)), password)
    try:
        server.start()
        yield server
    finally:
        server.stop()
