"""Rows of the food delivery's reports, made up."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from social_vault.answers.dues import CourierMonth, Settlement

DAY = date(2026, 11, 1)


def settlement(number=1, day=DAY, **changes):
    """Make a restaurant's day: 1,000 in all, of which 700 are due."""
    made = Settlement(
        restaurant_id=f"{number:024x}",
        restaurant_name=f"Ресторан {number}",
        settlement_date=day,
        orders_count=2,
        orders_total_sum=Decimal("1000.00"),
        orders_bonus_payment_sum=Decimal("50.00"),
        orders_bonus_granted_sum=Decimal("95.00"),
        order_processing_fee=Decimal("250.00"),
        restaurant_reward_sum=Decimal("700.00"),
        restaurant_debt_sum=Decimal("0.00"),
    )
    return replace(made, **changes)


def month(number=1, rate="4.95", **changes):
    """Make a courier's month: ten orders, 2,500 due."""
    made = CourierMonth(
        courier_id=f"{number:023}",
        courier_name=f"Курьер {number}",
        settlement_year=2026,
        settlement_month=11,
        orders_count=10,
        orders_total_sum=Decimal("9000.00"),
        rate_avg=Decimal(rate),
        order_processing_fee=Decimal("2250.00"),
        courier_order_sum=Decimal("2310.00"),
        courier_tips_sum=Decimal("200.00"),
        courier_reward_sum=Decimal("2500.00"),
    )
    return replace(made, **changes)
