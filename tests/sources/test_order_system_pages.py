"""The order system where nobody may watch: documents by their time of change, and a daily read."""

from datetime import UTC, datetime, timedelta

import pytest
from bson import ObjectId
from bson.datetime_ms import DatetimeMS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from social_vault.sources import mongo_pages
from tests.sources.order_system import held_by, now, race

pytestmark = pytest.mark.usefixtures("unwatched")


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


def test_late_writes_cost_nothing_and_deletes_a_day(orders, extractor):
    """No writer is ten minutes late; what is absent is seen by the daily read."""
    naive = race(orders, extractor, 3, 3)

    expected = held_by(orders)
    assert expected.items() <= extractor.held.items()
    assert not expected.items() <= naive.items()

    extractor.until["day"] = "2026-01-01"
    extractor.read()

    assert extractor.held == expected


class Answering:
    """A source whose newest document is of a year that Python does not know."""

    collection = property(lambda self: self)

    def find_one(self, *_args, **_named):
        """Return what the driver makes of such a date."""
        return {"update_ts": DatetimeMS(2**50)}

    def clock(self):
        """Tell the server's time."""
        return datetime(2026, 1, 2, tzinfo=UTC)


def test_a_time_beyond_python_is_taken_for_now():
    """The stand-in holds no year 37,000; MongoDB does, and one such order would stop all reads."""
    assert mongo_pages.newest(Answering()) == "2026-01-02T00:00:00"


def test_a_time_that_lies_ahead_hides_no_other_change(orders, extractor):
    """Taken for the newest, it would be so until it has come."""
    orders.insert_one({"_id": ObjectId(), "update_ts": datetime(2500, 1, 1)})
    extractor.read()
    for n in range(2):
        orders.insert_one({"n": n, "update_ts": now()})
        extractor.read()

        assert extractor.held == held_by(orders)
    assert extractor.ops.count("begin") == 1


def test_ids_of_other_types_part_no_ties(orders, extractor, monkeypatch):
    """They sort before ObjectIds, and no comparison leads from them to those."""
    monkeypatch.setattr(mongo_pages, "PAGE", 1)
    extractor.read()
    stamp = now()
    orders.insert_many([{"_id": key, "update_ts": stamp} for key in (7, "text", ObjectId())])
    orders.insert_one({"update_ts": stamp})
    extractor.read()

    assert {type(key) for key in extractor.held} == {ObjectId}
    assert len(extractor.held) == 2


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ages=st.lists(st.integers(0, 4), max_size=9), size=st.integers(1, 4))
def test_pages_give_each_document_once_whatever_their_ties(orders, extractor, ages, size):
    """Ties over one page's edge and over several; an end that falls on an edge."""
    orders.delete_many({})
    extractor.until = None
    extractor.read()
    stamp = now()
    if ages:
        orders.insert_many([{"update_ts": stamp - timedelta(seconds=age)} for age in ages])
    before = mongo_pages.PAGE
    mongo_pages.PAGE = size
    try:
        extractor.read()
    finally:
        mongo_pages.PAGE = before

    assert extractor.held == held_by(orders)
    assert len(extractor.lines) == len(ages)


def test_the_fallback_is_told_to_a_human(extractor):
    """It sees late writes and deletes a day later: nobody should learn that by chance."""
    extractor.read()

    assert "lets nobody watch orders" in extractor.warnings[0]
