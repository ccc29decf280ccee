"""Cut a file into records, and refuse what is no record, one record at a time.

Why not leave it to the reader: polars pads a short row with nulls in silence, and one long row or
one stray quote fails the whole file. What is cut out here polars never sees.

The rules of CSV (those of documents are short, and stand in `lines`):

- RFC 4180: fields part at commas, records at line ends; a field in double quotes may hold commas,
  line ends and doubled quotes. A backslash is data. Lines end with LF or CRLF, or with the file.
- A quote opens a field right after a comma or at the start of a record, and closes it right before
  a comma or a line end; two quotes side by side within a field are one quote of data. A record in
  which a quote stands elsewhere is malformed. So is one with a quote that is never closed, and one
  longer than 1 MiB.
- Of a malformed record only its first line is refused, and framing starts afresh at the next line:
  one damaged record never takes the good records after it along. The reason is `too long` when
  that line alone passes the limit (nothing else of it is looked at), `stray quote` when the
  offending quote stands in it, else `unclosed quote`. (A quote left open that a later line happens
  to close by the rules is no damage that can be seen: the lines between are its field.)
- A record with too few or too many fields, with a control character (below 0x20 or 0x7F; tab, LF
  and CRLF are data or line ends, a lone CR is refused), or that is not UTF-8, is refused whole.
- A record may have several causes; all are reported.
- An empty line is counted as blank and takes no record number; a line of spaces is a record.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from social_vault.records.framing.frame import DAMAGED, RULES, Frame, Position, cut, giant, reasons
from social_vault.records.framing.lines import cut_lines
from social_vault.records.framing.marks import Window

__all__ = [
    "DAMAGED",
    "RULES",
    "Frame",
    "Layout",
    "Position",
    "cut",
    "cut_lines",
    "frames",
    "reasons",
]

# Cuts a window into a frame; says also where a line begins that never ends in it.
Cut = Callable[[Window, Position, int], tuple[Frame, int | None]]


@dataclass(frozen=True)
class Layout:
    """How a file is read: the fields of a record, the octets read at once, the longest record."""

    fields: int
    chunk: int = 2 << 20
    longest: int = 1 << 20


def frames(stream: BinaryIO, layout: Layout, position: Position, cut: Cut = cut) -> Iterator[Frame]:
    """Yield the rest of a stream in frames, every octet of it in exactly one of them."""
    rest, final = b"", False
    while not final:
        block = stream.read(layout.chunk)
        final = not block
        data = rest + block
        if final and data and not data.endswith(b"\n"):
            data += b"\n"  # the last line may lack its end, and is a record like any other
        found, giant_start = cut(Window(data, final, layout.longest), position, layout.fields)
        yield found
        position, rest = found.after, data[found.consumed :]
        if giant_start is not None:
            long, rest = _skip(stream, rest, layout, position)
            yield long
            position = long.after


def _skip(
    stream: BinaryIO, start: bytes, layout: Layout, position: Position
) -> tuple[Frame, bytes]:
    """Read to the end of a line that is far too long; return its frame and what follows it."""
    # Only its length is still wanted: it may be longer than memory.
    octets, ending, block, feed, rest = len(start), start[-1:], start, b"", b""
    while block and not feed:
        block = stream.read(layout.chunk)
        line, feed, rest = block.partition(b"\n")
        octets += len(line)
        ending = line[-1:] or ending
    line_octets = octets - (ending == b"\r")
    return giant(start[: layout.longest], line_octets, octets + len(feed), position), rest
