"""A chain: the landing objects of one source table, numbered from 0, each bearing where it ended.

Its last object is the only memory of how far a source was read. Who reads on puts the next number
if nobody else has; of two who do at once the second finds it taken and throws its file away. An
extractor that dies before that has done nothing. Objects are only ever added.
"""

import hashlib
import json
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, Protocol

from social_vault.disk import on_disk
from social_vault.errors import MissingObjectError, SourceError
from social_vault.landing.objects import Description, Draft, uri
from social_vault.sources.reading import Bookmark, Reader, Reading

log = logging.getLogger(__name__)

PAGE = 100  # keys of a listing: a day of them at one every 15 minutes
METADATA_OCTETS = 2048  # S3's limit, names and values together
# A bookmark must not age: what it refers to, as a log of changes, is not kept for ever.
OLDEST_BOOKMARK = timedelta(hours=1)
EXTRACTOR = f"social-vault {version('social-vault')}"
PROBE = "sources/.probe"  # it feeds no table
READ_BYTES = 1 << 20

# landed: the key is new. unchanged: nothing to tell. outrun: another extractor was first.
Outcome = Literal["landed", "unchanged", "outrun"]


class Store(Protocol):
    """What a chain asks of a store of objects."""

    def keys_after(self, bucket: str, key: str, most: int) -> list[str]:
        """List at most so many keys that follow a key in its folder, in their order."""
        ...

    def described(self, bucket: str, key: str) -> Description | None:
        """Tell what is known of an object, or None when there is no object."""
        ...

    def put_if_absent(self, draft: Draft) -> bool:
        """Write an object where none is; tell whether it was written."""
        ...


@dataclass(frozen=True)
class Chain:
    """Where the objects of a source table lie."""

    bucket: str
    prefix: str
    source: str
    table: str
    ending: str

    @property
    def folder(self) -> str:
        """Name the folder that holds the chain and nothing else."""
        return beneath(self.prefix, f"sources/{self.source}/{self.table}/")

    def key(self, number: int) -> str:
        """Name the object of a number."""
        return f"{self.folder}{number:012d}.{self.ending}"

    def number(self, key: str) -> int | None:
        """Read the number of an object; None for a key that is no link of the chain."""
        found = re.fullmatch(rf"([0-9]{{12}})\.{re.escape(self.ending)}", key[len(self.folder) :])
        return int(found[1]) if found else None


@dataclass(frozen=True)
class Link:
    """An object of a chain, as its metadata tell of it; `age` is how long it has been there."""

    key: str
    number: int
    until: Bookmark
    sha256: str
    age: timedelta


@dataclass(frozen=True)
class Landed:
    """What came of one extraction: the new object's key, or why there is none.

    `records` is how many were read; of an empty object that only renews the bookmark it is 0.
    """

    table: str
    outcome: Outcome
    key: str | None
    records: int
    warnings: tuple[str, ...] = ()


def beneath(prefix: str, name: str) -> str:
    """Name a place under a prefix, which may end with a slash and may be empty."""
    return f"{prefix.rstrip('/')}/{name}" if prefix.strip("/") else name


def warn_if_replacing(store: Store, bucket: str, prefix: str, folder: Path) -> bool:
    """Find out, and say in the log, whether the store puts objects over others though told not to.

    One small object is put twice. Where both are taken, of two extractors at once that write one
    number the second wins. Mostly records then come twice, which the vault does not mind; but one
    that writes after the next number was landed would leave a gap. The look before each PUT leaves
    it milliseconds for that, and the warning asks for one extractor at a time.
    """
    with own_folder(folder) as own:
        path = own / "probe"
        path.write_bytes(b"")
        draft = Draft(bucket, beneath(prefix, PROBE), path, {})
        is_replacing = store.put_if_absent(draft) and store.put_if_absent(draft)
    if is_replacing:
        log.warning(
            "%s: the object storage knows no conditional PUT: let one extractor run at a time.",
            uri(bucket),
        )
    return is_replacing


def extend(store: Store, chain: Chain, reader: Reader, folder: Path) -> Landed:
    """Read what is new in a source table and land it as the next object of its chain."""
    last = last_link(store, chain)
    with own_folder(folder) as own:
        path = own / f"{chain.table}.{chain.ending}"
        reading = reader.read(last.until if last else None, path)
        for warning in reading.warnings:
            log.warning("%s: %s", chain.table, warning)
        digest = sha256_of(path)
        if not is_news(reading, digest, last):
            return _told(chain, reading, "unchanged")
        number = last.number + 1 if last else 0
        metadata = _metadata(chain, last, reading, digest)
        draft = Draft(chain.bucket, chain.key(number), path, metadata)
        return _told(chain, reading, _land(store, draft), draft.key)


@contextmanager
def own_folder(folder: Path) -> Iterator[Path]:
    """Lend a folder for this user's eyes only, removed with all it holds."""
    with on_disk("No folder for an extraction can be made", folder):
        own = TemporaryDirectory(dir=folder, prefix="extraction-")
    with own as name:
        yield Path(name)


def last_link(store: Store, chain: Chain) -> Link | None:
    """Find the last object of a chain and read its bookmark; None before the first one.

    Raises SourceError where the metadata are lost, as in a bucket that was copied without them:
    to read everything again in silence would look like a source that was emptied and refilled.
    """
    number = last_number(store, chain)
    if number is None:
        return None
    key = chain.key(number)
    told = store.described(chain.bucket, key)
    if told is None:
        raise MissingObjectError(f"{uri(chain.bucket, key)} was listed, but is there no more.")
    try:
        until, sha256 = json.loads(told.metadata["until"]), told.metadata["sha256"]
    except (KeyError, ValueError):
        until, sha256 = None, ""
    if not isinstance(until, dict):
        raise SourceError(
            f"{uri(chain.bucket, key)} does not say in its metadata where its read ended: expected "
            "`until` and `sha256` as the extraction wrote them. Copy the objects with their "
            "metadata, or begin a new chain under another prefix."
        )
    return Link(key, number, until, sha256, told.told_at - told.last_modified)


def last_number(store: Store, chain: Chain) -> int | None:
    """Find the last number of a chain in few requests, however long it is; None for an empty one.

    Numbers have no gaps: one page of a listing behind a number tells whether there are more. Leaps
    double until there are none; between the last two of them the way is halved.
    """
    last, is_full = _page(store, chain, chain.folder)
    leap = PAGE
    while last is not None and is_full:
        high = last + leap
        found, is_full = _page(store, chain, chain.key(high))
        if found is None:
            return _halved(store, chain, last, high)
        last, leap = found, leap * 2
    return last


def _halved(store: Store, chain: Chain, low: int, high: int) -> int:
    """Find the last number, knowing that `low` is taken and none above `high`."""
    while low < high:
        middle = low if high - low <= PAGE else (low + high) // 2
        found, is_full = _page(store, chain, chain.key(middle))
        if found is None:
            high = middle
        elif is_full:
            low = found
        else:
            return found
    return low


def _page(store: Store, chain: Chain, after: str) -> tuple[int | None, bool]:
    """Return the highest number of one page behind a key, and whether the page was full."""
    keys = store.keys_after(chain.bucket, after, PAGE)
    numbers = [number for key in keys if (number := chain.number(key)) is not None]
    if len(keys) >= PAGE and not numbers:
        raise SourceError(
            f"{uri(chain.bucket, chain.folder)} holds many objects that are no part of the chain: "
            f"expected names like {chain.key(0)[len(chain.folder) :]} and nothing else."
        )
    return max(numbers, default=None), len(keys) >= PAGE


def is_news(reading: Reading, sha256: str, last: Link | None) -> bool:
    """Tell whether what was read is to land.

    An empty read is no news, nor is one that holds nothing but what the last object holds. Either
    is landed all the same before the bookmark gets old, unless the table is read whole: its reads
    need no bookmark, and an empty object says there that all was deleted.
    """
    if reading.is_whole:
        return last is None or sha256 != last.sha256
    if last is None:
        return reading.records > 0
    has_more = reading.records > 0 and sha256 != last.sha256
    return has_more or last.age > OLDEST_BOOKMARK


def _metadata(chain: Chain, last: Link | None, reading: Reading, sha256: str) -> Mapping[str, str]:
    """Write down where a read began and ended; in ASCII, as headers take nothing else."""
    metadata = {
        "since": json.dumps(last.until if last else None, separators=(",", ":")),
        "until": json.dumps(reading.until, separators=(",", ":"), allow_nan=False),
        "records": str(reading.records),
        "sha256": sha256,
        "extractor": EXTRACTOR,
    }
    octets = sum(len(name) + len(value) for name, value in metadata.items())
    if octets > METADATA_OCTETS:
        raise SourceError(
            f"{uri(chain.bucket, chain.folder)}: the bookmarks of {chain.table} make {octets} "
            f"octets of metadata: expected at most {METADATA_OCTETS}."
        )
    return metadata


def _land(store: Store, draft: Draft) -> Outcome:
    # Where PUT knows no condition this look leaves a second writer milliseconds, not a whole read.
    if store.described(draft.bucket, draft.key) is not None:
        return "outrun"
    if store.put_if_absent(draft):
        return "landed"
    # An answer may have been lost and the PUT repeated: then what is there is our own.
    told = store.described(draft.bucket, draft.key)
    return "landed" if told and dict(told.metadata) == dict(draft.metadata) else "outrun"


def _told(chain: Chain, reading: Reading, outcome: Outcome, key: str = "") -> Landed:
    log.info(
        "%s: %s records read, %s%s.",
        chain.table,
        reading.records,
        outcome,
        f" as {uri(chain.bucket, key)}" if outcome == "landed" else "",
    )
    landed = key if outcome == "landed" else None
    return Landed(chain.table, outcome, landed, reading.records, reading.warnings)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file that a reader has written."""
    digest = hashlib.sha256()
    with on_disk(f"{path.name} cannot be read", path.parent), path.open("rb") as file:
        while chunk := file.read(READ_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
