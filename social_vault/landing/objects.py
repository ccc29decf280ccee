"""What is known of one object: where it lies, which version, and where its bytes were spooled."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, urlencode

# Which table an object feeds is told by the last segment of its key.
FILE_NAMES = {
    "users.csv": "users",
    "groups.csv": "groups",
    "dialogs.csv": "dialogs",
    "group_log.csv": "group_log",
}


@dataclass(frozen=True)
class ObjectVersion:
    """One state of an object's bytes, pinned by version id or ETag, and the table it feeds."""

    source: str
    bucket: str
    key: str
    version: str  # the bucket's version id where it keeps versions, else the ETag
    etag: str
    size: int
    last_modified: datetime
    table: str

    @property
    def uri(self) -> str:
        """Name the object version in one line of plain text: the vault's `load_src`."""
        version = urlencode({"version": self.version}, quote_via=quote)
        return f"s3://{self.bucket}/{quote(self.key)}?{version}"

    @property
    def is_versioned(self) -> bool:
        """Tell whether the bucket gave the version an id of its own."""
        return self.version != self.etag


@dataclass(frozen=True)
class SpooledObject:
    """An object version whose bytes lie complete in the spool."""

    object: ObjectVersion
    path: Path
    size: int
    sha256: str


@dataclass(frozen=True)
class ObjectRequest:
    """Which objects a run asks for: those under a prefix, or the named keys."""

    bucket: str
    prefix: str = ""
    keys: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()  # asked for by name: a missing one is an error


def table_of(key: str) -> str | None:
    """Return the table that an object feeds, or None when it feeds none."""
    return FILE_NAMES.get(key.rsplit("/", 1)[-1])


def absent_tables(objects: Iterable[ObjectVersion], tables: Iterable[str]) -> list[str]:
    """Return the tables that no object feeds, in the order they were asked for."""
    found = {each.table for each in objects}
    return [table for table in tables if table not in found]
