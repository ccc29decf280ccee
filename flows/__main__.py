"""Run a flow here and now: `python -m flows social-network BUCKET`; --help lists the others.

Connections come from the environment, or from blocks that are named. The exit code is 0 only if
everything was loaded; 2 a wrong setting, 3 wrong data, 4 a server out of reach, 5 this machine's
disk, 1 a bug. What Prefect logs goes to a file in SOCIAL_VAULT_LOGS, or in ~/.local/state.
"""

import argparse
import os
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from social_vault.answers.dues import FoodReports
from social_vault.answers.run_report import RunReport
from social_vault.commands import keep_log, log_of, run_command, show_progress
from social_vault.errors import IncompleteRunError, SettingsError
from social_vault.report.food_text import render_food_reports
from social_vault.report.text import render_text

if TYPE_CHECKING:
    from prefect import Flow

EXTRACTIONS = {
    "extract-bonus": "the bonus system",
    "extract-orders": "the order system",
    "extract-couriers": "the courier API",
}
# The terminal shows what the steps say; Prefect's own lines and its traces are in the log.
QUIET = {
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    # Without a server Prefect starts one; with a new home it makes a database first.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
}


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser("python -m flows", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser(
        "apply-schema", help="create the schemas, tables and views that are absent"
    )
    command.add_argument("--worlds", nargs="+", metavar="WORLD", help="only what these declare")
    command.add_argument("--warehouse-block", metavar="NAME", help="a VerticaCredentials block")
    _social_network(commands.add_parser("social-network", help="load what is new and answer"))
    for name, what in EXTRACTIONS.items():
        _extraction(commands.add_parser(name, help=f"read and load what is new in {what}"))
    _food_reports(commands.add_parser("food-reports", help="what restaurants and couriers are due"))
    return parser.parse_args(argv)


def _food_reports(command: argparse.ArgumentParser) -> None:
    command.add_argument("--since", metavar="DAY", help="the first day of the settlement report")
    command.add_argument("--until", metavar="DAY", help="the day behind its last one")
    command.add_argument("--warehouse-block", metavar="NAME", help="a VerticaCredentials block")
    for report in ("settlement", "ledger"):
        command.add_argument(f"--{report}-file", metavar="FILE", help="where it goes as CSV")
        command.add_argument(f"--{report}-picture", metavar="FILE", help="where it goes as PNG")


def _extraction(command: argparse.ArgumentParser) -> None:
    command.add_argument("bucket")
    command.add_argument("--prefix", default="", help="where in the bucket its chains lie")
    command.add_argument("--source-block", metavar="NAME", help="a block of the source system")
    _connections(command)


def _social_network(command: argparse.ArgumentParser) -> None:
    command.add_argument("bucket")
    command.add_argument("--prefix", default="", help="only keys that begin so")
    command.add_argument("--keys", nargs="+", metavar="KEY", help="only these keys")
    command.add_argument("--tables", nargs="+", metavar="TABLE", help="only these tables")
    command.add_argument("--oldest-groups", type=int, default=10, help="how many are compared")
    command.add_argument(
        "--always-answer", action="store_true", help="answer also when nothing is new"
    )
    _connections(command)
    command.add_argument(
        "--answer", dest="answer_file", metavar="FILE", help="where the answer goes as CSV"
    )
    command.add_argument(
        "--picture", dest="picture_file", metavar="FILE", help="where the picture goes as PNG"
    )


def _connections(command: argparse.ArgumentParser) -> None:
    command.add_argument("--reject-limit", type=float, default=1.0, help="largest share refused")
    command.add_argument("--storage-block", metavar="NAME", help="an AwsCredentials block")
    command.add_argument("--warehouse-block", metavar="NAME", help="a VerticaCredentials block")


def carry_out(options: argparse.Namespace, log: Path) -> None:
    """Run the flow that was asked for; its options have the names of the flow's parameters."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    # Only now: --help needs no Prefect, which reads its environment here.
    from tasks.reachability import (  # noqa: PLC0415
        check_stores,
        check_warehouse,
        reached_prefect,
    )

    keep_log(log)
    show_progress()
    parameters = vars(options)
    flow = flow_named(parameters.pop("command"))
    with reached_prefect():
        check_parameters(flow, parameters)
        if "bucket" not in parameters:
            check_warehouse(options.warehouse_block)
            found: object = flow(**parameters)
            if isinstance(found, FoodReports):
                print(render_food_reports(found))
            return
        check_stores(
            *(options.bucket, options.prefix), *(options.storage_block, options.warehouse_block)
        )
        print_report(partial(flow, **parameters))


def flow_named(name: str) -> "Flow[..., RunReport]":
    """Find a flow, which has the name of its file with dashes."""
    module = name.replace("-", "_")
    return cast("Flow[..., RunReport]", getattr(import_module(f"flows.{module}"), module))


def check_parameters(flow: "Flow[..., RunReport]", parameters: Mapping[str, object]) -> None:
    """Raise SettingsError, in one sentence, for parameters that the flow does not take."""
    from prefect.exceptions import ParameterTypeError  # noqa: PLC0415 - as in carry_out

    try:
        flow.validate_parameters(dict(parameters))
    except ParameterTypeError as error:
        raise SettingsError(" ".join(str(error).split())) from None


def print_report(load: Callable[[], RunReport]) -> None:
    """Load, and print the report of the run, of one that is not complete, too."""
    try:
        print(render_text(load()))
    except IncompleteRunError as error:
        if isinstance(error.report, RunReport):
            print(render_text(error.report))
        raise


def main(argv: list[str] | None = None) -> int:
    """Run a flow; what fails ends with one sentence, and its details are in the log."""
    options = arguments(argv)
    log = log_of(options.command)
    return run_command(lambda: carry_out(options, log), log)


if __name__ == "__main__":
    raise SystemExit(main())
