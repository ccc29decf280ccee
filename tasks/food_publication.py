"""Put both reports of the food delivery where people look: artifacts in the dashboard, files."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from prefect import task
from prefect.artifacts import (
    create_image_artifact,
    create_markdown_artifact,
    create_table_artifact,
)
from prefect.cache_policies import NO_CACHE

from social_vault.answers.dues import CourierMonth, FoodReports, Settlement
from social_vault.disk import on_disk
from social_vault.report.canvas import data_url
from social_vault.report.courier_picture import draw_ledger
from social_vault.report.food_table import artifact_rows, told_of, write_rows
from social_vault.report.food_text import render_food_markdown
from social_vault.report.settlement_picture import draw_settlements

UNDRAWN = "The reports were asked for, but the picture cannot be written"


@dataclass(frozen=True)
class FoodOutputs:
    """Where the reports go on the worker; without a place, a picture is only an artifact."""

    folder: Path
    settlement_file: str | None = None
    ledger_file: str | None = None
    settlement_picture: str | None = None
    ledger_picture: str | None = None


# Not tried again: what reaches no store fails the same way each time.
@task(cache_policy=NO_CACHE, persist_result=False)
def publish_food_reports(reports: FoodReports, outputs: FoodOutputs) -> None:
    """Write the files that were asked for, and the artifacts of both reports."""
    settlements, ledger = reports.settlements, reports.ledger
    # In the run's own folder a picture ends with the run; the artifact then holds the only copy.
    due = drawable(outputs.settlement_picture or outputs.folder / "settlement_report.png")
    with on_disk(UNDRAWN, due):
        due_image = data_url(draw_settlements(settlements, due))
    pay = drawable(outputs.ledger_picture or outputs.folder / "courier_ledger.png")
    with on_disk(UNDRAWN, pay):
        pay_image = data_url(draw_ledger(ledger, pay))
    if outputs.settlement_file:
        write_rows(Settlement, settlements, Path(outputs.settlement_file))
    if outputs.ledger_file:
        write_rows(CourierMonth, ledger, Path(outputs.ledger_file))
    # Artifacts of one key are the versions of one thing; the dashboard shows the latest first.
    publish_table("settlement-report", settlements)
    publish_table("courier-ledger", ledger)
    create_image_artifact(due_image, key="settlement-report-picture")
    create_image_artifact(pay_image, key="courier-ledger-picture")
    create_markdown_artifact(render_food_markdown(reports), key="food-reports")


def drawable(place: str | Path) -> Path:
    """Make the folder of a picture."""
    picture = Path(place)
    with on_disk(UNDRAWN, picture):
        picture.parent.mkdir(parents=True, exist_ok=True)
    return picture


def publish_table(key: str, rows: Sequence[Settlement | CourierMonth]) -> None:
    """Show a report as a table, whose description says whether it is the whole one."""
    told = told_of(rows, key.replace("-", "_"))
    create_table_artifact(artifact_rows(rows), key=key, description=told)
