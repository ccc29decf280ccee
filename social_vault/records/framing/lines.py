"""Cut a file into its lines, each of them a record: so do documents stand, one a line.

JSON writes a line end within a text as a backslash and an n, so that a line feed ends a record
wherever it stands. The return of a CRLF belongs to the line end; an empty line is blank and has no
number.
"""

import numpy as np

from social_vault.records.framing.frame import Frame, Position
from social_vault.records.framing.marks import FEED, RETURN, TOO_LONG, Window


def cut_lines(window: Window, position: Position, _fields: int = 0) -> tuple[Frame, int | None]:
    """Cut a window into lines; return also where a line begins that never ends in it."""
    octets = np.frombuffer(window.data, np.uint8)
    ends = np.flatnonzero(octets == FEED)
    consumed = int(ends[-1]) + 1 if len(ends) else 0
    starts = np.concatenate(([0], ends + 1))[: len(ends)]
    lengths = ends - starts
    causes = ((lengths > window.longest) * np.uint8(TOO_LONG)).astype(np.uint8)
    lengths -= (lengths > 0) & (octets[np.maximum(ends - 1, 0)] == RETURN)
    lines = np.arange(position.line, position.line + len(ends), dtype=np.int64)
    frame = Frame(window.data, position, starts, lengths, lines, causes, len(ends), consumed)
    is_whole = consumed == len(window.data) or window.unfinished(consumed)
    return frame, None if is_whole else consumed
