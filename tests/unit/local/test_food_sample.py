"""The made-up food delivery: the same each time, with the quirks of the real systems."""

import json
from datetime import date

import pytest

from local.food.bad import DELIVERIES, EVENTS, ORDERS, spoil
from local.food.changes import go_on
from local.food.delivery import RESTAURANTS, STATUSES, Maker
from local.food.expected import BANDS, band, ledger, settled

TODAY = date(2026, 12, 1)


@pytest.fixture
def maker():
    """Make a small delivery."""
    maker = Maker(7, TODAY)
    maker.begin(0.05)
    return maker


def test_the_same_seed_makes_the_same(maker):
    """So that what a test has seen can be looked at again."""
    again = Maker(7, TODAY)

    assert repr(again.begin(0.05)) == repr(maker.made)
    assert repr(Maker(8, TODAY).begin(0.05)) != repr(maker.made)


def test_the_quirks_of_the_real_systems_are_there(maker):
    """Escapes, ids as texts and as numbers, whole numbers beside broken ones, ties, bonuses."""
    made = maker.made
    values = [(kind, json.loads(text)) for _, _, kind, text in made.outbox]
    texts = "".join(text for *_, text in made.outbox)

    assert texts.isascii()
    assert "\\u04" in texts
    assert {type(value["user_id"]) for _, value in values} == {int, str}
    assert {type(value["balance"]) for kind, value in values if kind == "user_balance"} >= {float}
    assert any(order["bonus_payment"] > 0.75 * order["cost"] for order in made.orders.values())
    assert all(order["payment"] == order["cost"] for order in made.orders.values())
    assert {str(key) for key in made.restaurants} == set(RESTAURANTS)
    stamps = [user["update_ts"] for user in made.users.values()]
    assert len(set(stamps)) < len(stamps)


def test_orders_walk_through_their_statuses(maker):
    """The newest stands first, and the document's date is its time."""
    orders = list(maker.made.orders.values())
    closed = [order for order in orders if order["final_status"] == "CLOSED"]

    assert {order["final_status"] for order in orders} == {"OPEN", "CLOSED", "CANCELLED"}
    assert all(order["statuses"][0]["dttm"] == order["date"] for order in orders)
    for order in closed[:20]:
        assert tuple(step["status"] for step in reversed(order["statuses"])) == STATUSES
    crossing = [
        order for order in closed if order["statuses"][-1]["dttm"].date() < order["date"].date()
    ]
    assert crossing


def test_every_band_and_floor_of_the_ledger_occurs(maker):
    """A rule that no row meets is a rule that nobody has tried."""
    made = maker.made
    months = {}
    for each in made.deliveries:
        months.setdefault((each["courier_id"], each["order_ts"][:7]), []).append(each)
    bands = {band([each["rate"] for each in carried]) for carried in months.values()}

    assert len(bands) == len(BANDS) + 1
    assert {each["order_ts"][:7] for each in made.deliveries} == {"2026-10", "2026-11"}
    assert len(ledger(made)) == len(months)


def test_each_kind_of_bad_record_is_there_once_and_counts_in_no_report(maker):
    """Its reason is told, and the reports are reckoned without it."""
    before = settled(maker.made), ledger(maker.made)
    spoil(maker, maker.made.outbox[0][1])
    made = maker.made

    assert made.refused.total() == len(ORDERS) + len(EVENTS) + len(DELIVERIES)
    assert (settled(made), ledger(made)) == before


def test_a_day_changes_all_three_systems(maker):
    """Orders end, come and go, prices and tips rise, a user leaves, a rank grants more."""
    made = maker.made
    spoil(maker, made.outbox[0][1])
    orders, users, events = set(made.orders), len(made.bonus_users), len(made.outbox)
    tips = [each["tip_sum"] for each in made.deliveries]
    open_before = {key for key, each in made.orders.items() if each.get("final_status") == "OPEN"}
    go_on(maker)

    assert len(orders - made.orders.keys()) == 1
    assert len(made.orders.keys() - orders) == 8
    assert open_before
    assert all(made.orders[key]["final_status"] != "OPEN" for key in open_before)
    assert len(made.bonus_users) == users - 1
    assert len(made.outbox) > events
    assert any(
        now > then
        for now, then in zip([each["tip_sum"] for each in made.deliveries], tips, strict=False)
    )
    assert str(made.ranks[2][1]) == "0.17"


@pytest.mark.parametrize(
    ("rates", "share"),
    [([3, 4], "0.05"), ([4], "0.07"), ([4, 5], "0.08"), ([5] * 9 + [4], "0.10"), ([5], "0.10")],
)
def test_a_band_begins_with_its_average(rates, share):
    """3.5, 4, 4.5 and 4.9 exactly."""
    assert band(rates)[0] == share
