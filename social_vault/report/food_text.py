"""Both reports of the food delivery for readers: text for a terminal, markdown for the dashboard.

What is long is cut: a report of a year has thousands of rows, and the file has them all.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, fields
from decimal import Decimal
from pathlib import Path

from social_vault.answers.dues import CourierMonth, FoodReports, Settlement
from social_vault.disk import on_disk
from social_vault.report.layout import markdown_table, markdown_text, text_table, write_csv
from social_vault.report.sections import Section, Table

MOST_ROWS = 12
SETTLEMENT_HEADINGS = ("restaurant", "orders", "total", "bonuses", "fee", "due", "debt")
LEDGER_HEADINGS = ("month", "courier", "orders", "rating", "total", "pay", "tips", "due")
Sums = tuple[int, Decimal, Decimal, Decimal, Decimal, Decimal]


def render_food_reports(reports: FoodReports) -> str:
    """Write both reports for a terminal."""
    blocks = food_sections(reports, text_table, str)
    return "\n\n".join("\n".join(filter(None, block)) for block in blocks)


def render_food_markdown(reports: FoodReports) -> str:
    """Write both reports as markdown; no value in it can become markup."""
    blocks = food_sections(reports, markdown_table, markdown_text)
    return "\n\n".join("\n\n".join(filter(None, (f"### {title}", body))) for title, body in blocks)


def food_sections(reports: FoodReports, table: Table, text: Callable[[str], str]) -> list[Section]:
    """Gather what restaurants and couriers are due."""
    return [
        settlement_section(reports.settlements, table),
        ledger_section(reports.ledger, table, text),
    ]


def settlement_section(rows: Sequence[Settlement], table: Table) -> Section:
    """Say what each restaurant is due over all days of the report, the most first."""
    if not rows:
        return "What restaurants are due: no order was closed yet.", ""
    days = sorted({row.settlement_date for row in rows})
    names = {row.restaurant_id: row.restaurant_name or row.restaurant_id for row in rows}
    sums = [
        (name, *summed(row for row in rows if row.restaurant_id == key))
        for key, name in names.items()
    ]
    sums.sort(key=lambda line: (-line[5], line[0]))
    title = f"What restaurants are due, {days[0]} to {days[-1]}"
    return title, table(SETTLEMENT_HEADINGS, [*sums, ("all", *summed(rows))])


def summed(rows: Iterable[Settlement]) -> Sums:
    """Add up the rows of a report in the order of SETTLEMENT_HEADINGS."""
    listed = list(rows)
    nothing = Decimal("0.00")
    return (
        sum(row.orders_count for row in listed),
        sum((row.orders_total_sum for row in listed), nothing),
        sum((row.orders_bonus_payment_sum for row in listed), nothing),
        sum((row.order_processing_fee for row in listed), nothing),
        sum((row.restaurant_reward_sum for row in listed), nothing),
        sum((row.restaurant_debt_sum for row in listed), nothing),
    )


def ledger_section(
    rows: Sequence[CourierMonth], table: Table, text: Callable[[str], str]
) -> Section:
    """Say what couriers are due, the latest month and the most first."""
    if not rows:
        return "What couriers are due: nothing was delivered yet.", ""
    ordered = sorted(
        rows,
        key=lambda row: (-row.settlement_year, -row.settlement_month, -row.courier_reward_sum),
    )
    body = table(LEDGER_HEADINGS, [ledger_cells(row) for row in ordered[:MOST_ROWS]])
    left = ordered[MOST_ROWS:]
    if left:
        due = sum((row.courier_reward_sum for row in left), Decimal(0))
        more = f"{len(left):,} more rows, {due:,f} due in all; the table and the file have them."
        body = f"{body}\n\n{text(more)}"
    return "What couriers are due for each month of the orders", body


def ledger_cells(row: CourierMonth) -> tuple[object, ...]:
    """Show one row of the ledger in the order of LEDGER_HEADINGS."""
    return (
        f"{row.settlement_year}-{row.settlement_month:02}",
        row.courier_name or row.courier_id,
        row.orders_count,
        row.rate_avg,
        row.orders_total_sum,
        row.courier_order_sum,
        row.courier_tips_sum,
        row.courier_reward_sum,
    )


def write_rows(
    kind: type[Settlement | CourierMonth], rows: Sequence[Settlement | CourierMonth], target: Path
) -> Path:
    """Write a report as a CSV with the columns of the view that it comes from."""
    columns = [field.name for field in fields(kind)]
    with on_disk("The report cannot be written", target):
        return write_csv(target, columns, [asdict(row) for row in rows])


def artifact_rows(rows: Sequence[Settlement | CourierMonth]) -> list[dict[str, object]]:
    """List a report as the dashboard's table takes it: exact sums as texts, for JSON has none."""
    return [
        {
            name: value if value is None or isinstance(value, int | str) else str(value)
            for name, value in asdict(row).items()
        }
        for row in rows
    ]
