"""Find where the records of a window end, and which lines in it are malformed.

Only commas, quotes and line feeds are looked at. Whether a quote may open or close a field is
seen from its neighbours, once for either parity; a restart after a malformed line then costs two
binary searches and no second look at the bytes.
"""

from array import array
from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Octets = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

QUOTE, COMMA, FEED, RETURN = (ord(mark) for mark in '",\n\r')
STRAY, UNCLOSED, TOO_LONG = 1, 2, 4


@dataclass(frozen=True)
class Window:
    """Bytes that begin with a record; the last ones of a file end with a line feed."""

    data: bytes
    final: bool
    longest: int

    def unfinished(self, start: int) -> bool:
        """Say whether the bytes from `start` on may still become a record."""
        return not self.final and len(self.data) - start <= self.longest


@dataclass(frozen=True)
class Marks:
    """The commas, quotes and line feeds of a window: where, which, and whether inside quotes."""

    at: Integers
    kind: Octets
    inside: Octets


@dataclass(frozen=True)
class Malformed:
    """First lines of malformed records, in order: where they start, and why they are refused."""

    starts: "array[int]"
    causes: bytearray


@dataclass(frozen=True)
class Scan:
    """What a window holds: its marks with mended parity, its malformed lines, a giant's start."""

    marks: Marks
    malformed: Malformed
    giant: int | None


def scan(window: Window) -> Scan:
    """Find the marks of a window and refuse the first line of each malformed record."""
    octets = np.frombuffer(window.data, np.uint8)
    has_quotes = b'"' in window.data
    special = (octets == COMMA) | (octets == FEED)
    if has_quotes:
        special |= octets == QUOTE
    at = np.flatnonzero(special)
    kind = octets[at]
    # The count may overflow: only whether it is odd is wanted.
    inside = np.zeros_like(kind)
    if has_quotes:
        np.bitwise_and(np.cumsum(kind == QUOTE, dtype=np.uint8), 1, out=inside)
    marks = Marks(at, kind, inside)
    bad = _bad_quotes(octets, at[kind == QUOTE])
    if not len(bad[0]) and _is_plain(window, marks):
        return Scan(marks, Malformed(array("q"), bytearray()), None)
    return _Walk(window, marks, bad).run()


def _bad_quotes(octets: Octets, quotes: Integers) -> tuple[Integers, Integers]:
    """Find the quotes that break the format when the even ones open, and when the odd ones do."""
    if not len(quotes):
        return quotes, quotes
    adjacent = np.diff(quotes) == 1
    before = octets[np.maximum(quotes - 1, 0)]
    may_open = (before == COMMA) | (before == FEED) | (quotes == 0)
    may_open[1:] |= adjacent
    after = octets[np.minimum(quotes + 1, len(octets) - 1)]
    may_close = (after == COMMA) | (after == FEED) | (quotes == len(octets) - 1)
    may_close[:-1] |= adjacent
    returns = np.flatnonzero(after == RETURN)
    beyond = quotes[returns] + 2
    # What stands beyond the window is not known yet, so it breaks nothing yet.
    unknown = beyond >= len(octets)
    feeds = octets[np.minimum(beyond, len(octets) - 1)] == FEED
    may_close[returns] |= unknown | feeds
    even = np.arange(len(quotes)) % 2 == 0
    return (
        quotes[~np.where(even, may_open, may_close)],
        quotes[~np.where(even, may_close, may_open)],
    )


def _is_plain(window: Window, marks: Marks) -> bool:
    """Say whether no record is too long and the rest, if any, may still become a record."""
    ends = marks.at[(marks.kind == FEED) & (marks.inside == 0)]
    rest = int(ends[-1]) + 1 if len(ends) else 0
    if len(ends) and int(np.diff(ends, prepend=-1).max()) - 1 > window.longest:
        return False
    return rest == len(window.data) or window.unfinished(rest)


class _Walk:
    """One walk over a window that restarts after each malformed line."""

    def __init__(self, window: Window, marks: Marks, bad: tuple[Integers, Integers]) -> None:
        feeds = marks.kind == FEED
        lines, parity = marks.at[feeds], marks.inside[feeds]
        self.window, self.marks = window, marks
        # Memory views: binary search in them makes no numpy scalars, which is ten times faster.
        self.at, self.lines = marks.at.data, lines.data
        self.quotes = marks.at[marks.kind == QUOTE].data
        self.bad = bad[0].data, bad[1].data
        self.end_arrays = lines[parity == 0], lines[parity == 1]
        self.ends = self.end_arrays[0].data, self.end_arrays[1].data
        self.malformed = Malformed(array("q"), bytearray())

    def run(self) -> Scan:
        """Go from one malformed line to the next and mend the parity of what lies between."""
        size, start = len(self.window.data), 0
        while start < size:
            phase = bisect_left(self.quotes, start) & 1
            bad = self._next(self.bad[phase], start)
            culprit = self._culprit(phase, start, size if bad is None else bad)
            self._flip(phase, start, culprit)
            if culprit == size or (bad is None and self._may_grow(culprit, phase)):
                return self._stop(culprit, None)
            line_end = self._next(self.lines, culprit)
            if line_end is None:
                unfinished = self.window.unfinished(culprit)
                return self._stop(culprit, None if unfinished else culprit)
            self._refuse(culprit, line_end, line_end if bad is None else bad)
            start = line_end + 1
        return self._stop(size, None)

    def _next(self, positions: "memoryview[int]", start: int) -> int | None:
        index = bisect_left(positions, start)
        return positions[index] if index < len(positions) else None

    def _culprit(self, phase: int, start: int, stop: int) -> int:
        """Find where the first record starts that is too long or does not end before `stop`."""
        ends = self.ends[phase]
        low, high = bisect_left(ends, start), bisect_left(ends, stop)
        if low == high:
            return start
        if ends[high - 1] - start > self.window.longest:
            lengths = np.diff(self.end_arrays[phase][low:high], prepend=start - 1) - 1
            long = np.flatnonzero(lengths > self.window.longest)
            if len(long):
                high = low + int(long[0])
        return ends[high - 1] + 1 if high > low else start

    def _may_grow(self, culprit: int, phase: int) -> bool:
        """Say whether the record at `culprit` is only cut by the window's end."""
        has_end = self._next(self.ends[phase], culprit) is not None
        return not has_end and self.window.unfinished(culprit)

    def _flip(self, phase: int, start: int, stop: int) -> None:
        if phase:
            low, high = bisect_left(self.at, start), bisect_left(self.at, stop)
            self.marks.inside[low:high] ^= 1

    def _refuse(self, start: int, line_end: int, bad: int) -> None:
        if line_end - start > self.window.longest:
            cause = TOO_LONG
        else:
            cause = STRAY if bad < line_end else UNCLOSED
        self.malformed.starts.append(start)
        self.malformed.causes.append(cause)
        low, high = bisect_left(self.at, start), bisect_left(self.at, line_end)
        # Nothing within the line ends a record or a field; its own end does.
        self.marks.inside[low:high] = 1
        self.marks.inside[high] = 0

    def _stop(self, start: int, giant: int | None) -> Scan:
        """Leave what follows `start` to the next window."""
        self.marks.inside[bisect_left(self.at, start) :] = 1
        return Scan(self.marks, self.malformed, giant)
