import hashlib
import random
from dataclasses import replace

import boto3
import pytest

from local.paths import Paths
from local.s3 import LocalS3, serve_s3
from social_vault.errors import MissingObjectError, StorageError
from social_vault.landing.finding import find_objects
from social_vault.landing.objects import ObjectRequest
from social_vault.model.catalogue import catalogue
from social_vault.settings import StorageSettings
from social_vault.stores.s3 import ObjectStore, open_store

BUCKET = "landing"
PART = 5 << 20


@pytest.fixture(scope="module")
def s3(tmp_path_factory):
    """Run a real S3 server with an empty bucket."""
    with serve_s3(Paths(tmp_path_factory.mktemp("s3"))) as running:
        client_of(running).create_bucket(Bucket=BUCKET)
        yield running


@pytest.fixture
def client(s3):
    """Lend a client that may write."""
    return client_of(s3)


@pytest.fixture
def store(s3):
    """Open the store under test."""
    return store_of(s3)


def client_of(s3: LocalS3):
    """Return a plain client of the server."""
    return boto3.client(
        "s3",
        endpoint_url=s3.endpoint,
        aws_access_key_id=s3.key_id,
        aws_secret_access_key=s3.secret,
        region_name="us-east-1",
    )


def store_of(s3: LocalS3, secret: str | None = None) -> ObjectStore:
    """Open the store under test, with another secret if one is given."""
    settings = StorageSettings(
        endpoint_url=s3.endpoint,
        access_key_id=s3.key_id,
        secret_access_key=secret or s3.secret,
        region="us-east-1",
    )
    return open_store(settings)


def find(store, request):
    """Find what a run would."""
    return tuple(find_objects(store, request, catalogue()))


def table_of(found):
    """Name the table that an object feeds."""
    return catalogue().feeds(found.key).name


def put(client, key: str, content: bytes) -> None:
    """Write an object, replacing what is there."""
    client.put_object(Bucket=BUCKET, Key=key, Body=content)


def test_objects_are_found_pinned_and_fetched(client, store, tmp_path):
    """The whole way on a real server: prefix, tables, versions, bytes."""
    put(client, "whole/users.csv", b"id\n1\n")
    put(client, "whole/group_log.csv", b"group_id\n2\n")
    put(client, "whole/notes.txt", b"nothing")

    found = find(store, ObjectRequest(BUCKET, prefix="whole/"))
    spooled = {table_of(each): store.fetch(each, tmp_path) for each in found}

    assert spooled.keys() == {"users", "group_log"}
    assert spooled["users"].path.read_bytes() == b"id\n1\n"
    assert spooled["group_log"].sha256 == hashlib.sha256(b"group_id\n2\n").hexdigest()


def test_a_replaced_object_comes_in_its_fresh_version(client, store, tmp_path):
    """A real server, too, answers 412 to a pin that is no longer true."""
    put(client, "fresh/users.csv", b"id\n1\n")
    [listed] = find(store, ObjectRequest(BUCKET, prefix="fresh/"))
    put(client, "fresh/users.csv", b"id\n1\n2\n")

    spooled = store.fetch(listed, tmp_path)

    assert spooled.path.read_bytes() == b"id\n1\n2\n"
    assert spooled.object.version != listed.version


def test_a_deleted_object_is_a_clear_error(client, store, tmp_path):
    """It was listed, and is there no more."""
    put(client, "gone/users.csv", b"id\n")
    [listed] = find(store, ObjectRequest(BUCKET, prefix="gone/"))
    client.delete_object(Bucket=BUCKET, Key="gone/users.csv")

    with pytest.raises(MissingObjectError, match=r"gone/users\.csv"):
        store.fetch(listed, tmp_path)


def test_a_version_is_fetched_even_after_it_was_replaced(s3, client, store, tmp_path):
    """Where the bucket keeps versions, the pinned one is what arrives."""
    client.create_bucket(Bucket="versioned")
    client.put_bucket_versioning(Bucket="versioned", VersioningConfiguration={"Status": "Enabled"})
    client.put_object(Bucket="versioned", Key="users.csv", Body=b"id\n1\n")
    [listed] = find(store, ObjectRequest("versioned"))
    client.put_object(Bucket="versioned", Key="users.csv", Body=b"id\n2\n")

    spooled = store.fetch(listed, tmp_path)

    assert spooled.path.read_bytes() == b"id\n1\n"
    assert spooled.object.version_id
    assert replace(spooled.object, version_id="") == listed


def test_an_object_of_many_parts_arrives_whole(client, store, tmp_path):
    """Its ETag is no MD5 of the whole, and nothing takes it for one."""
    content = random.Random(3).randbytes(2 * PART + 17)
    upload = client.create_multipart_upload(Bucket=BUCKET, Key="parts/dialogs.csv")["UploadId"]
    name = {"Bucket": BUCKET, "Key": "parts/dialogs.csv", "UploadId": upload}
    pieces = [content[start : start + PART] for start in range(0, len(content), PART)]
    tags = [
        client.upload_part(**name, PartNumber=number, Body=piece)["ETag"]
        for number, piece in enumerate(pieces, 1)
    ]
    parts = [{"PartNumber": number, "ETag": tag} for number, tag in enumerate(tags, 1)]
    client.complete_multipart_upload(**name, MultipartUpload={"Parts": parts})

    [listed] = find(store, ObjectRequest(BUCKET, prefix="parts/"))
    spooled = store.fetch(listed, tmp_path)

    assert spooled.sha256 == hashlib.sha256(content).hexdigest()
    assert spooled.size == len(content)


@pytest.mark.parametrize("key", ["a b+c/users.csv", "группы/%2F/users.csv", "q'\";--/users.csv"])
def test_a_real_server_takes_odd_keys(client, store, tmp_path, key):
    """What the server keeps under an odd key is found and fetched under it."""
    put(client, f"odd/{key}", key.encode())

    [listed] = find(store, ObjectRequest(BUCKET, keys=(f"odd/{key}",)))
    [found] = [each for each in find(store, ObjectRequest(BUCKET, "odd/")) if each == listed]

    assert store.fetch(found, tmp_path).path.read_bytes() == key.encode()


def test_a_wrong_secret_is_refused_without_a_word_of_it(s3):
    """The error names the bucket, neither key id nor secret."""
    with pytest.raises(StorageError, match="s3://landing") as caught:
        find(store_of(s3, secret="wr0ng-secret"), ObjectRequest(BUCKET))

    assert s3.key_id not in str(caught.value)
    assert "wr0ng-secret" not in str(caught.value)


def test_a_bucket_that_is_not_there_is_named(store):
    """A mistyped bucket is told from an empty one."""
    with pytest.raises(StorageError, match="s3://no-such-bucket"):
        find(store, ObjectRequest("no-such-bucket"))
