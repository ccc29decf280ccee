"""The order system's readers against writers that come late and readers that are killed."""

import json
import re
from datetime import datetime

import pytest
from bson import Decimal128, Int64, ObjectId

from local.mongo import DATABASE
from social_vault.sources import mongo_pages
from social_vault.sources.mongo import open_orders
from social_vault.sources.mongo_changes import Lines
from tests.sources.order_system import held_by, now, race, settings_for, writers


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


def test_writers_at_work_during_the_first_read_cost_nothing(orders, extractor, monkeypatch):
    """The token is taken before the first document: nothing falls in between."""
    monkeypatch.setattr(mongo_pages, "PAGE", 10)
    orders.insert_many([{"n": n} for n in range(200)])
    with writers(orders, 5, 2):
        extractor.read()
    extractor.read()

    assert extractor.held == held_by(orders)
    assert extractor.ops[0] == "begin"


def test_what_changes_behind_the_first_reads_back_comes_with_the_next(
    orders, extractor, monkeypatch
):
    """Changed, deleted and inserted before the place where the read has come to."""
    keys = [ObjectId(f"{n:024x}") for n in range(5)]
    orders.insert_many([{"_id": key, "n": 0} for key in keys[1:]])
    put = Lines.put

    def put_and_change(lines, *told):
        put(lines, *told)
        if keys[3] in told:
            orders.update_one({"_id": keys[1]}, {"$set": {"n": 1}})
            orders.delete_one({"_id": keys[2]})
            orders.insert_one({"_id": keys[0]})

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Lines, "put", put_and_change)
        extractor.read()
    assert extractor.held != held_by(orders)
    extractor.read()

    assert extractor.held == held_by(orders)


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


def test_an_update_of_a_document_that_is_gone_by_then_says_so(orders, extractor):
    """The look-up finds none: the line bears no document, and the delete follows."""
    extractor.read()
    orders.insert_one({"_id": 1, "n": 1})
    orders.update_one({"_id": 1}, {"$set": {"n": 2}})
    orders.delete_one({"_id": 1})
    extractor.read()

    told = [(line["op"], line["_id"], line["doc"]) for line in extractor.lines]
    assert told == [("insert", 1, {"_id": 1, "n": 1}), ("update", 1, None), ("delete", 1, None)]


def test_lines_bear_the_clusters_time_in_their_order(orders, extractor):
    """Seconds in UTC, as the contract's timestamps are written; a later line is never earlier."""
    before = now()
    extractor.read()
    for n in range(5):
        orders.replace_one({"_id": n % 2}, {"n": n}, upsert=True)
    extractor.read()

    times = [datetime.fromisoformat(line["at"]) for line in extractor.lines]
    assert all(re.fullmatch(r"[0-9-]{10} [0-9:]{8}", line["at"]) for line in extractor.lines)
    assert len(times) == 5
    assert times == sorted(times)
    assert before <= times[0]
    assert times[-1] <= now()


def test_a_short_page_is_not_the_end(orders, extractor, monkeypatch):
    """An answer holds 16 MB at most, however many documents were asked for."""
    orders.insert_many([{"n": n} for n in range(5)])
    whole_page = mongo_pages._page
    monkeypatch.setattr(mongo_pages, "_page", lambda *asked: whole_page(*asked)[:2])
    extractor.read()

    assert extractor.held == held_by(orders)


def test_documents_as_large_as_can_be_are_landed(orders, extractor):
    """16 MB are the limit of one; two such are more than one answer."""
    for _ in range(2):
        orders.insert_one({"text": "ж" * 8_300_000})
    extractor.read()

    assert extractor.held == held_by(orders)


def test_each_table_is_read_from_its_own_collection(client, mongo, tmp_path):
    """The users of the order system are the table `order_users`."""
    for name in ("orders", "restaurants", "users"):
        client[DATABASE][name].insert_one({"_id": ObjectId(), "of": name})
    with open_orders(settings_for(mongo)) as readers:
        for reader in readers:
            assert reader.read(None, tmp_path / reader.table).records == 2

    found = {path.name: json.loads(path.read_text().splitlines()[1]) for path in tmp_path.iterdir()}
    assert {table: line["doc"]["of"] for table, line in found.items()} == {
        "orders": "orders",
        "restaurants": "restaurants",
        "order_users": "users",
    }
