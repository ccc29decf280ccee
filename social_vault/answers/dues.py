"""What restaurants and couriers are due: the rows of the food delivery's two reports."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Settlement:
    """What a restaurant is due for a day; fields stand as sql/answers/settlement_report.sql gives.

    The reward is never below zero: what bonuses and fee take beyond the total is the debt. A
    restaurant that the order system never described has no name.
    """

    restaurant_id: str
    restaurant_name: str | None
    settlement_date: date
    orders_count: int
    orders_total_sum: Decimal
    orders_bonus_payment_sum: Decimal
    orders_bonus_granted_sum: Decimal
    order_processing_fee: Decimal
    restaurant_reward_sum: Decimal
    restaurant_debt_sum: Decimal


@dataclass(frozen=True)
class CourierMonth:
    """What a courier is due for a month; fields stand as sql/answers/courier_ledger.sql gives.

    A courier whom the courier system never listed has no name.
    """

    courier_id: str
    courier_name: str | None
    settlement_year: int
    settlement_month: int
    orders_count: int
    orders_total_sum: Decimal
    rate_avg: Decimal
    order_processing_fee: Decimal
    courier_order_sum: Decimal
    courier_tips_sum: Decimal
    courier_reward_sum: Decimal


@dataclass(frozen=True)
class FoodReports:
    """Both reports of the food delivery, as the vault had them at one time."""

    settlements: tuple[Settlement, ...]
    ledger: tuple[CourierMonth, ...]
