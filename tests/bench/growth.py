"""Loads of one per cent more, one after the other: `python -m tests.bench.growth DATA FOLDER N`.

Makes the files of so many further loads from those of the base: new users, their events in groups
that are there, and new messages of theirs. Every load is as large as the others.
"""

import sys
import tempfile
from pathlib import Path

import polars as pl

from social_vault.model.catalogue import catalogue
from social_vault.records.copy_format import FIELD, MISSING, RECORD
from social_vault.records.validation import validate_file

SHARE = 100  # one record of so many
FAR = 10_000_000  # ids of a load begin so far behind those of the load before it
# What is new in each file: a user with his events, a message with its sender. Groups stay.
SHIFTED = {
    "users": ("id",),
    "group_log": ("user_id",),
    "dialogs": ("message_id", "message_from"),
}


def accepted(data: Path, table: str) -> pl.DataFrame:
    """Read the good records of a file, each column as text."""
    declared = catalogue().tables[table]
    with tempfile.TemporaryDirectory() as folder:
        validated = validate_file(data / declared.file_name, declared, Path(folder))
        records = pl.read_csv(
            validated.accepted,
            has_header=False,
            new_columns=["record_no", *declared.headers],
            separator=FIELD,
            eol_char=RECORD,
            quote_char=None,
            null_values=MISSING,
            infer_schema=False,
        )
    return records.drop("record_no")


def main(data: Path, folder: Path, loads: int) -> None:
    """Write the files of every load into a folder of its own."""
    for table, shifted in SHIFTED.items():
        some = accepted(data, table).gather_every(SHARE)
        for number in range(1, loads + 1):
            target = folder / f"{number:02}" / f"{table}.csv"
            target.parent.mkdir(parents=True, exist_ok=True)
            moved = (pl.col(name).cast(pl.Int64) + number * FAR for name in shifted)
            some.with_columns(moved).write_csv(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
    print("{}")
