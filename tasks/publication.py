"""Put the answer where people look: artifacts in the dashboard, files on the worker."""

from dataclasses import dataclass
from pathlib import Path

from prefect import task
from prefect.artifacts import (
    create_image_artifact,
    create_markdown_artifact,
    create_table_artifact,
)
from prefect.cache_policies import NO_CACHE

from social_vault.answers.run_report import RunReport
from social_vault.disk import on_disk
from social_vault.report.answer_table import answer_records, write_answer
from social_vault.report.canvas import data_url
from social_vault.report.markdown import render_markdown
from social_vault.report.picture import draw_answer


@dataclass(frozen=True)
class Outputs:
    """Where the answer goes on the worker; without a place, the picture is only an artifact."""

    folder: Path
    answer_file: str | None = None
    picture_file: str | None = None


# Not tried again: what reaches no store fails the same way each time.
@task(cache_policy=NO_CACHE, persist_result=False)
def publish(report: RunReport, outputs: Outputs) -> RunReport:
    """Write the files and artifacts of a run; return its report with the picture's path."""
    # In the run's own folder it ends with the run; the artifact then holds the only copy.
    picture = Path(outputs.picture_file or outputs.folder / "group_conversion.png")
    with on_disk("The loads are kept, but the picture cannot be written", picture):
        picture.parent.mkdir(parents=True, exist_ok=True)
        image = data_url(draw_answer(report.answer or (), picture))
    if outputs.answer_file:
        write_answer(report, Path(outputs.answer_file))
    # Artifacts of one key are the versions of one thing; the dashboard shows the latest first.
    create_table_artifact(answer_records(report), key="group-conversion")
    create_image_artifact(image, key="group-conversion-picture")
    create_markdown_artifact(render_markdown(report), key="social-network-run")
    return report.with_picture(picture) if outputs.picture_file else report
