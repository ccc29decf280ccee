"""Read the lists of statements in tests/data/sql, each line in a section of its file.

A section begins with `-- page of Vertica's documentation, release`, or with UNFOUND if no page
was found that tells it. The pages tell what is refused; its SQLSTATE is from the error pages.
"""

from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parents[1] / "data" / "sql"
UNFOUND = "-- not found"


class Line(NamedTuple):
    """A statement with what is told of it, and whether a page tells it."""

    topic: str
    statement: str
    told: str
    section: str

    @property
    def is_proven(self) -> bool:
        """Whether a page of the documentation tells it."""
        return not self.section.startswith(UNFOUND)


def lines_of(kind: str, mark: str) -> list[Line]:
    """Return every line of the lists of a kind, parted at its last mark."""
    found = []
    for path in sorted((FOLDER / kind).glob("*.txt")):
        section = ""
        for line in path.read_text().splitlines():
            if line.startswith("--"):
                section = line
            else:
                statement, told = line.rsplit(f" {mark} ", 1)
                found.append(Line(path.stem, statement.strip(), told.strip(), section))
    return found
