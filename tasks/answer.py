"""Ask the vault, when everything is loaded that could be."""

from dwh.findings import Run, report_on
from dwh.report import RunReport
from dwh.timing import timed
from tasks.places import open_vertica
from tasks.plan import LoadPlan
from tasks.transient import warehouse_task


@warehouse_task
def answer(run: Run, plan: LoadPlan) -> RunReport:
    """Account for every record of the run, and answer where newcomers start to talk."""
    with open_vertica(plan.warehouse_block) as warehouse:
        report = timed(report_on, warehouse, run)
    return report.value.with_seconds("answer", report.seconds)
