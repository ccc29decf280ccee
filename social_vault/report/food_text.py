"""Both reports of the food delivery for readers: text for a terminal, markdown for the dashboard.

What is long is cut, and says so: a report of a year has thousands of rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from social_vault.answers.dues import CourierMonth, FoodReports, Settlement
from social_vault.report.food_names import apart, courier_names, restaurant_names
from social_vault.report.layout import cut
from social_vault.report.markdown import MARKDOWN, as_markdown
from social_vault.report.sections import Form, Section
from social_vault.report.text import TEXT, as_text

MOST_ROWS = 20
NAME_LIMIT = 40
SETTLEMENT_HEADINGS = ("restaurant", "days", "orders", "total", "bonuses", "fee", "due", "debt")
LEDGER_HEADINGS = ("month", "courier", "orders", "rating", "total", "pay", "tips", "due")
NOTHING = Decimal("0.00")
Cells = tuple[object, ...]


def render_food_reports(reports: FoodReports) -> str:
    """Write both reports for a terminal."""
    return as_text(food_sections(reports, TEXT))


def render_food_markdown(reports: FoodReports) -> str:
    """Write both reports as markdown; no value in it can become markup."""
    return as_markdown(food_sections(reports, MARKDOWN))


def food_sections(reports: FoodReports, form: Form) -> list[Section]:
    """Gather what restaurants and couriers are due."""
    return [settlement_section(reports.settlements, form), ledger_section(reports.ledger, form)]


def settlement_section(rows: Sequence[Settlement], form: Form) -> Section:
    """Say what each restaurant is due over all days of the report, the most first."""
    if not rows:
        return "What restaurants are due: no order was closed.", ""
    names = shown_names(restaurant_names(rows))
    found: dict[str, list[Settlement]] = {}
    for row in rows:
        found.setdefault(row.restaurant_id, []).append(row)
    ordered = sorted(found, key=lambda key: (-reward_of(found[key]), names[key]))
    lines = [settlement_cells(names[key], found[key]) for key in ordered[:MOST_ROWS]]
    table = form.table(SETTLEMENT_HEADINGS, [*lines, settlement_cells("all", rows)])
    days = sorted({row.settlement_date for row in rows})
    left = left_out([found[key] for key in ordered[MOST_ROWS:]], "restaurants", "settlement_report")
    return f"What restaurants are due, {days[0]} to {days[-1]}", with_line(table, left, form)


def shown_names(names: Mapping[str, str]) -> dict[str, str]:
    """Cut names at which a table would become wider than a terminal, and tell equal ones apart."""
    return apart({key: cut(name, NAME_LIMIT) for key, name in names.items()})


def reward_of(rows: Iterable[Settlement]) -> Decimal:
    """Add up what is due."""
    return sum((row.restaurant_reward_sum for row in rows), NOTHING)


def settlement_cells(name: str, rows: Sequence[Settlement]) -> Cells:
    """Add up days of one restaurant, or of all, in the order of SETTLEMENT_HEADINGS."""
    return (
        name,
        len({row.settlement_date for row in rows}),
        sum(row.orders_count for row in rows),
        sum((row.orders_total_sum for row in rows), NOTHING),
        sum((row.orders_bonus_payment_sum for row in rows), NOTHING),
        sum((row.order_processing_fee for row in rows), NOTHING),
        reward_of(rows),
        sum((row.restaurant_debt_sum for row in rows), NOTHING),
    )


def ledger_section(rows: Sequence[CourierMonth], form: Form) -> Section:
    """Say what couriers are due by month, the latest month and in it the most first."""
    if not rows:
        return "What couriers are due: no order was delivered.", ""
    names = shown_names(courier_names(rows))
    latest = sorted(rows, key=lambda row: (month_of(row), row.courier_reward_sum), reverse=True)
    lines = [ledger_cells(row, names[row.courier_id]) for row in latest[:MOST_ROWS]]
    table = form.table(LEDGER_HEADINGS, [*lines, ledger_total(rows)])
    left = left_out(latest[MOST_ROWS:], "courier months", "courier_ledger")
    return "What couriers are due, by the month of the orders", with_line(table, left, form)


def month_of(row: CourierMonth) -> str:
    """Write a month so that it sorts by time, as `2026-11`."""
    return f"{row.settlement_year}-{row.settlement_month:02}"


def ledger_cells(row: CourierMonth, name: str) -> Cells:
    """Show one row of the ledger in the order of LEDGER_HEADINGS."""
    return (
        month_of(row),
        name,
        row.orders_count,
        row.rate_avg,
        row.orders_total_sum,
        row.courier_order_sum,
        row.courier_tips_sum,
        row.courier_reward_sum,
    )


def ledger_total(rows: Sequence[CourierMonth]) -> Cells:
    """Add up the whole ledger; an average of averages would be no rating, so there is none."""
    couriers = len({row.courier_id for row in rows})
    return (
        "all",
        "1 courier" if couriers == 1 else f"{couriers:,} couriers",
        sum(row.orders_count for row in rows),
        None,
        sum((row.orders_total_sum for row in rows), NOTHING),
        sum((row.courier_order_sum for row in rows), NOTHING),
        sum((row.courier_tips_sum for row in rows), NOTHING),
        sum((row.courier_reward_sum for row in rows), NOTHING),
    )


def left_out(rows: Sequence[object], what: str, view: str) -> str:
    """Say how many lines a table lacks, and where they are; the last line sums them, too."""
    if not rows:
        return ""
    return (
        f"{len(rows):,} more {what} are left out here, but not of the sums: "
        f"the view {view}, and its CSV if one was asked for, has the whole report."
    )


def with_line(table: str, line: str, form: Form) -> str:
    """Put a line beneath a table, if there is one."""
    return f"{table}\n\n{form.text(line)}" if line else table
