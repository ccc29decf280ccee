"""Number the records of a window, and find why some of them are refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from social_vault.records.framing.marks import (
    FEED,
    QUOTE,
    RETURN,
    STRAY,
    TOO_LONG,
    UNCLOSED,
    Flags,
    Integers,
    Marks,
    Octets,
    Scan,
    Window,
    scan,
)

TOO_FEW, TOO_MANY, CONTROL, NOT_UTF8 = 8, 16, 32, 64
# Raw text of such a record may be anything.
DAMAGED = TOO_LONG | CONTROL | NOT_UTF8
RULES = {
    STRAY: "record: stray quote",
    UNCLOSED: "record: unclosed quote",
    TOO_LONG: "record: too long",
    TOO_FEW: "record: too few fields",
    TOO_MANY: "record: too many fields",
    CONTROL: "record: control character",
    NOT_UTF8: "record: not UTF-8",
}
# So many damaged records are found one by one; more are found by looking at every record.
FEW = 100


@dataclass(frozen=True)
class Position:
    """Where a record stands: its offset in the file, its line, and the records before it."""

    offset: int
    line: int
    records: int


@dataclass(frozen=True)
class Frame:
    """The records of one window, blank lines among them; the arrays run side by side."""

    data: bytes
    position: Position
    starts: Integers
    octets: Integers
    lines: Integers
    causes: Octets
    feeds: int
    consumed: int

    @cached_property
    def blank(self) -> Flags:
        """Say of each record whether it is only an empty line."""
        blank: Flags = self.octets == 0
        return blank

    @cached_property
    def good(self) -> Flags:
        """Say of each record whether its columns can be read."""
        good: Flags = (self.causes == 0) & (self.octets != 0)
        return good

    @cached_property
    def numbers(self) -> Integers:
        """Number the records in the file, from 1; a blank line has the number before it."""
        return self.position.records + np.cumsum(~self.blank)

    @property
    def after(self) -> Position:
        """Say where the next frame begins."""
        return Position(
            self.position.offset + self.consumed,
            self.position.line + self.feeds,
            self.position.records + int(np.count_nonzero(~self.blank)),
        )

    def raws(self, offsets: Integers, octets: Integers) -> list[bytes]:
        """Cut records out as they stand in the file, without line ends; of a giant, its start."""
        starts = (offsets - self.position.offset).tolist()
        ends = zip(starts, octets.tolist(), strict=True)
        return [self.data[start : start + length] for start, length in ends]

    def good_bytes(self) -> bytes:
        """Join the records whose columns can be read, with their line ends."""
        good = self.good
        if good.all():
            return self.data[: self.consumed]
        # Runs of good records are copied whole, as a damaged one is rare.
        edges = np.flatnonzero(np.diff(good, prepend=False, append=False))
        bounds = np.append(self.starts, self.consumed)[edges].tolist()
        view = memoryview(self.data)
        return b"".join(view[a:b] for a, b in zip(bounds[::2], bounds[1::2], strict=True))


def reasons(causes: int) -> Iterator[str]:
    """Name every cause in a set of causes."""
    return (rule for cause, rule in RULES.items() if causes & cause)


def cut(window: Window, position: Position, fields: int) -> tuple[Frame, int | None]:
    """Cut a window into records; return also where a line begins that never ends in it."""
    scanned = scan(window)
    marks = scanned.marks
    outside = (marks.inside == 0) & (marks.kind != QUOTE)
    last = np.flatnonzero(outside & (marks.kind == FEED))
    ends = marks.at[last]
    consumed = int(ends[-1]) + 1 if len(ends) else 0
    starts = np.concatenate(([0], ends + 1))[: len(ends)]
    octets = ends - starts
    array = np.frombuffer(window.data, np.uint8)
    # The return of a CRLF belongs to the line end.
    octets -= (octets > 0) & (array[np.maximum(ends - 1, 0)] == RETURN)
    # Each mark outside quotes ends a field, the line feed the last one.
    parts = last + 1 if outside.all() else np.cumsum(outside)[last]
    causes = _wrong_counts(np.diff(parts, prepend=0), fields, octets)
    _add_malformed(causes, starts, scanned)
    feeds, lines = _lines(marks, last, position.line)
    frame = Frame(window.data, position, starts, octets, lines, causes, feeds, consumed)
    _add_damaged(frame, ends)
    return frame, scanned.giant


def giant(start: bytes, octets: int, consumed: int, position: Position) -> Frame:
    """Make the frame of one line that is far too long, of which only the start is kept."""
    one = np.ones(1, np.int64)
    causes = np.full(1, TOO_LONG, np.uint8)
    return Frame(start, position, one * 0, one * octets, one * position.line, causes, 1, consumed)


def _wrong_counts(found: Integers, fields: int, octets: Integers) -> Octets:
    causes = (found < fields) * np.uint8(TOO_FEW) + (found > fields) * np.uint8(TOO_MANY)
    causes[octets == 0] = 0
    return causes.astype(np.uint8)


def _add_malformed(causes: Octets, starts: Integers, found: Scan) -> None:
    """Refuse malformed lines; how many fields they have is then no question."""
    if len(found.malformed.starts):
        which = np.searchsorted(starts, np.frombuffer(found.malformed.starts, np.int64))
        causes[which] = np.frombuffer(found.malformed.causes, np.uint8)


def _lines(marks: Marks, ends: Integers, first: int) -> tuple[int, Integers]:
    """Count the line feeds of the records that end at `ends`, and the line where each starts."""
    if not len(ends):
        return 0, ends
    is_feed = marks.kind[: ends[-1] + 1] == FEED
    total = int(np.count_nonzero(is_feed))
    if total == len(ends):
        return total, np.arange(first, first + total, dtype=np.int64)
    feeds = np.cumsum(is_feed, dtype=np.int64)[ends]
    return total, first + np.concatenate(([0], feeds[:-1]))


def _add_damaged(frame: Frame, ends: Integers) -> None:
    """Refuse records with control characters or invalid UTF-8, unless nothing of them was read."""
    damaged = (
        (CONTROL, np.searchsorted(ends, _controls(frame))),
        (NOT_UTF8, _not_utf8(frame, ends)),
    )
    for cause, records in damaged:
        if len(records):
            read = records[frame.causes[records] != TOO_LONG]
            frame.causes[read] |= cause


def _controls(frame: Frame) -> Integers:
    """Find where control characters stand: all but tab, line feed, and return before one."""
    # As many low octets as line feeds, and no DEL: there is none, which one count tells.
    size = frame.consumed
    octets = np.frombuffer(frame.data, np.uint8)[:size]
    low = octets < 32
    if np.count_nonzero(low) == frame.feeds and frame.data.find(127, 0, size) < 0:
        return np.empty(0, np.int64)
    at = np.flatnonzero(low | (octets == 127))
    kind = octets[at]
    at, kind = at[(kind != FEED) & (kind != 9)], kind[(kind != FEED) & (kind != 9)]
    # The last octet is a line feed, so what follows a return is always there.
    ends_line = (kind == RETURN) & (octets[np.minimum(at + 1, max(size - 1, 0))] == FEED)
    lone: Integers = at[~ends_line]
    return lone


def _not_utf8(frame: Frame, ends: Integers) -> Integers:
    """Find the records that are not UTF-8: the first few one by one, many by looking at all."""
    if _is_utf8(frame.data[: frame.consumed]):
        return np.empty(0, np.int64)
    view, start, found = memoryview(frame.data)[: frame.consumed], 0, list[int]()
    while start < frame.consumed and len(found) < FEW:
        try:
            str(view[start:], "utf-8")
        except UnicodeDecodeError as error:
            found.append(int(np.searchsorted(ends, start + error.start)))
            start = int(ends[found[-1]]) + 1
        else:
            start = frame.consumed
    first = int(np.searchsorted(ends, start))
    spans = zip(frame.starts[first:].tolist(), ends[first:].tolist(), strict=True)
    found += [first + i for i, (a, b) in enumerate(spans) if not _decodes(view[a:b])]
    return np.array(found, np.int64)


def _is_utf8(octets: bytes) -> bool:
    """Say whether octets are UTF-8; polars only looks, twenty times faster than decoding."""
    try:
        pl.Series([octets], dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.ComputeError:
        return False
    return True


def _decodes(octets: memoryview) -> bool:
    try:
        str(octets, "utf-8")
    except UnicodeDecodeError:
        return False
    return True
