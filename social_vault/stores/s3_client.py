"""The S3 client: how it is made, what of it is used, and what its refusals mean to us."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypedDict, cast
from urllib.parse import urlsplit

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
)
from botocore.utils import parse_timestamp
from urllib3.response import BaseHTTPResponse

from social_vault.errors import PipelineError, SettingsError, StorageError, UnavailableError
from social_vault.settings import StorageSettings
from social_vault.stores.addresses import is_unknown_name

BUSY = {
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "RequestLimitExceeded",
    "RequestTimeout",
    "ConditionalRequestConflict",  # another write of the key was under way: who won is not said
}


class Body(Protocol):
    """A body on its way; used as a context manager it is the raw response, closed at the end."""

    def __enter__(self) -> BaseHTTPResponse: ...

    def __exit__(self, *error: object) -> None: ...


class Answer(TypedDict, total=False):
    """What HEAD and GET tell of an object."""

    ETag: str
    VersionId: str
    ContentLength: int
    LastModified: datetime
    Body: Body
    Metadata: dict[str, str]
    ResponseMetadata: "About"


class About(TypedDict, total=False):
    """What came with an answer: its head, names in small letters."""

    HTTPHeaders: dict[str, str]


class Entry(TypedDict, total=False):
    """One object of a listing, or one version of it."""

    Key: str
    ETag: str
    Size: int
    LastModified: datetime
    VersionId: str


class Page(TypedDict, total=False):
    """One page of a listing."""

    Contents: list[Entry]
    Versions: list[Entry]


class Paginator(Protocol):
    """Turns the pages of a listing."""

    def paginate(self, **request: str) -> Iterable[Page]:
        """Yield the pages, each requested when it is asked for."""


class S3Client(Protocol):
    """The requests that the pipeline makes of S3; one of them writes, and replaces nothing."""

    def head_object(self, **request: str) -> Answer:
        """Return what is known of an object."""

    def get_object(self, **request: str) -> Answer:
        """Return an object with its body."""

    def put_object(self, **request: object) -> Answer:
        """Write an object."""

    def list_objects_v2(self, **request: object) -> Page:
        """Return one page of a listing."""

    def get_paginator(self, operation: str) -> Paginator:
        """Return the paginator of an operation."""


def make_client(
    settings: StorageSettings, timeouts: tuple[float, float], requests: int
) -> S3Client:
    """Return a client that asks at most `requests` times for one answer."""
    connect, read = timeouts
    config = Config(
        connect_timeout=connect,
        read_timeout=read,
        retries={"mode": "standard", "total_max_attempts": requests},
        # A server of one's own seldom has a host name for each bucket.
        s3={"addressing_style": "path" if settings.endpoint_url else "auto"},
        # Bodies are read raw and checked by length and version: ask for no other checksum.
        response_checksum_validation="when_required",
        # Bodies are written with their MD5, which servers knew before they knew other checksums.
        request_checksum_calculation="when_required",
    )
    session = botocore.session.get_session()
    session.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=moment)
    try:
        client: S3Client = boto3.session.Session(botocore_session=session).client(
            "s3", config=config, **credentials(settings)
        )
    except (BotoCoreError, ValueError) as error:
        raise SettingsError(f"The S3 settings make no client: {error}") from None
    return client


def moment(text: object) -> datetime:
    """Read a time of S3: of a listing, where there are thousands, by the quickest way.

    botocore's own reader takes half the time of a listing. It is asked for all other forms, as
    those of headers.
    """
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return cast("datetime", parse_timestamp(text))
    return found if found.tzinfo else cast("datetime", parse_timestamp(text))


def credentials(settings: StorageSettings) -> dict[str, str | None]:
    """Return what the settings say; what they leave open boto3 finds itself, as an IAM role."""
    secret, token = settings.secret_access_key, settings.session_token
    return {
        "endpoint_url": settings.endpoint_url,
        "region_name": settings.region,
        "aws_access_key_id": settings.access_key_id,
        "aws_secret_access_key": secret.get_secret_value() if secret else None,
        "aws_session_token": token.get_secret_value() if token else None,
    }


def status_of(error: ClientError) -> int:
    """Return the HTTP status of a refusal."""
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def is_absent(error: ClientError) -> bool:
    """Tell whether the object is not there; a bucket that is not there is another matter."""
    code = error.response.get("Error", {}).get("Code", "")
    return code != "NoSuchBucket" and (status_of(error) == 404 or code == "NoSuchVersion")


def is_changed(error: ClientError) -> bool:
    """Tell whether the object is no longer the version that was asked for."""
    return status_of(error) == 412


def refusal(error: BotoCoreError | ClientError, where: str) -> PipelineError:
    """Return our error for the client's; of the server's words only the code is kept."""
    if isinstance(error, NoCredentialsError | PartialCredentialsError):
        return SettingsError(
            f"{where}: no S3 credentials are set: expected an access key or a role."
        )
    if isinstance(error, ParamValidationError):
        return SettingsError(f"{where}: not a name that S3 knows.")
    if isinstance(error, ClientError):
        return _answered(error, where)
    server = urlsplit(str(error.kwargs.get("endpoint_url", ""))).netloc or "its server"
    if is_unknown_name(error):
        return SettingsError(f"{where}: {server}: there is no host of this name.")
    return UnavailableError(f"{where}: no answer from {server} ({type(error).__name__}).")


def _answered(error: ClientError, where: str) -> PipelineError:
    code, status = error.response.get("Error", {}).get("Code", "?"), status_of(error)
    found = f"{where}: {error.operation_name} was answered with {status} ({code})"
    if code in BUSY or status == 429 or status >= 500:
        return UnavailableError(f"{found}: the object storage is busy.")
    if status in {401, 403}:
        return StorageError(
            f"{found}: expected the right to list the bucket, to read its objects, and for an "
            "extraction to put some."
        )
    if code == "NoSuchBucket":
        return StorageError(f"{found}: there is no such bucket.")
    return StorageError(f"{found}: expected the request to be allowed.")
