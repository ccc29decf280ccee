"""A stand for the wire: a fake engine behind it, a bare socket before it."""

import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from local_vertica.copy.context import CopyOutcome
from local_vertica.errors import VerticaError
from local_vertica.results import Done, Field, Rows
from local_vertica.types import VType
from local_vertica.wire.line import Line
from local_vertica.wire.messages import Disconnected
from local_vertica.wire.session import WireSession

ONE = (Field("?column?", VType("INTEGER")),)
CLIENT = {"protocol_version": str(3 << 16 | 16)}


def frame(kind: bytes, body: bytes = b"") -> bytes:
    """Return a message as a client sends it."""
    return kind + struct.pack("!i", len(body) + 4) + body


def query(text: str) -> bytes:
    """Return a simple query."""
    return frame(b"Q", text.encode() + b"\0")


def tcp_pair() -> tuple[socket.socket, socket.socket]:
    """Return both ends of a connection of this machine with itself."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        near = socket.create_connection(listener.getsockname())
        far, _ = listener.accept()
    return near, far


@dataclass
class FakeDatabase:
    """A database of which the wire needs one thing."""

    spool_folder: Path


@dataclass
class FakeEngine:
    """Answers the statements it was told of and fails the test on any other."""

    database: FakeDatabase
    answers: dict[str, object]
    transaction_status: str = "I"
    parameters: dict[str, str] = field(default_factory=dict)
    copied: list[tuple[str, bytes]] = field(default_factory=list)
    ran: list[tuple[str, object]] = field(default_factory=list)
    outcome: object = field(default_factory=lambda: CopyOutcome(2, 0, commits=True))
    is_stopped: bool = False

    def statements(self, text):
        """Cut at semicolons, which no statement of a test holds."""
        return [part.strip() for part in text.split(";") if part.strip()]

    def run(self, text, params=None):
        """Give the answer set for a statement."""
        self.ran.append((text, params))
        assert text in self.answers, f"the fake engine does not know {text!r}"
        answer = self.answers[text]
        if isinstance(answer, Exception):
            raise answer
        return answer() if callable(answer) else answer

    def copy(self, _needed, sources):
        """Keep what was spooled and give the outcome set for it."""
        self.copied += [(source.name, source.path.read_bytes()) for source in sources]
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome

    def describe(self, text):
        """Say that every statement takes an integer and a text, and gives an integer."""
        if text.startswith("bad"):
            raise VerticaError("42601", "Syntax error", 4856)
        return [VType("INTEGER"), VType("VARCHAR", length=80)], ONE, "SELECT"

    def is_cancelled(self):
        """Say whether the statement is to stop."""
        return self.is_stopped


class Stand:
    """A wire session in a thread of its own, and the client's end of its socket."""

    def __init__(self, folder: Path, answers: dict[str, object], client: dict[str, str]) -> None:
        self.engine = FakeEngine(FakeDatabase(folder), answers)
        self.socket, served = tcp_pair()
        self.socket.settimeout(10)
        self.stream = self.socket.makefile("rb")
        self.ended = threading.Event()
        self.crash: Exception | None = None
        self.thread = threading.Thread(target=self.serve, args=(served, client), daemon=True)
        self.thread.start()
        assert self.read() == (b"Z", b"I")

    def serve(self, served: socket.socket, client: dict[str, str]) -> None:
        """Serve until the client leaves; remember a crash."""
        line = Line(served)
        try:
            WireSession(line, self.engine, {**CLIENT, **client}).serve()
        except Disconnected:
            pass
        except Exception as error:  # noqa: BLE001 - the test looks at it
            self.crash = error
        finally:
            line.close()
            self.ended.set()

    def send(self, *messages: bytes) -> None:
        """Send messages."""
        self.socket.sendall(b"".join(messages))

    def read(self) -> tuple[bytes, bytes]:
        """Read one message of the server."""
        head = self.stream.read(5)
        if not head:
            return b"", b""
        (size,) = struct.unpack("!i", head[1:])
        return head[:1], self.stream.read(size - 4)

    def until(self, kind: bytes) -> list[tuple[bytes, bytes]]:
        """Read messages up to the first of a kind."""
        found = [self.read()]
        while found[-1][0] not in (kind, b""):
            found.append(self.read())
        return found

    def kinds(self, *messages: bytes) -> str:
        """Send messages; return the types of all answers up to ReadyForQuery."""
        self.send(*messages)
        return b"".join(kind for kind, _ in self.until(b"Z")).decode()

    def close(self) -> None:
        """Leave, and see that the server's side did not crash."""
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.stream.close()
        self.socket.close()
        assert self.ended.wait(10)
        assert self.crash is None


def rows(*values: object) -> Rows:
    """Return a result of one integer column."""
    return Rows(ONE, iter([[(value,) for value in values]]), "SELECT")


def done(tag: str = "CREATE TABLE") -> Done:
    """Return a result without rows."""
    return Done(tag)
