"""Both reports reckoned in plain Python, from what was made and by the task's own words.

It shares nothing with the product: `make food` and a test compare the two, column by column.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from bson import ObjectId

from local.food.delivery import Delivery, Document

CENT = Decimal("0.01")
FEE = Decimal("0.25")
LEFT_OF_TIPS = Decimal("0.95")
# Below which average, which share of an order, and at least how much.
BANDS = ((Decimal(4), "0.05", 100), (Decimal("4.5"), "0.07", 150), (Decimal("4.9"), "0.08", 175))
BEST = ("0.10", 200)


class Due(NamedTuple):
    """What a restaurant is due for a day."""

    name: str | None
    orders: int
    total: Decimal
    bonus_payment: Decimal
    bonus_granted: Decimal
    fee: Decimal
    reward: Decimal
    debt: Decimal


class Earned(NamedTuple):
    """What a courier is due for a month."""

    name: str | None
    orders: int
    total: Decimal
    rate: Decimal
    fee: Decimal
    pay: Decimal
    tips: Decimal
    reward: Decimal


Settled = dict[tuple[str, date], Due]
Ledger = dict[tuple[str, int, int], Earned]


def money(value: object) -> Decimal:
    """Round to two digits, halves away from zero."""
    return Decimal(str(value)).quantize(CENT, ROUND_HALF_UP)


def settled(made: Delivery) -> Settled:
    """Reckon what each restaurant is due for each day on which orders of it were closed."""
    by_day = defaultdict[tuple[ObjectId, date], list[Document]](list)
    for key, order in made.orders.items():
        if key not in made.bad and order["final_status"] == "CLOSED":
            by_day[order["restaurant"]["id"], order["date"].date()].append(order)
    return {
        (str(where), day): _due(made.restaurants[where]["name"], orders)
        for (where, day), orders in by_day.items()
    }


def _due(name: str, orders: Sequence[Document]) -> Due:
    total, bonus, granted = (
        sum((money(order[column]) for order in orders), Decimal(0))
        for column in ("cost", "bonus_payment", "bonus_grant")
    )
    fee = money(total * FEE)
    left = total - bonus - fee
    due = max(left, Decimal(0)), max(-left, Decimal(0))
    return Due(name, len(orders), total, bonus, granted, fee, *due)


def ledger(made: Delivery) -> Ledger:
    """Reckon what each courier is due for each month in which orders were placed."""
    names = {each["_id"]: each["name"] for each in made.couriers}
    by_month = defaultdict[tuple[str, int, int], list[Document]](list)
    for each in made.deliveries:
        if each["delivery_id"] not in made.bad:
            year, month = map(int, str(each["order_ts"]).split("-")[:2])
            by_month[each["courier_id"], year, month].append(each)
    return {where: _earned(names[where[0]], carried) for where, carried in by_month.items()}


def _earned(name: str, carried: Sequence[Document]) -> Earned:
    rates = [each["rate"] for each in carried]
    share, least = band(rates)
    sums = [Decimal(each["sum"]) for each in carried]
    total = sum(sums, Decimal(0))
    pay = sum((max(money(each * Decimal(share)), Decimal(least)) for each in sums), Decimal(0))
    tips = sum((Decimal(each["tip_sum"]) for each in carried), Decimal(0))
    return Earned(
        name=name,
        orders=len({each["order_id"] for each in carried}),
        total=total,
        rate=money(Decimal(sum(rates)) / len(rates)),
        fee=money(total * FEE),
        pay=pay,
        tips=tips,
        reward=pay + money(tips * LEFT_OF_TIPS),
    )


def band(rates: Sequence[int]) -> tuple[str, int]:
    """Find the share and the floor that an average stands for."""
    average = Decimal(sum(rates)) / len(rates)
    for below, share, least in BANDS:
        if average < below:
            return share, least
    return BEST
