"""Run a flow here and now: `python -m flows apply-schema`, `python -m flows social-network BUCKET`.

Connections come from the environment, or from blocks that are named. The exit code is 0 only if
everything was loaded; 2 a wrong setting, 3 wrong data, 4 a server out of reach, 5 this machine's
disk, 1 a bug. What Prefect logs goes to a file in SOCIAL_VAULT_LOGS, or in ~/.local/state.
"""

import argparse
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from social_vault.answers.run_report import RunReport
from social_vault.commands import keep_log, log_of, run_command, show_progress
from social_vault.errors import IncompleteRunError, SettingsError
from social_vault.report.text import render_text

# The terminal shows what the steps say; Prefect's own lines and its traces are in the log.
QUIET = {
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
}


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser("python -m flows", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("apply-schema", help="create the schemas, tables and views that are absent")
    command = commands.add_parser("social-network", help="load what is new and answer")
    command.add_argument("bucket")
    command.add_argument("--prefix", default="", help="only keys that begin so")
    command.add_argument("--keys", nargs="+", metavar="KEY", help="only these keys")
    command.add_argument("--tables", nargs="+", metavar="TABLE", help="only these tables")
    command.add_argument("--oldest-groups", type=int, default=10, help="how many are compared")
    command.add_argument("--reject-limit", type=float, default=1.0, help="largest share refused")
    command.add_argument(
        "--always-answer", action="store_true", help="answer also when nothing is new"
    )
    command.add_argument("--storage-block", metavar="NAME", help="an AwsCredentials block")
    command.add_argument("--warehouse-block", metavar="NAME", help="a VerticaCredentials block")
    command.add_argument(
        "--answer", dest="answer_file", metavar="FILE", help="where the answer goes as CSV"
    )
    command.add_argument(
        "--picture", dest="picture_file", metavar="FILE", help="where the picture goes as PNG"
    )
    return parser.parse_args(argv)


def carry_out(options: argparse.Namespace, log: Path) -> None:
    """Run the flow that was asked for; its options have the names of the flow's parameters."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    # Only now: --help needs no Prefect, which reads its environment here.
    from prefect.exceptions import ParameterTypeError  # noqa: PLC0415

    from flows.apply_schema import apply_schema  # noqa: PLC0415
    from flows.social_network import social_network  # noqa: PLC0415
    from tasks.reachability import (  # noqa: PLC0415
        check_stores,
        check_warehouse,
        reached_prefect,
    )

    keep_log(log)
    show_progress()
    parameters = vars(options)
    with reached_prefect():
        if parameters.pop("command") == "apply-schema":
            check_warehouse(None)
            apply_schema()
            return
        try:
            social_network.validate_parameters(parameters)
        except ParameterTypeError as error:
            raise SettingsError(" ".join(str(error).split())) from None
        check_stores(
            *(options.bucket, options.prefix), *(options.storage_block, options.warehouse_block)
        )
        print_report(partial(social_network, **parameters))


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
