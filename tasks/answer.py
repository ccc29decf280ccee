"""Ask the vault, when everything is loaded that could be."""

from social_vault.answers.run_report import Run, report_on
from social_vault.report.text import RunReport
from social_vault.timing import timed
from tasks.connections import open_vertica
from tasks.retries import warehouse_task
from tasks.run_context import RunContext


@warehouse_task
def answer(run: Run, context: RunContext) -> RunReport:
    """Account for every record of the run, and answer where newcomers start to talk."""
    with open_vertica(context.warehouse_block) as warehouse:
        report = timed(report_on, warehouse, run)
    return report.value.with_seconds("answer", report.seconds)
