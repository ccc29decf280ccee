"""The courier API's readers against a server whose rows move and whose answers fail."""

import json
import logging
import random
import ssl
import threading
import time
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from local.certificates import make_certificates
from local.courier_api import FAULTS, serving
from social_vault.errors import SettingsError, SourceError, UnavailableError
from social_vault.settings import CourierApiSettings
from social_vault.sources.http_api import open_couriers
from social_vault.sources.http_client import Patience, open_api
from social_vault.sources.http_pages import Window, one_pass, read_window

KEY = "k3y-canary"
QUICK = Patience(connect=1, read=0.5, pause=0.005, total=20)
WINDOW = Window("couriers", "_id")
TODAY = datetime.now(UTC).date()


def courier(number):
    """Make a courier, the ids in an order that has nothing to do with the numbers."""
    return {"_id": f"{number * 7919 % 1_000_003:023d}", "name": f"Имя {number}"}


def delivery(number, day=TODAY, **changes):
    """Make a delivery of a day."""
    at = f"{day} {number % 24:02}:00:00"
    return {
        "order_id": f"{number:024x}",
        "order_ts": at,
        "delivery_id": f"{number:023d}",
        "courier_id": f"{number % 7:023d}",
        "address": "Ул. Мира, 1",
        "delivery_ts": at,
        "rate": 5,
        "sum": 100,
        "tip_sum": 5,
        **changes,
    }


def settings_for(server, **changes):
    """Name a server as the environment would."""
    given = {"url": server.url, "nickname": "me", "cohort": "1", "key": KEY}
    return CourierApiSettings(**{**given, **changes})


@contextmanager
def reading(server, patience=QUICK, **changes):
    """Lend the API behind a server."""
    with open_api(settings_for(server, **changes), patience) as api:
        yield api


@contextmanager
def couriers(rows, fault=lambda _: ""):
    """Serve couriers, which may change, with faults."""
    with serving(lambda name: list(rows) if name == "couriers" else [], KEY) as server:
        server.fault = fault
        yield server


def naive(server):
    """Read as public solutions do: fifty at a time, to the first short page."""
    found = {}
    headers = {"X-API-KEY": KEY, "X-Nickname": "me", "X-Cohort": "1"}
    with httpx.Client(base_url=server.url, headers=headers, trust_env=False) as client:
        for offset in range(0, 100_000, 50):
            asked = {"sort_field": "id", "limit": 50, "offset": offset}
            page = client.get("/couriers", params=asked).json()
            found |= {row["_id"]: row for row in page}
            if len(page) < 50:
                return found
    raise AssertionError("endless")


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 99, 100, 101, 250])
def test_a_list_of_any_length_is_read_whole(count):
    """The end is an empty page, wherever it falls."""
    rows = [courier(number) for number in range(count)]
    with couriers(rows) as server, reading(server) as api:
        found = one_pass(api, WINDOW)

    assert found.keys() == {row["_id"] for row in rows}


@pytest.mark.parametrize("fault", sorted(FAULTS.keys() - {"redirect", "401", "bomb"}))
def test_no_fault_of_some_answers_costs_a_row(fault):
    """Each of them once in eleven answers: what is no page is asked for again."""
    rows = [courier(number) for number in range(230)]
    with couriers(rows, lambda n: fault if n % 11 == 2 else "") as server, reading(server) as api:
        found = read_window(api, WINDOW)

    assert {key: json.loads(line) for key, line in found.items()} == {r["_id"]: r for r in rows}


def test_the_naive_reader_loses_rows_to_short_pages():
    """So that the tests above are known to bite."""
    rows = [courier(number) for number in range(230)]
    with couriers(rows, lambda n: "half page" if n % 2 == 0 else "") as server:
        assert len(naive(server)) < len(rows)


def race(seed, pause, read):
    """Read while rows come and go; return what was there throughout, and what was read."""
    chance = random.Random(seed)
    rows = [courier(number) for number in range(600)]
    staying = {row["_id"] for row in rows[::2]}
    moving, guard, over = rows[1::2], threading.Lock(), threading.Event()
    fresh = iter(range(10_000, 99_999))

    def copied(_):
        with guard:
            return list(rows)

    def move():
        while not over.wait(pause):
            with guard:
                gone = moving.pop(chance.randrange(len(moving)))
                rows.remove(gone)
                moving.append(courier(next(fresh)))
                rows.append(moving[-1])

    with serving(copied, KEY) as server:
        mover = threading.Thread(target=move)
        mover.start()
        try:
            return staying, read(server)
        finally:
            over.set()
            mover.join()


def anchored(server):
    """Read as the product does, with the patience that moving rows ask for."""
    with reading(server, Patience(pause=0.005, passes=500)) as api:
        return read_window(api, WINDOW).keys()


@pytest.mark.parametrize("seed", range(3))
def test_rows_that_move_cost_no_row_that_stays(seed):
    """Rows before and behind the offset are inserted and deleted while it is read."""
    staying, found = race(seed, 0.03, anchored)

    assert staying <= found


def test_the_naive_reader_loses_rows_that_stay():
    """A row that is deleted before the offset moves an unread one behind the reader."""
    staying, found = race(1, 0.0005, lambda server: [naive(server).keys() for _ in range(10)])

    assert any(staying - each for each in found)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 140))
def test_rows_that_move_cost_no_row_over_many_seeds(seed):
    """The same, longer."""
    staying, found = race(seed, 0.03, anchored)

    assert staying <= found


def test_rows_that_never_rest_are_an_error():
    """A reader that gave up in silence would have lost what it did not see."""
    turns = iter(range(10**6))

    def other_each_time(_):
        turn = next(turns)
        return [{"_id": f"{turn:09}-{n:03}"} for n in range(120)]

    with (
        serving(other_each_time, KEY) as server,
        reading(server, Patience(passes=3, pause=0.005)) as api,
        pytest.raises(UnavailableError, match="couriers: the rows moved in each of 3 passes"),
    ):
        read_window(api, WINDOW)


@pytest.mark.parametrize(
    ("fault", "error", "match"),
    [
        ("401", SettingsError, r"couriers: refuses X-API-KEY \(401\)"),
        ("redirect", SettingsError, "to which no key is given"),
        ("bomb", SourceError, "more than 8388608 octets"),
        ("html", UnavailableError, "text/html, expected JSON"),
        ("error object", UnavailableError, "no list of rows"),
        ("503", UnavailableError, "answered with 503"),
        ("too long", UnavailableError, "rows came, expected at most 50"),
        ("cut", UnavailableError, "cut, or not JSON|no answer"),
        ("hang", UnavailableError, "no answer"),
    ],
)
def test_an_answer_that_stays_wrong_is_told(caplog, fault, error, match):
    """In one sentence, which names the system and never the key or the answer's content."""
    with (
        serving(lambda _: [], "other") as elsewhere,
        couriers([courier(n) for n in range(60)], lambda _: fault) as server,
        reading(server, Patience(read=1.5, pause=0.001, tries=2)) as api,
        caplog.at_level(logging.DEBUG),
    ):
        server.elsewhere = f"{elsewhere.url}/couriers"
        with pytest.raises(error, match=match) as told:
            read_window(api, WINDOW)

    assert "The courier API" in str(told.value)
    assert elsewhere.requests == 0
    assert KEY not in caplog.text + str(told.value)
    assert "internal" not in str(told.value)


def test_a_wrong_key_is_the_users_to_mend():
    """It is told at once and tried no second time."""
    with (
        couriers([]) as server,
        reading(server, key="wrong") as api,
        pytest.raises(SettingsError, match="X-API-KEY"),
    ):
        read_window(api, WINDOW)
    assert server.requests == 1


def test_a_server_whose_certificate_nobody_knows_is_not_trusted(tmp_path):
    """TLS is verified; without the CA's file the system's CAs do not know the server."""
    make_certificates(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "server.pem", tmp_path / "server.key")
    with serving(lambda _: [], KEY, tls) as server:
        url = server.url.replace("http:", "https:")
        with reading(server, url=url, tls_cafile=str(tmp_path / "ca.pem")) as api:
            assert read_window(api, WINDOW) == {}
        with (
            reading(server, Patience(tries=1), url=url) as api,
            pytest.raises(UnavailableError, match="no answer"),
        ):
            read_window(api, WINDOW)


def extract(server, since, path, **changes):
    """Read deliveries as a run does."""
    with open_couriers(settings_for(server, **changes), QUICK) as readers:
        reader = next(each for each in readers if each.table == "deliveries")
        reading = reader.read(since, path)
    return reading, [json.loads(line) for line in path.read_text().splitlines()]


def only_deliveries(rows, asked):
    """Serve deliveries and nothing else, and note what is asked for."""

    def lists(name):
        asked.append(name)
        return list(rows) if name == "deliveries" else []

    return lists


def test_deliveries_are_read_by_days_and_landed_when_they_change(tmp_path):
    """A rating that comes late lands its day again; a day that is as it was does not."""
    old = TODAY - timedelta(20)
    rows = [delivery(n, TODAY - timedelta(n % 5)) for n in range(40)] + [delivery(99, old)]
    with serving(only_deliveries(rows, []), KEY) as server:
        first, landed = extract(server, None, tmp_path / "1", first_day=str(old))
        again, nothing = extract(server, first.until, tmp_path / "2")
        late = TODAY - timedelta(3)
        rows[3] = delivery(3, late, rate=1)
        third, day = extract(server, again.until, tmp_path / "3")

    assert sorted(each["delivery_id"] for each in landed) == sorted(r["delivery_id"] for r in rows)
    assert (again.records, nothing) == (0, [])
    assert third.records == len(day) == 8
    assert {each["order_ts"][:10] for each in day} == {str(late)}
    assert len(json.dumps(third.until)) < 400


def test_closed_days_are_read_twice_and_then_never_again(tmp_path):
    """A run after long silence reads each day that it missed, and asks for no older one."""
    rows = [delivery(n, TODAY - timedelta(n)) for n in range(30)]
    asked = []
    with serving(only_deliveries(rows, asked), KEY) as server:
        first, landed = extract(server, None, tmp_path / "1", first_day=str(TODAY - timedelta(29)))
        count = len(asked)
        extract(server, first.until, tmp_path / "2")

    assert len(landed) == 30
    assert len(asked) - count < count / 2
    assert date.fromisoformat(first.until["closed"]) == TODAY - timedelta(8)


def test_the_elements_own_octets_are_landed(monkeypatch):
    """Digits, order and doubled names are the source's: the contract judges them."""
    body = '[ {"_id": "a",\n "name": "Имя\\u0020", "x": 1.10, "y": 12345678901234567890, "x": 2}\n]'
    monkeypatch.setitem(FAULTS, "own", lambda to, _: to.send(200, body.encode()))
    with couriers([], lambda _: "own") as server, reading(server) as api:
        page = api.ask(WINDOW.page(0))

    assert page.rows == (("a", body[2:-2].replace("\n", " ")),)


def test_a_server_that_asks_to_wait_is_asked_when_it_said():
    """Retry-After counts, not our own pause, which is far longer here."""
    started = time.monotonic()
    with (
        couriers([courier(1)], lambda n: "429 seconds" if n == 1 else "") as server,
        reading(server, Patience(pause=60)) as api,
    ):
        assert len(read_window(api, WINDOW)) == 1
    assert time.monotonic() - started < 30
