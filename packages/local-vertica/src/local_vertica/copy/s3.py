"""Read the objects that an s3:// path names, with the session's AWS parameters."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Protocol

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local_vertica.errors import VerticaError

DEFAULT_REGION = "us-east-1"
WILD = frozenset("*?[")


class Client(Protocol):
    """What is used of boto3's S3 client."""

    def download_file(self, bucket: str, key: str, target: str) -> None:
        """Write an object to a file."""
        ...

    def get_paginator(self, name: str) -> "Paginator":
        """Return the pager of an operation."""
        ...


class Paginator(Protocol):
    """What is used of boto3's pagers."""

    def paginate(self, **request: str) -> Iterator[dict[str, list[dict[str, str]]]]:
        """Yield the pages of a listing."""
        ...


@dataclass(frozen=True)
class Bucket:
    """A bucket and the pattern of keys wanted from it."""

    name: str
    pattern: str
    client: Client

    @classmethod
    def of(cls, url: str, parameter: Callable[[str], str | None]) -> "Bucket":
        """Return the bucket that a URL names, opened with the session's parameters."""
        bucket, _, key = url[len("s3://") :].partition("/")
        if not bucket or not key:
            raise VerticaError("22023", f"COPY: [{url}] names no bucket and key")
        return cls(bucket, key, client_of(parameter))

    def matching(self) -> list[str]:
        """Return the keys that the pattern means, sorted; none is an error."""
        wild = min((self.pattern.find(sign) for sign in WILD if sign in self.pattern), default=-1)
        if wild < 0:
            return [self.pattern]
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.name, Prefix=self.pattern[:wild]
        )
        try:
            keys = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
        except (BotoCoreError, ClientError) as error:
            raise unreadable(self.name, self.pattern, error) from None
        found = sorted(key for key in keys if is_match(key, self.pattern))
        if not found:
            message = (
                f"No source files found matching specified patterns: "
                f"[s3://{self.name}/{self.pattern}]"
            )
            raise VerticaError("58V01", message, 7869)
        return found

    @contextmanager
    def fetched(self, key: str, folder: Path) -> Iterator[Path]:
        """Lend an object as a file."""
        path = folder / f"s3-{os.urandom(8).hex()}"
        try:
            try:
                self.client.download_file(self.name, key, str(path))
            except (BotoCoreError, ClientError) as error:
                raise unreadable(self.name, key, error) from None
            yield path
        finally:
            path.unlink(missing_ok=True)


def is_match(key: str, pattern: str) -> bool:
    """Tell whether a key fits a pattern; a wildcard stands for no slash."""
    parts, wanted = key.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))


def client_of(parameter: Callable[[str], str | None]) -> Client:
    """Return an S3 client as AWSAuth, AWSEndpoint, AWSRegion and AWSEnableHttps have it."""
    identifier, colon, secret = (parameter("AWSAuth") or "").partition(":")
    if not colon:
        message = "COPY from s3:// needs the session parameter AWSAuth, written as 'id:secret'"
        raise VerticaError("42501", message)
    endpoint = parameter("AWSEndpoint")
    scheme = "http" if (parameter("AWSEnableHttps") or "1") in {"0", "f", "false"} else "https"
    client: Client = boto3.client(
        "s3",
        aws_access_key_id=identifier,
        aws_secret_access_key=secret,
        aws_session_token=parameter("AWSSessionToken") or None,
        region_name=parameter("AWSRegion") or DEFAULT_REGION,
        endpoint_url=f"{scheme}://{endpoint}" if endpoint else None,
        config=Config(s3={"addressing_style": "path" if endpoint else "auto"}),
    )
    return client


def unreadable(bucket: str, key: str, error: Exception) -> VerticaError:
    """Return the refusal of an object that cannot be read; it names no secret."""
    code = type(error).__name__
    if isinstance(error, ClientError):
        code = str(error.response.get("Error", {}).get("Code", "unknown error"))
    message = f"Could not open file [s3://{bucket}/{key}] for reading; {code}"
    return VerticaError("58V01", message, 2886)
