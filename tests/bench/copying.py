"""COPY of group_log over the wire beside DuckDB's own COPY: prints JSON.

python -m tests.bench.copying FOLDER            the files that `prepare` wrote

Both sides have the same columns with the same check of octets, an empty table in a file of their
own, and read the same file; where records are refused, both keep them. The escapes are for the
local Vertica alone: DuckDB's reader knows none outside of quotes.
"""

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from social_vault.model.catalogue import catalogue
from social_vault.records.validation import validate_file
from social_vault.settings import WarehouseSettings
from social_vault.stores.vertica import open_warehouse

COLUMNS = (
    "record_no INT, group_id INT, user_id INT, user_id_from INT, event VARCHAR(10),"
    " event_dt TIMESTAMP"
)
DUCK_COLUMNS = COLUMNS.replace("INT,", "BIGINT,").replace("(10)", " CHECK (strlen(event) <= 10)")
PLAIN = "DELIMITER E'\\037' NULL E'\\025' NO ESCAPE ENFORCELENGTH"
DUCK_PLAIN = "DELIMITER '\x1f', NULLSTR '\x15', QUOTE '', ESCAPE '', HEADER false"
REJECTS = " REJECTED DATA AS TABLE public.bench_refused"
FORMS = {"plain": PLAIN, "rejects": PLAIN + REJECTS, "escapes": "ENFORCELENGTH" + REJECTS}
DUCK_FORMS = {"plain": DUCK_PLAIN, "rejects": f"{DUCK_PLAIN}, STORE_REJECTS true"}
# What both readers refuse, a record in a hundred: a letter in a number, a day that is not there,
# a field too many and one too few.
DAMAGES: tuple[Callable[[list[bytes]], list[bytes]], ...] = (
    lambda fields: [*fields[:2], b"x" + fields[2], *fields[3:]],
    lambda fields: [*fields[:5], b"2021-13-01 00:00:00"],
    lambda fields: [*fields, b"more"],
    lambda fields: fields[:5],
)


def prepare(data: Path, folder: Path) -> None:
    """Write group_log's accepted records as they are, with rejects, and with escapes as well."""
    with tempfile.TemporaryDirectory() as name:
        source = shutil.copy(data / "group_log.csv", name)
        accepted = validate_file(Path(source), catalogue().tables["group_log"], Path(name)).accepted
        records = [line.split(b"\x1f") for line in accepted.read_bytes().split(b"\x1e")[:-1]]
    folder.mkdir(exist_ok=True)
    write(folder / "plain", records, b"\x1f")
    for number in range(50, len(records), 100):
        records[number] = DAMAGES[number // 100 % len(DAMAGES)](records[number])
    write(folder / "rejects", records, b"\x1f")
    for number in range(3, len(records), 10):
        records[number][4] = rb"a\|" + records[number][4]
    write(folder / "escapes", [[f.strip(b"\x15") for f in fields] for fields in records], b"|")


def write(path: Path, records: list[list[bytes]], delimiter: bytes) -> None:
    """Write records as lines."""
    path.write_bytes(b"".join(delimiter.join(fields) + b"\n" for fields in records))


def main(folder: Path) -> dict[str, float]:
    """Load each file over the wire and, where it can, by DuckDB; return the seconds and rows."""
    found: dict[str, float] = {}
    for name in FORMS:
        rows, found[name] = over_the_wire(name, folder / name)
        found[f"{name} rows"] = rows
        if name in DUCK_FORMS:
            others, found[f"{name} duckdb"] = by_duckdb(name, folder / name)
            if rows != others:
                raise SystemExit(f"{name}: {rows} rows over the wire, {others} by DuckDB")
    return found


def over_the_wire(name: str, file: Path) -> tuple[int, float]:
    """Return the rows that a COPY over the wire loads, and the seconds it takes."""
    with open_warehouse(WarehouseSettings.from_env()) as warehouse, file.open("rb") as stream:
        cursor = warehouse._cursor
        cursor.execute(f"CREATE TABLE public.bench_{name} ({COLUMNS})")
        started = time.perf_counter()
        cursor.copy(
            f"COPY public.bench_{name} FROM STDIN {FORMS[name]}", stream, buffer_size=1 << 20
        )
        seconds = time.perf_counter() - started
        cursor.execute(f"SELECT COUNT(*) FROM public.bench_{name}")
        return int(cursor.fetchone()[0]), seconds


def by_duckdb(name: str, file: Path) -> tuple[int, float]:
    """Return the rows that DuckDB's COPY loads into a file, and the seconds it takes."""
    with (
        tempfile.TemporaryDirectory(dir=file.parent) as folder,
        duckdb.connect(f"{folder}/other.duckdb") as connection,
    ):
        connection.execute(f"CREATE TABLE bench ({DUCK_COLUMNS})")
        started = time.perf_counter()
        connection.execute(f"COPY bench FROM '{file}' ({DUCK_FORMS[name]})")
        seconds = time.perf_counter() - started
        [row] = connection.execute("SELECT COUNT(*) FROM bench").fetchall()
        return int(row[0]), seconds


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
