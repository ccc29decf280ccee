"""Both reports reckoned in plain Python, from what was made and by the task's own words.

It shares nothing with the product: `make food` and a test compare the two.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from local.food.delivery import Delivery, Document
from social_vault.answers.dues import CourierMonth, Settlement

CENT = Decimal("0.01")
# Below which average, which share of an order, and at least how much.
BANDS = ((Decimal(4), "0.05", 100), (Decimal("4.5"), "0.07", 150), (Decimal("4.9"), "0.08", 175))
BEST = ("0.10", 200)

Settled = dict[tuple[str, date], tuple[Decimal, ...]]
Ledger = dict[tuple[str, int, int], tuple[Decimal, ...]]


def money(value: object) -> Decimal:
    """Round to two digits, halves away from zero."""
    return Decimal(str(value)).quantize(CENT, ROUND_HALF_UP)


def settled(made: Delivery) -> Settled:
    """Reckon what each restaurant is due for each day: total, bonuses, fee, reward, debt."""
    by_day = defaultdict[tuple[str, date], list[Document]](list)
    for key, order in made.orders.items():
        if key not in made.bad and order["final_status"] == "CLOSED":
            by_day[str(order["restaurant"]["id"]), order["date"].date()].append(order)
    found: Settled = {}
    for where, orders in by_day.items():
        total = sum((money(order["cost"]) for order in orders), Decimal(0))
        bonus = sum((money(order["bonus_payment"]) for order in orders), Decimal(0))
        fee = money(total * Decimal("0.25"))
        left = total - bonus - fee
        due = max(left, Decimal(0)), max(-left, Decimal(0))
        found[where] = Decimal(len(orders)), total, bonus, fee, *due
    return found


def ledger(made: Delivery) -> Ledger:
    """Reckon what each courier is due for each month of the orders: total, pay, tips, reward."""
    by_month = defaultdict[tuple[str, int, int], list[Document]](list)
    for each in made.deliveries:
        if each["delivery_id"] not in made.bad:
            year, month = map(int, str(each["order_ts"]).split("-")[:2])
            by_month[each["courier_id"], year, month].append(each)
    found: Ledger = {}
    for where, carried in by_month.items():
        share, least = band([each["rate"] for each in carried])
        pay = sum(max(money(each["sum"] * Decimal(share)), Decimal(least)) for each in carried)
        tips = sum(Decimal(each["tip_sum"]) for each in carried)
        total = sum(Decimal(each["sum"]) for each in carried)
        reward = pay + money(tips * Decimal("0.95"))
        found[where] = Decimal(len(carried)), Decimal(total), Decimal(pay), Decimal(tips), reward
    return found


def band(rates: list[int]) -> tuple[str, int]:
    """Find the share and the floor that an average stands for."""
    average = Decimal(sum(rates)) / len(rates)
    for below, share, least in BANDS:
        if average < below:
            return share, least
    return BEST


def told_settlements(rows: Sequence[Settlement]) -> Settled:
    """Put the warehouse's report into the same form."""
    return {
        (row.restaurant_id, row.settlement_date): (
            Decimal(row.orders_count),
            row.orders_total_sum,
            row.orders_bonus_payment_sum,
            row.order_processing_fee,
            row.restaurant_reward_sum,
            row.restaurant_debt_sum,
        )
        for row in rows
    }


def told_ledger(rows: Sequence[CourierMonth]) -> Ledger:
    """Put the warehouse's ledger into the same form."""
    return {
        (row.courier_id, row.settlement_year, row.settlement_month): (
            Decimal(row.orders_count),
            row.orders_total_sum,
            row.courier_order_sum,
            row.courier_tips_sum,
            row.courier_reward_sum,
        )
        for row in rows
    }
