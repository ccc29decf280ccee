"""Ask what restaurants and couriers are due, and put both reports where people look.

Needs Vertica, from the environment or from a `VerticaCredentials` block, with the tables of the
food delivery. Reads, and changes nothing.
"""

from datetime import date

from prefect import flow

from social_vault.answers.dues import FoodReports
from social_vault.landing.spool import spool_folder
from tasks.food_publication import FoodOutputs, publish_food_reports
from tasks.warehouse import ask_food_reports


@flow(name="food-reports", persist_result=False)
def food_reports(  # noqa: PLR0913 - a run's form shows flat parameters
    *,
    since: date | None = None,
    until: date | None = None,
    warehouse_block: str | None = None,
    settlement_file: str | None = None,
    ledger_file: str | None = None,
    settlement_picture: str | None = None,
    ledger_picture: str | None = None,
) -> FoodReports:
    """Publish the settlement report and the courier ledger.

    Args:
        since: The first day of the settlement report; none: from the beginning.
        until: The day behind its last one; none: to the end.
        warehouse_block: A `VerticaCredentials` block; none: the environment.
        settlement_file: Where the worker writes the settlement report as CSV; none: nowhere.
        ledger_file: Where the worker writes the courier ledger as CSV; none: nowhere.
        settlement_picture: Where the worker writes the picture of the one; none: nowhere.
        ledger_picture: Where the worker writes the picture of the other; none: nowhere.

    """
    files = (settlement_file, ledger_file, settlement_picture, ledger_picture)
    reports = ask_food_reports(since, until, warehouse_block)
    with spool_folder() as folder:
        publish_food_reports(reports, FoodOutputs(folder, *files))
    return reports
