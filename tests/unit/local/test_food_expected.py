"""Both reports of the made-up food delivery, reckoned in plain Python: the yardstick itself."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from bson import ObjectId

from local.food.bad import spoil
from local.food.changes import go_on
from local.food.delivery import Delivery
from local.food.expected import Due, Earned, band, ledger, money, settled
from local.food.told import partings
from tests.unit.local.food_made import by_month, made_for


@pytest.fixture
def maker():
    """Make a small delivery."""
    return made_for()


def rewards(made, of="order_ts", pay=None):
    """Reckon the couriers' rewards with what public solutions get wrong."""
    return {
        where: (pay or rightly)(carried) for where, carried in by_month(made.deliveries, of).items()
    }


def parts_of(carried):
    """Give share, floor, sums and tips."""
    share, least = band([each["rate"] for each in carried])
    sums = [Decimal(each["sum"]) for each in carried]
    return Decimal(share), Decimal(least), sums, sum(each["tip_sum"] for each in carried)


def rightly(carried):
    """Pay each order its share or the floor, and 95 % of the tips."""
    share, least, sums, tips = parts_of(carried)
    return sum(max(money(each * share), least) for each in sums) + money(tips * Decimal("0.95"))


def with_a_floor_of_the_month(carried):
    """Hold the floor against the month's pay."""
    share, least, sums, tips = parts_of(carried)
    return max(money(sum(sums) * share), least) + money(tips * Decimal("0.95"))


def with_all_cut(carried):
    """Take five of a hundred from the whole reward."""
    share, least, sums, tips = parts_of(carried)
    return money((sum(max(money(each * share), least) for each in sums) + tips) * Decimal("0.95"))


def by_each_rating(carried):
    """Find the band of each order by its own rating."""
    return sum((rightly([each]) for each in carried), Decimal(0))


def with_tips_in_the_floor(carried):
    """Hold the floor against pay and tips."""
    share, least, _, _ = parts_of(carried)
    return sum(
        max(money(e["sum"] * share) + money(e["tip_sum"] * Decimal("0.95")), least) for e in carried
    )


def test_the_ledger_is_none_of_the_known_mistakes(maker):
    """Each gives other figures here, so that none of them could pass for the right ledger."""
    right = {
        (courier, f"{year}-{month:02}"): earned.reward
        for (courier, year, month), earned in ledger(maker.made).items()
    }

    assert rewards(maker.made) == right
    assert rewards(maker.made, of="delivery_ts") != right
    for mistake in (
        with_a_floor_of_the_month,
        with_all_cut,
        by_each_rating,
        with_tips_in_the_floor,
    ):
        assert rewards(maker.made, pay=mistake) != right, mistake.__name__


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        ([3, 4], ("0.05", 100)),
        ([3] + [4] * 9, ("0.05", 100)),
        ([4], ("0.07", 150)),
        ([4, 5], ("0.08", 175)),
        ([5] * 8 + [4] * 2, ("0.08", 175)),
        ([5] * 9 + [4], ("0.10", 200)),
        ([5], ("0.10", 200)),
    ],
)
def test_a_band_begins_with_its_average(rates, expected):
    """3.5, 3.9, 4, 4.5, 4.8 and 4.9 exactly; each has its share and its floor."""
    assert band(rates) == expected


def test_a_settlement_made_by_hand_is_reckoned_so():
    """Closed orders alone count, by the day of their closing; the fee is a quarter of the sum."""
    key = ObjectId("626a81cfefa404208fe9abae")
    made = Delivery(restaurants={key: {"name": "Кофейня №1"}})
    for number, (status, day, cost, bonus) in enumerate(
        [
            ("CLOSED", 3, 101, 0),
            ("CLOSED", 3, 102, 50),
            ("CANCELLED", 3, 1000, 0),
            ("DELIVERING", 3, 1000, 0),
            ("CLOSED", 4, 100, 90),
            ("CLOSED", 4, 1000, 0),
        ]
    ):
        made.orders[number] = {
            "restaurant": {"id": key},
            "date": datetime(2026, 11, day, 0, 20),
            "statuses": [{"status": "OPEN", "dttm": datetime(2026, 11, day - 1, 23, 50)}],
            "cost": cost,
            "bonus_payment": bonus,
            "bonus_grant": 7.65,
            "final_status": status,
        }
    made.bad[5] = "orders", "cost: not a decimal"

    assert settled(made) == {
        (str(key), date(2026, 11, 3)): Due(
            "Кофейня №1", 2, *moneys(203, 50, 15.3, 50.75, 102.25, 0)
        ),
        (str(key), date(2026, 11, 4)): Due("Кофейня №1", 1, *moneys(100, 90, 7.65, 25, 0, 15)),
    }


def test_a_month_of_a_courier_made_by_hand_is_reckoned_so():
    """An order below its floor, one above, one twice; tips are cut once, the fee is not taken."""
    carried = [("a", 1000, 33, 4), ("b", 3001, 20, 5), ("b", 5000, 0, 4)]
    made = Delivery(couriers=[{"_id": "courier", "name": "Анна Орлова"}])
    for number, (order, cost, tips, rate) in enumerate(carried):
        made.deliveries.append(
            {
                "delivery_id": number,
                "order_id": order,
                "courier_id": "courier",
                "order_ts": "2026-11-30 23:50:00.000000",
                "delivery_ts": "2026-12-01 00:30:00.000000",
                "rate": rate,
                "sum": cost,
                "tip_sum": tips,
            }
        )

    # 13 / 3 lies in the band of 7 %: 150 instead of 70, then 210.07 and 350; 0.95 * 53 = 50.35.
    sums = moneys(9001, 4.33, 2250.25, 710.07, 53, 760.42)
    assert ledger(made) == {("courier", 2026, 11): Earned("Анна Орлова", 2, *sums)}


def moneys(*values):
    """Write sums with two digits."""
    return map(money, values)


def test_the_second_day_is_in_both_reports(maker):
    """More is due than on the first day, for what was closed, brought and thanked for since."""
    spoil(maker, maker.made.outbox[0][1])
    first = settled(maker.made), ledger(maker.made)
    go_on(maker)
    second = settled(maker.made), ledger(maker.made)

    added, earned = (list(partings(now, then)) for now, then in zip(second, first, strict=True))
    assert any("found and not expected" in each for each in added)  # a day more
    assert any("orders " in each for each in added)  # an order was deleted
    assert any("tips" in each for each in earned)
    assert any("rate" in each for each in earned)


def test_where_reports_part_is_said_without_a_name(maker):
    """The row, the columns, what was found and what was due; rows that one side lacks."""
    right = ledger(maker.made)
    first, second, *_ = sorted(right, key=str)
    due = right[first]
    wrong = {**right, first: due._replace(name="Someone", tips=due.tips + 1), ("new", 1, 1): due}
    del wrong[second]

    assert list(partings(right, right)) == []
    assert set(partings(wrong, right)) == {
        f"{first}: name, tips {due.tips + 1}, expected {due.tips}",
        f"{second}: not found",
        "('new', 1, 1): found and not expected",
    }
