"""The order system's bad days: what breaks off, what is forgotten, and whose matter it is."""

import json

import pytest
from pymongo.errors import NotPrimaryError, OperationFailure

from social_vault.errors import SettingsError, SourceError, UnavailableError
from social_vault.sources import mongo_changes, mongo_connection, mongo_pages
from social_vault.sources.mongo import open_orders
from social_vault.sources.mongo_connection import refusal
from tests.sources.order_system import Extractor, fail, held_by, refused, settings_for


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


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"password": "wr0ng-canary"}, "refuses the user or the password"),
        ({"auth_source": "elsewhere"}, "refuses the user or the password"),
        ({"tls_cafile": None}, "no certificate that can be trusted"),
        ({"tls_cafile": "/nowhere"}, "cannot be reached with these settings"),
    ],
)
def test_a_door_that_stays_closed_is_the_users_to_mend(mongo, changes, match):
    """In one sentence that names the system, and neither user nor password."""
    with (
        pytest.raises(SettingsError, match=match) as told,
        open_orders(settings_for(mongo, **changes)),
    ):
        raise AssertionError("It came in.")

    assert "canary" not in str(told.value)
    assert "owner" not in str(told.value)


def test_a_server_that_is_away_is_worth_another_try(mongo, monkeypatch):
    """It is told within seconds."""
    monkeypatch.setattr(mongo_connection, "SECONDS_TO_REACH", 0.2)
    monkeypatch.setattr(mongo_connection, "TRIES", 2)
    away = settings_for(mongo, hosts="127.0.0.1:9")
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


def test_a_primary_that_steps_down_is_worth_another_try():
    """The next one is found by who asks again."""
    told = refusal(NotPrimaryError("secret member"), "Here")

    assert isinstance(told, UnavailableError)
    assert "secret" not in str(told)


def test_an_error_that_the_server_calls_resumable_is_worth_another_try():
    """Its word counts more than our list of codes."""
    labels = {"errorLabels": ["ResumableChangeStreamError"]}

    assert isinstance(refusal(OperationFailure("", 9999, labels), "Here"), UnavailableError)
    assert isinstance(refusal(OperationFailure("", 9999), "Here"), SourceError)


def test_a_foreign_bookmark_is_no_bookmark(mongo, extractor):
    """A chain that was copied from another table must not be read on in silence."""
    extractor.until = {"horizon": 5}
    with pytest.raises(SourceError, match="no known `mode`"):
        extractor.read()


def test_a_token_too_long_for_metadata_is_told(mongo, extractor, monkeypatch):
    """Before anything is written."""
    monkeypatch.setattr(mongo_changes, "LONGEST_TOKEN", 10)
    with pytest.raises(SourceError, match="expected one of at most 10"):
        extractor.read()


def test_a_page_that_broke_off_is_asked_for_again(client, orders, extractor, monkeypatch):
    """The driver tries a read twice, we three times that: a blip costs no whole read."""
    monkeypatch.setattr(mongo_pages, "PAGE", 2)
    orders.insert_many([{"n": n} for n in range(9)])
    fail(client, ["find"], times=2, closeConnection=True)
    extractor.read()

    assert extractor.held == held_by(orders)
    assert extractor.ops.count("read") == 9


@pytest.mark.parametrize("code", [43, 175])
def test_a_read_that_a_server_breaks_off_is_tried_again(client, orders, extractor, code):
    """A cursor or a plan that is killed is no end, and no fault of the data."""
    orders.insert_many([{"n": n} for n in range(9)])
    fail(client, ["find"], times=2, errorCode=code)
    extractor.read()

    assert extractor.held == held_by(orders)


def test_a_renamed_collection_is_read_anew_and_told(orders, extractor):
    """What stands under the name afterwards is another collection."""
    orders.insert_many([{"n": n} for n in range(3)])
    extractor.read()
    orders.rename("former")
    orders.insert_one({"n": 7})
    extractor.read()

    assert extractor.held == held_by(orders)
    assert extractor.warnings == ["The history of orders is lost (rename): it is read whole."]


def test_a_right_to_watch_that_is_taken_away_is_told_and_all_is_read(
    orders, extractor, monkeypatch
):
    """From then on it is read by times of change; given back, it is watched again in a day."""
    orders.insert_one({"n": 1})
    extractor.read()
    orders.insert_one({"n": 2})
    with monkeypatch.context() as taken:
        taken.setattr("pymongo.collection.Collection.watch", refused)
        extractor.read()
    assert extractor.held == held_by(orders)
    assert "(code 13)" in extractor.warnings[0]
    assert "lets nobody watch orders" in extractor.warnings[1]
    assert extractor.until["mode"] == "pages"

    extractor.until["day"] = "2026-01-01"
    extractor.read()

    assert extractor.until["mode"] == "watch"


def test_a_server_whose_time_went_back_is_told_and_all_is_read(orders, extractor):
    """A backup that was laid down again gives no change until the bookmark's time has come."""
    orders.insert_one({"n": 1})
    extractor.read()
    orders.insert_one({"n": 2})
    extractor.until["at"] += 3600
    extractor.read()

    assert extractor.held == held_by(orders)
    assert "the server's time lies before the bookmark's" in extractor.warnings[0]


def test_another_collections_bookmark_is_refused(mongo, extractor, tmp_path):
    """Its token would be taken, and what happened here before it would be passed over."""
    extractor.read()
    with open_orders(settings_for(mongo)) as readers:
        users = next(each for each in readers if each.table == "order_users")
        with pytest.raises(SourceError, match="users ends in a bookmark of another collection"):
            users.read(extractor.until, tmp_path / "users")


def test_two_extractors_at_once_read_the_same(mongo, orders, extractor, tmp_path):
    """Whichever lands: its lines and its bookmark belong together."""
    orders.insert_many([{"n": n} for n in range(5)])
    extractor.read()
    (tmp_path / "other").mkdir()
    other = Extractor(mongo, tmp_path / "other")
    other.until, other.held = extractor.until, dict(extractor.held)
    orders.delete_one({"n": 2})
    extractor.read()
    orders.update_one({"n": 3}, {"$set": {"n": 30}})
    other.read()
    extractor.until = other.until
    orders.insert_one({"n": 6})
    other.read()

    assert other.held == held_by(orders)


def test_bookmarks_are_small_enough_for_an_objects_metadata(orders, extractor):
    """S3 takes 2 KB for two of them and the rest."""
    orders.insert_one({"n": 1})
    extractor.read()
    orders.insert_one({"n": 2})
    extractor.read()

    assert len(json.dumps(extractor.until)) < 900


def test_an_error_in_mid_stream_keeps_what_came_before_it(orders, extractor, monkeypatch):
    """It lands by itself; the whole read that follows tells what is absent."""
    extractor.read()
    orders.insert_many([{"n": n} for n in range(3)])
    put = mongo_changes.put_change

    def put_two(event, lines):
        if lines.count == 2:
            raise OperationFailure("too large", 10334)
        put(event, lines)

    with monkeypatch.context() as broken:
        broken.setattr(mongo_changes, "put_change", put_two)
        extractor.read()
    assert [line["op"] for line in extractor.lines] == ["insert", "insert"]

    extractor.read()

    assert extractor.held == held_by(orders)
    assert extractor.until["mode"] == "watch"
