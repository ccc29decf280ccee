"""The made-up food delivery: the same each time, with the quirks of the real systems."""

import csv
import json
from collections import Counter
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from bson.timestamp import Timestamp
from hypothesis import given, settings
from hypothesis import strategies as st

from local.food.bad import DELIVERIES, EVENTS, ORDERS, spoil
from local.food.changes import go_on
from local.food.delivery import RESTAURANTS, STATUSES
from local.food.expected import BANDS, BEST, band, ledger, settled
from social_vault.model.catalogue import catalogue
from social_vault.records.validation import validate_file
from social_vault.sources.mongo_changes import Lines
from tests.unit.local.food_made import TODAY, by_month, made_for

BEGAN = Timestamp(1_796_000_000, 1)


@pytest.fixture
def maker():
    """Make a small delivery."""
    return made_for()


def payments(made):
    """Give the payments for products of each order that the bonus system tells of."""
    values = [json.loads(text) for _, _, kind, text in made.outbox if kind == "bonus_transaction"]
    return {value["order_id"]: value["product_payments"] for value in values}


def total(rows, column):
    """Add up what was written as whole and as broken numbers, without an error of floats."""
    return sum((Decimal(str(row[column])) for row in rows), Decimal(0))


def test_the_same_seed_makes_the_same(maker):
    """So that what a test has seen can be looked at again, on its second day, too."""
    again = made_for()

    assert repr(again.made) == repr(maker.made)
    assert repr(made_for(seed=8).made) != repr(maker.made)
    for each in (maker, again):
        spoil(each, each.made.outbox[0][1])
        go_on(each)
    assert repr(again.made) == repr(maker.made)


def test_the_quirks_of_the_real_systems_are_there(maker):
    """Escapes, ids as texts and as numbers, whole numbers beside broken ones, ties, bonuses."""
    made = maker.made
    values = [(kind, json.loads(text)) for _, _, kind, text in made.outbox]
    texts = "".join(text for *_, text in made.outbox)
    paid = [each for products in payments(made).values() for each in products]
    stamps = [order["update_ts"] for order in made.orders.values()]

    assert texts.isascii()
    assert "\\u04" in texts
    assert {kind: type(value["user_id"]) for kind, value in values} == {
        "user_rank": str,
        "user_balance": int,
        "bonus_transaction": int,
    }
    for column in ("price", "product_cost", "bonus_payment"):
        assert {type(each[column]) for each in paid} == {int, float}
    assert any(each["bonus_payment"] == each["product_cost"] > 0 for each in paid)
    assert all(order["payment"] == order["cost"] for order in made.orders.values())
    assert any(order["bonus_payment"] for order in made.orders.values())
    assert {order["update_ts"] - order["date"] for order in made.orders.values()} == {
        timedelta(0),
        timedelta(seconds=1),
    }
    assert len(set(stamps)) < len(stamps)


def test_the_four_restaurants_have_menus_of_fifty_dishes(maker):
    """Their ids and names are those of the real systems; no dish is in two menus."""
    restaurants = maker.made.restaurants
    dishes = [dish for each in restaurants.values() for dish in each["menu"]]

    assert {str(key): each["name"] for key, each in restaurants.items()} == RESTAURANTS
    assert all(len(each["menu"]) == 50 for each in restaurants.values())
    assert len({dish["_id"] for dish in dishes}) == len(dishes)


def test_orders_walk_through_their_statuses(maker):
    """The newest stands first, and the document's date is its time."""
    orders = list(maker.made.orders.values())

    assert {order["final_status"] for order in orders} == {*STATUSES, "CANCELLED"}
    for order in orders:
        steps = [step["status"] for step in reversed(order["statuses"])]
        times = [step["dttm"] for step in reversed(order["statuses"])]
        assert (steps[-1], times[-1]) == (order["final_status"], order["date"])
        assert times == sorted(times)
        walked = steps[:-1] if steps[-1] == "CANCELLED" else steps
        assert tuple(walked) == STATUSES[: len(walked)]


@pytest.mark.parametrize("scale", [0.01, 0.05, 0.7])
def test_no_order_is_placed_after_yesterday(scale):
    """The couriers' days are read up to today: what lay behind would be read by nobody."""
    made = made_for(scale=scale).made
    placed = [order["statuses"][-1]["dttm"] for order in made.orders.values()]

    assert len(placed) == pytest.approx(20_000 * scale, rel=0.05)
    assert max(placed) < datetime.combine(TODAY, time())
    assert min(placed) > datetime.combine(TODAY - timedelta(42), time())
    assert all(at.microsecond == 0 for at in placed)  # MongoDB would cut it


def check_sums(made):
    """Hold the three systems against each other."""
    told = payments(made)
    orders = {str(key): order for key, order in made.orders.items() if key not in made.bad}
    for key, order in orders.items():
        assert order["cost"] == sum(e["price"] * e["quantity"] for e in order["order_items"])
        assert (order["final_status"] == "CLOSED") == (key in told)
        for column in ("bonus_payment", "bonus_grant") if key in told else ():
            assert total(told[key], column) == Decimal(str(order[column]))
    for each in (each for products in told.values() for each in products):
        assert each["product_cost"] == each["price"] * each["quantity"]
        assert each["bonus_payment"] <= each["product_cost"]
    sound = [each for each in made.deliveries if each["delivery_id"] not in made.bad]
    assert {each["order_id"] for each in sound} == set(told)
    assert {each["courier_id"] for each in sound} <= {each["_id"] for each in made.couriers}
    return orders, sound


def test_the_three_systems_agree(maker):
    """Costs, bonuses and who carried what; only the couriers' sum is at times another."""
    orders, carried = check_sums(maker.made)

    others = [each for each in carried if each["sum"] != orders[each["order_id"]]["cost"]]
    assert 0 < len(others) < len(carried) / 4
    floors = [{each["sum"] * percent // 100 for percent in (5, 10, 15)} for each in carried]
    assert all(each["tip_sum"] in floor for each, floor in zip(carried, floors, strict=True))


def test_every_band_and_floor_of_the_ledger_occurs(maker):
    """A rule that no row meets is a rule that nobody has tried."""
    made = maker.made
    months = by_month(made.deliveries)
    seen = set()
    for carried in months.values():
        share, least = band([each["rate"] for each in carried])
        seen |= {(share, Decimal(share) * each["sum"] < least) for each in carried}

    shares = [share for _, share, _ in BANDS] + [BEST[0]]
    assert seen == {(share, is_floor) for share in shares for is_floor in (True, False)}
    assert {month for _, month in months} == {"2026-10", "2026-11"}
    assert len(ledger(made)) == len(months)


@settings(max_examples=40, deadline=None)
@given(today=st.dates(date(2023, 1, 1), date(2032, 12, 31)), seed=st.integers(0, 1000))
def test_orders_are_brought_in_another_month_at_any_date(today, seed):
    """Else a ledger by the delivery's month would pass for one by the order's."""
    made = made_for(today, scale=0.002, seed=seed).made

    assert any(each["order_ts"][:7] < each["delivery_ts"][:7] for each in made.deliveries)
    stamps = [order["update_ts"] for order in made.orders.values()]
    assert len(set(stamps)) < len(stamps)


@pytest.mark.parametrize("scale", [0.01, 0.05, 0.7])
def test_bonuses_above_what_the_fee_leaves_are_a_debt(scale):
    """On the opening day, at any scale; on most other days restaurants are due something."""
    found = settled(made_for(scale=scale).made)
    debts = {day for (_, day), due in found.items() if due.debt > 0}

    assert TODAY - timedelta(41) in debts
    assert all((due.reward > 0) + (due.debt > 0) <= 1 for due in found.values())
    assert sum(due.reward > 0 for due in found.values()) > len(found) / 2


def test_each_kind_of_bad_record_is_known_and_counts_in_no_report(maker):
    """Its reason is told, and the reports are reckoned without it."""
    before = settled(maker.made), ledger(maker.made)
    spoil(maker, maker.made.outbox[0][1])

    assert maker.made.refused.total() == len(ORDERS) + len(EVENTS) + len(DELIVERIES)
    assert (settled(maker.made), ledger(maker.made)) == before


def test_bad_records_are_a_share_of_the_orders():
    """A larger sample has more of each kind."""
    maker = made_for(scale=0.7)
    spoil(maker, maker.made.outbox[0][1])

    assert maker.made.refused.total() == 9 * (len(ORDERS) + len(EVENTS) + len(DELIVERIES))
    assert all(count % 9 == 0 for count in maker.made.refused.values())


def landed(made, folder):
    """Write what the systems hold as it is landed, by source table."""
    collections = {"orders": made.orders, "restaurants": made.restaurants}
    for name, documents in (collections | {"order_users": made.users}).items():
        with (folder / name).open("wb") as file:
            lines = Lines(file)
            for key, document in documents.items():
                lines.put("read", BEGAN, key, document)
    for name in ("couriers", "deliveries"):
        rows = getattr(made, name)
        (folder / name).write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    headings = {
        "bonus_ranks": ("id", "name", "bonus_percent", "min_payment_threshold"),
        "bonus_users": ("id", "order_user_id"),
        "bonus_outbox": ("id", "event_ts", "event_type", "event_value"),
    }
    ranks = [(key, *row) for key, row in made.ranks.items()]
    held = dict(zip(headings, (ranks, made.bonus_users.items(), made.outbox), strict=True))
    for name, rows in held.items():
        with (folder / name).open("w", newline="") as file:
            csv.writer(file, quoting=csv.QUOTE_ALL).writerows([headings[name], *rows])
    return {path.name: path for path in folder.iterdir()}


def test_the_contracts_refuse_what_is_bad_and_nothing_else(maker, tmp_path):
    """On both days, for the reasons that each record was made for."""
    spoil(maker, maker.made.outbox[0][1])
    for day in ("first", "second"):
        (tmp_path / day).mkdir()
        refused = Counter()
        for name, path in landed(maker.made, tmp_path / day).items():
            found = validate_file(path, catalogue().tables[name], tmp_path)
            refused.update({(name, rule): count for rule, count in found.rules.items()})
            assert found.accepted_count > 0
            assert found.read == found.accepted_count + found.rejected_count
            assert found.rejected_count == sum(each[0] == name for each in maker.made.bad.values())

        assert refused == maker.made.refused
        go_on(maker)


def test_a_day_changes_all_three_systems(maker):
    """Orders end, come and go, prices and thanks change, a user leaves, a rank grants more."""
    made = maker.made
    spoil(maker, made.outbox[0][1])
    orders, users, events = set(made.orders), len(made.bonus_users), len(made.outbox)
    menus = {
        key: [dish["price"] for dish in each["menu"]] for key, each in made.restaurants.items()
    }
    before = [(each["tip_sum"], each["rate"]) for each in made.deliveries]
    young = {"OPEN", "COOKING", "DELIVERING"}
    open_before = {key for key, each in made.orders.items() if each.get("final_status") in young}
    go_on(maker)

    [gone] = orders - made.orders.keys()
    assert len(made.orders.keys() - orders) == 8
    assert open_before
    assert all(made.orders[key]["final_status"] not in young for key in open_before)
    assert len(made.bonus_users) == users - 1
    assert len(made.outbox) > events
    assert len(made.deliveries) > len(before)
    for key, each in made.restaurants.items():
        prices = [dish["price"] for dish in each["menu"]]
        assert sum(now != then for now, then in zip(prices, menus[key], strict=True)) == 1
    after = [(each["tip_sum"], each["rate"]) for each in made.deliveries[: len(before)]]
    thanks = [(now, then) for now, then in zip(after, before, strict=True) if now != then]
    assert {(now[0] > then[0], now[1] != then[1]) for now, then in thanks} == {
        (True, False),
        (False, True),
    }
    assert all(1 <= rate <= 5 or rate == 6 for _, rate in after)
    assert str(made.ranks[2][1]) == "0.17"
    assert str(gone) in payments(made)  # the couriers and the bonus system still tell of it
