"""Put both reports of the food delivery where people look: artifacts in the dashboard, files."""

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
from social_vault.report.food_pictures import draw_ledger, draw_settlements
from social_vault.report.food_text import artifact_rows, render_food_markdown, write_rows
from social_vault.report.picture import data_url


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
    settlements = Path(outputs.settlement_picture or outputs.folder / "settlement_report.png")
    ledger = Path(outputs.ledger_picture or outputs.folder / "courier_ledger.png")
    for picture in (settlements, ledger):
        with on_disk("The picture cannot be written", picture):
            picture.parent.mkdir(parents=True, exist_ok=True)
    with on_disk("The picture cannot be written", settlements):
        images = {"settlement-report-picture": draw_settlements(reports.settlements, settlements)}
        images["courier-ledger-picture"] = draw_ledger(reports.ledger, ledger)
    if outputs.settlement_file:
        write_rows(Settlement, reports.settlements, Path(outputs.settlement_file))
    if outputs.ledger_file:
        write_rows(CourierMonth, reports.ledger, Path(outputs.ledger_file))
    # Artifacts of one key are the versions of one thing; the dashboard shows the latest first.
    create_table_artifact(artifact_rows(reports.settlements), key="settlement-report")
    create_table_artifact(artifact_rows(reports.ledger), key="courier-ledger")
    for key, picture in images.items():
        create_image_artifact(data_url(picture), key=key)
    create_markdown_artifact(render_food_markdown(reports), key="food-reports")
