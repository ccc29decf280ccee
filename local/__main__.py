"""The laptop's commands: `python -m local run`, `food`, `sql`, `sample`, `up`."""

import argparse
import signal
import sys
from pathlib import Path

from local.food.run import DEFAULT_SCALE as FOOD_SCALE
from local.food.run import food_paths, run_food
from local.logs import tell
from local.paths import Paths
from local.query import query
from local.run import DEFAULT_SCALE, Wish, run
from local.sample import generate
from local.servers import ServerError
from local.up import up
from social_vault.answers.run_report import RunReport
from social_vault.commands import run_command
from social_vault.errors import IncompleteRunError
from social_vault.report.text import render_text

ROOT = Path(__file__).parents[1] / ".local"


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser("python -m local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("run", help="load the sample, or your own files, and answer")
    command.add_argument("--data", type=folder, help="a folder with your own CSV files")
    command.add_argument("--answer", type=target, help="where the answer goes as CSV")
    command.add_argument(
        "--scale",
        type=scale,
        default=DEFAULT_SCALE,
        help="size of the sample; 1 is a million messages",
    )
    command.add_argument("--fresh", action="store_true", help="forget the kept warehouse first")
    command = commands.add_parser("sql", help="run a statement on the kept warehouse; prints CSV")
    command.add_argument("statement")
    command.add_argument("--food", action="store_true", help="on the food delivery's warehouse")
    command = commands.add_parser("sample", help="write sample files")
    command.add_argument("--out", type=Path, required=True, help="the folder")
    command.add_argument("--scale", type=scale, default=DEFAULT_SCALE)
    command = commands.add_parser("food", help="read three made-up systems, and report")
    command.add_argument("--scale", type=scale, default=FOOD_SCALE, help="1 is 20,000 orders")
    commands.add_parser("up", help="keep the servers and Prefect's dashboard running")
    return parser.parse_args(argv)


def folder(text: str) -> Path:
    """Read the name of a folder that exists."""
    path = Path(text)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is not a folder")
    return path


def target(text: str) -> Path:
    """Read the name of a file that can be written, before a whole run has gone by."""
    path = Path(text)
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is no file in a folder that exists")
    return path


def scale(text: str) -> float:
    """Read a size that is larger than nothing."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 100:
        raise argparse.ArgumentTypeError(f"{text} is no scale: a number above 0, at most 100")
    return value


def carry_out(options: argparse.Namespace, paths: Paths) -> None:
    """Do what was asked, and show what there is to see beside the last sentence of a failure."""
    try:
        do(options, paths)
    except IncompleteRunError as error:
        if isinstance(error.report, RunReport):
            tell(render_text(error.report))
        raise
    except ServerError as error:
        print("".join(f"  | {line}\n" for line in error.details), end="", file=sys.stderr)
        raise


def do(options: argparse.Namespace, paths: Paths) -> None:
    """Do what was asked."""
    if options.command == "run":
        run(paths, Wish(options.data, options.answer, options.scale, options.fresh))
    elif options.command == "sql":
        query(food_paths(paths) if options.food else paths, options.statement)
    elif options.command == "food":
        run_food(paths, options.scale)
    elif options.command == "sample":
        generate(options.out, options.scale)
        tell(f"The sample's four files lie in {options.out}.")
    else:
        up(paths)


def main(argv: list[str] | None = None) -> int:
    """Do what was asked; what fails ends with one sentence, and its details are in the log."""
    options, paths = arguments(argv), Paths(ROOT)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # to be told so is Ctrl-C
    return run_command(lambda: carry_out(options, paths), paths.log(options.command))


if __name__ == "__main__":
    raise SystemExit(main())
