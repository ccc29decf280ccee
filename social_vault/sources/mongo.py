"""The order system's MongoDB: each collection's changes, in the order in which they happened.

A time of change is written by the application, before the change can be seen: who remembers the
highest passes over what comes late. Remembered is the change stream's token instead. It is taken
before the first document is read, so that what changes meanwhile lies behind it. Where nobody may
watch, documents are read by their time with an overlap, and once a day whole.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pymongo.database import Database

from social_vault.disk import on_disk
from social_vault.errors import SourceError
from social_vault.model.catalogue import catalogue
from social_vault.model.table import Table
from social_vault.settings import MongoSettings
from social_vault.sources.mongo_changes import (
    HistoryLostError,
    Lines,
    Place,
    Source,
    WatchRefusedError,
    read_changes,
    take_place,
)
from social_vault.sources.mongo_connection import Document, connected, refusals
from social_vault.sources.mongo_pages import newest, read_page_by_page, read_whole, source_day
from social_vault.sources.reading import Bookmark, Reading

SOURCE = "orders"
# How a collection is read: by its change stream, by times of change, or whole once and then on.
WATCH, PAGES, ANEW = "watch", "pages", "anew"
UNWATCHED = (
    "The order system lets nobody watch {}: it is read by update_ts with ten minutes of overlap, "
    "and once a day whole; what is written later than that is seen a day later."
)


@dataclass(frozen=True)
class MongoReader:
    """Reads one collection."""

    database: Database[Document]
    declared: Table

    @property
    def source(self) -> str:
        """Name the source system as the catalogue does."""
        return self.declared.source

    @property
    def table(self) -> str:
        """Name the source table as the catalogue does."""
        return self.declared.name

    def read(self, since: Bookmark | None, path: Path) -> Reading:
        """Write what happened behind a bookmark; all that there is, where none can be used."""
        name = self.declared.origin
        collection = Source(self.database[name])
        with (
            refusals(name),
            on_disk(f"{self.table} cannot be written", path),
            path.open("wb") as file,
        ):
            return self._read(collection, mode_of(since, name), since or {}, Lines(file))

    def _read(self, source: Source, mode: str, since: Bookmark, lines: Lines) -> Reading:
        if mode == WATCH:
            return self._watched(source, since, lines)
        if mode == PAGES and since.get("day") == source_day(source):
            top = read_page_by_page(source, str(since["update_ts"]), lines)
            return Reading(lines.count, {**since, "update_ts": top})
        why = str(since.get("why", ""))
        return self._whole(source, lines, (why,) if why else ())

    def _watched(self, source: Source, since: Bookmark, lines: Lines) -> Reading:
        place = Place(str(since["token"]), int(str(since["at"])))
        try:
            place = read_changes(source, place, lines)
        except HistoryLostError as lost:
            why = f"The history of {source.name} is lost ({lost}): it is read whole."
            if lines.count:
                # What was read up to here lands by itself: a whole read tells what is absent.
                until = {"mode": ANEW, "collection": source.name, "why": why}
                return Reading(lines.count, until, warnings=(why,))
            return self._whole(source, lines, (why,))
        return Reading(lines.count, watched(source, place))

    def _whole(self, source: Source, lines: Lines, warnings: tuple[str, ...]) -> Reading:
        """Read all documents; the token is taken first, so that no change falls in between."""
        try:
            until = watched(source, take_place(source))
        except WatchRefusedError:
            warnings += (UNWATCHED.format(source.name),)
            until = paged(source)
        read_whole(source, lines)
        return Reading(lines.count, until, warnings=warnings)


@contextmanager
def open_orders(settings: MongoSettings) -> Iterator[tuple[MongoReader, ...]]:
    """Connect to the order system and lend a reader of each of its collections."""
    with connected(settings) as database:
        yield tuple(MongoReader(database, table) for table in catalogue().of_source(SOURCE))


def watched(source: Source, place: Place) -> Bookmark:
    """Write down a place in the change stream; another collection's would be taken in silence."""
    return {"mode": WATCH, "collection": source.name, "token": place.token, "at": place.at}


def paged(source: Source) -> Bookmark:
    """Write down the newest time of change, and the day of which this is the whole read."""
    times = {"day": source_day(source), "update_ts": newest(source)}
    return {"mode": PAGES, "collection": source.name, **times}


def mode_of(since: Bookmark | None, collection: str) -> str:
    """Say how to read on; raise SourceError for the bookmark of another source or collection."""
    if since is None:
        return ANEW
    needed = {WATCH: {"token", "at"}, PAGES: {"day", "update_ts"}, ANEW: set[str]()}
    mode, told = str(since.get("mode")), since.get("collection")
    if mode not in needed or not needed[mode] <= since.keys():
        raise SourceError(f"The chain of {collection} ends in a bookmark of no known `mode`.")
    if told != collection:
        raise SourceError(f"The chain of {collection} ends in a bookmark of another collection.")
    return mode
