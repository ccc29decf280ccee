import base64
import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from social_vault.errors import SettingsError, SourceError, StorageError, UnavailableError
from social_vault.landing.objects import Draft
from social_vault.stores import s3_landing
from social_vault.stores.s3_landing import LandingStore, told_at


class Client:
    """An S3 client that raises, or keeps what it was asked to write."""

    def __init__(self, error=None):
        self.error = error
        self.request = {}

    def put_object(self, **request):
        """Answer PUT."""
        if self.error:
            raise self.error
        self.request = request | {"Body": request["Body"].read()}
        return {}


def answered(status, code):
    """Return an answer of S3 that is no success."""
    about = {"HTTPStatusCode": status}
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": about}, "PutObject")


@pytest.fixture
def draft(tmp_path):
    """Lay an object out."""
    path = tmp_path / "rows"
    path.write_bytes(b"id\n1\n")
    return Draft("landing", "raw/0.csv", path, {"until": "{}"})


def test_a_put_says_that_nothing_may_be_replaced_and_what_its_octets_are(draft):
    """The server compares what came with the MD5."""
    client, md5 = Client(), hashlib.md5(b"id\n1\n", usedforsecurity=False).digest()

    assert LandingStore(client).put_if_absent(draft)
    assert client.request == {
        "Bucket": "landing",
        "Key": "raw/0.csv",
        "Body": b"id\n1\n",
        "ContentMD5": base64.b64encode(md5).decode(),
        "IfNoneMatch": "*",
        "Metadata": {"until": "{}"},
    }


@pytest.mark.parametrize(
    ("error", "family"),
    [
        (answered(403, "AccessDenied"), StorageError),
        (answered(404, "NoSuchBucket"), StorageError),
        (answered(409, "ConditionalRequestConflict"), UnavailableError),
        (answered(503, "SlowDown"), UnavailableError),
        (answered(500, "InternalError"), UnavailableError),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1:1"), UnavailableError),
    ],
)
def test_a_refused_put_is_an_error_of_its_family(draft, error, family):
    """Only 412 says that another was first."""
    with pytest.raises(family, match=r"^s3://landing/raw/0\.csv"):
        LandingStore(Client(error)).put_if_absent(draft)

    assert LandingStore(Client(answered(412, "PreconditionFailed"))).put_if_absent(draft) is False


def test_a_file_larger_than_s3_takes_is_refused_before_it_is_sent(draft, monkeypatch):
    """The sentence says how large it may be."""
    monkeypatch.setattr(s3_landing, "LARGEST", 4)
    client = Client()

    with pytest.raises(SourceError, match="5 octets: expected at most 4"):
        LandingStore(client).put_if_absent(draft)

    assert client.request == {}


def test_a_put_without_keys_is_the_user_s_matter(draft):
    """No credentials are no outage."""
    with pytest.raises(SettingsError, match="no S3 credentials"):
        LandingStore(Client(NoCredentialsError())).put_if_absent(draft)


def test_the_server_s_clock_is_taken_and_ours_where_it_tells_none():
    """An object's age is told by the clock that stamped it."""
    head = {"ResponseMetadata": {"HTTPHeaders": {"date": "Thu, 01 Jan 2026 10:00:00 GMT"}}}

    assert told_at(head) == datetime(2026, 1, 1, 10, tzinfo=UTC)
    for silent in ({}, {"ResponseMetadata": {"HTTPHeaders": {"date": "soon"}}}):
        assert abs(told_at(silent) - datetime.now(UTC)) < timedelta(minutes=1)
