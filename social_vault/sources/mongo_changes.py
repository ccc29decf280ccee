"""A collection's change stream, and the lines in which changes are landed.

A line is `{"op", "at", "_id", "doc"}` as canonical Extended JSON, so that a number keeps its type.
`at` is the cluster's time, in UTC. The `doc` of an update is the whole document as it was looked up
a moment later, null if it was deleted by then: the delete follows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO

from bson import json_util
from bson.timestamp import Timestamp
from pymongo.collection import Collection
from pymongo.errors import OperationFailure

from social_vault.errors import SourceError
from social_vault.sources.mongo_connection import UNAUTHORIZED, Document

LONGEST_TOKEN = 700  # octets; S3 has 2 KB for all metadata of an object
WAIT_MS = 200  # for changes that are on their way
# Who may not watch: no right, no replica set, a stage or an option that the server does not know.
NO_WATCH = {UNAUTHORIZED, 40573, 40324, 303, 304, 59}
# ChangeStreamHistoryLost, ChangeStreamFatalError, InvalidResumeToken; and BSONObjectTooLarge: a
# change of more than 16 MB can be told at no time, and would stop the stream for ever.
LOST = {286, 280, 260, 10334}
OF_DOCUMENTS = {"insert", "update", "replace", "delete"}


class HistoryLostError(Exception):
    """What happened behind a place cannot be told any more; the message says why."""


class WatchRefusedError(Exception):
    """The server lets this user watch nothing."""


@dataclass(frozen=True)
class Place:
    """A place in a change stream: its token, and the second of the cluster's time it is of."""

    token: str
    at: int


@dataclass(frozen=True)
class Source:
    """A collection, and the clock of its server."""

    collection: Collection[Document]

    @property
    def name(self) -> str:
        """Name the collection."""
        return self.collection.name

    def time(self) -> Timestamp:
        """Ask for the time of the cluster's last operation."""
        answer = self.collection.database.client.admin.command("ping")
        now = answer.get("operationTime")
        # A server that is no replica set has no such time; its clock serves as well there.
        return now if isinstance(now, Timestamp) else Timestamp(self.clock(), 0)

    def clock(self) -> datetime:
        """Ask for the server's clock."""
        hello: Mapping[str, Any] = self.collection.database.client.admin.command("hello")
        found = hello.get("localTime")
        return found.replace(tzinfo=UTC) if isinstance(found, datetime) else datetime.now(UTC)


class Lines:
    """Writes the lines of a read, and counts them."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.count = 0

    def put(self, op: str, at: Timestamp, key: object, doc: Document | None) -> None:
        """Write what happened to one document."""
        moment = datetime.fromtimestamp(at.time, UTC).strftime("%Y-%m-%d %H:%M:%S")
        line = {"op": op, "at": moment, "_id": key, "doc": doc}
        text = json_util.dumps(line, json_options=json_util.CANONICAL_JSON_OPTIONS)
        self._file.write(text.encode() + b"\n")
        self.count += 1


def take_place(source: Source) -> Place:
    """Return where the change stream stands now; raise WatchRefusedError if nobody may watch."""
    now = source.time()
    try:
        with source.collection.watch(max_await_time_ms=1) as stream:
            stream.try_next()
            return Place(written(source, stream.resume_token), now.time)
    except OperationFailure as error:
        if error.code in NO_WATCH:
            raise WatchRefusedError from None
        raise


def read_changes(source: Source, place: Place, lines: Lines) -> Place:
    """Write what happened behind a place up to now; return the next place.

    Raises HistoryLostError where the stream ends, has forgotten the place or may be watched no
    longer. What was written by then happened before that.
    """
    upto = source.time()
    if upto.time < place.at:
        # A server set back would give nothing until its time has come again, and no error.
        raise HistoryLostError("the server's time lies before the bookmark's")
    try:
        with source.collection.watch(
            resume_after=json_util.loads(place.token),
            full_document="updateLookup",
            max_await_time_ms=WAIT_MS,
        ) as stream:
            while (event := stream.try_next()) is not None:
                put_change(event, lines)
                if event["clusterTime"] > upto:
                    break  # one change more than was asked for, never one less
            # Also after an empty answer: this token has passed what was empty.
            return Place(written(source, stream.resume_token), upto.time)
    except OperationFailure as error:
        if error.code in LOST | NO_WATCH:
            raise HistoryLostError(f"code {error.code}") from None
        raise


def put_change(event: Mapping[str, Any], lines: Lines) -> None:
    """Write one event; raise HistoryLostError for one that ends the collection as it was."""
    kind = event["operationType"]
    if kind not in OF_DOCUMENTS:
        raise HistoryLostError(kind)
    lines.put(kind, event["clusterTime"], event["documentKey"]["_id"], event.get("fullDocument"))


def written(source: Source, token: Mapping[str, Any] | None) -> str:
    """Write a token as text; raise SourceError for one that no object's metadata can hold."""
    text = json_util.dumps(token, json_options=json_util.CANONICAL_JSON_OPTIONS)
    if token is None or len(text) > LONGEST_TOKEN:
        raise SourceError(
            f"The change stream of {source.name} gave a token of {len(text)} octets: expected one "
            f"of at most {LONGEST_TOKEN}."
        )
    return text
