"""The object storage as a place where extractions land: objects are added, and never replaced."""

import base64
import hashlib
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from social_vault.disk import on_disk
from social_vault.errors import SourceError
from social_vault.landing.objects import Description, Draft, uri
from social_vault.settings import StorageSettings
from social_vault.stores.s3 import Patience
from social_vault.stores.s3_client import (
    Answer,
    S3Client,
    is_absent,
    is_changed,
    make_client,
    refusal,
)

LARGEST = 5 << 30  # octets that S3 takes in one request
READ_BYTES = 1 << 20


def open_landing(settings: StorageSettings, patience: Patience | None = None) -> "LandingStore":
    """Return the landing place behind these settings; nothing is requested yet."""
    patience = patience or Patience()
    timeouts = (patience.connect_seconds, patience.read_seconds)
    return LandingStore(make_client(settings, timeouts, patience.requests))


class LandingStore:
    """Buckets in which keys are looked up in their order and objects put where none is."""

    def __init__(self, client: S3Client) -> None:
        self._client = client

    def keys_after(self, bucket: str, key: str, most: int) -> list[str]:
        """List at most so many keys that follow a key in its folder; a folder ends with a slash."""
        folder = key[: key.rfind("/") + 1]
        try:
            page = self._client.list_objects_v2(
                Bucket=bucket, Prefix=folder, StartAfter=key, MaxKeys=most
            )
        except (BotoCoreError, ClientError) as error:
            raise refusal(error, uri(bucket, folder)) from None
        return [entry["Key"] for entry in page.get("Contents", [])]

    def described(self, bucket: str, key: str) -> Description | None:
        """Tell what is known of an object, or None when there is no object."""
        try:
            answer = self._client.head_object(Bucket=bucket, Key=key)
        except ClientError as error:
            if is_absent(error):
                return None
            raise refusal(error, uri(bucket, key)) from None
        except BotoCoreError as error:
            raise refusal(error, uri(bucket, key)) from None
        return Description(answer.get("Metadata", {}), answer["LastModified"], told_at(answer))

    def put_if_absent(self, draft: Draft) -> bool:
        """Write an object where none is, whole or not at all; tell whether it was written.

        After an answer that was lost on its way, botocore's second request finds the object of the
        first: False, then, is no proof that somebody else wrote it.
        """
        where = uri(draft.bucket, draft.key)
        with on_disk(f"{where} cannot be written", draft.path):
            size, md5 = measured(draft.path)
        if size > LARGEST:
            raise SourceError(f"{where} would have {size} octets: expected at most {LARGEST}.")
        request = {"Bucket": draft.bucket, "Key": draft.key, "Metadata": dict(draft.metadata)}
        try:
            with draft.path.open("rb") as body:
                self._client.put_object(Body=body, ContentMD5=md5, IfNoneMatch="*", **request)
        except ClientError as error:
            if is_changed(error):
                return False
            raise refusal(error, where) from None
        except BotoCoreError as error:
            raise refusal(error, where) from None
        return True


def measured(path: Path) -> tuple[int, str]:
    """Return a file's size and its MD5 as S3 wants it, by which the server checks what came."""
    size, digest = 0, hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(READ_BYTES):
            size += len(chunk)
            digest.update(chunk)
    return size, base64.b64encode(digest.digest()).decode()


def told_at(answer: Answer) -> datetime:
    """Read when a server answered, by its own clock; by ours where it does not say."""
    stamp = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", "")
    try:
        return parsedate_to_datetime(stamp).astimezone(UTC)
    except ValueError:
        return datetime.now(UTC)
