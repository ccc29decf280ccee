import json
from datetime import UTC, datetime, timedelta
from threading import Thread

import boto3
import pytest

from local.paths import Paths
from local.s3 import LocalS3, serve_s3
from social_vault.errors import SourceError, StorageError
from social_vault.landing.objects import Draft
from social_vault.settings import StorageSettings
from social_vault.sources.chain import PAGE, Chain, extend, last_number, warn_if_replacing
from social_vault.stores.s3_landing import LandingStore, open_landing
from tests.unit.sources.memory_store import Numbers, rows_of
from tests.unit.sources.test_chain import DiedError, Dying

BUCKET = "landing"


@pytest.fixture(scope="module")
def s3(tmp_path_factory):
    """Run a real S3 server with an empty bucket."""
    with serve_s3(Paths(tmp_path_factory.mktemp("s3"))) as running:
        client_of(running).create_bucket(Bucket=BUCKET)
        yield running


@pytest.fixture
def client(s3):
    """Lend a client that may do anything."""
    return client_of(s3)


@pytest.fixture
def store(s3):
    """Open the store under test."""
    return store_of(s3)


def client_of(s3: LocalS3):
    """Return a plain client of the server."""
    return boto3.client(
        "s3",
        endpoint_url=s3.endpoint,
        aws_access_key_id=s3.key_id,
        aws_secret_access_key=s3.secret,
        region_name="us-east-1",
    )


def store_of(s3: LocalS3) -> LandingStore:
    """Open the store under test."""
    settings = StorageSettings(
        endpoint_url=s3.endpoint,
        access_key_id=s3.key_id,
        secret_access_key=s3.secret,
        region="us-east-1",
    )
    return open_landing(settings)


def chain_of(prefix: str) -> Chain:
    """Name a chain of the test's own."""
    return Chain(BUCKET, prefix, "shop", "sales", "csv")


def contents(client, chain: Chain) -> list[bytes]:
    """Read the objects of a chain in its order."""
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=chain.folder)
    keys = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
    return [client.get_object(Bucket=BUCKET, Key=key)["Body"].read() for key in keys]


def test_a_chain_grows_on_a_real_server(client, store, tmp_path):
    """Its metadata come back as they were written, and the server's clock tells its age."""
    chain, source = chain_of("grows"), Numbers([1, 2])
    first = extend(store, chain, source, tmp_path)
    source.rows.append(3)
    second = extend(store, chain, source, tmp_path)
    third = extend(store, chain, source, tmp_path)

    told = store.described(BUCKET, second.key)
    assert (first.outcome, second.outcome, third.outcome) == ("landed", "landed", "unchanged")
    assert json.loads(told.metadata["since"]) == {"seen": 2}
    assert json.loads(told.metadata["until"]) == {"seen": 3}
    assert abs(told.told_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert timedelta(0) <= told.told_at - told.last_modified < timedelta(minutes=1)
    assert rows_of(contents(client, chain)) == [1, 2, 3]


def test_an_object_is_never_replaced(client, store, tmp_path):
    """The second PUT is refused and changes neither octets nor metadata."""
    path = tmp_path / "rows"
    path.write_bytes(b"first")
    assert store.put_if_absent(Draft(BUCKET, "once/0.csv", path, {"until": "1"}))
    path.write_bytes(b"second")

    assert not store.put_if_absent(Draft(BUCKET, "once/0.csv", path, {"until": "2"}))
    assert client.get_object(Bucket=BUCKET, Key="once/0.csv")["Body"].read() == b"first"
    assert store.described(BUCKET, "once/0.csv").metadata == {"until": "1"}


@pytest.mark.parametrize("count", [0, 1, PAGE, PAGE + 1, 3 * PAGE + 17])
def test_the_last_number_is_found_however_long_the_chain(client, store, count):
    """The server lists behind a key that is there and behind one that is not."""
    chain = chain_of(f"long-{count}")
    for number in range(count):
        client.put_object(Bucket=BUCKET, Key=chain.key(number), Body=b"")

    assert last_number(store, chain) == (count - 1 if count else None)


def test_a_chain_that_was_copied_without_its_metadata_is_an_error(client, store, tmp_path):
    """It is not read anew in silence."""
    client.put_object(Bucket=BUCKET, Key=chain_of("copied").key(0), Body=b"number\n1\n")

    with pytest.raises(SourceError, match=r"copied/sources/shop/sales/000000000000\.csv"):
        extend(store, chain_of("copied"), Numbers([1]), tmp_path)


def test_the_local_s3_knows_conditional_put(store, tmp_path, caplog):
    """Nothing is warned of, at the first look and at later ones."""
    assert not warn_if_replacing(store, BUCKET, "probed", tmp_path)
    assert not warn_if_replacing(store, BUCKET, "probed", tmp_path)
    assert caplog.records == []


def test_a_bucket_that_is_not_there_is_named(store, tmp_path):
    """Before the source is read."""
    source = Numbers([1])

    with pytest.raises(StorageError, match="s3://no-such-bucket"):
        extend(store, Chain("no-such-bucket", "", "shop", "sales", "csv"), source, tmp_path)

    assert source.begun_at == []


class Growing(Dying):
    """A source that gains a row at each look, whoever looks, until there are enough."""

    def read(self, since, path):
        """Grow and read, and perhaps die."""
        if len(self.rows) < 60:
            self.rows.append(self.random.random())
        return super().read(since, path)


def race(store: LandingStore, source: Growing, chain: Chain, folder) -> None:
    """Extract until nothing is new any more, dying before the PUT now and then."""
    last = None
    while last is None or last.records:
        try:
            last = extend(store, chain, source, folder)
        except DiedError:
            continue


@pytest.mark.parametrize("seed", [1, *(pytest.param(s, marks=pytest.mark.long) for s in (2, 3, 4))])
def test_racing_extractors_that_die_land_every_row_once_and_in_order(s3, client, tmp_path, seed):
    """Four at once, each with a client of its own; the source grows meanwhile."""
    rows, chain = [], chain_of(f"race-{seed}")
    sources = [Growing(rows, seed * 10 + number) for number in range(4)]
    threads = [
        Thread(target=race, args=(store_of(s3), source, chain, tmp_path), daemon=True)
        for source in sources
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)

    assert not any(thread.is_alive() for thread in threads)
    landed = [line for each in contents(client, chain) for line in each.decode().split()[1:]]
    assert landed == [str(row) for row in rows]
    assert len(rows) == 60
