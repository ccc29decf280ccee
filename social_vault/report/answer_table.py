"""The answer alone: as a CSV for spreadsheets, as records for a table in the dashboard."""

from decimal import Decimal
from pathlib import Path

from social_vault.answers.run_report import ANSWER_COLUMNS, RunReport
from social_vault.disk import on_disk
from social_vault.report.layout import write_csv


def write_answer(report: RunReport, target: Path) -> Path:
    """Write the answer as a CSV with the columns of the view it comes from."""
    with on_disk("The loads are kept, but the answer cannot be written", target):
        return write_csv(target, ANSWER_COLUMNS, report.answer or ())


def answer_records(report: RunReport) -> list[dict[str, object]]:
    """List the answer as the dashboard's table takes it, in types that JSON knows."""
    return [{name: plain(row[name]) for name in ANSWER_COLUMNS} for row in report.answer or ()]


def plain(value: object) -> object:
    """Turn an exact number into a float, a hash key into text; leave what JSON knows as it is."""
    if isinstance(value, Decimal):
        return float(value)
    return value if value is None or isinstance(value, int | float | str) else str(value)
