"""kill -9 of a process that loads: a plain re-run ends as if nothing had happened."""

import hashlib
import json
import random
import secrets
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from social_vault.model.catalogue import catalogue
from social_vault.schema.apply import apply_schema
from social_vault.stores.vertica import open_warehouse
from tests.faults.loading import COMMITS, TABLES, load

# What tells one run from the next; all other columns are business.
OF_THE_RUN = {"load_id", "staged_at", "rejected_at", "load_dt", "batch_id", "run_id"}
USERS, GROUPS, DIALOGS, EVENTS = 60, 10, 400, 100
SHORT_POINTS = {("before", 1), ("before", COMMITS), ("sent", COMMITS), ("after", COMMITS)}
POINTS = [
    pytest.param(point, commit, marks=[] if (point, commit) in SHORT_POINTS else pytest.mark.long)
    for point in ("before", "sent", "after")
    for commit in range(1, COMMITS + 1)
]
SHORT_SEEDS = 4
SEEDS = [
    pytest.param(seed, marks=[] if seed < SHORT_SEEDS else pytest.mark.long)
    for seed in range(SHORT_SEEDS + 60 - (len(POINTS) - len(SHORT_POINTS)))
]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Write one small file a contract, each with records that are refused."""
    folder, rng = tmp_path_factory.mktemp("files"), random.Random(7)
    day = "2021-03-01 10:00:00"
    user, group = lambda: rng.randrange(USERS), lambda: rng.randrange(GROUPS)
    texts = {
        "users": [f"{each},name {each},{day},Land,{each}" for each in range(USERS)],
        "groups": [f"{each},{user()},group {each},{day},{each % 2}" for each in range(GROUPS)],
        "dialogs": [
            f'{each},{day},{user()},{user()},"text, {each}",{rng.choice((group(), ""))}'
            for each in range(DIALOGS)
        ],
        "group_log": [f"{group()},{user()},,add,2021-03-02 10:00:{n % 60}" for n in range(EVENTS)],
    }
    for table, lines in texts.items():
        header = ",".join(column.header for column in catalogue().tables[table].columns)
        bad = ["none", lines[0], ""]  # too few fields, a key met before, a blank line
        (folder / f"{table}.csv").write_text("\n".join([header, *lines, *bad]) + "\n")
    return folder


@pytest.fixture
def settings(steady_vertica):
    """Make the product's schemas under names of the test's own."""
    return made(steady_vertica)


@pytest.fixture(scope="module")
def unharmed(steady_vertica, files):
    """Load once without a kill; return what stands then and the seconds it took."""
    settings = made(steady_vertica)
    child = started(settings, files)
    began = time.monotonic()
    assert child.wait(120) == 0
    return contents(settings), time.monotonic() - began


def made(server):
    """Return the settings of schemas that were made just now."""
    mark = secrets.token_hex(6)
    settings = server.settings(f"staging_{mark}", f"dwh_{mark}")
    with open_warehouse(settings) as warehouse:
        apply_schema(warehouse)
    return settings


def started(settings, files, point=None, commit=0):
    """Start a process that loads; return it when it is about to begin."""
    given = settings.model_dump()
    given["password"] = settings.password.get_secret_value()
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.loading"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    orders = {"settings": given, "files": str(files), "point": point, "commit": commit}
    child.stdin.write(json.dumps(orders, default=str) + "\n")
    child.stdin.close()
    assert child.stdout.readline() == "ready\n"
    child.stdout.close()
    return child


def rows(settings, query):
    """Return the rows of a query; {staging} and {dwh} stand for the schemas."""
    with open_warehouse(settings) as warehouse:
        return ask(warehouse, settings, query)


def ask(warehouse, settings, query):
    """Return the rows of a query in a session that is open."""
    names = {"staging": settings.staging_schema, "dwh": settings.dwh_schema}
    warehouse._cursor.execute(query.format(**names))
    return [tuple(row) for row in warehouse._cursor.fetchall()]


def contents(settings):
    """Return of each table the number of its rows and a checksum over its business columns."""
    found = {}
    with open_warehouse(settings) as warehouse:
        columns = ask(
            warehouse,
            settings,
            "SELECT table_schema, table_name, column_name FROM v_catalog.columns WHERE "
            "table_schema IN ('{staging}', '{dwh}') ORDER BY 1, 2, ordinal_position",
        )
        tables = {}
        for schema, table, column in columns:
            tables.setdefault((schema, table), []).append(column)
        for (schema, table), names in tables.items():
            business = [name for name in names if name not in OF_THE_RUN] or ["1"]
            rows = ask(warehouse, settings, f"SELECT {', '.join(business)} FROM {schema}.{table}")
            text = "\n".join(sorted(map(repr, rows)))
            found[table] = (len(rows), hashlib.sha256(text.encode()).hexdigest())
    return found


def check_ledger(answer):
    """Compare every count of the ledger with the tables."""
    ledger = answer(
        "SELECT load_id, table_name, read_count, accepted_count, rejected_count, blank_count "
        "FROM {staging}.load_ledger"
    )
    assert sorted(entry[1] for entry in ledger) == sorted(TABLES)
    for load_id, table, read, accepted, rejected, blank in ledger:
        assert read == accepted + rejected + blank
        for name, count in ((table, accepted), (f"{table}_rej", rejected)):
            query = f"SELECT load_id, COUNT(*) FROM {{staging}}.{name} GROUP BY load_id"
            assert answer(query) == [(load_id, count)]
    batches = answer("SELECT load_id, batch_id FROM {dwh}.vault_ledger")
    assert sorted(load_id for load_id, _ in batches) == sorted(entry[0] for entry in ledger)


def check_rerun(settings, files, unharmed):
    """Load again; what stands then is what stands after a run that was never killed."""
    load(settings, files)

    assert contents(settings) == unharmed[0]
    with open_warehouse(settings) as warehouse:
        check_ledger(lambda query: ask(warehouse, settings, query))


def test_a_run_without_a_kill_loads_something_of_everything(unharmed):
    """The run that others are compared with fills all that its files feed, rejects too."""
    fed = {each.name for each in catalogue().fed_by(TABLES)}
    filled = fed | {name for table in TABLES for name in (table, f"{table}_rej")}

    assert {table for table in filled if not unharmed[0][table][0]} == set()
    assert unharmed[0]["dialogs"][0] == DIALOGS


@pytest.mark.parametrize(("point", "commit"), POINTS)
def test_a_loader_killed_around_a_commit_is_run_again(settings, files, unharmed, *, point, commit):
    """Before its COMMIT nothing of a transaction shows, after it all; a re-run ends the work."""
    child = started(settings, files, point, commit)
    assert child.wait(120) == -signal.SIGKILL

    staged = rows(settings, "SELECT COUNT(*) FROM {staging}.load_ledger")[0][0]
    taken = rows(settings, "SELECT COUNT(*) FROM {dwh}.vault_ledger")[0][0]
    done = {"before": {commit - 1}, "sent": {commit - 1, commit}, "after": {commit}}[point]
    assert staged in {min(each, len(TABLES)) for each in done}
    assert taken in {len(TABLES) if each == COMMITS else 0 for each in done}
    check_rerun(settings, files, unharmed)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_loader_killed_at_any_moment_is_run_again(settings, files, unharmed, seed):
    """Up to three runs in a row are killed at random moments; a re-run ends the work."""
    print(f"seed {seed}")
    rng = random.Random(seed)
    for _ in range(rng.randint(1, 3) if seed >= SHORT_SEEDS else 1):
        child = started(settings, files)
        with suppress(subprocess.TimeoutExpired):
            child.wait(rng.uniform(0, unharmed[1]))
        child.kill()
        assert child.wait(10) in {0, -signal.SIGKILL}
    check_rerun(settings, files, unharmed)
