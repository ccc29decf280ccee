"""The parts of the flow alone, each beside DuckDB doing the same: prints JSON.

python -m tests.bench.parts validate DATA        fetch apart; rows a second of group_log
python -m tests.bench.parts vault DATA           the vault against the same SQL in DuckDB
"""

import json
import re
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from local.s3 import BUCKET
from social_vault.landing.finding import find_objects
from social_vault.landing.objects import ObjectRequest, ObjectVersion, SpooledObject
from social_vault.loading.staging import StageRequest, stage
from social_vault.loading.vault import load_vault
from social_vault.memory import tame_heap
from social_vault.model.catalogue import catalogue
from social_vault.records.validation import Validated, validate_file
from social_vault.schema import statements
from social_vault.settings import StorageSettings, WarehouseSettings
from social_vault.stores.s3 import open_store
from social_vault.stores.vertica import BIND, open_warehouse
from tests.bench.yardstick import SCRIPT, stages


def seconds(step: Callable[[], object]) -> float:
    """Take a step and return how long it took."""
    started = time.perf_counter()
    step()
    return time.perf_counter() - started


def validate(data: Path, prefix: str) -> dict[str, float]:
    """Fetch and validate group_log; the yardstick scans and splits the same file.

    Both have scanned users and groups before, so that neither pays for what it loads but once.
    """
    tame_heap()  # as the flow does
    store = open_store(StorageSettings.from_env())
    request = ObjectRequest(BUCKET, prefix, tables=("group_log",))
    [found] = find_objects(store, request, catalogue())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for table in ("users", "groups"):
            validate_file(data / f"{table}.csv", catalogue().tables[table], folder)
        started = time.perf_counter()
        spooled = store.fetch(found, folder)
        validated = validate_file(spooled.path, catalogue().tables["group_log"], folder)
        ours = time.perf_counter() - started
    script = dict(stages(SCRIPT.read_text()))
    with duckdb.connect() as connection:
        for text in script["scan"][:11]:
            connection.execute(text.replace("{data}", str(data)))

        def theirs() -> None:
            for text in (*script["scan group_log"], *script["split group_log"]):
                connection.execute(text.replace("{data}", str(data)))

        other = seconds(theirs)
    return {"rows": validated.read, "ours": ours, "yardstick": other}


def vault(data: Path) -> dict[str, float]:
    """Load the vault over the wire, and by the same statements in DuckDB from the same staging."""
    with (
        tempfile.TemporaryDirectory() as name,
        open_warehouse(WarehouseSettings.from_env()) as warehouse,
    ):
        folder = Path(name)
        files = catalogue().of_source("")
        requests = [request(data / each.file_name, each.name, folder) for each in files]
        for each in requests:
            stage(warehouse, each)
        ours = seconds(lambda: load_vault(warehouse))
        with duckdb.connect(str(folder / "other.duckdb")) as connection:
            prepare(connection, requests)
            other = seconds(lambda: replay(connection))
    return {"ours": ours, "duckdb": other}


def request(source: Path, table: str, folder: Path) -> StageRequest:
    """Return a file on its way into staging."""
    target = folder / table
    target.mkdir()
    validated: Validated = validate_file(source, catalogue().tables[table], target)
    now = datetime.now(UTC)
    version = ObjectVersion("s3", "bench", f"{table}.csv", "v", 1, now.replace(microsecond=0))
    spooled = SpooledObject(version, source, 1, "-")
    return StageRequest(spooled, validated, catalogue().tables[table])


SCHEMAS = {"staging": "staging", "vault": "dwh"}
TYPES = {"integer": "BIGINT", "text": "VARCHAR", "timestamp": "TIMESTAMP", "boolean": "BOOLEAN"}


def prepare(connection: duckdb.DuckDBPyConnection, requests: list[StageRequest]) -> None:
    """Lay staging, ledgers and empty vault tables into a DuckDB file."""
    for text in (
        "CREATE SCHEMA staging",
        "CREATE SCHEMA dwh",
        "CREATE MACRO octet_length(x) AS strlen(x)",
        "CREATE MACRO to_char(t, f) AS strftime(t, '%Y-%m-%d %H:%M:%S.%f')",
        "CREATE TABLE staging.load_ledger (load_id BIGINT, load_src VARCHAR)",
        "INSERT INTO staging.load_ledger SELECT unnest([1, 2, 3, 4]), 'bench'",
        "CREATE TABLE dwh.vault_ledger AS SELECT load_id, 1 AS batch_id FROM staging.load_ledger",
    ):
        connection.execute(text)
    for number, each in enumerate(requests, 1):
        stage_plainly(connection, each, number)
    vault = {f"create/{described.name}" for described in catalogue().vault}
    for statement in statements.creations(catalogue()):
        if statement.name in vault:
            connection.execute(plain_table(statement.text(**SCHEMAS)))


def stage_plainly(connection: duckdb.DuckDBPyConnection, each: StageRequest, number: int) -> None:
    """Load a file's accepted records into a DuckDB table."""
    columns = {"record_no": "BIGINT"} | {c.name: TYPES[c.kind] for c in each.table.columns}
    lines = each.validated.accepted.with_suffix(".lines")
    octets = each.validated.accepted.read_bytes()
    lines.write_bytes(octets.translate(bytes.maketrans(b"\x1e\n", b"\n\x1e")))
    listed = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
    connection.execute(
        f"CREATE TABLE staging.{each.table.name} AS SELECT {number} AS load_id, * FROM "
        f"read_csv('{lines}', auto_detect = false, header = false, delim = '\x1f', quote = '', "
        f"escape = '', nullstr = '\x15', columns = {{{listed}}})"
    )


def plain_table(ddl: str) -> str:
    """Return a CREATE TABLE without Vertica's physical clauses and constraints."""
    body = ddl[ddl.index("CREATE TABLE") : ddl.index("\nORDER BY")]
    lines = [
        re.sub(r" ENCODING \w+", "", line).rstrip(",")
        for line in body.splitlines()
        if not line.strip().startswith(("PRIMARY KEY", "FOREIGN KEY", "UNIQUE"))
    ]
    return f"{lines[0]}\n" + ",\n".join(lines[1:-1]) + "\n)"


def replay(connection: duckdb.DuckDBPyConnection) -> None:
    """Run the vault's statements and audits as they are, in one transaction."""
    binds = {"load_dt": "'2021-01-01 00:00:00'", "batch_id": "1"}
    connection.begin()
    for described in catalogue().vault:
        for make in (statements.load, statements.audit):
            text = make(catalogue(), described).text(**SCHEMAS)
            connection.execute(BIND.sub(lambda bind: binds[bind[1]], text)).fetchall()
    connection.commit()


if __name__ == "__main__":
    part, folder, *rest = sys.argv[1:]
    found = validate(Path(folder), rest[0]) if part == "validate" else globals()[part](Path(folder))
    print(json.dumps(found))
