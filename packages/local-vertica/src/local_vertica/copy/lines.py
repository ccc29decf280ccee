"""Look over a file of lines, block by block, while each block lies in the processor's cache."""

import mmap
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

BLOCK = 1 << 18
LINE_END = 10
BOM = b"\xef\xbb\xbf"  # DuckDB would skip it
MISREAD = (b"\r", b"\0")  # what DuckDB's reader takes for more than an octet of a field


@dataclass(frozen=True)
class Survey:
    """What a file of lines holds."""

    lines: int
    is_enclosed: bool


def survey(octets: mmap.mmap, escape: bytes, enclosed: bytes) -> Survey | None:
    """Count the lines, of which the last may lack its end; None if DuckDB would misread one.

    Nor may a line be blank, or hold the escape.
    """
    if octets[: len(BOM)] == BOM:
        return None
    unwanted = [*MISREAD, escape] if escape else MISREAD
    ended, is_enclosed, follows_end = 0, False, True
    for place in range(0, len(octets), BLOCK):
        block = octets[place : place + BLOCK]
        ends = line_ends(block)
        if has_blank(ends, follows_end) or any(one in block for one in unwanted):
            return None
        ended += int(np.count_nonzero(ends))
        is_enclosed = is_enclosed or bool(enclosed and enclosed in block)
        follows_end = bool(ends[-1])
    return Survey(ended + (not follows_end), is_enclosed)


def line_ends(block: bytes) -> Flags:
    """Return which octets end a line."""
    ends: Flags = np.frombuffer(block, dtype=np.uint8) == LINE_END
    return ends


def has_blank(ends: Flags, follows_end: bool) -> bool:
    """Tell whether one of the lines that end here is blank; the first may follow an end."""
    return bool((follows_end and ends[:1].any()) or (ends[1:] & ends[:-1]).any())


def holds(octets: mmap.mmap, start: int, sequence: bytes) -> bool:
    """Tell whether one octet, or one behind the other, stands in a file from a place on."""
    if len(sequence) == 1:
        return octets.find(sequence, start) >= 0
    first, second = sequence
    for place in range(start, len(octets), BLOCK):
        block = np.frombuffer(octets[place : place + BLOCK + 1], dtype=np.uint8)
        if ((block[:-1] == first) & (block[1:] == second)).any():
            return True
    return False


def line_bounds(octets: mmap.mmap, lines: Numbers) -> tuple[list[int], list[int]]:
    """Return where the given lines of a file begin and end."""
    wanted = np.union1d(lines, lines - 1)  # a line begins behind the end of the one before it
    found = np.full(len(wanted), len(octets), dtype=np.int64)
    found[wanted < 0] = -1
    passed = 0
    for place in range(0, len(octets), BLOCK):
        ends = np.flatnonzero(line_ends(octets[place : place + BLOCK]))
        first, last = np.searchsorted(wanted, (passed, passed + len(ends)))
        found[first:last] = ends[wanted[first:last] - passed] + place
        passed += len(ends)
    starts = found[np.searchsorted(wanted, lines - 1)] + 1
    return starts.tolist(), found[np.searchsorted(wanted, lines)].tolist()
