"""Put files into the local S3, but only where their bytes differ from what lies there."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

from local.s3 import BUCKET, REGION, LocalS3
from social_vault.model.catalogue import catalogue

FILES = catalogue().file_names
BLOCK = 1 << 20
ABSENT = {"404", "NoSuchKey", "NoSuchBucket", "NotFound"}
# One part a file: the ETag is then the MD5 of its bytes, by which a file is known again.
WHOLE = TransferConfig(multipart_threshold=1 << 40)
# SeaweedFS packs what is called text, and unpacks it for each reader: four times as slow to fetch.
PLAIN = {"ContentType": "application/csv"}


def upload(s3: LocalS3, folder: Path, prefix: str, tell: Callable[[str], None]) -> tuple[str, ...]:
    """Upload the files of a folder that feed a table; return the prefixes of earlier folders."""
    client = boto3.client(
        "s3",
        endpoint_url=s3.endpoint,
        aws_access_key_id=s3.key_id,
        aws_secret_access_key=s3.secret,
        region_name=REGION,
    )
    make_bucket(client)
    upload_files(client, folder, prefix, tell)
    return tuple(each for each in prefixes(client) if each != prefix)


def prefixes(client: "boto3.client") -> list[str]:
    """List the prefixes in the bucket: each is a folder that was once uploaded."""
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Delimiter="/")
    return [each["Prefix"] for page in pages for each in page.get("CommonPrefixes", ())]


def upload_files(
    client: "boto3.client", folder: Path, prefix: str, tell: Callable[[str], None]
) -> None:
    """Upload what differs from what lies there; files that are absent are named."""
    for name in FILES:
        path, key = folder / name, f"{prefix}{name}"
        if not path.exists():
            tell(f"  {name} is not in {folder}: left out")
            continue
        if etag(client, key) == digest(path):
            tell(f"  {key} is there already, byte for byte")
            continue
        client.upload_file(str(path), BUCKET, key, Config=WHOLE, ExtraArgs=PLAIN)
        tell(f"  {key}: {path.stat().st_size / 1e6:,.1f} MB")


def make_bucket(client: "boto3.client") -> None:
    """Make the bucket unless it is there."""
    try:
        client.head_bucket(Bucket=BUCKET)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ABSENT:
            raise
        client.create_bucket(Bucket=BUCKET)


def etag(client: "boto3.client", key: str) -> str | None:
    """Ask for the ETag of an object, without its quotes; None if there is no such object."""
    try:
        return str(client.head_object(Bucket=BUCKET, Key=key)["ETag"]).strip('"')
    except ClientError as error:
        if error.response["Error"]["Code"] not in ABSENT:
            raise
        return None


def digest(path: Path) -> str:
    """Compute the MD5 of a file, which is what S3 calls the ETag of an object of one part."""
    found = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as data:
        while block := data.read(BLOCK):
            found.update(block)
    return found.hexdigest()


def fingerprint(folder: Path) -> str:
    """Name the content of a folder's files in 12 digits: other bytes, another name."""
    found = hashlib.md5(usedforsecurity=False)
    for name in FILES:
        path = folder / name
        found.update(f"{name}:{digest(path) if path.exists() else '-'}".encode())
    return found.hexdigest()[:12]
