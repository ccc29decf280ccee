"""The food delivery's reports alone: as CSV for spreadsheets, as records for the dashboard."""

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from social_vault.answers.dues import CourierMonth, Settlement
from social_vault.disk import on_disk
from social_vault.report.layout import write_csv

MOST_RECORDS = 2000  # the dashboard loads a table whole


def write_rows(
    kind: type[Settlement | CourierMonth], rows: Sequence[Settlement | CourierMonth], target: Path
) -> Path:
    """Write a report as a CSV with the columns of the view that it comes from."""
    columns = [field.name for field in fields(kind)]
    with on_disk("The reports were asked for, but the file cannot be written", target):
        return write_csv(target, columns, map(vars, rows))


def artifact_rows(rows: Sequence[Settlement | CourierMonth]) -> list[dict[str, object]]:
    """List the latest rows of a report as the dashboard's table takes them.

    Exact sums are texts: a float would show 0.1 + 0.2 as 0.30000000000000004 and 2.50 as 2.5. No
    thousands are parted, so that who reads the artifact has a number of it at once.
    """
    return [
        {
            name: value if value is None or isinstance(value, int | str) else str(value)
            for name, value in vars(row).items()
        }
        for row in rows[-MOST_RECORDS:]
    ]


def told_of(rows: Sequence[Settlement | CourierMonth], view: str) -> str:
    """Say which rows a table in the dashboard has, and where all of them are."""
    if len(rows) <= MOST_RECORDS:
        return f"All {len(rows):,} rows of the view {view} that were asked for."
    return f"The latest {MOST_RECORDS:,} of {len(rows):,} rows; the view {view} has all of them."
