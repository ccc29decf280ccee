"""How quick source systems are read: `python -m tests.bench.sources PART ROWS` prints JSON.

The bonus system is a real PostgreSQL with an outbox of so many events, documents are orders of
1.2 kB with three items and four statuses. Each part is a process of its own, for its peak memory.
"""

import json
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import psycopg
from bson import json_util

from local.food.delivery import Maker
from local.food.systems import TABLES
from local.postgres import serve_postgres
from local.s3 import BUCKET
from social_vault.model.catalogue import catalogue
from social_vault.records.validation import validate_file
from social_vault.settings import PostgresSettings, StorageSettings
from social_vault.sources.chain import Chain, extend
from social_vault.sources.postgres import open_bonus
from social_vault.stores.s3_landing import open_landing
from tests.bench.peak import peak_mb

EVENTS = """
INSERT INTO public.outbox
SELECT id, TIMESTAMP '2026-11-01' + id * INTERVAL '1 second', 'bonus_transaction',
    '{"user_id": ' || id % 1000 || ', "order_id": "626a81cfefa404208fe9abae", "order_date": '
    || '"2026-11-01 10:00:00", "product_payments": [{"product_id": "626a81cfefa404208fe9abaf", '
    || '"product_name": "\\u041f\\u043b\\u043e\\u0432", "price": 360, "quantity": 2, '
    || '"product_cost": 720, "bonus_payment": 159.0, "bonus_grant": 36}]}'
FROM generate_series(1, %s) AS id
"""


def outbox(rows: int) -> dict[str, float]:
    """Read and land an outbox, then look again when nothing is new."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(serve_postgres(folder / "postgres"))
        with psycopg.connect(server.address()) as connection:
            connection.execute(TABLES)
            connection.execute(EVENTS.replace("%s", str(rows)))
        settings = PostgresSettings(connection=server.address())
        prefix = f"bench-{time.time_ns():x}"
        first = landed(settings, prefix, folder)
        again = landed(settings, prefix, folder)
    return {"rows": rows, "seconds": first, "again": again, "peak_mb": peak_mb()}


def landed(settings: PostgresSettings, prefix: str, folder: Path) -> float:
    """Extend the outbox's chain by what is new; return the seconds, connecting included."""
    started = time.perf_counter()
    store = open_landing(StorageSettings.from_env())
    with open_bonus(settings) as readers:
        reader = next(each for each in readers if each.table == "bonus_outbox")
        extend(store, Chain(BUCKET, prefix, "bonus", "bonus_outbox", "csv"), reader, folder)
    return time.perf_counter() - started


def documents(rows: int) -> dict[str, float]:
    """Judge so many orders by their contract."""
    orders = catalogue().tables["orders"]
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "orders.ndjson"
        octets = write_orders(path, rows)
        started = time.perf_counter()
        validated = validate_file(path, orders, Path(name))
        seconds = time.perf_counter() - started
    if validated.accepted_count != rows:
        raise RuntimeError(f"{validated.accepted_count} of {rows} orders were accepted.")
    return {"rows": rows, "seconds": seconds, "octets": octets, "peak_mb": peak_mb()}


def write_orders(path: Path, rows: int) -> int:
    """Write orders as the change stream gives them; return the octets of one."""
    made = Maker(1, date(2026, 12, 1)).begin(0.05)
    whole = [each for each in made.orders.values() if len(each["statuses"]) == 4]
    lines = []
    for order in whole:
        order["order_items"] = (order["order_items"] * 3)[:3]
        line = {"op": "insert", "at": "2026-11-01 00:00:00", "_id": order["_id"], "doc": order}
        lines.append(json_util.dumps(line, json_options=json_util.CANONICAL_JSON_OPTIONS) + "\n")
    with path.open("w", encoding="ascii") as file:
        for number in range(rows):
            file.write(lines[number % len(lines)])
    return path.stat().st_size // rows


PARTS = {"outbox": outbox, "documents": documents}

if __name__ == "__main__":
    print(json.dumps(PARTS[sys.argv[1]](int(sys.argv[2]))))
