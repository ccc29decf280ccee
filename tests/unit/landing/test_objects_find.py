from datetime import UTC, datetime

import pytest

from social_vault.errors import MissingObjectError, SourceError, StorageError
from social_vault.landing.finding import find_objects
from social_vault.landing.objects import ObjectRequest, ObjectVersion
from social_vault.model.catalogue import catalogue
from social_vault.settings import StorageSettings
from social_vault.stores.s3 import Patience, identified, open_store
from tests.unit.stores.s3_stub import Fault, running_stub

QUICK = Patience(connect_seconds=1, read_seconds=0.5, pause_seconds=0.01)
ODD_KEYS = [
    "a b/users.csv",
    "per%2Fcent+plus/users.csv",
    "группы/Ünïcode/groups.csv",
    "../../etc/dialogs.csv",
    "./dot/../group_log.csv",
    "quote'\"; DROP TABLE x --/users.csv",
    "line\nfeed/users.csv",
    "?query=1#fragment/users.csv",
    "/leading//double/users.csv",
    "n" * 1014 + "/users.csv",
]


@pytest.fixture
def stub():
    """Lend an empty storage."""
    with running_stub() as storage:
        yield storage


@pytest.fixture
def store(stub):
    """Open the store under test on the stub."""
    settings = StorageSettings(
        access_key_id="KEYIDCANARY",
        secret_access_key="s3cr3t",
        endpoint_url=stub.url,
        region="us-east-1",
    )
    return open_store(settings, QUICK)


def find(store, request):
    """Find what a run would."""
    return tuple(find_objects(store, request, catalogue()))


def test_the_last_segment_of_a_key_names_its_table(stub, store):
    """Other keys are left alone: a README in the bucket is no error."""
    stub.objects = {"x/users.csv": b"1", "x/group_log.csv": b"1", "x/read.me": b"", "users": b""}

    found = find(store, ObjectRequest("landing"))

    assert {each.key: catalogue().feeds(each.key).name for each in found} == {
        "x/users.csv": "users",
        "x/group_log.csv": "group_log",
    }


def test_only_keys_under_the_prefix_are_found(stub, store):
    """A prefix is what S3 calls so: the beginning of a key."""
    stub.objects = {"a/users.csv": b"1", "b/users.csv": b"1"}

    found = find(store, ObjectRequest("landing", prefix="b/"))

    assert [each.key for each in found] == ["b/users.csv"]


def test_every_page_of_a_listing_is_read(stub, store):
    """Nothing is lost at a page's end, and nothing else is asked for."""
    stub.page = 7
    stub.objects = {f"day={n:02}/users.csv": b"1" for n in range(50)}

    found = find(store, ObjectRequest("landing"))

    assert len(found) == 50
    assert stub.count("LIST") == 8
    assert stub.count("HEAD") == 0


@pytest.mark.parametrize("key", ODD_KEYS, ids=range(len(ODD_KEYS)))
def test_a_key_may_hold_anything(stub, store, tmp_path, key):
    """It is found, pinned and fetched as it is, and no path is ever made of it."""
    stub.objects[key] = b"id\n1\n"
    folder = tmp_path / "spool"
    folder.mkdir()

    [found] = find(store, ObjectRequest("landing"))
    spooled = store.fetch(found, folder)

    assert found.key == key
    assert spooled.path.parent == folder
    assert spooled.path.read_bytes() == b"id\n1\n"
    assert [each.name for each in tmp_path.iterdir()] == ["spool"]
    assert found.uri.isascii()
    assert found.uri.isprintable()


def test_a_table_asked_for_by_name_must_be_there(stub, store):
    """The error names the place and every table that is missing, not those that are there."""
    stub.objects = {"in/users.csv": b"1"}
    request = ObjectRequest("landing", prefix="in/", tables=("users", "groups", "dialogs"))

    with pytest.raises(MissingObjectError, match=r"s3://landing/in/ .* groups, dialogs,"):
        find(store, request)


def test_tables_not_asked_for_by_name_may_be_missing(stub, store):
    """What is there is loaded; what comes later is loaded later."""
    stub.objects = {"in/users.csv": b"1"}

    assert len(find(store, ObjectRequest("landing", prefix="in/"))) == 1
    assert find(store, ObjectRequest("landing", prefix="out/")) == ()


def test_only_the_tables_asked_for_are_found(stub, store):
    """The others are left alone."""
    stub.objects = {"users.csv": b"1", "groups.csv": b"1"}

    found = find(store, ObjectRequest("landing", tables=("groups",)))

    assert [catalogue().feeds(each.key).name for each in found] == ["groups"]


def test_keys_given_by_name_need_no_listing(stub, store):
    """A role that may read objects but not list the bucket is enough."""
    stub.objects = {"in/users.csv": b"1", "in/groups.csv": b"1"}

    found = find(store, ObjectRequest("landing", keys=("in/groups.csv",)))

    assert [each.key for each in found] == ["in/groups.csv"]
    assert stub.count("LIST") == 0


def test_a_key_given_by_name_must_be_there(store):
    """What was asked for and is absent is an error, named in full."""
    with pytest.raises(MissingObjectError, match=r"s3://landing/in/users\.csv"):
        find(store, ObjectRequest("landing", keys=("in/users.csv",)))


def test_a_key_given_by_name_must_feed_a_table(stub, store):
    """It would otherwise be left out in silence."""
    stub.objects = {"in/people.csv": b"1"}

    with pytest.raises(SourceError, match=r"people\.csv feeds no table.*users\.csv"):
        find(store, ObjectRequest("landing", keys=("in/people.csv",)))


@pytest.mark.parametrize(
    ("status", "code"), [(403, "AccessDenied"), (404, "NoSuchBucket"), (400, "ExpiredToken")]
)
def test_a_refused_listing_names_the_bucket_and_is_not_repeated(stub, store, status, code):
    """One request, one error; the key id stays unsaid."""
    stub.fail("LIST", *[Fault(status=status, code=code)] * 9)

    with pytest.raises(StorageError, match=rf"s3://landing.*{code}") as caught:
        find(store, ObjectRequest("landing"))
    assert stub.count("LIST") == 1
    assert "KEYIDCANARY" not in repr(caught.value)


def test_a_listing_refused_midway_gives_no_half_answer(stub, store):
    """The second page fails for good: so does the listing."""
    stub.page = 1
    stub.objects = {"a/users.csv": b"1", "b/users.csv": b"1"}
    stub.fail("LIST", Fault(), Fault(status=403, code="AccessDenied"))

    with pytest.raises(StorageError, match="AccessDenied"):
        find(store, ObjectRequest("landing"))


def test_a_version_of_a_suspended_bucket_is_its_etag():
    """The id `null` names whatever was written last, so it pins nothing."""
    listed = ObjectVersion("s3", "b", "users.csv", "e", 1, datetime(2021, 6, 1, tzinfo=UTC))

    assert identified(listed, {"VersionId": "null"}) == listed
    assert identified(listed, {"VersionId": "3/L"}).version == "3/L"
    assert listed.version == "e"
