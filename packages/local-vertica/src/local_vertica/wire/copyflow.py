"""COPY with the client's data: ask for it, spool it, answer.

Data never lie in memory as a whole: CopyData bodies go straight into a file of the database's
spool folder, which is deleted when the COPY ends.
"""

import struct
from collections.abc import Sequence
from contextlib import ExitStack

from local_vertica.copy.context import CopyOutcome, SpooledSource
from local_vertica.errors import VerticaError
from local_vertica.results import CopyNeeded, Field
from local_vertica.statements import Session
from local_vertica.types import VType
from local_vertica.wire import messages
from local_vertica.wire.codecs import encode_rows, encoders
from local_vertica.wire.line import Line
from local_vertica.wire.spool import Spool, spool

ROWS_LOADED = (Field("Rows Loaded", VType("INTEGER")),)
STDIN = "STDIN"


class CopyFlow:
    """One COPY with one client."""

    def __init__(self, line: Line, engine: Session, protocol: int) -> None:
        self.line = line
        self.engine = engine
        self.protocol = protocol
        self.folder = engine.database.spool_folder

    def from_stdin(self, needed: CopyNeeded) -> None:
        """Load what the client sends; the answer has no rows."""
        with spool(self.folder, needed.exchange) as kept:
            self.line.ask(messages.copy_in(0))
            self.receive(kept, b"c")
            source = SpooledSource(kept.path, STDIN, needed.exchange)
            outcome = self.engine.copy(needed, [source])
        self.finish(outcome)

    def from_local(self, needed: CopyNeeded) -> None:
        """Load the client's files, or its STDIN by the same protocol; answer the count.

        The last batch is answered before an error is sent: the client takes one that comes
        earlier for a broken protocol.
        """
        names = self.verified(needed)
        with ExitStack() as stack:
            spools = self.receive_files(names, stack)
            sources = [SpooledSource(each.path, name) for each, name in spools]
            try:
                outcome = self.engine.copy(needed, sources)
            except Exception:
                self.end_batches(is_stdin=not names)
                raise
        self.write_files(outcome)
        self.end_batches(is_stdin=not names)
        if names:
            self.line.send(messages.message(b"c"))
        row = encode_rows([(outcome.accepted,)], encoders(ROWS_LOADED, binary=False))
        self.line.send(row)
        self.finish(outcome)

    def verified(self, needed: CopyNeeded) -> list[str]:
        """Ask which files the patterns stand for; none where the client sends its STDIN."""
        self.line.send(messages.row_description(ROWS_LOADED, binary=False))
        patterns, rejects = needed.local_files, needed.reject_file
        self.line.ask(messages.verify_files(patterns, rejects, needed.exception_file))
        kind, body = self.line.read_message()
        if kind == b"e":
            raise client_error(body)
        if kind != b"F":
            raise unexpected(kind)
        wide = self.protocol >= messages.PROTOCOL_3_15
        return [name for name, _ in messages.read_verified_files(body, wide=wide)]

    def receive_files(self, names: Sequence[str], stack: ExitStack) -> list[tuple[Spool, str]]:
        """Take each file in turn, or STDIN; every batch but the last is answered."""
        spools: list[tuple[Spool, str]] = []
        for name in names or [STDIN]:
            if spools:
                self.line.send(messages.message(b"J"))
            kept = stack.enter_context(spool(self.folder))
            self.line.ask(messages.load_file(name) if names else messages.copy_in(0))
            self.receive(kept, b"j")
            spools.append((kept, name))
        return spools

    def receive(self, kept: Spool, end: bytes) -> None:
        """Take data up to the message that ends them; raise if a part is missing or unwanted."""
        while True:
            kind, size = self.line.read_head()
            if kind == b"d":
                for piece in self.line.read_pieces(size):
                    kept.write(piece)
                continue
            body = self.line.read(size)
            if kind == end:
                break
            if kind not in (b"H", b"S"):
                raise broken_off(kind, body)
        if self.engine.is_cancelled():
            raise VerticaError("57014", "Execution canceled by operator", 3326)
        kept.finish()

    def write_files(self, outcome: CopyOutcome) -> None:
        """Let the client write the files of rejects and exceptions."""
        for file in outcome.client_files:
            self.line.send(messages.write_file(file.name, file.content))
        if outcome.rejected_rows:
            numbers = struct.pack(f"<{len(outcome.rejected_rows)}q", *outcome.rejected_rows)
            self.line.send(messages.write_file("", numbers))

    def end_batches(self, *, is_stdin: bool) -> None:
        """Answer the last batch; a client that sends its STDIN then says that it is done."""
        self.line.ask(messages.message(b"J"))
        if is_stdin:
            kind, body = self.line.read_message()
            if kind != b"c":
                raise broken_off(kind, body)

    def finish(self, outcome: CopyOutcome) -> None:
        """End the answer."""
        for text in outcome.notices:
            self.line.send(messages.notice(text))
        self.line.send(messages.command_complete("COPY"))


def broken_off(kind: bytes, body: bytes) -> VerticaError:
    """Return the error for a message that stands where data should go on."""
    if kind == b"X":
        raise messages.Disconnected
    if kind == b"f":
        reason = body.rstrip(b"\0").decode(errors="replace")
        return VerticaError("57014", f"COPY from stdin failed: {reason}", 3399)
    return client_error(body) if kind == b"e" else unexpected(kind)


def unexpected(kind: bytes) -> VerticaError:
    """Return the error for a message out of its turn."""
    return VerticaError("08P01", f"Unexpected message {kind!r} during COPY", 4000)


def client_error(data: bytes) -> VerticaError:
    """Return what the client says it cannot read or write; where in its code is left out."""
    body = messages.Body(data)
    body.text()
    body.number("i")
    body.text()
    return VerticaError("22V02", f"COPY LOCAL failed at the client: {body.text()}", 0)
