"""The order system under test: writers that come late, an extractor, and a naive one beside it."""

import json
import random
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime

from bson import ObjectId, json_util
from pymongo.errors import OperationFailure

from social_vault.settings import MongoSettings
from social_vault.sources.mongo import open_orders


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
        self.lines = []

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
        self.lines = [json_util.loads(line) for line in lines]
        for line in self.lines:
            self.replay(line)

    def replay(self, line):
        """Do what a line says to what is held."""
        self.ops.append(line["op"])
        if line["op"] == "begin":
            self.held = {}
        elif line["op"] == "delete":
            self.held.pop(line["_id"], None)
        elif line["doc"] is not None:
            self.held[line["_id"]] = line["doc"]


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


def fail(client, commands, times=1, **how):
    """Let the server fail some commands."""
    data = {"failCommands": commands, **how}
    client.admin.command("configureFailPoint", "failCommand", mode={"times": times}, data=data)


def refused(*_args, **_named):
    """Stand in for a watch that the user has no right to."""
    raise OperationFailure("not authorized to watch", 13)


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
