"""The laptop's commands: `python -m local run`, `sql`, `sample`, `up`."""

import argparse
import logging
import os
import select
import signal
import sys
from pathlib import Path

import vertica_python

from local.logs import begin_log, tell
from local.paths import Paths
from local.query import query
from local.run import DEFAULT_SCALE, Wish, run
from local.sample import generate
from local.servers import ServerError
from local.up import up
from social_vault.answers.run_report import RunReport
from social_vault.errors import IncompleteRunError, PipelineError
from social_vault.report.text import render_text

INTERRUPTED, UNREAD = 130, 141  # as shells count SIGINT and SIGPIPE
ROOT = Path(__file__).parents[1] / ".local"


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser("python -m local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("run", help="load the sample, or your own files, and answer")
    command.add_argument("--data", type=folder, help="a folder with the four CSV files")
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
    command = commands.add_parser("sample", help="write sample files")
    command.add_argument("--out", type=Path, required=True, help="the folder")
    command.add_argument("--scale", type=scale, default=DEFAULT_SCALE)
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
    """Do what was asked."""
    if options.command == "run":
        run(paths, Wish(options.data, options.answer, options.scale, options.fresh))
    elif options.command == "sql":
        query(paths, options.statement)
    elif options.command == "sample":
        generate(options.out, options.scale)
        tell(f"The sample's four files lie in {options.out}.")
    else:
        up(paths)


def main(argv: list[str] | None = None) -> int:
    """Do what was asked; what fails ends with one sentence, and its details are in the log."""
    options, paths = arguments(argv), Paths(ROOT)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # to be told so is Ctrl-C
    try:
        begin_log(paths.log(options.command))
        carry_out(options, paths)
    except KeyboardInterrupt:
        return failed("Stopped by Ctrl-C.", INTERRUPTED)
    except Exception as error:
        if isinstance(error, BrokenPipeError) and stdout_is_unread():
            return UNREAD
        logging.getLogger("local").exception("the command failed")
        show_details(error)
        return failed(sentence(error, paths.log(options.command)))
    return 0


def stdout_is_unread() -> bool:
    """Tell whether who read our output, as `head`, has had enough; no more is then written."""
    watch = select.poll()
    watch.register(sys.stdout.fileno(), 0)
    if not watch.poll(0):
        return False
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return True


def show_details(error: Exception) -> None:
    """Show what there is to see beside the last sentence: a report, the end of a log."""
    if isinstance(error, IncompleteRunError) and isinstance(error.report, RunReport):
        tell(render_text(error.report))
    if isinstance(error, ServerError):
        print("".join(f"  | {line}\n" for line in error.details), end="", file=sys.stderr)


def sentence(error: Exception, log: Path) -> str:
    """Say in one sentence what went wrong; what nobody foresaw is in the log."""
    if isinstance(error, vertica_python.errors.QueryError):
        return f"{error.message} [{error.sqlstate}]"
    if isinstance(error, PipelineError | ServerError | OSError):
        return str(error)
    return f"It failed with a {type(error).__name__} that nobody foresaw; {log} tells more."


def failed(why: str, code: int = 1) -> int:
    """Say why, as the last line."""
    sys.stdout.flush()
    print(f"Failed: {' '.join(why.split())}", file=sys.stderr)
    return code


if __name__ == "__main__":
    raise SystemExit(main())
