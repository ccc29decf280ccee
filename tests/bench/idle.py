"""A run that finds nothing new among many objects: `python -m tests.bench.idle N` prints JSON.

Counted are the statements that reach Vertica and the requests that reach S3; the clock of the run
and of an empty flow runs in a process that has run a flow before.
"""

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime

import boto3
import vertica_python
from botocore.httpsession import URLLib3Session
from prefect import flow
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from vertica_python.vertica.messages import Query

from flows.social_network import social_network
from local.s3 import BUCKET
from social_vault.landing.objects import ObjectVersion
from social_vault.loading.ledger import identity
from social_vault.model.catalogue import catalogue
from social_vault.settings import StorageSettings, WarehouseSettings
from social_vault.stores.s3 import open_store
from social_vault.stores.vertica import open_warehouse

WRITERS = 8
COLUMNS = (
    *("load_id", "source", "bucket", "object_key", "object_version", "table_name", "load_src"),
    *("etag", "size_bytes", "sha256", "last_modified", "contract_version", "status"),
    *("read_count", "accepted_count", "rejected_count", "blank_count", "staged_at"),
)


@flow
def empty() -> None:
    """Do nothing but what Prefect does for any run."""


def main(count: int) -> None:
    """Make the objects and their loads known, then run the flow by the clock."""
    prefix = f"idle-{count}/"
    put_objects(prefix, count)
    make_known(list(open_store(StorageSettings.from_env()).listed(BUCKET, prefix)))
    counts = {"trips": 0, "requests": 0}
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        empty()
        social_network(BUCKET, prefix=prefix)  # what is imported late is imported now
        warm = seconds(empty)
        with counted(counts):
            idle = seconds(lambda: social_network(BUCKET, prefix=prefix))
    print(json.dumps({**counts, "idle": idle, "empty": warm}))


def put_objects(prefix: str, count: int) -> None:
    """Write so many objects, each of its own bytes: a folder a delivery, with a file a table."""
    client = boto3.client("s3")
    names = catalogue().file_names

    def put(number: int) -> None:
        delivery, file = divmod(number, len(names))
        key = f"{prefix}{delivery:06}/{names[file]}"
        client.put_object(Bucket=BUCKET, Key=key, Body=f"{number}\n".encode())

    with ThreadPoolExecutor(WRITERS) as threads:
        list(threads.map(put, range(count)))


def make_known(listed: list[ObjectVersion]) -> None:
    """Write a ledger row for each object, and take it into the vault, as if it were loaded."""
    rows = "".join("\x1f".join(map(str, row)) + "\n" for row in map(ledger_row, *numbered(listed)))
    taken = "".join(f"{number}\x1f1\x1f2021-01-01 00:00:00\n" for number in range(len(listed)))
    form = "FROM STDIN DELIMITER E'\\037' NO ESCAPE ABORT ON ERROR"
    with open_warehouse(WarehouseSettings.from_env()) as warehouse, warehouse.transaction():
        cursor = warehouse._cursor
        cursor.copy(f"COPY staging.load_ledger ({', '.join(COLUMNS)}) {form}", rows)
        cursor.copy(f"COPY dwh.vault_ledger (load_id, batch_id, load_dt) {form}", taken)


def numbered(listed: list[ObjectVersion]) -> tuple[range, list[ObjectVersion]]:
    """Return numbers of loads beside the objects."""
    return range(len(listed)), listed


def ledger_row(load_id: int, each: ObjectVersion) -> tuple[object, ...]:
    """Return what the ledger would hold of an object of one accepted record."""
    now = datetime.now(UTC).replace(tzinfo=None)
    digest = hashlib.sha256(each.etag.encode()).hexdigest()
    binds = identity(each, catalogue().feeds(each.key).name)
    named = (*("source", "bucket", "object_key", "object_version", "table_name"),)
    what = (each.uri, each.etag, each.size, digest, binds["last_modified"], 1, "staged")
    return (load_id, *(binds[name] for name in named), *what, 1, 1, 0, 0, now)


def seconds(step: Callable[[], object]) -> float:
    """Take a step and return how long it took."""
    started = time.perf_counter()
    step()
    return time.perf_counter() - started


@contextmanager
def counted(counts: dict[str, int]) -> Iterator[None]:
    """Count what leaves for Vertica and for S3 while the block lasts."""
    write, send = vertica_python.Connection.write, URLLib3Session.send

    def counted_write(connection: object, message: object, *rest: object) -> object:
        counts["trips"] += isinstance(message, Query)
        return write(connection, message, *rest)

    def counted_send(session: object, request: object) -> object:
        counts["requests"] += 1
        return send(session, request)

    vertica_python.Connection.write, URLLib3Session.send = counted_write, counted_send
    try:
        yield
    finally:
        vertica_python.Connection.write, URLLib3Session.send = write, send


if __name__ == "__main__":
    main(int(sys.argv[1]))
