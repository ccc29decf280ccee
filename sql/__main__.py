"""Write every statement as it reaches Vertica, for reading: `python -m sql build/sql`.

Values stay binds (`:name`). Statements that serve several tables are written once for each.
"""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

from sql import names, source, statement

TABLES = ("users", "groups", "dialogs", "group_log")
COPY_REJECTS = "copy_rejects_1"


def rendered(staging: str, vault: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of every statement."""
    for name in names():
        wanted = set(re.findall(r"{{ (table|copy_rejects) }}", source(name)))
        others = {"copy_rejects": COPY_REJECTS} if "copy" in name else {}
        if "table" not in wanted:
            yield name, statement(name, staging=staging, vault=vault, **others)
            continue
        for table in TABLES:
            text = statement(name, staging=staging, vault=vault, table=table, **others)
            yield f"{name}.{table}", text


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser("python -m sql", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the files go")
    parser.add_argument("--staging", default="staging", help="schema of the staging tables")
    parser.add_argument("--vault", default="dwh", help="schema of the Data Vault")
    options = parser.parse_args()
    count = 0
    for name, text in rendered(options.staging, options.vault):
        target = options.folder / f"{name}.sql"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(f"{text};\n")
        count += 1
    print(f"{count} statements written to {options.folder}")


if __name__ == "__main__":
    main()
