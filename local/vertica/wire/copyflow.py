"""COPY with the client's data: ask for it, spool it, answer.

Data never lie in memory as a whole: CopyData bodies go straight into a file of the database's
spool folder, which is deleted when the COPY ends.
"""

import struct
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from local.vertica.copy.context import SpooledSource
from local.vertica.errors import VerticaError
from local.vertica.results import CopyNeeded, Field
from local.vertica.types import VType
from local.vertica.wire import messages
from local.vertica.wire.codecs import encode_rows, encoders

if TYPE_CHECKING:
    from local.vertica.engine.session import EngineSession

ROWS_LOADED = (Field("Rows Loaded", VType("INTEGER")),)
SPOOL_BUFFER = 1 << 20


class Peer(Protocol):
    """The client's end of the wire."""

    stream: messages.Stream
    protocol: int

    def send(self, data: bytes) -> None:
        """Queue messages."""
        ...

    def ask(self, data: bytes) -> None:
        """Send messages that the client must answer."""
        ...


class CopyFlow:
    """One COPY with one client."""

    def __init__(self, peer: Peer, engine: "EngineSession") -> None:
        self.peer = peer
        self.engine = engine
        self.folder = engine.database.spool_folder

    def from_stdin(self, needed: CopyNeeded) -> None:
        """Load what the client sends; the answer has no rows."""
        with spool(self.folder) as (file, path):
            self.peer.send(messages.copy_in(0))
            self.peer.ask(b"")
            receive_stdin(self.peer, file)
            self.engine.copy(needed, [SpooledSource(path, "STDIN")])
        self.peer.send(messages.command_complete("COPY"))

    def from_local(self, needed: CopyNeeded) -> None:
        """Load the client's files, or its STDIN by the same protocol; answer the count."""
        self.peer.send(messages.row_description(ROWS_LOADED, binary=False))
        self.peer.ask(
            messages.verify_files(needed.local_files, needed.reject_file, needed.exception_file)
        )
        names = self.verified()
        with ExitStack() as stack:
            sources = []
            for name in names or [""]:
                file, path = stack.enter_context(spool(self.folder))
                self.peer.ask(messages.load_file(name) if name else messages.copy_in(0))
                receive_batch(self.peer, file)
                sources.append(SpooledSource(path, name or "STDIN"))
                if names and name != names[-1]:
                    self.peer.send(messages.message(b"J"))
            self.finish(needed, sources)

    def verified(self) -> list[str]:
        """Return the names of the client's files; none where it sends its STDIN."""
        kind, body = messages.read_message(self.peer.stream)
        if kind == b"e":
            raise client_error(body)
        if kind != b"F":
            raise unexpected(kind)
        wide = self.peer.protocol >= messages.PROTOCOL_3_15
        return [name for name, _ in messages.read_verified_files(body, wide=wide)]

    def finish(self, needed: CopyNeeded, sources: list[SpooledSource]) -> None:
        """Run the COPY, hand the client its files, answer the count of rows loaded.

        The last batch is answered before an error is sent: the client takes one that comes
        earlier for a broken protocol.
        """
        try:
            outcome = self.engine.copy(needed, sources)
        except VerticaError:
            self.peer.send(messages.message(b"J"))
            raise
        for file in outcome.client_files:
            self.peer.send(messages.write_file(file.name, file.content))
        if outcome.rejected_rows:
            numbers = struct.pack(f"<{len(outcome.rejected_rows)}q", *outcome.rejected_rows)
            self.peer.send(messages.write_file("", numbers))
        self.peer.send(messages.message(b"J"))
        self.peer.send(messages.message(b"c"))
        columns = encoders(ROWS_LOADED, binary=False)
        self.peer.send(encode_rows([(outcome.accepted,)], columns))
        self.peer.send(messages.command_complete("COPY"))


@contextmanager
def spool(folder: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """Hand out an empty file that is gone in the end."""
    handle, name = tempfile.mkstemp(dir=folder, prefix="copy-")
    path = Path(name)
    try:
        with open(handle, "wb", buffering=SPOOL_BUFFER) as file:  # noqa: PTH123 - a descriptor
            yield file, path
    finally:
        path.unlink(missing_ok=True)


def receive_stdin(peer: Peer, file: BinaryIO) -> None:
    """Take the data of COPY FROM STDIN up to its end."""
    while True:
        kind, body = messages.read_message(peer.stream)
        if kind == b"d":
            file.write(body)
        elif kind == b"c":
            break
        elif kind == b"f":
            reason = body.rstrip(b"\0").decode(errors="replace")
            raise VerticaError("57014", f"COPY from stdin failed: {reason}", 3399)
        elif kind not in (b"H", b"S"):
            raise unexpected(kind)
    file.flush()


def receive_batch(peer: Peer, file: BinaryIO) -> None:
    """Take the content of one of the client's files."""
    while True:
        kind, body = messages.read_message(peer.stream)
        if kind == b"d":
            file.write(body)
        elif kind == b"j":
            break
        elif kind == b"e":
            raise client_error(body)
        else:
            raise unexpected(kind)
    file.flush()


def unexpected(kind: bytes) -> VerticaError:
    """Return the error for a message out of its turn."""
    return VerticaError("08P01", f"Unexpected message {kind!r} during COPY", 4000)


def client_error(data: bytes) -> VerticaError:
    """Return what the client says about a file that it cannot read or write."""
    body = messages.Body(data)
    name = body.text()
    body.number("i")
    body.text()
    return VerticaError("22V02", f"{name}: {body.text()}", 0)
