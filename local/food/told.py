"""The warehouse's answers in the form of what was reckoned, and where the two part."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from local.food.expected import Due, Earned, Ledger, Settled
from social_vault.answers.dues import CourierMonth, Settlement

Key = TypeVar("Key")


def told_settlements(rows: Sequence[Settlement]) -> Settled:
    """Put the settlement report into the form of what was reckoned."""
    return {
        (row.restaurant_id, row.settlement_date): Due(
            name=row.restaurant_name,
            orders=row.orders_count,
            total=row.orders_total_sum,
            bonus_payment=row.orders_bonus_payment_sum,
            bonus_granted=row.orders_bonus_granted_sum,
            fee=row.order_processing_fee,
            reward=row.restaurant_reward_sum,
            debt=row.restaurant_debt_sum,
        )
        for row in rows
    }


def told_ledger(rows: Sequence[CourierMonth]) -> Ledger:
    """Put the courier ledger into the form of what was reckoned."""
    return {
        (row.courier_id, row.settlement_year, row.settlement_month): Earned(
            name=row.courier_name,
            orders=row.orders_count,
            total=row.orders_total_sum,
            rate=row.rate_avg,
            fee=row.order_processing_fee,
            pay=row.courier_order_sum,
            tips=row.courier_tips_sum,
            reward=row.courier_reward_sum,
        )
        for row in rows
    }


def partings(
    found: Mapping[Key, Due] | Mapping[Key, Earned], due: Mapping[Key, Due] | Mapping[Key, Earned]
) -> Iterator[str]:
    """Say of each row that parts from what is due in which columns it does; a name stays unsaid."""
    for key in sorted(found.keys() | due.keys(), key=str):
        one, other = found.get(key), due.get(key)
        if one is None or other is None:
            yield f"{key}: {'not found' if one is None else 'found and not expected'}"
        elif one != other:
            yield f"{key}: {', '.join(_columns(one, other))}"


def _columns(found: Due | Earned, due: Due | Earned) -> Iterator[str]:
    for column, one, other in zip(found._fields, found, due, strict=True):
        if one != other:
            yield column if column == "name" else f"{column} {one}, expected {other}"
