"""A store of objects in memory, and a source whose rows are numbers: what a chain needs to be."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock

from social_vault.landing.objects import Description, Draft
from social_vault.sources.reading import Bookmark, Reading

START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class MemoryStore:
    """One bucket, whose clock stands still until it is moved on."""

    is_replacing: bool = False  # as a store that knows no conditional PUT
    loses_answers: bool = False  # the object is written, and the repeated request finds it
    now: datetime = START
    contents: dict[str, bytes] = field(default_factory=dict)
    metadata: dict[str, dict[str, str]] = field(default_factory=dict)
    written: dict[str, datetime] = field(default_factory=dict)
    requests: int = 0
    lock: Lock = field(default_factory=Lock)

    def wait(self, **span: float) -> None:
        """Move the clock on."""
        self.now += timedelta(**span)

    def keys_after(self, _bucket: str, key: str, most: int) -> list[str]:
        """List keys of a folder behind one of them."""
        with self.lock:
            self.requests += 1
            folder = key[: key.rfind("/") + 1]
            keys = sorted(each for each in self.contents if each.startswith(folder))
        start = bisect_right(keys, key)
        return keys[start : start + most]

    def described(self, _bucket: str, key: str) -> Description | None:
        """Tell what is known of an object."""
        with self.lock:
            if key not in self.contents:
                return None
            return Description(self.metadata[key], self.written[key], self.now)

    def put_if_absent(self, draft: Draft) -> bool:
        """Write an object where none is."""
        content = draft.path.read_bytes()
        with self.lock:
            if draft.key in self.contents and not self.is_replacing:
                return False
            self.contents[draft.key] = content
            self.metadata[draft.key] = dict(draft.metadata)
            self.written[draft.key] = self.now
        return not self.loses_answers


@dataclass
class Numbers:
    """A source table that gains numbers; its bookmark is how many there were."""

    rows: list[int] = field(default_factory=list)
    is_whole: bool = False
    source: str = "shop"
    table: str = "sales"
    begun_at: list[Bookmark | None] = field(default_factory=list)
    warnings: tuple[str, ...] = ()

    def read(self, since: Bookmark | None, path: Path) -> Reading:
        """Write the numbers that came since."""
        self.begun_at.append(since)
        rows = list(self.rows)
        new = rows if self.is_whole or since is None else rows[since["seen"] :]
        path.write_text("".join(f"{line}\n" for line in ("number", *new)))
        return Reading(len(new), {"seen": len(rows)}, self.is_whole, self.warnings)


def rows_of(contents: list[bytes]) -> list[int]:
    """Read the numbers of a chain's objects, in its order."""
    return [int(line) for each in contents for line in each.split()[1:]]
