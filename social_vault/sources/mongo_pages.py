"""A collection's documents themselves: all of them, or those of the latest times of change."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pymongo import ASCENDING, DESCENDING

from social_vault.sources.mongo_changes import Lines, Source
from social_vault.sources.mongo_connection import TRIES, Document, refusals
from social_vault.sources.retrying import tries

PAGE = 1000
# A write may be seen so much later than it says; what is later still is found by the daily read.
OVERLAP = timedelta(minutes=10)
FIRST = datetime(1970, 1, 1)  # noqa: DTZ001 - the driver's times are in UTC and bear no zone


def read_whole(source: Source, lines: Lines) -> None:
    """Write a line that says so, then every document that there is."""
    at = source.time()
    lines.put("begin", at, None, None)
    for doc in every_document(source):
        lines.put("read", at, doc["_id"], doc)


def every_document(source: Source) -> Iterator[Document]:
    """Yield all documents, page by page behind the last id.

    `$gt` compares values of one type alone. Ids of other types than ObjectId are no orders' ids,
    and the contract refuses them: so they must come, in one go.
    """
    wanted: Document = {"_id": {"$type": "objectId"}}
    while docs := _page(source, wanted, ["_id"]):
        yield from docs
        wanted = {"_id": {"$gt": docs[-1]["_id"], "$type": "objectId"}}
    yield from source.collection.find({"_id": {"$not": {"$type": "objectId"}}})


def _page(source: Source, wanted: Document, order: list[str]) -> list[Document]:
    """Return what comes first in an order, as much as one answer of the server holds.

    A page is one answer: no cursor is left that could be lost between two of them, and large
    documents make it short before they fill the memory. Out of reach, it alone is asked for again.
    """
    for attempt in tries(TRIES):
        with attempt, refusals(source.name):
            found = source.collection.find(wanted).sort([(name, ASCENDING) for name in order])
            return list(found.limit(-PAGE).batch_size(PAGE))  # below zero: no cursor, please
    raise AssertionError("tenacity raises after its last try")


def read_page_by_page(source: Source, since: str, lines: Lines) -> str:
    """Write the documents that changed since a time, less the overlap; return the newest time.

    Only an empty page is the end. The next page begins behind the last document, so that equal
    times at a page's edge cost nothing; other ids than ObjectIds are left to the daily read, as no
    comparison leads from them to the next.
    """
    at, now, top = source.time(), _now(source), datetime.fromisoformat(since)
    wanted: Document = {"update_ts": {"$gte": top - OVERLAP}, "_id": {"$type": "objectId"}}
    while docs := _page(source, wanted, ["update_ts", "_id"]):
        for doc in docs:
            lines.put("read", at, doc["_id"], doc)
        low, last = docs[-1]["update_ts"], docs[-1]["_id"]
        later = [{"update_ts": {"$gt": low}}, {"_id": {"$gt": last}}]
        wanted = {"update_ts": {"$gte": low}, "_id": {"$type": "objectId"}, "$or": later}
        top = max(top, _not_ahead(low, now))
    return top.isoformat()


def _not_ahead(found: object, now: datetime) -> datetime:
    """Return a time of change, or now for one that lies ahead, even of Python's last year.

    It would be the newest until it has come, and what is changed by then would not be read.
    """
    return min(found, now) if isinstance(found, datetime) else now


def _now(source: Source) -> datetime:
    return source.clock().replace(tzinfo=None)  # the driver's times are in UTC and bear no zone


def newest(source: Source) -> str:
    """Return the newest time of change; documents without one are found by the daily read."""
    wanted = {"update_ts": {"$type": "date"}}
    found = source.collection.find_one(wanted, sort=[("update_ts", DESCENDING)])
    at = _not_ahead(found["update_ts"], _now(source)) if found else FIRST
    return at.isoformat()


def source_day(source: Source) -> str:
    """Return today's date by the server's clock."""
    return source.clock().date().isoformat()
