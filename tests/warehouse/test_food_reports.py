"""The two reports of the food delivery over the wire, against plain Python over the same rows."""

from collections import defaultdict
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from social_vault.answers.food_reports import courier_ledger, settlement_report
from social_vault.stores.vertica import open_warehouse
from tests.warehouse.food_rows import (
    Food,
    api_id,
    courier,
    deleted,
    delivery,
    draws_on_one_vault,
    oid,
    order,
    restaurant,
    transaction,
)

WORLDS = ["food_delivery"]

CENT = Decimal("0.01")
NOVEMBER = datetime(2026, 11, 15, 12)


@pytest.fixture
def food(vault):
    """Return the staging of the food delivery."""
    return Food(vault)


def asked(food, question, *period):
    """Ask for a report in a session of its own."""
    with open_warehouse(food.vault.settings) as warehouse:
        return question(warehouse, *period)


def rounded(value):
    """Round to cents, halves away from zero, as NUMERIC does."""
    return value.quantize(CENT, ROUND_HALF_UP)


def test_a_restaurant_is_due_its_closed_orders_by_the_day_of_their_closing(food):
    """Latest versions count, deleted orders do not, and nobody is due less than nothing."""
    food.stage("restaurants", restaurant(1, "Старое"), restaurant(1, "Кофейня №1"))
    evening, night = datetime(2026, 11, 30, 23, 59, 59), datetime(2026, 12, 1)
    food.stage(
        "orders",
        order(1, cost="100.10", bonus="10.00", grant="1.11", at=evening),
        order(2, cost="200.00", grant="2.22", at=datetime(2026, 11, 30)),
        order(3, "COOKING", at=evening),
        order(3, "CANCELLED", at=night),
        order(4, cost="100.00", bonus="90.00", at=night),
        order(5, cost="77.00", at=night),
        order(6, cost="50.00", restaurant=2, at=night),
        order(7, "OPEN", at=evening),
        order(8, at=datetime(2021, 12, 31, 23, 59, 59)),
        deleted(5),
    )
    food.vault.load()

    found = asked(food, settlement_report)

    figures = [
        [str(value) for value in (each.restaurant_name, *list(vars(each).values())[2:])]
        for each in found
    ]
    days = ["2026-11-30", "2026-12-01", "2026-12-01"]
    assert figures == [
        ["Кофейня №1", days[0], "2", "300.10", "10.00", "3.33", "75.03", "215.07", "0.00"],
        ["None", days[1], "1", "50.00", "0.00", "0.00", "12.50", "37.50", "0.00"],
        ["Кофейня №1", days[2], "1", "100.00", "90.00", "0.00", "25.00", "0.00", "15.00"],
    ]
    period = date(2026, 12, 1), date(2026, 12, 2)
    assert asked(food, settlement_report, *period) == found[1:]
    assert asked(food, settlement_report, None, period[0]) == found[:1]


def test_a_deleted_order_that_comes_again_counts_again(food):
    """What the source holds today is what is due."""
    food.stage("orders", order(1), deleted(1))
    food.vault.load()
    gone = asked(food, settlement_report)
    food.stage("orders", order(1))
    food.vault.load()

    assert gone == []
    assert [each.orders_count for each in asked(food, settlement_report)] == [1]


# The rates of a courier's orders in the month, their sums, and what is paid for all of them.
BANDS = {
    "3.5, percent and floor": ([3, 4], ["1000.00", "4000.00"], "300.00"),
    "below 4": ([4, 4, 3], ["2000.00", "2000.20", "100.00"], "300.01"),
    "4 exactly": ([4], ["1000.00"], "150.00"),
    "4 exactly, percent": ([5, 3], ["10000.00", "2142.86"], "850.00"),
    "4.5 exactly": ([4, 5], ["10000.00", "100.00"], "975.00"),
    "below 4.9": ([5] * 8 + [4], ["100.00"] * 9, "1575.00"),
    "4.9 exactly": ([5] * 9 + [4], ["100.00"] * 9 + ["3000.00"], "2100.00"),
    "5": ([5], ["2000.10"], "200.01"),
}


def test_each_band_pays_its_percent_and_its_floor_for_each_order(food):
    """Averages that lie exactly on the edge of a band are in the upper one."""
    numbers = iter(range(1, 100))
    food.stage("couriers", *(courier(place, name) for place, name in enumerate(BANDS, 1)))
    food.stage(
        "deliveries",
        *(
            delivery(next(numbers), courier=place, rate=rate, sum=order_sum, at=NOVEMBER)
            for place, (rates, sums, _) in enumerate(BANDS.values(), 1)
            for rate, order_sum in zip(rates, sums, strict=True)
        ),
    )
    food.vault.load()

    found = {each.courier_name: str(each.courier_order_sum) for each in asked(food, courier_ledger)}

    assert found == {name: pay for name, (_, _, pay) in BANDS.items()}


def test_a_delivery_is_booked_in_the_month_in_which_its_order_was_placed(food):
    """Delivered in December, booked in November; the rating of a month is that month's alone."""
    late, early = datetime(2026, 11, 30, 23, 30), datetime(2026, 12, 1)
    food.stage("couriers", courier(1, "Анна Ю"))
    food.stage(
        "deliveries",
        delivery(1, courier=1, rate=2, sum="10000.00", tip="9.90", at=late),
        delivery(2, courier=1, rate=5, sum="100.00", tip="0.11", at=early),
        # The first is corrected: its latest version counts, once.
        delivery(1, courier=1, rate=3, sum="10000.00", tip="10.00", at=late),
        # No courier list names this one, and two deliveries of one order are both paid.
        delivery(3, courier=2, order=9, at=early),
        delivery(4, courier=2, order=9, at=early),
    )
    food.vault.load()

    found = [[str(value) for value in vars(each).values()] for each in asked(food, courier_ledger)]

    names = [(api_id(1), "Анна Ю"), (api_id(1), "Анна Ю"), (api_id(2), "None")]
    figures = [
        "2026 11 1 10000.00 3.00 2500.00 500.00 10.00 509.50",
        "2026 12 1 100.00 5.00 25.00 200.00 0.11 200.10",
        "2026 12 1 200.00 5.00 50.00 400.00 0.00 400.00",
    ]
    assert found == [[*who, *row.split()] for who, row in zip(names, figures, strict=True)]


def test_what_two_systems_say_differently_is_shown(food):
    """Bonuses of orders and events, costs of orders and deliveries: what agrees is left out."""
    food.stage(
        "orders",
        order(1, bonus="3.00", grant="1.00"),
        order(2, bonus="3.00", grant="1.00"),
        order(3),
        order(4, "OPEN"),
        order(5),
        deleted(5),
    )
    food.stage(
        "bonus_outbox",
        transaction(1, 1, [(1, "1.00", "0.50"), (1, "1.00", "0.25"), (2, "1.00", "0.25")]),
        transaction(2, 2, [(1, "3.00", "0.99")]),
        transaction(3, 5, [(1, "0.00", "0.00")]),
        transaction(4, 6, [(1, "0.00", "0.00")]),
    )
    food.stage(
        "deliveries",
        delivery(1),
        delivery(2, sum="99.99"),
        delivery(3),
        delivery(4, order=3),
        delivery(6),
    )
    food.vault.load()

    settled = food.vault.rows(
        "SELECT order_id, difference, transactions_count FROM {dwh}.settlement_differences"
        " ORDER BY order_id"
    )
    delivered = food.vault.rows(
        "SELECT delivery_id, order_id, has_other_sum, has_no_order, is_of_several"
        " FROM {dwh}.delivery_differences ORDER BY delivery_id"
    )
    assert settled == [
        (oid(2), "other sums", 1),
        (oid(3), "no transaction", 0),
        (oid(5), "no order", 1),
        (oid(6), "no order", 1),
    ]
    assert delivered == [
        (api_id(2), oid(2), 1, 0, 0),
        (api_id(3), oid(3), 0, 0, 1),
        (api_id(4), oid(3), 0, 0, 1),
        (api_id(6), oid(6), 0, 1, 0),
    ]


MONEY = st.integers(0, 500_000).map(lambda cents: str(Decimal(cents) / 100))
ORDERS = st.lists(
    st.fixed_dictionaries(
        {
            "number": st.integers(1, 6),
            "status": st.sampled_from(["OPEN", "CLOSED", "CLOSED", "CANCELLED", "deleted"]),
            "cost": MONEY,
            "bonus": MONEY,
            "grant": MONEY,
            "at": st.sampled_from(
                [NOVEMBER, datetime(2026, 11, 15, 23, 59), datetime(2026, 11, 16)]
            ),
        }
    ),
    max_size=10,
)


@draws_on_one_vault(4)
@given(told=ORDERS)
def test_the_settlement_report_is_what_plain_python_reckons(food, told):
    """The order's restaurant is fixed by its number; later lines are later versions."""
    food.forget("orders")
    lines, latest = [], {}
    for each in told:
        number = each["number"]
        given_order = {name: value for name, value in each.items() if name != "number"}
        latest[number] = given_order
        if each["status"] == "deleted":
            lines.append(deleted(number))
        else:
            lines.append(order(number, restaurant=1 + number % 2, **given_order))
    food.stage("orders", *lines)
    food.vault.load()

    found = {
        (each.restaurant_id, each.settlement_date): tuple(vars(each).values())[3:]
        for each in asked(food, settlement_report)
    }

    assert found == settled(latest)


def settled(latest):
    """Reckon the report by the words of its rules."""
    days = defaultdict(list)
    for number, each in latest.items():
        if each["status"] == "CLOSED":
            days[oid(1 + number % 2), each["at"].date()].append(each)
    return {day: figures(orders) for day, orders in days.items()}


def figures(orders):
    """Reckon the figures of one restaurant's day."""
    total, paid, granted = (
        sum((Decimal(each[name]) for each in orders), Decimal(0))
        for name in ("cost", "bonus", "grant")
    )
    fee = rounded(total * Decimal("0.25"))
    due = total - paid - fee
    return len(orders), total, paid, granted, fee, max(due, Decimal(0)), max(-due, Decimal(0))


DELIVERIES = st.lists(
    st.fixed_dictionaries(
        {
            "courier": st.integers(1, 2),
            "rate": st.integers(3, 5),
            "sum": MONEY,
            "tip": MONEY,
            "at": st.sampled_from(
                [NOVEMBER, datetime(2026, 11, 30, 23, 59), datetime(2026, 12, 1)]
            ),
        }
    ),
    max_size=12,
)


@draws_on_one_vault(4)
@given(told=DELIVERIES)
def test_the_courier_ledger_is_what_plain_python_reckons(food, told):
    """Months are those of the orders, bands those of the month's average."""
    food.forget("deliveries")
    food.stage("deliveries", *(delivery(number, **each) for number, each in enumerate(told, 1)))
    food.vault.load()

    found = {
        (each.courier_id, each.settlement_year, each.settlement_month): tuple(vars(each).values())[
            4:
        ]
        for each in asked(food, courier_ledger)
    }

    months = defaultdict(list)
    for each in told:
        months[api_id(each["courier"]), each["at"].year, each["at"].month].append(each)
    assert found == {month: earned(carried) for month, carried in months.items()}


def earned(carried):
    """Reckon the figures of one courier's month by the words of the rules."""
    sums = [Decimal(each["sum"]) for each in carried]
    total, tips = sum(sums, Decimal(0)), sum((Decimal(each["tip"]) for each in carried), Decimal(0))
    average = Decimal(sum(each["rate"] for each in carried)) / len(carried)
    share, least = band(average)
    pay = sum((max(rounded(each * share), least) for each in sums), Decimal(0))
    reward = pay + rounded(tips * Decimal("0.95"))
    fee = rounded(total * Decimal("0.25"))
    return len(carried), total, rounded(average), fee, pay, tips, reward


def band(average):
    """Return the share and the least pay for an average rating."""
    if average < 4:
        return Decimal("0.05"), Decimal(100)
    if average < Decimal("4.5"):
        return Decimal("0.07"), Decimal(150)
    if average < Decimal("4.9"):
        return Decimal("0.08"), Decimal(175)
    return Decimal("0.10"), Decimal(200)
