"""The order system's readers against writers that come late, and servers that break off."""

import json
import random
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from bson import Decimal128, Int64, ObjectId, json_util
from pymongo.errors import OperationFailure

from local.mongo import DATABASE, serve_mongo
from social_vault.errors import SettingsError, SourceError, UnavailableError
from social_vault.settings import MongoSettings
from social_vault.sources import mongo_changes, mongo_connection, mongo_pages
from social_vault.sources.mongo import open_orders
from social_vault.sources.mongo_connection import refusal


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Run one server for all tests of the file."""
    with serve_mongo(tmp_path_factory.mktemp("mongo"), "--enable-test-commands") as running:
        yield running


@pytest.fixture
def client(server):
    """Connect as the owner; nothing is left of other tests."""
    with server.client() as owner:
        owner.drop_database(DATABASE)
        yield owner


@pytest.fixture
def orders(client):
    """Lend the collection of orders."""
    return client[DATABASE].orders


def settings_for(server, **changes):
    """Name the server as the environment would."""
    given = {
        name.removeprefix("ORDER_SYSTEM_").lower(): value
        for name, value in server.environment().items()
    }
    return MongoSettings(**{**given, **changes})


class Extractor:
    """Reads orders time and again, and replays what it has landed."""

    def __init__(self, server, folder):
        self.settings = settings_for(server)
        self.path = folder / "read"
        self.until = None
        self.held = {}
        self.ops = []
        self.warnings = []

    def read(self, *, is_killed=False):
        """Read once; one that is killed before its file lands has read nothing."""
        with open_orders(self.settings) as readers:
            reader = next(each for each in readers if each.table == "orders")
            reading = reader.read(self.until, self.path)
        if is_killed:
            return
        self.warnings += reading.warnings
        self.until = json.loads(json.dumps(reading.until))
        lines = self.path.read_text().splitlines()
        assert len(lines) == reading.records
        for line in lines:
            self.replay(json_util.loads(line))

    def replay(self, line):
        """Do what a line says to what is held."""
        self.ops.append(line["op"])
        if line["op"] == "begin":
            self.held = {}
        elif line["op"] == "delete":
            self.held.pop(line["_id"], None)
        elif line["doc"] is not None:
            self.held[line["_id"]] = line["doc"]


@pytest.fixture
def extractor(server, tmp_path, orders):
    """Lend an extractor of the empty collection."""
    return Extractor(server, tmp_path)


def held_by(collection):
    """Return what a collection holds, by id, as the lines give it."""
    options = json_util.CANONICAL_JSON_OPTIONS
    documents = {each["_id"]: each for each in collection.find()}
    return {
        key: json_util.loads(json_util.dumps(doc, json_options=options))
        for key, doc in documents.items()
    }


def now():
    """Tell the application's clock: whole seconds, so that many are equal."""
    return datetime.now(UTC).replace(microsecond=0, tzinfo=None)


def write(collection, seed, over, guard):
    """Insert, update and delete until told to stop; some writes come later than they say."""
    chance, mine = random.Random(seed), []
    while not over.is_set():
        stamp, turn = now(), chance.random()
        if turn < 0.3:
            time.sleep(chance.random() * 0.6)
        if mine and turn > 0.9:
            collection.delete_one({"_id": mine.pop(chance.randrange(len(mine)))})
        elif mine and turn > 0.5:
            changed = {"update_ts": stamp, "n": chance.randrange(10**9)}
            collection.update_one({"_id": chance.choice(mine)}, {"$set": changed})
        else:
            mine.append(ObjectId())
            collection.insert_one({"_id": mine[-1], "update_ts": stamp, "n": 0})
        time.sleep(chance.random() * 0.02)
    guard.append(len(mine))


@contextmanager
def writers(collection, seed, count=4):
    """Let several writers work while the block lasts."""
    over, ended = threading.Event(), []
    threads = [
        threading.Thread(target=write, args=(collection, seed * 100 + n, over, ended))
        for n in range(count)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert len(ended) == count


class Naive:
    """Reads by the highest time of change seen so far, as public solutions do."""

    def __init__(self, collection):
        self.collection = collection
        self.last = datetime(2000, 1, 1)
        self.held = {}

    def read(self):
        """Read fifty documents that are newer than the newest."""
        newer = {"update_ts": {"$gt": self.last}}
        for doc in self.collection.find(newer).sort("update_ts", 1).limit(50):
            self.held[doc["_id"]], self.last = doc, doc["update_ts"]


def race(orders, extractor, seed, seconds):
    """Read while others write; some reads are killed before they land."""
    chance, naive = random.Random(seed), Naive(orders)
    end = time.monotonic() + seconds
    with writers(orders, seed):
        while time.monotonic() < end:
            extractor.read(is_killed=chance.random() < 0.2)
            naive.read()
    extractor.read()
    naive.read()
    return naive.held


@pytest.mark.parametrize("seed", [1, 2])
def test_late_writes_and_killed_readers_cost_nothing(orders, extractor, seed):
    """What was landed, replayed in its order, is the collection; the naive reader has lost some."""
    naive = race(orders, extractor, seed, 4)

    expected = held_by(orders)
    assert extractor.held == expected
    assert {"insert", "update", "delete"} <= set(extractor.ops)
    assert naive != expected


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 110))
def test_late_writes_cost_nothing_over_many_seeds(orders, extractor, seed):
    """The same, longer."""
    race(orders, extractor, seed, 20)

    assert extractor.held == held_by(orders)


def test_what_changes_during_the_first_read_comes_behind_it(orders, extractor, monkeypatch):
    """The token is taken before the first document: nothing falls in between."""
    monkeypatch.setattr(mongo_pages, "PAGE", 10)
    orders.insert_many([{"n": n} for n in range(200)])
    with writers(orders, 5, 2):
        extractor.read()
    extractor.read()

    assert extractor.held == held_by(orders)
    assert extractor.ops[0] == "begin"


def test_values_keep_their_types(orders, extractor):
    """Canonical Extended JSON tells an int from a double, and loses no digit."""
    doc = {
        "_id": ObjectId(),
        "long": Int64(2**60),
        "exact": Decimal128("12.340"),
        "old": datetime(1960, 1, 1),
        "nan": float("nan"),
        "none": None,
        "text": "Плов\n\u2028",
    }
    orders.insert_one(doc)
    extractor.read()

    line = extractor.path.read_text().splitlines()[1]
    assert json.loads(line)["doc"]["exact"] == {"$numberDecimal": "12.340"}
    assert json.loads(line)["doc"]["nan"] == {"$numberDouble": "NaN"}
    assert json.loads(line)["doc"]["old"] == {"$date": {"$numberLong": "-315619200000"}}


def test_ids_of_other_types_are_landed_too(orders, extractor, monkeypatch):
    """They are for the contract to refuse: a comparison of ids alone would pass over them."""
    monkeypatch.setattr(mongo_pages, "PAGE", 2)
    orders.insert_many([{"_id": n} for n in ("text", 7, 7.5)] + [{"n": n} for n in range(5)])
    extractor.read()

    assert extractor.held == held_by(orders)


def test_nothing_new_lands_nothing_and_moves_on(orders, extractor):
    """An empty read has no line, and a token that has passed what was empty."""
    orders.insert_one({"n": 1})
    extractor.read()
    before = len(extractor.ops)
    extractor.read()

    assert len(extractor.ops) == before
    assert extractor.until["mode"] == "watch"


def test_a_dropped_collection_is_read_anew_and_told(orders, extractor):
    """What was read up to the drop lands by itself; the read after it tells what is absent."""
    orders.insert_many([{"n": n} for n in range(5)])
    extractor.read()
    orders.insert_one({"n": 6})
    orders.drop()
    orders.insert_one({"n": 7})
    extractor.read()
    extractor.read()
    orders.insert_one({"n": 8})
    extractor.read()

    assert extractor.held == held_by(orders)
    assert "history of orders is lost (drop)" in extractor.warnings[0]
    assert extractor.ops.count("begin") == 2


def fail(client, commands, times=1, **how):
    """Let the server fail some commands."""
    data = {"failCommands": commands, **how}
    client.admin.command("configureFailPoint", "failCommand", mode={"times": times}, data=data)


@pytest.mark.parametrize("code", [286, 280, 260])
def test_a_forgotten_token_is_told_and_all_is_read(client, orders, extractor, code):
    """Never in silence: a whole read is more than changes."""
    orders.insert_one({"n": 1})
    extractor.read()
    orders.insert_one({"n": 2})
    fail(client, ["aggregate"], errorCode=code)
    extractor.read()

    assert extractor.held == held_by(orders)
    assert f"(code {code})" in extractor.warnings[0]


def test_a_connection_that_closes_in_mid_read_lands_nothing_and_is_tried_again(
    client, orders, extractor, monkeypatch
):
    """Prefect tries again what is out of reach; a half file is no file."""
    monkeypatch.setattr(mongo_pages, "PAGE", 2)
    orders.insert_many([{"n": n} for n in range(9)])
    extractor.read()
    orders.insert_one({"n": 10})
    fail(client, ["getMore", "aggregate"], times=8, closeConnection=True)
    try:
        with pytest.raises(UnavailableError, match="The order system's MongoDB"):
            extractor.read()
    finally:
        client.admin.command("configureFailPoint", "failCommand", mode="off")
    extractor.read()

    assert extractor.held == held_by(orders)


@pytest.fixture
def unwatched(monkeypatch):
    """Take the right to watch from everybody."""

    def refused(*_args, **_named):
        raise OperationFailure("not authorized to watch", 13)

    monkeypatch.setattr("pymongo.collection.Collection.watch", refused)


@pytest.mark.usefixtures("unwatched")
def test_without_the_right_to_watch_times_are_read_with_an_overlap(orders, extractor, monkeypatch):
    """Ties at a page's edge and writes that come minutes late are read."""
    monkeypatch.setattr(mongo_pages, "PAGE", 3)
    stamp = now()
    orders.insert_many([{"n": n, "update_ts": stamp} for n in range(10)])
    extractor.read()
    orders.insert_many([{"n": n, "update_ts": stamp - timedelta(minutes=9)} for n in range(5)])
    orders.insert_many([{"n": n, "update_ts": stamp + timedelta(seconds=1)} for n in range(7)])
    extractor.read()

    assert extractor.held == held_by(orders)
    assert extractor.until["mode"] == "pages"


@pytest.mark.usefixtures("unwatched")
def test_without_the_right_to_watch_a_daily_read_finds_the_rest(orders, extractor):
    """Deletes, documents without a time, and writes that are later than the overlap."""
    orders.insert_many([{"n": n, "update_ts": now()} for n in range(5)])
    extractor.read()
    orders.insert_many([{"n": 6}, {"n": 7, "update_ts": "yesterday"}])
    orders.insert_one({"n": 8, "update_ts": now() - timedelta(hours=3)})
    orders.delete_one({"n": 1})
    extractor.read()
    assert extractor.held != held_by(orders)

    extractor.until["day"] = "2026-01-01"
    extractor.read()

    assert extractor.held == held_by(orders)


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"password": "wr0ng-canary"}, "refuses the user or the password"),
        ({"auth_source": "elsewhere"}, "refuses the user or the password"),
        ({"tls_cafile": None}, "no certificate that can be trusted"),
        ({"tls_cafile": "/nowhere"}, "cannot be reached with these settings"),
    ],
)
def test_a_door_that_stays_closed_is_the_users_to_mend(server, changes, match):
    """In one sentence that names the system, and neither user nor password."""
    with (
        pytest.raises(SettingsError, match=match) as told,
        open_orders(settings_for(server, **changes)),
    ):
        raise AssertionError("It came in.")

    assert "canary" not in str(told.value)
    assert "owner" not in str(told.value)


def test_a_server_that_is_away_is_worth_another_try(server, monkeypatch):
    """It is told within seconds."""
    monkeypatch.setattr(mongo_connection, "SECONDS_TO_REACH", 0.2)
    monkeypatch.setattr(mongo_connection, "TRIES", 2)
    away = settings_for(server, hosts="127.0.0.1:9")
    with pytest.raises(UnavailableError, match="gave no answer"), open_orders(away):
        raise AssertionError("It came in.")


@pytest.mark.parametrize(
    ("code", "family"),
    [(13, SettingsError), (18, SettingsError), (43, UnavailableError), (10107, UnavailableError)],
)
def test_codes_are_told_by_whose_matter_they_are(code, family):
    """A right is the user's, a cursor that was killed or a primary that left is nobody's."""
    told = refusal(OperationFailure("secret document", code), "Here")

    assert isinstance(told, family)
    assert "secret" not in str(told)


def test_a_foreign_bookmark_is_no_bookmark(server, extractor):
    """A chain that was copied from another table must not be read on in silence."""
    extractor.until = {"horizon": 5}
    with pytest.raises(SourceError, match="no known `mode`"):
        extractor.read()


def test_a_token_too_long_for_metadata_is_told(server, extractor, monkeypatch):
    """Before anything is written."""
    monkeypatch.setattr(mongo_changes, "LONGEST_TOKEN", 10)
    with pytest.raises(SourceError, match="expected one of at most 10"):
        extractor.read()
