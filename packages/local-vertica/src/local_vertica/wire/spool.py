"""The input of a COPY on its way from the client to the server's disk."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from local_vertica.errors import VerticaError

BUFFER = 1 << 18


class Spool:
    """A file that takes what comes; what it could not take is told at the end.

    The client sends its data whatever happens here, so a full disk must not stop the reading.
    With a table each octet is exchanged on its way, which spares whoever reads the file a pass.
    """

    def __init__(self, file: BinaryIO, path: Path, table: bytes | None = None) -> None:
        self.file = file
        self.path = path
        self.table = table
        self.fault: OSError | None = None

    def write(self, piece: bytes) -> None:
        """Add a piece of the input."""
        if self.fault is not None:
            return
        try:
            self.file.write(piece if self.table is None else piece.translate(self.table))
        except OSError as error:
            self.fault = error

    def finish(self) -> None:
        """Bring everything to the file; raise if a part of it is missing."""
        try:
            self.file.flush()
        except OSError as error:
            self.fault = self.fault or error
        if self.fault is not None:
            reason = self.fault.strerror or type(self.fault).__name__
            raise VerticaError("53100", f"COPY cannot keep its input on the server: {reason}", 0)


@contextmanager
def spool(folder: Path, table: bytes | None = None) -> Iterator[Spool]:
    """Hand out an empty file in a folder, which is gone in the end."""
    try:
        handle, name = tempfile.mkstemp(dir=folder, prefix="copy-")
    except OSError as error:
        message = f"COPY cannot keep its input on the server: {error.strerror}"
        raise VerticaError("53100", message, 0) from error
    path = Path(name)
    file = open(handle, "wb", buffering=BUFFER)  # noqa: SIM115, PTH123 - a descriptor, closed below
    try:
        yield Spool(file, path, table)
    finally:
        path.unlink(missing_ok=True)
        with suppress(OSError):  # what a full disk could not take is not flushed again
            file.close()
