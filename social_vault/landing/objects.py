"""What is known of one object: where it lies, which version, and where its bytes were spooled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, urlencode

LISTED_FROM = "s3"  # the source of object versions, in the ledger, too
NOT_VERSIONED = frozenset({"", "null"})  # the id of an object that the next write replaces


def uri(bucket: str, key: str = "") -> str:
    """Name a bucket or an object in plain text, whatever its key holds."""
    return f"s3://{bucket}/{quote(key)}" if key else f"s3://{bucket}"


@dataclass(frozen=True)
class ObjectVersion:
    """One state of an object's bytes.

    In a versioned bucket its id names it, elsewhere ETag and time of upload together: a file that
    is put back to earlier bytes is a new state. A listing does not tell ids; they come with the
    bytes. `last_modified` is in UTC and of whole seconds, as all answers of S3 agree on those.
    """

    source: str
    bucket: str
    key: str
    etag: str
    size: int
    last_modified: datetime
    version_id: str = ""

    @property
    def version(self) -> str:
        """Name the state within its key: the bucket's id of it, or the ETag where it keeps none."""
        return self.version_id or self.etag

    @property
    def uri(self) -> str:
        """Name the object version in one line of plain text: the vault's `load_src`."""
        state = {"version": self.version_id}
        if not self.version_id:
            state = {"etag": self.etag, "uploaded": f"{self.last_modified:%Y-%m-%dT%H:%M:%SZ}"}
        return f"{uri(self.bucket, self.key)}?{urlencode(state, quote_via=quote)}"


@dataclass(frozen=True)
class SpooledObject:
    """An object version whose bytes lie complete in the spool."""

    object: ObjectVersion
    path: Path
    size: int
    sha256: str


@dataclass(frozen=True)
class ObjectRequest:
    """Which objects a run asks for: those under a prefix, or the named keys.

    With a `source`, only its chains are looked at; without one, only files that feed a table.
    """

    bucket: str
    prefix: str = ""
    source: str = ""
    keys: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()  # asked for by name: a missing one is an error


@dataclass(frozen=True)
class Draft:
    """An object that is to be: its octets lie in a file, what is to be known of it in ASCII."""

    bucket: str
    key: str
    path: Path
    metadata: Mapping[str, str]


@dataclass(frozen=True)
class Description:
    """What a store tells of an object without its bytes, and when it said so by its own clock."""

    metadata: Mapping[str, str]
    last_modified: datetime
    told_at: datetime
