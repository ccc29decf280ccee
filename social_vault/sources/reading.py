"""What one read of a source table has come to; every source system gives it in the same form."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

# Where a read ended, in the source's own terms: plain JSON, which stands in an object's metadata.
Bookmark = Mapping[str, object]


@dataclass(frozen=True)
class Reading:
    """A read that ended well: its records lie complete in a file.

    The next read begins at `until`. Of a source table that is read whole each time (`is_whole`) the
    same octets as before are no news, and no records at all are news. `warnings` are sentences that
    a human must see: a history that was lost, a server that is another one.
    """

    records: int
    until: Bookmark
    is_whole: bool = False
    warnings: tuple[str, ...] = ()


class Reader(Protocol):
    """Reads one table of one source system."""

    @property
    def source(self) -> str:
        """Name the source system as the catalogue does."""
        ...

    @property
    def table(self) -> str:
        """Name the source table as the catalogue does."""
        ...

    def read(self, since: Bookmark | None, path: Path) -> Reading:
        """Write all that is new since a bookmark to a file, or raise; None is the first read."""
        ...
