"""Turn the records of a source into lines that DuckDB's reader takes, and back.

A record terminator ends a record wherever it stands, also between enclosing quotes, unless the
escape character precedes it. Blank records are neither loaded, rejected nor counted.

What DuckDB would misread is exchanged for control octets that the source does not hold: a line
end inside a record, an escaped delimiter, an escape. Nothing is lost, so a line can be turned back
into its record; and each exchange has a fixed meaning inside a value, so SQL can restore it.
"""

import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass

from local_vertica.copy.lines import BOM, has_blank, holds, line_ends

CHUNK = 1 << 18  # what the processor keeps at hand while it is looked through again and again
BLANKS = re.compile(rb"\n{2,}")
CANDIDATES = bytes(range(1, 32)) + b"\x7f"


@dataclass(frozen=True)
class Framing:
    """The octets that give a source its shape; an absent escape or quote is b''.

    Without `uniform` the fields are not all written alike, and only the exact parser reads them.
    """

    terminator: bytes
    delimiter: bytes
    null: bytes
    escapes: bytes
    enclosed: bytes
    uniform: bool = True


@dataclass(frozen=True)
class Exchange:
    """A sequence of the source, the octet that stands for it in a line, its sense in a value."""

    source: bytes
    stand_in: bytes
    value: bytes


@dataclass(frozen=True)
class Swap:
    """How the records of a source become lines: the exchanges in their order."""

    terminator: bytes = b"\n"
    exchanges: tuple[Exchange, ...] = ()
    token: bytes = b"\n"

    def text(self, octets: bytes) -> bytes:
        """Return records as lines; blank ones stay."""
        table = bytearray(range(256))
        for one in self.exchanges:
            if len(one.source) > 1:
                octets = octets.replace(one.source, one.stand_in)
            else:
                table[one.source[0]] = one.stand_in[0]
        if len(self.terminator) > 1:
            octets = octets.replace(self.terminator, self.token)
        table[self.token[0]] = 10
        return octets.translate(bytes(table))

    def lines(self, octets: bytes) -> bytes:
        """Return records as lines; blank ones vanish."""
        octets = self.text(octets)
        if has_blank(line_ends(octets), follows_end=True):
            octets = BLANKS.sub(b"\n", octets).lstrip(b"\n")
        return octets

    def record(self, line: bytes) -> bytes:
        """Return the record that a line stands for."""
        for one in self.exchanges:
            line = line.replace(one.stand_in, one.source)
        return line


def choose_swap(source: mmap.mmap, start: int, framing: Framing) -> Swap | None:
    """Return an exchange under which each record is a line, or None if octets run out."""
    terminator = framing.terminator
    shape = terminator + framing.delimiter + framing.null + framing.escapes + framing.enclosed
    free = (
        bytes([octet])
        for octet in CANDIDATES
        if octet not in shape + b"\n\r" and source.find(bytes([octet]), start) < 0
    )
    try:
        exchanges = []
        if source[start : start + 3] == BOM:
            exchanges.append(Exchange(BOM, next(free) * 3, BOM))
        exchanges += [
            Exchange(octets, next(free), value)
            for octets, value in doubtful(framing)
            if holds(source, start, octets)
        ]
        token = next(free) if len(terminator) > 1 else terminator
    except StopIteration:
        return None
    return Swap(terminator, tuple(exchanges), token)


def doubtful(framing: Framing) -> Iterator[tuple[bytes, bytes]]:
    """Yield what DuckDB would misread, and what it means in a value; longer sequences first."""
    escape, end = framing.escapes, framing.terminator
    if escape:
        for octets in (escape, framing.delimiter, end[:1], framing.enclosed):
            if octets:
                yield escape + octets, octets
        yield escape, b""
    for octets in (b"\n", b"\r", b"\0"):
        if octets != end:
            yield octets, octets


def cut_chunks(source: mmap.mmap, start: int, framing: Framing) -> Iterator[bytes]:
    """Yield the source from a place on in pieces of whole records, the last one ended too."""
    size = len(source)
    while start < size:
        end = chunk_end(source, start, framing)
        chunk = source[start:end]
        if end == size and not is_ended(chunk, framing):
            if is_escaped(chunk, len(chunk), framing.escapes):
                chunk = chunk[:-1]  # an escape at the very end has nothing to make literal
            chunk += framing.terminator
        yield chunk
        start = end


def is_ended(chunk: bytes, framing: Framing) -> bool:
    """Tell whether the last record of a chunk has its terminator."""
    place = len(chunk) - len(framing.terminator)
    return chunk.endswith(framing.terminator) and not is_escaped(chunk, place, framing.escapes)


def chunk_end(source: mmap.mmap, start: int, framing: Framing) -> int:
    """Return the end of a chunk: behind the last record that fits, or the first that does not."""
    size, width = len(source), len(framing.terminator)
    if size - start <= CHUNK:
        return size
    found = source.rfind(framing.terminator, start, start + CHUNK)
    while found >= start and is_escaped(source, found, framing.escapes):
        found = source.rfind(framing.terminator, start, found + width - 1)
    if found < start:
        found = next_end(source, start + CHUNK - width + 1, framing)
    return size if found < 0 else found + width


def next_end(octets: mmap.mmap | bytes, place: int, framing: Framing) -> int:
    """Return where the next unescaped terminator stands, -1 if there is none."""
    found = octets.find(framing.terminator, place)
    while found >= 0 and is_escaped(octets, found, framing.escapes):
        found = octets.find(framing.terminator, found + 1)
    return found


def is_escaped(octets: mmap.mmap | bytes, position: int, escapes: bytes) -> bool:
    """Tell whether an odd number of escape octets stands before a position."""
    run = 0
    while position - run > 0 and octets[position - run - 1] in escapes:
        run += 1
    return run % 2 == 1


def split_records(chunk: bytes, framing: Framing) -> Iterator[bytes]:
    """Yield the records of a chunk of whole records, blank ones left out."""
    place = 0
    while place < len(chunk):
        end = next_end(chunk, place, framing)
        if end > place:
            yield chunk[place:end]
        place = end + len(framing.terminator)
