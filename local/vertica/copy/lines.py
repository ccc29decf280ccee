"""Look over a file of lines, block by block, while each block lies in the processor's cache."""

import mmap
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]

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
        ends = np.frombuffer(block, dtype=np.uint8) == LINE_END
        is_blank = (follows_end and ends[0]) or (ends[1:] & ends[:-1]).any()
        if is_blank or any(one in block for one in unwanted):
            return None
        ended += int(np.count_nonzero(ends))
        is_enclosed = is_enclosed or bool(enclosed and enclosed in block)
        follows_end = bool(ends[-1])
    return Survey(ended + (not follows_end), is_enclosed)


def line_bounds(octets: mmap.mmap, lines: Numbers) -> tuple[list[int], list[int]]:
    """Return where the given lines of a file begin and end."""
    wanted = np.union1d(lines, lines - 1)  # a line begins behind the end of the one before it
    found = np.full(len(wanted), len(octets), dtype=np.int64)
    found[wanted < 0] = -1
    passed = 0
    for place in range(0, len(octets), BLOCK):
        block = np.frombuffer(octets[place : place + BLOCK], dtype=np.uint8)
        ends = np.flatnonzero(block == LINE_END)
        first, last = np.searchsorted(wanted, (passed, passed + len(ends)))
        found[first:last] = ends[wanted[first:last] - passed] + place
        passed += len(ends)
    starts = found[np.searchsorted(wanted, lines - 1)] + 1
    return starts.tolist(), found[np.searchsorted(wanted, lines)].tolist()
