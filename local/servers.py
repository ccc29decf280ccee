"""Start and stop servers as child processes on free loopback ports; leave none behind."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from social_vault.errors import WorkerError

TETHER = Path(__file__).with_name("tether.py")
LOOPBACK = "127.0.0.1"
SECONDS_TO_START = 120.0
SECONDS_TO_STOP = 10.0
POLL_SECONDS = 0.05
LAST_LINES = 15


class ServerError(WorkerError):
    """A local server did not come up or cannot be used; `details` are lines of its log."""

    def __init__(self, sentence: str, details: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.details = details


@dataclass(frozen=True)
class Program:
    """What to start, and how to tell that it is ready."""

    name: str  # as in sentences: "the local Vertica"
    command: tuple[str, ...]  # the first is a path
    log: Path
    is_ready: Callable[[str], bool]  # is given the log so far
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    seconds: float = SECONDS_TO_START
    grace: float = SECONDS_TO_STOP


class Server:
    """A running child process."""

    def __init__(self, program: Program, child: subprocess.Popen[bytes]) -> None:
        self.program = program
        self._child = child

    @property
    def pid(self) -> int:
        """Give the number of the process, which is that of the program: the tether becomes it."""
        return self._child.pid

    def log(self) -> str:
        """Read what the server has written so far, whatever octets it holds."""
        return self.program.log.read_text(errors="replace")

    def wait_until_ready(self) -> None:
        """Wait until the server answers; raise ServerError with its log's end if it never does."""
        deadline = time.monotonic() + self.program.seconds
        while not self.program.is_ready(self.log()):
            if self._child.poll() is not None:
                raise self._failure(f"ended with exit code {self._child.returncode}")
            if time.monotonic() > deadline:
                raise self._failure(f"gave no answer within {self.program.seconds:.0f} seconds")
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """End the process: politely, then by force."""
        if self._child.poll() is None:
            self._child.terminate()
        try:
            self._child.wait(self.program.grace)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()

    def _failure(self, what: str) -> ServerError:
        lines = tuple(self.log().splitlines()[-LAST_LINES:])
        return ServerError(
            f"{self.program.name} did not come up: it {what}; its log is {self.program.log}.", lines
        )


@contextmanager
def started(program: Program) -> Iterator[Server]:
    """Run one server for as long as the block lasts; it may still be on its way up."""
    server = Server(program, _spawn(program))
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def running(program: Program) -> Iterator[Server]:
    """Run one server for as long as the block lasts; it is ready when the block begins."""
    with started(program) as server:
        server.wait_until_ready()
        yield server


def _spawn(program: Program) -> subprocess.Popen[bytes]:
    program.log.parent.mkdir(parents=True, exist_ok=True)
    # Isolated and without site: the tether starts in milliseconds and imports nothing of ours.
    tied = (sys.executable, "-I", "-S", str(TETHER), str(os.getpid()), *program.command)
    with program.log.open("wb") as log:
        return subprocess.Popen(
            tied,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, **program.environment},
            start_new_session=True,  # Ctrl-C is ours: we stop them in order
        )


@contextmanager
def announced(address: Path, port: int) -> Iterator[None]:
    """Leave a server's port where other commands look for it."""
    address.write_text(str(port))
    try:
        yield
    finally:
        address.unlink(missing_ok=True)


def running_port(address: Path) -> int | None:
    """Find the port of a server that another command runs; None if nobody listens there now."""
    if not address.exists():
        return None
    # A file that a killed command left behind names a port on which nobody listens.
    port = int(address.read_text())
    return port if is_listening(port) else None


def free_ports(count: int) -> list[int]:
    """Find ports that nobody listens on, all different; somebody may still take one before us."""
    # All are held until the last is found, or the system might give one of them twice.
    with ExitStack() as held:
        doors = [held.enter_context(socket.socket()) for _ in range(count)]
        for door in doors:
            door.bind((LOOPBACK, 0))
        return [door.getsockname()[1] for door in doors]


def is_listening(port: int) -> bool:
    """Tell whether somebody accepts connections on a port of loopback."""
    with socket.socket() as door:
        door.settimeout(1)
        return door.connect_ex((LOOPBACK, port)) == 0
