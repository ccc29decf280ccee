"""Run a flow here and now: `python -m flows apply-schema`, `python -m flows social-network BUCKET`.

Connections come from the environment, or from blocks that are named. The exit code is 0 only if
everything was loaded.
"""

import argparse
import sys

from social_vault.answers.run_report import RunReport
from social_vault.errors import IncompleteRunError, PipelineError, SettingsError
from social_vault.report.text import render_text


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


def carry_out(options: argparse.Namespace) -> None:
    """Run the flow that was asked for; its options have the names of the flow's parameters."""
    # Only now, so that --help needs no Prefect.
    from prefect.exceptions import ParameterTypeError  # noqa: PLC0415

    from flows.apply_schema import apply_schema  # noqa: PLC0415
    from flows.social_network import social_network  # noqa: PLC0415

    parameters = vars(options)
    if parameters.pop("command") == "apply-schema":
        apply_schema()
        return
    try:
        report = social_network(**parameters)
    except ParameterTypeError as error:
        raise SettingsError(" ".join(str(error).split())) from None
    print(render_text(report))


def main(argv: list[str] | None = None) -> int:
    """Run a flow; what fails ends with one sentence."""
    try:
        carry_out(arguments(argv))
    except IncompleteRunError as error:
        if isinstance(error.report, RunReport):
            print(render_text(error.report))
        print(f"Failed: {error}", file=sys.stderr)
        return 1
    except PipelineError as error:
        print(f"Failed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
