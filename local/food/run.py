"""The food delivery on a laptop: three systems, two days of changes, both reports."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

import boto3

from local.courier_api import serve_courier_api
from local.food.bad import spoil
from local.food.changes import go_on
from local.food.delivery import DAYS, Delivery, Maker
from local.food.expected import ledger, settled
from local.food.systems import Systems
from local.food.told import partings, told_ledger, told_settlements
from local.lock import alone
from local.logs import is_no_news, tell
from local.mongo import serve_mongo
from local.paths import Paths
from local.postgres import serve_postgres
from local.prefect_home import reach_prefect
from local.run import point_at
from local.s3 import BUCKET, serve_s3
from local.upload import make_bucket
from local.warehouse import serve_vertica
from social_vault.commands import keep_log, show_progress
from social_vault.errors import PipelineError

if TYPE_CHECKING:
    from social_vault.answers.dues import FoodReports
    from social_vault.answers.run_report import RunReport

SEED, DEFAULT_SCALE = 7, 0.05
PREFIX = "food"
EXTRACTIONS = ("extract_bonus", "extract_orders", "extract_couriers")
KEPT = ("vertica", "s3", "postgres", "mongo", "courier-api")


def food_paths(paths: Paths) -> Paths:
    """Name the folder of the food delivery: the social network's warehouse is left alone."""
    return Paths(paths.root / "food")


def run_food(paths: Paths, scale: float) -> None:
    """Fill three systems, read them, let a day go by, read again, and compare both reports.

    Each run makes up its delivery anew, and forgets the one before.
    """
    maker, own = Maker(SEED, datetime.now(UTC).date()), food_paths(paths)
    with ExitStack() as stack:
        stack.enter_context(alone(own))
        for name in KEPT:
            shutil.rmtree(own.root / name, ignore_errors=True)
        tell("Starting Prefect, S3, Vertica, PostgreSQL, MongoDB and a courier API …")
        prefect = stack.enter_context(reach_prefect(paths))
        systems = serve(stack, own)
        load, answer = import_flows(own)
        tell(f"Waiting for Prefect at {prefect.address} …")
        prefect.wait()
        started = time.monotonic()
        runs = list(two_days(maker, scale, systems, load))
        reports = answer()
        seconds = time.monotonic() - started
        tell("Stopping what was started …")
    conclude(own, runs, reports)
    compare(maker.made, runs, reports)
    tell(f"Both days were made up, read, loaded and answered in {seconds:.0f} seconds.")


def two_days(
    maker: Maker, scale: float, systems: Systems, load: Callable[[], list["RunReport"]]
) -> Iterator["RunReport"]:
    """Fill the systems and load what they hold; then change them and load that."""
    tell(f"Making up {DAYS} days of a food delivery (scale {scale:g}) …")
    maker.begin(scale)
    spoil(maker, datetime.combine(maker.today - timedelta(1), datetime.min.time()))
    systems.hold(maker.made)
    with systems.late_commit(maker.made):
        yield from load()
    tell("A day goes by: late commits, orders end, prices rise, tips come, things are deleted …")
    go_on(maker)
    systems.hold(maker.made)
    yield from load()


def serve(stack: ExitStack, own: Paths) -> Systems:
    """Start every server, and point this process at them."""
    own.make()
    s3 = stack.enter_context(serve_s3(own))
    vertica = stack.enter_context(serve_vertica(own))
    systems = Systems(
        stack.enter_context(serve_postgres(own.root / "postgres")),
        stack.enter_context(serve_mongo(own.root / "mongo")),
        stack.enter_context(serve_courier_api(own.root / "courier-api")),
        own.root / "courier-api",
    )
    point_at(s3.environment() | vertica.environment() | systems.environment())
    first_day = datetime.now(UTC).date() - timedelta(DAYS + 1)
    os.environ["COURIER_API_FIRST_DAY"] = first_day.isoformat()
    make_bucket(boto3.client("s3"))
    return systems


def import_flows(
    own: Paths,
) -> tuple[Callable[[], list["RunReport"]], Callable[[], "FoodReports"]]:
    """Import the flows, and only now, as Prefect reads its environment when it is imported."""
    from prefect.settings import (  # noqa: PLC0415
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
        temporary_settings,
    )

    from flows.apply_schema import apply_schema  # noqa: PLC0415
    from flows.food_reports import food_reports  # noqa: PLC0415

    keep_log(own.log("food"))
    show_progress(told=lambda record: not is_no_news(record))
    # The thread of the heartbeats takes a second to end, for runs that last a few.
    without = partial(temporary_settings, {PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None})

    def load() -> list["RunReport"]:
        with without():
            apply_schema(["food_delivery"])
            flows = (getattr(import_module(f"flows.{name}"), name) for name in EXTRACTIONS)
            return [flow(BUCKET, prefix=PREFIX) for flow in flows]

    def answer() -> "FoodReports":
        with without():
            return food_reports(
                settlement_picture=str(own.root / "settlement_report.png"),
                ledger_picture=str(own.root / "courier_ledger.png"),
            )

    return load, answer


def conclude(own: Paths, runs: list["RunReport"], reports: "FoodReports") -> None:
    """Print both reports, what became of every record, where things are, what to try next."""
    from social_vault.report.food_text import render_food_reports  # noqa: PLC0415 - after Prefect
    from social_vault.report.text import render_accounting  # noqa: PLC0415 - see above

    for run in runs:
        tell("")
        tell(render_accounting(run))
    tell("")
    tell(render_food_reports(reports))
    tell("")
    tell(f"Pictures: {own.root / 'settlement_report.png'}")
    tell(f"          {own.root / 'courier_ledger.png'}")
    tell("Try next:")
    tell(
        '  .venv/bin/python -m local sql --food "SELECT * FROM dwh.settlement_differences LIMIT 5"'
    )
    tell('  .venv/bin/python -m local sql --food "SELECT * FROM staging.orders_rej"')
    tell("")


def compare(made: Delivery, runs: list["RunReport"], reports: "FoodReports") -> None:
    """Reckon both reports and the refused records apart; raise PipelineError if others came."""
    for wrong in partings(told_settlements(reports.settlements), settled(made)):
        raise PipelineError(f"The settlement report is not what plain Python reckons: {wrong}.")
    for wrong in partings(told_ledger(reports.ledger), ledger(made)):
        raise PipelineError(f"The courier ledger is not what plain Python reckons: {wrong}.")
    events = sum(f.accepted for run in runs for f in run.files if f.table == "bonus_outbox")
    sound = sum(each[0] not in made.bad for each in made.outbox)
    if events < sound:  # what commits late makes others come twice, which the vault drops
        raise PipelineError(f"{events} events were accepted: expected at least {sound}.")
    # A day of deliveries that has changed comes again with its bad records: only kinds are counted.
    refused = {(file.table, rule) for run in runs for file in run.files for rule in file.rules}
    if refused != made.refused.keys():
        kinds = sorted(f"{table}, {rule}" for table, rule in refused ^ made.refused.keys())
        raise PipelineError(f"Other records were refused than are bad: {'; '.join(kinds)}.")
    tell("Both reports, and what was refused, are what plain Python reckons from the systems.")
