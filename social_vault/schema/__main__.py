"""Write every statement as it reaches Vertica, or print the grants for a DBA.

`python -m social_vault.schema render` writes sql/rendered, with `--check` it only compares; values
stay binds (`:name`). `python -m social_vault.schema grants` prints what to grant to whom.
"""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from social_vault.commands import log_of, run_command
from social_vault.errors import SettingsError
from social_vault.model.catalogue import WORLDS, catalogue, of_worlds
from social_vault.model.checks import faults
from social_vault.schema.statements import everything, grants
from sql import IDENTIFIER

RENDERED = Path("sql/rendered")
# Schemas as the settings have them by default; whom the grants are for, only the reader knows.
NAMES = {
    "staging": "staging",
    "vault": "dwh",
    "loader": "social_vault_loader",
    "reader": "social_vault_reader",
}
COPY_REJECTS = {"copy_rejects": "copy_rejects_1"}  # each load has its own


def rendered() -> dict[Path, str]:
    """Render every statement under the default names: path below the folder, and text."""
    return {
        Path(f"{statement.name}.sql"): f"{statement.text(**NAMES, **COPY_REJECTS)};\n"
        for statement in everything(catalogue())
    }


def found(folder: Path) -> dict[Path, str]:
    """Read the SQL files that lie in a folder now: path below it, and text."""
    return {path.relative_to(folder): path.read_text() for path in folder.rglob("*.sql")}


def render(folder: Path, files: Mapping[Path, str]) -> None:
    """Write the files that differ, and remove those of no statement."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_text() != text:
            target.write_text(text)
    # A statement that nothing makes any more would be read as one that still runs.
    for path in found(folder).keys() - files.keys():
        (folder / path).unlink()
    print(f"{len(files)} statements stand in {folder}.")


def check(folder: Path, files: Mapping[Path, str]) -> None:
    """Refuse a declaration with faults, and a folder that says other than the declaration."""
    wrong = faults(catalogue())
    there = found(folder)
    stale = sorted(
        path for path in files.keys() | there.keys() if files.get(path) != there.get(path)
    )
    if stale:
        names = ", ".join(str(path) for path in stale)
        wrong.append(f"{folder} is not what the declaration says: {names}. `make sql` writes it.")
    if wrong:
        print(*wrong, sep="\n", file=sys.stderr)
        raise SettingsError(f"The declaration and {folder} have {len(wrong)} faults, told above.")


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser("python -m social_vault.schema", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("render", help="write every statement, a file each")
    command.add_argument("folder", type=Path, nargs="?", default=RENDERED)
    command.add_argument("--check", action="store_true", help="compare and write nothing")
    command = commands.add_parser("grants", help="print what to grant to whom")
    for name, default in NAMES.items():
        command.add_argument(
            f"--{name}", type=plain_name, default=default, help=f"default: {default}"
        )
    command.add_argument("--worlds", nargs="+", choices=list(WORLDS), default=list(WORLDS))
    return parser.parse_args(argv)


def plain_name(text: str) -> str:
    """Read a name that SQL takes without quotes."""
    if not IDENTIFIER.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text} is not a plain identifier")
    return text


def carry_out(options: argparse.Namespace) -> None:
    """Do what was asked for."""
    if options.command == "grants":
        given = {name: getattr(options, name) for name in NAMES}
        texts = (statement.text(**given) for statement in grants(of_worlds(options.worlds)))
        print(*(f"{text};\n" for text in texts), sep="\n", end="")
    else:
        (check if options.check else render)(options.folder, rendered())


def main() -> int:
    """Do what was asked for; what fails ends with one sentence."""
    options = arguments()
    return run_command(lambda: carry_out(options), log_of("schema"))


if __name__ == "__main__":
    raise SystemExit(main())
