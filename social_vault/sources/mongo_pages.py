"""A collection's documents themselves: all of them, or those of the latest times of change."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pymongo import ASCENDING, DESCENDING

from social_vault.sources.mongo_changes import Lines, Source
from social_vault.sources.mongo_connection import Document

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
    """Yield all documents, page by page behind the last id: a cursor that is lost costs a page.

    `$gt` compares values of one type alone. Ids of other types than ObjectId are no orders' ids,
    and the contract refuses them: so they must come, in one go.
    """
    last: object = None
    while docs := _page(source, last):
        yield from docs
        last = docs[-1]["_id"]
    yield from source.collection.find({"_id": {"$not": {"$type": "objectId"}}})


def _page(source: Source, last: object) -> list[Document]:
    wanted: Document = {"$type": "objectId"} if last is None else {"$gt": last, "$type": "objectId"}
    found = source.collection.find({"_id": wanted})
    return list(found.sort("_id", ASCENDING).limit(PAGE))


def read_page_by_page(source: Source, since: str, lines: Lines) -> str:
    """Write the documents that changed since a time, less the overlap; return the newest time.

    Only an empty page is the end. The next page begins behind the last document, so that equal
    times at a page's edge cost nothing.
    """
    at = source.time()
    low = datetime.fromisoformat(since) - OVERLAP
    top, last = datetime.fromisoformat(since), None
    while docs := _changed(source, low, last):
        for doc in docs:
            lines.put("read", at, doc["_id"], doc)
        low, last = docs[-1]["update_ts"], docs[-1]["_id"]
        top = max(top, low)
    return top.isoformat()


def _changed(source: Source, low: datetime, last: object) -> list[Document]:
    wanted: Document = {"update_ts": {"$gte": low}}
    if last is not None:
        wanted["$or"] = [{"update_ts": {"$gt": low}}, {"_id": {"$gt": last}}]
    found = source.collection.find(wanted)
    return list(found.sort([("update_ts", ASCENDING), ("_id", ASCENDING)]).limit(PAGE))


def newest(source: Source) -> str:
    """Return the newest time of change; documents without one are found by the daily read."""
    wanted = {"update_ts": {"$type": "date"}}
    found = source.collection.find(wanted).sort("update_ts", DESCENDING).limit(1)
    times = (doc["update_ts"] for doc in found)
    at = next((time for time in times if isinstance(time, datetime)), FIRST)
    return at.isoformat()


def source_day(source: Source) -> str:
    """Return today's date by the server's clock."""
    return source.clock().date().isoformat()
