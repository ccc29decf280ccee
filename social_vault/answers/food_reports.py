"""Ask the vault for the two reports of the food delivery."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from social_vault.answers.dues import CourierMonth, FoodReports, Settlement
from social_vault.errors import SettingsError
from social_vault.stores.vertica import Row, Warehouse

# The days that the settlement report has by its own rule.
FIRST_DAY, BEHIND_LAST_DAY = date(2022, 1, 1), date(2500, 1, 1)
Made = TypeVar("Made")


def food_reports(
    warehouse: Warehouse, since: date | None = None, until: date | None = None
) -> FoodReports:
    """Ask for both reports at once; a period bounds the settlements alone, as the days it names."""
    if (since or FIRST_DAY) >= (until or BEHIND_LAST_DAY):
        raise SettingsError(
            f"No day lies from {since or FIRST_DAY} to before {until or BEHIND_LAST_DAY}: "
            "expected a `since` that is earlier than `until`."
        )
    with warehouse.transaction():
        return FoodReports(
            tuple(settlement_report(warehouse, since, until)), tuple(courier_ledger(warehouse))
        )


def settlement_report(
    warehouse: Warehouse, since: date | None = None, until: date | None = None
) -> list[Settlement]:
    """Ask what restaurants are due from one day to before another, by day; None leaves it open."""
    period: dict[str, object] = {
        "since": since or FIRST_DAY,
        "until": until or BEHIND_LAST_DAY,
    }
    rows = warehouse.query("answers/settlement_report", period)
    return [filled(Settlement, row) for row in rows]


def courier_ledger(warehouse: Warehouse) -> list[CourierMonth]:
    """Ask what couriers are due for each month, by month and name; a missing name comes last."""
    return [filled(CourierMonth, row) for row in warehouse.query("answers/courier_ledger")]


def filled(make: Callable[..., Made], row: Row) -> Made:
    """Fill a record with a row; one that is longer or shorter than the record is an error."""
    return make(*row)
