"""Exchange octets while the input arrives, so that its records are lines without another pass.

The exchange is a permutation: the record terminator becomes the line end, the line end a control
octet, that octet the terminator. So it can always be undone, whatever the input holds.
"""

import mmap
from pathlib import Path

from local_vertica.copy.fast import Lines
from local_vertica.copy.lines import holds, survey
from local_vertica.copy.options import CopyStatement, FieldFormat
from local_vertica.copy.records import CANDIDATES, CHUNK, Exchange, Framing, Swap

DEFAULTS = FieldFormat()


def exchange_on_arrival(statement: CopyStatement) -> bytes | None:
    """Return the table to exchange STDIN's octets by, or None if nothing is won by it."""
    end, form = statement.record_terminator, statement.format
    own = [column.format for column in (*statement.columns, *statement.column_options)]
    plain = form.no_escape and form.enclosed is None and form.trim is None
    if len(end.encode()) != 1 or end == "\n" or not plain or any(f != DEFAULTS for f in own):
        return None
    if statement.skip or statement.parser or statement.source.kind != "stdin":
        return None
    if statement.source.compression != "UNCOMPRESSED":
        return None
    shape = (end + (form.delimiter or "|") + (form.null or "")).encode() + b"\n\r\0"
    free = next(octet for octet in CANDIDATES if octet not in shape)
    table = bytearray(range(256))
    table[ord(end)], table[10], table[free] = 10, free, ord(end)
    return bytes(table)


def exchanged_lines(source: mmap.mmap, path: Path, framing: Framing, table: bytes) -> Lines | None:
    """Return the exchanged octets as lines of records, None if they are not."""
    found = None if framing.escapes or not framing.uniform else survey(source, b"", b"")
    if found is None:
        return None
    end = framing.terminator
    free = table[10:11]
    exchanges = (Exchange(b"\n", free, b"\n"), Exchange(free, end, free))
    met = tuple(one for one in exchanges if holds(source, 0, one.stand_in))
    return Lines(path, Swap(end, met, end), found.lines, is_enclosed=False)


def undo_exchange(source: mmap.mmap, table: bytes, path: Path) -> None:
    """Write the input to a file as it was before the exchange."""
    back = bytes(table.index(octet) for octet in range(256))
    with path.open("wb", buffering=0) as file:
        for place in range(0, len(source), CHUNK):
            file.write(source[place : place + CHUNK].translate(back))
