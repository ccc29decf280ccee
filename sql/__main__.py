"""Write every statement as it reaches Vertica, for reading, or print the grants for a DBA.

`python -m sql build/sql` writes a file a statement; values stay binds (`:name`), and statements
that serve several tables are written once for each. `python -m sql` alone prints what to grant.
"""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

from sql import names, source, statement

TABLES = ("users", "groups", "dialogs", "group_log")
COPY_REJECTS = "copy_rejects_1"
# USAGE comes first, as Vertica warns of a privilege in a schema that is closed.
GRANTS = (
    "grants/loader_schemas",
    "grants/loader_tables",
    "grants/loader_locks",
    "grants/loader_load_ids",
    "grants/loader_marts",
    "grants/loader_temp",
    "grants/reader_schema",
    "grants/reader_marts",
)
NAMES = {
    "staging": "staging",
    "vault": "dwh",
    "loader": "social_vault_loader",
    "reader": "social_vault_reader",
}


def rendered(staging: str, vault: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of every statement."""
    for name in names():
        wanted = set(re.findall(r"{{ (table|copy_rejects) }}", source(name)))
        others = {"copy_rejects": COPY_REJECTS} if "copy" in name else {}
        given = NAMES | {"staging": staging, "vault": vault} | others
        if "table" not in wanted:
            yield name, statement(name, **given)
            continue
        for table in TABLES:
            yield f"{name}.{table}", statement(name, **given, table=table)


def grants(**given: str) -> Iterator[str]:
    """Yield the statements that give loader and reader their rights, in their order."""
    for name in GRANTS:
        yield statement(name, **NAMES | given)


def write(folder: Path, staging: str, vault: str) -> None:
    """Write a file for every statement."""
    count = 0
    for name, text in rendered(staging, vault):
        target = folder / f"{name}.sql"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(f"{text};\n")
        count += 1
    print(f"{count} statements written to {folder}")


def main() -> None:
    """Write the files, or print the grants."""
    parser = argparse.ArgumentParser("python -m sql", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="where the files go")
    for name, default in NAMES.items():
        parser.add_argument(f"--{name}", default=default, help=f"default: {default}")
    options = parser.parse_args()
    given = {name: getattr(options, name) for name in NAMES}
    if options.folder is not None:
        write(options.folder, options.staging, options.vault)
    else:
        print(*(f"{text};\n" for text in grants(**given)), sep="\n", end="")


if __name__ == "__main__":
    main()
