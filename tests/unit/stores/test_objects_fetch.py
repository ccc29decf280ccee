import hashlib
import random
import time
from dataclasses import replace

import pytest

from social_vault.errors import (
    MissingObjectError,
    SettingsError,
    StorageError,
    UnavailableError,
    WorkerError,
)
from social_vault.settings import StorageSettings
from social_vault.stores.s3 import ObjectStore, Patience, open_store
from tests.unit.stores.s3_stub import Fault, Stub, etag, running_stub

QUICK = Patience(connect_seconds=1, read_seconds=0.5, pause_seconds=0.01, total_seconds=20)
ROWS = b"".join(b'%d,name,"two\nlines"\n' % number for number in range(3000))
CONTENT = b"id,name,text\n" + ROWS
ROW_END = CONTENT.index(b"\n100,") + 1
IN_QUOTES = CONTENT.index(b"two\nlines", 5000) + 4


@pytest.fixture
def stub():
    """Lend a storage that holds one users file."""
    with running_stub() as storage:
        storage.objects["in/users.csv"] = CONTENT
        yield storage


def store_of(stub: Stub, patience: Patience = QUICK, key_id: str = "KEYIDCANARY") -> ObjectStore:
    """Open the store under test on the stub."""
    settings = StorageSettings(
        access_key_id=key_id, secret_access_key="s3cr3t", endpoint_url=stub.url, region="us-east-1"
    )
    return open_store(settings, patience)


def fetch(stub: Stub, folder, patience: Patience = QUICK):
    """Pin the users file, then fetch it; count only the requests of the fetch."""
    store = store_of(stub, patience)
    pinned = store.pin("landing", "in/users.csv")
    stub.requests.clear()
    return store.fetch(pinned, folder)


def test_a_good_object_arrives_whole_with_one_request(stub, tmp_path):
    """Bytes, size and SHA-256 are the object's, and it took a single GET."""
    spooled = fetch(stub, tmp_path)

    assert spooled.path.read_bytes() == CONTENT
    assert spooled.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert spooled.size == len(CONTENT)
    assert [operation for operation, _ in stub.requests] == ["GET"]


def test_only_the_user_may_read_a_spooled_object(stub, tmp_path):
    """Personal data on a shared disk is nobody else's."""
    spooled = fetch(stub, tmp_path)

    assert spooled.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429])
def test_two_failures_are_repeated_by_botocore_alone(stub, tmp_path, status):
    """Three requests in all bring the object: layers of retries do not multiply."""
    fault = Fault(status=status, code="SlowDown" if status in {503, 429} else "InternalError")
    stub.fail("GET", fault, fault)

    assert fetch(stub, tmp_path).path.read_bytes() == CONTENT
    assert stub.count("GET") == 3


def test_a_storage_that_stays_busy_costs_three_requests(stub, tmp_path):
    """It ends as an error worth another run, within the budget and without a file."""
    stub.fail("GET", *[Fault(status=503, code="SlowDown")] * 50)

    with pytest.raises(UnavailableError, match="503"):
        fetch(stub, tmp_path)
    assert stub.count("GET") == 3
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("announce", [True, False], ids=["length", "no-length"])
@pytest.mark.parametrize("reset", [False, True], ids=["fin", "rst"])
@pytest.mark.parametrize(
    "cut",
    [0, 1, len(CONTENT) // 2, IN_QUOTES, ROW_END, len(CONTENT) - 1],
    ids=["start", "one-byte", "half", "in-quotes", "row-end", "last-byte"],
)
def test_a_cut_body_is_fetched_again(stub, tmp_path, cut, reset, announce):  # noqa: PLR0917
    """A cut at the end of a row would parse: only the length tells, announced or not."""
    stub.fail("GET", Fault(cut_at=cut, reset=reset, announce=announce))

    assert fetch(stub, tmp_path).path.read_bytes() == CONTENT
    assert stub.count("GET") <= 3  # a reset before the first byte may be botocore's to repeat
    assert len(list(tmp_path.iterdir())) == 1


def test_a_body_that_is_always_cut_costs_four_requests(stub, tmp_path):
    """The store gives up after four tries, says where and how far, and leaves no file."""
    stub.fail("GET", *[Fault(cut_at=ROW_END)] * 50)

    with pytest.raises(UnavailableError, match=rf"in/users\.csv: {ROW_END} bytes .*{len(CONTENT)}"):
        fetch(stub, tmp_path)
    assert stub.count("GET") == 4
    assert list(tmp_path.iterdir()) == []


def test_a_stalled_body_is_fetched_again(stub, tmp_path):
    """Silence longer than the read timeout breaks the try, not the run."""
    stub.fail("GET", Fault(stall_at=1000, stall_seconds=2))

    assert fetch(stub, tmp_path).path.read_bytes() == CONTENT
    assert stub.count("GET") == 2


def test_a_dripping_body_ends_at_the_deadline(stub, tmp_path):
    """Each byte comes within the read timeout, yet the whole may not take for ever."""
    stub.fail("GET", *[Fault(drip_seconds=0.02)] * 9)
    started = time.monotonic()

    with pytest.raises(UnavailableError, match="too slow"):
        fetch(stub, tmp_path, replace(QUICK, total_seconds=1))
    assert time.monotonic() - started < 5
    assert stub.count("GET") == 1


def test_an_object_replaced_before_the_fetch_comes_in_its_fresh_version(stub, tmp_path):
    """412 leads to a new pin: the answer names the version whose bytes it holds."""
    stub.fail("GET", Fault(replace=b"id\n1\n"))

    spooled = fetch(stub, tmp_path)

    assert spooled.path.read_bytes() == b"id\n1\n"
    assert spooled.object.etag == etag(b"id\n1\n").strip('"')
    assert spooled.size == spooled.object.size == 5
    assert [operation for operation, _ in stub.requests] == ["GET", "HEAD", "GET"]


def test_a_server_that_ignores_if_match_is_caught_by_the_etag(stub, tmp_path):
    """Other bytes than the pinned ones are never taken for them."""
    stub.fail("GET", Fault(replace=CONTENT[::-1], ignore_match=True))

    spooled = fetch(stub, tmp_path)

    assert spooled.object.etag == etag(CONTENT[::-1]).strip('"')
    assert spooled.path.read_bytes() == CONTENT[::-1]


def test_an_object_replaced_on_every_try_is_given_up(stub, tmp_path):
    """The budget holds here, too: four GETs, and a HEAD after each."""
    stub.fail("GET", *[Fault(replace=b"id\n%d\n" % number) for number in range(50)])

    with pytest.raises(UnavailableError, match="replaced"):
        fetch(stub, tmp_path)
    assert stub.count("GET") == 4
    assert stub.count("HEAD") == 4


def test_an_object_deleted_before_the_fetch_is_a_clear_error(stub, tmp_path):
    """Nothing is there to fetch afresh: a human hears which object is gone."""
    stub.fail("GET", Fault(delete=True))

    with pytest.raises(MissingObjectError, match=r"s3://landing/in/users\.csv"):
        fetch(stub, tmp_path)
    assert stub.count("GET") == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [(403, "AccessDenied"), (400, "ExpiredToken"), (403, "RequestTimeTooSkewed")],
)
def test_a_refusal_is_not_repeated_and_shows_no_key(stub, tmp_path, status, code):
    """Asking again changes no right; the error names the place, never who asked."""
    stub.fail("GET", *[Fault(status=status, code=code)] * 9)

    with pytest.raises(StorageError, match=rf"landing.*{code}") as caught:
        fetch(stub, tmp_path)
    assert stub.count("GET") == 1
    assert "KEYIDCANARY" not in f"{caught.value!r}{caught.value.__cause__!r}"


def test_a_full_spool_is_named(stub, tmp_path):
    """A folder that takes no bytes is the operator's to mend, so the error tells which."""
    store = store_of(stub)
    pinned = store.pin("landing", "in/users.csv")

    with pytest.raises(WorkerError, match=r"users\.csv cannot be spooled: .*absent: No such file"):
        store.fetch(pinned, tmp_path / "absent")


def test_a_version_id_pins_where_the_bucket_keeps_versions(stub, tmp_path):
    """Then the version is the id, not the ETag, and the GET asks for it."""
    stub.versions = True
    spooled = fetch(stub, tmp_path)

    assert spooled.object.version.startswith("v-")
    assert spooled.object.version_id
    assert spooled.path.read_bytes() == CONTENT


def test_no_server_is_unavailable(tmp_path):
    """A closed port ends soon, as an error worth another try."""
    with running_stub() as stub:
        pass

    with pytest.raises(UnavailableError, match="no answer"):
        store_of(stub).pin("landing", "in/users.csv")


def test_wrong_settings_are_settings_errors():
    """An address that is none is told before anything is requested."""
    with pytest.raises(SettingsError):
        store_of(Stub(url="no address"))


def test_whatever_is_cut_the_object_arrives_exactly(stub, tmp_path):
    """Forty seeded mixtures of cuts, stops and errors: equal bytes or an error, never less."""
    seeded = random.Random(7)
    store = store_of(stub)
    pinned = store.pin("landing", "in/users.csv")
    for _ in range(40):
        faults = [cut_somewhere(seeded) for _ in range(seeded.randrange(6))]
        stub.faults.clear()
        stub.fail("GET", *faults)
        try:
            spooled = store.fetch(pinned, tmp_path)
        except UnavailableError:
            assert len(faults) >= 4
        else:
            assert spooled.path.read_bytes() == CONTENT


def cut_somewhere(seeded: random.Random) -> Fault:
    """Return a cut at any place, of any kind."""
    return Fault(
        cut_at=seeded.randrange(len(CONTENT)),
        reset=seeded.random() < 0.5,
        announce=seeded.random() < 0.5,
    )
