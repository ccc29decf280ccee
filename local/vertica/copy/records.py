"""Cut a source into records, and part the plain ones from those the exact parser must read.

A record terminator ends a record wherever it stands, also between enclosing quotes, unless the
escape character precedes it. Blank records are neither loaded, rejected nor counted.
"""

import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Positions = npt.NDArray[np.int64]

CHUNK = 16 << 20
BLANKS = re.compile(rb"\n{2,}")
CANDIDATES = bytes(range(1, 32)) + b"\x7f"


@dataclass(frozen=True)
class Framing:
    """The octets that matter for cutting: `special` are those only the exact parser understands.

    Without `plain` every record is for the exact parser.
    """

    terminator: bytes
    escapes: bytes
    special: bytes
    plain: bool = True


@dataclass(frozen=True)
class Swap:
    """The octets exchanged so that DuckDB can read the records: source to file."""

    table: bytes
    token: bytes | None
    restored: dict[bytes, bytes]

    def back(self, line: bytes) -> bytes:
        """Return a record of the file as it was in the source."""
        for stand_in, original in self.restored.items():
            line = line.replace(stand_in, original)
        return line


@dataclass(frozen=True)
class Part:
    """The records of one chunk: `plain` in lines, the others with their ordinal from 0.

    `ordinals` are those of the plain lines; None if nothing stands between them.
    """

    plain: bytes
    lines: int
    others: list[tuple[int, bytes]]
    ordinals: Positions | None
    count: int


def choose_swap(source: mmap.mmap, framing: Framing, reserved: bytes) -> Swap | None:
    """Return an exchange under which each record is a line, or None if no octet is free."""
    taken = set(framing.terminator + framing.escapes + framing.special + reserved + b"\n\r\0")
    free = (bytes([octet]) for octet in CANDIDATES if octet not in taken)
    table = bytearray(range(256))
    token: bytes | None = None
    restored: dict[bytes, bytes] = {}
    wanted = [octet for octet in (b"\n", b"\r", b"\0") if octet != framing.terminator]
    if len(framing.terminator) > 1:
        wanted.insert(0, framing.terminator)
    for octet in wanted:
        if source.find(octet) < 0:
            continue
        stand_in = next((one for one in free if source.find(one) < 0), None)
        if stand_in is None:
            return None
        if octet == framing.terminator:
            token = stand_in
            table[stand_in[0]] = 10
            continue
        table[octet[0]] = stand_in[0]
        restored[stand_in] = octet
    if len(framing.terminator) == 1:
        table[framing.terminator[0]] = 10
    return Swap(bytes(table), token, restored)


def swapped(octets: bytes, framing: Framing, swap: Swap) -> bytes:
    """Return records as lines."""
    if swap.token is not None:
        octets = octets.replace(framing.terminator, swap.token)
    return octets.translate(swap.table)


def cut_chunks(source: mmap.mmap, start: int, framing: Framing) -> Iterator[tuple[int, int]]:
    """Yield ranges of the source that end with a whole record."""
    size = len(source)
    while start < size:
        end = chunk_end(source, start, framing)
        yield start, end
        start = end


def chunk_end(source: mmap.mmap, start: int, framing: Framing) -> int:
    """Return the end of a chunk: behind the last record that fits, or the first that does not."""
    size, width = len(source), len(framing.terminator)
    if size - start <= CHUNK:
        return size
    found = source.rfind(framing.terminator, start, start + CHUNK)
    while found > start and is_escaped(source, found, framing.escapes):
        found = source.rfind(framing.terminator, start, found + width - 1)
    if found > start or (found == start and not is_escaped(source, found, framing.escapes)):
        return found + width
    found = source.find(framing.terminator, start + CHUNK - width + 1)
    while found >= 0 and is_escaped(source, found, framing.escapes):
        found = source.find(framing.terminator, found + 1)
    return size if found < 0 else found + width


def is_escaped(octets: mmap.mmap | bytes, position: int, escapes: bytes) -> bool:
    """Tell whether an odd number of escape octets stands before a position."""
    run = 0
    while position - run > 0 and octets[position - run - 1] in escapes:
        run += 1
    return run % 2 == 1


def part_chunk(chunk: bytes, framing: Framing, swap: Swap | None) -> Part:
    """Part the records of a chunk."""
    if not chunk.endswith(framing.terminator) or is_escaped(
        chunk, len(chunk) - len(framing.terminator), framing.escapes
    ):
        chunk += framing.terminator
    if swap is None or not framing.plain:
        return part_exactly(chunk, framing, None)
    if any(octet in chunk for octet in framing.special):
        return part_exactly(chunk, framing, swap)
    plain = swapped(chunk, framing, swap)
    if plain.startswith(b"\n") or b"\n\n" in plain:
        plain = BLANKS.sub(b"\n", plain).lstrip(b"\n")
    lines = plain.count(b"\n")
    return Part(plain, lines, [], None, lines)


def part_exactly(chunk: bytes, framing: Framing, swap: Swap | None) -> Part:
    """Part the records of a chunk of which some, or all, are for the exact parser."""
    ends = record_ends(chunk, framing)
    starts = np.concatenate(([0], ends[:-1] + len(framing.terminator)))
    filled = ends > starts
    ordinals = np.cumsum(filled) - 1
    plain = np.zeros(len(ends), dtype=bool)
    if swap is not None:
        octets = np.frombuffer(chunk, dtype=np.uint8)
        special = np.zeros(len(octets), dtype=bool)
        for octet in framing.special:
            special |= octets == octet
        plain[:] = True
        plain[np.searchsorted(ends, np.flatnonzero(special), side="left")] = False
    others = np.flatnonzero(filled & ~plain)
    plain &= filled
    edges = np.flatnonzero(np.diff(np.concatenate(([False], plain, [False]))))
    view = memoryview(chunk)
    kept = b"".join(
        view[starts[first] : ends[last - 1] + len(framing.terminator)]
        for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    )
    return Part(
        plain=kept if swap is None else swapped(kept, framing, swap),
        lines=int(plain.sum()),
        others=[(int(ordinals[i]), chunk[starts[i] : ends[i]]) for i in others.tolist()],
        ordinals=ordinals[plain],
        count=int(filled.sum()),
    )


def record_ends(chunk: bytes, framing: Framing) -> Positions:
    """Return where the records of a chunk end: the unescaped terminators."""
    width = len(framing.terminator)
    octets = np.frombuffer(chunk, dtype=np.uint8)
    if width == 1:
        ends = np.flatnonzero(octets == framing.terminator[0])
    else:
        pattern = re.compile(re.escape(framing.terminator))
        ends = np.array([found.start() for found in pattern.finditer(chunk)], dtype=np.int64)
    if framing.escapes and len(ends):
        before = octets[np.maximum(ends - 1, 0)]
        doubtful = np.isin(before, np.frombuffer(framing.escapes, dtype=np.uint8)) & (ends > 0)
        for place in np.flatnonzero(doubtful).tolist():
            if is_escaped(chunk, int(ends[place]), framing.escapes):
                ends[place] = -1
        ends = ends[ends >= 0]
    return ends
