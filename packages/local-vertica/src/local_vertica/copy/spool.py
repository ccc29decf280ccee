"""Ready a source for reading: unpack it, map it, find where its records begin."""

import bz2
import gzip
import lzma
import mmap
import os
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from local_vertica.copy.options import Compression
from local_vertica.copy.records import Framing, next_end
from local_vertica.errors import VerticaError

BLOCK = 1 << 20
UNPACKERS = {"GZIP": gzip.open, "BZIP": bz2.open}
BROKEN = (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError)


@contextmanager
def unpacked(path: Path, compression: Compression, folder: Path) -> Iterator[Path]:
    """Lend the plain content of a file; a broken archive is refused as a whole."""
    if compression == "UNCOMPRESSED":
        yield path
        return
    target = folder / f"unpacked-{os.urandom(8).hex()}"
    try:
        try:
            with opened(path, compression) as packed, target.open("wb") as plain:
                shutil.copyfileobj(packed, plain, BLOCK)
        except BROKEN:
            message = f"COPY: cannot decompress {compression} input"
            raise VerticaError("22V02", message) from None
        yield target
    finally:
        target.unlink(missing_ok=True)


def opened(path: Path, compression: Compression) -> IO[bytes]:
    """Return a reader of the plain content."""
    if compression not in UNPACKERS:
        raise VerticaError("0A000", f"{compression} compression is not supported here")
    return UNPACKERS[compression](path, "rb")  # type: ignore[operator,no-any-return]


@contextmanager
def mapped(path: Path) -> Iterator[mmap.mmap | None]:
    """Lend a file's octets; None if it has none."""
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size == 0:
            yield None
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as octets:
            yield octets


def first_record(octets: mmap.mmap, framing: Framing, skip: int) -> int:
    """Return where the first record to load begins."""
    place = 0
    for _ in range(skip):
        found = next_end(octets, place, framing)
        if found < 0:
            return len(octets)
        place = found + len(framing.terminator)
    return place
