"""The object storage: list what a bucket holds, pin it to a version, spool its bytes.

One owner per retry. botocore repeats a request that got no answer, a 5xx or a 429 (three requests
in all). The loop in `fetch` repeats what botocore does not: a body that was cut, stalled or reset,
and an object that was replaced after it was listed, whose fresh version is then fetched instead.
"""

import hashlib
import logging
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from social_vault.disk import on_disk
from social_vault.errors import MissingObjectError, UnavailableError
from social_vault.landing.objects import (
    LISTED_FROM,
    NOT_VERSIONED,
    ObjectVersion,
    SpooledObject,
    uri,
)
from social_vault.settings import StorageSettings
from social_vault.stores.s3_client import (
    Answer,
    Entry,
    S3Client,
    is_absent,
    is_changed,
    make_client,
    refusal,
)

log = logging.getLogger(__name__)

READ_BYTES = 1 << 20


@dataclass(frozen=True)
class Patience:
    """How long the store waits and how often it tries before it gives up."""

    connect_seconds: float = 3  # an outage is told within ten seconds, all requests included
    read_seconds: float = 60
    requests: int = 3  # botocore's, for one answer
    tries: int = 4  # ours, for one whole body
    pause_seconds: float = 0.5
    total_seconds: float = 600
    slowest_bytes_a_second: int = 1_000_000  # so that a large body may take longer than that

    def deadline(self, size: int) -> float:
        """Return the moment by which a body of this size must have arrived."""
        return time.monotonic() + max(self.total_seconds, size / self.slowest_bytes_a_second)


class BodyError(UnavailableError):
    """A body did not arrive as it was announced; another try may bring it."""


def open_store(settings: StorageSettings, patience: Patience | None = None) -> "ObjectStore":
    """Return the store behind these settings; nothing is requested yet."""
    return ObjectStore(_client(settings, patience or Patience()), patience or Patience())


# Kept while the settings stay as they are: a client costs 0.2 s of CPU, and threads may share it.
@lru_cache(maxsize=4)
def _client(settings: StorageSettings, patience: Patience) -> S3Client:
    timeouts = (patience.connect_seconds, patience.read_seconds)
    return make_client(settings, timeouts, patience.requests)


class ObjectStore:
    """A place in S3's terms: buckets of objects, listed and fetched by version."""

    def __init__(self, client: S3Client, patience: Patience, source: str = LISTED_FROM) -> None:
        self._client = client
        self._patience = patience
        self._source = source

    def listed(self, bucket: str, prefix: str, after: str = "") -> Iterator[ObjectVersion]:
        """Yield what lies under a prefix as a listing tells it, a thousand objects a request.

        With `after`, only keys that follow this one are asked for.
        """
        pages = self._client.get_paginator("list_objects_v2")
        try:
            for page in pages.paginate(Bucket=bucket, Prefix=prefix, StartAfter=after):
                for entry in page.get("Contents", []):
                    yield self._listed(bucket, entry)
        except (BotoCoreError, ClientError) as error:
            raise refusal(error, uri(bucket)) from None

    def pin(self, bucket: str, key: str) -> ObjectVersion | None:
        """Return the version an object has now, or None when there is no object."""
        try:
            answer = self._client.head_object(Bucket=bucket, Key=key)
        except ClientError as error:
            if is_absent(error):
                return None
            raise refusal(error, uri(bucket, key)) from None
        except BotoCoreError as error:
            raise refusal(error, uri(bucket, key)) from None
        found = (answer["ETag"], answer["ContentLength"], answer["LastModified"])
        return identified(self._version(bucket, key, found), answer)

    def fetch(self, wanted: ObjectVersion, folder: Path) -> SpooledObject:
        """Spool the bytes of a version, complete or not at all.

        An object that was replaced since it was listed is fetched in its fresh version, and the
        answer names that one; an object that was deleted is an error.
        """
        current = wanted
        deadline = self._patience.deadline(wanted.size)
        for attempt in self._tries():
            with attempt:
                try:
                    return self._spool(current, folder, deadline)
                except _ReplacedError:
                    current = self._still_there(current)
                    raise BodyError(
                        f"{where(current)} was replaced while it was fetched."
                    ) from None
        raise AssertionError("tenacity raises after its last try")

    def _listed(self, bucket: str, entry: Entry) -> ObjectVersion:
        return self._version(
            bucket, entry["Key"], (entry["ETag"], entry["Size"], entry["LastModified"])
        )

    def _version(self, bucket: str, key: str, found: tuple[str, int, datetime]) -> ObjectVersion:
        etag, size, last_modified = found
        return ObjectVersion(
            source=self._source,
            bucket=bucket,
            key=key,
            etag=etag.strip('"'),
            size=size,
            last_modified=last_modified.astimezone(UTC).replace(microsecond=0),
        )

    def _tries(self) -> Retrying:
        pause = self._patience.pause_seconds
        return Retrying(
            stop=stop_after_attempt(self._patience.tries),
            wait=wait_exponential(pause, max=10) + wait_random(0, pause),
            retry=retry_if_exception_type(BodyError),
            before_sleep=_tell,
            reraise=True,
        )

    def _still_there(self, replaced: ObjectVersion) -> ObjectVersion:
        """Find the version by its id where the bucket keeps versions, elsewhere the fresh one."""
        fresh = self.pin(replaced.bucket, replaced.key)
        if fresh is None:
            raise MissingObjectError(f"{where(replaced)} was listed, but is there no more.")
        return (self._kept(replaced) if fresh.version_id else None) or fresh

    def _kept(self, replaced: ObjectVersion) -> ObjectVersion | None:
        pages = self._client.get_paginator("list_object_versions")
        try:
            for page in pages.paginate(Bucket=replaced.bucket, Prefix=replaced.key):
                for entry in page.get("Versions", []):
                    found = self._listed(replaced.bucket, entry)
                    if found == replaced:
                        return identified(found, entry)
        except (BotoCoreError, ClientError) as error:
            raise refusal(error, where(replaced)) from None
        return None

    def _spool(self, wanted: ObjectVersion, folder: Path, deadline: float) -> SpooledObject:
        answer = self._open(wanted)
        target = folder / f"{uuid.uuid4().hex}.csv"  # a key is never a path
        try:
            with answer["Body"] as body:
                _check_head(wanted, answer)
                sha256 = _write(wanted, target, _chunks(wanted, body, deadline))
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        return SpooledObject(identified(wanted, answer), target, wanted.size, sha256)

    def _open(self, wanted: ObjectVersion) -> Answer:
        pinned = {"VersionId": wanted.version_id} if wanted.version_id else {}
        try:
            return self._client.get_object(
                Bucket=wanted.bucket, Key=wanted.key, IfMatch=f'"{wanted.etag}"', **pinned
            )
        except ClientError as error:
            if is_changed(error) or is_absent(error):
                raise _ReplacedError from None
            raise refusal(error, where(wanted)) from None
        except BotoCoreError as error:
            raise refusal(error, where(wanted)) from None


def identified(found: ObjectVersion, answer: Answer | Entry) -> ObjectVersion:
    """Add the id of a version to what a listing told of it, where the bucket keeps versions."""
    version_id = answer.get("VersionId", "")
    return found if version_id in NOT_VERSIONED else replace(found, version_id=version_id)


def _tell(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    pause = state.next_action.sleep if state.next_action else 0.0
    log.warning("%s Trying again in %.1f seconds.", error, pause)


class _ReplacedError(Exception):
    """The version that was asked for is no longer the one that is there."""


def where(object_version: ObjectVersion) -> str:
    """Name an object in plain text, whatever its key holds."""
    return uri(object_version.bucket, object_version.key)


def _check_head(wanted: ObjectVersion, answer: Answer) -> None:
    """Trust no server to have minded If-Match, nor to send as much as it announced."""
    if answer["ETag"].strip('"') != wanted.etag:
        raise _ReplacedError
    announced = answer.get("ContentLength")
    if announced is not None and announced != wanted.size:
        raise BodyError(f"{where(wanted)}: {announced} bytes announced, expected {wanted.size}.")


def _chunks(wanted: ObjectVersion, body: BaseHTTPResponse, deadline: float) -> Iterator[bytes]:
    """Yield the body as it arrives; raise unless it ends in time and at the pinned size."""
    received = 0
    try:
        # read1 returns what has come: the deadline holds for a body that drips, too.
        while received <= wanted.size and (chunk := body.read1(READ_BYTES)):
            received += len(chunk)
            if time.monotonic() > deadline:
                raise UnavailableError(
                    f"{where(wanted)}: gave up after {received} of {wanted.size} bytes: too slow."
                )
            yield chunk
    except (HTTPError, ConnectionError, TimeoutError) as error:
        raise BodyError(
            f"{where(wanted)}: the body broke off after {received} of {wanted.size} bytes "
            f"({type(error).__name__})."
        ) from None
    if received != wanted.size:
        raise BodyError(f"{where(wanted)}: {received} bytes came, expected {wanted.size}.")


def _write(wanted: ObjectVersion, target: Path, chunks: Iterator[bytes]) -> str:
    """Write the chunks to a file that only this user may read; return their SHA-256."""
    digest = hashlib.sha256()
    with on_disk(f"{where(wanted)} cannot be spooled", target.parent):
        target.touch(mode=0o600, exist_ok=False)
        with target.open("wb") as spool:
            for chunk in chunks:
                digest.update(chunk)
                spool.write(chunk)
    return digest.hexdigest()
