"""The flows of the source systems, from each system to the vault, on real servers."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import boto3
import psycopg
import pytest
from bson import ObjectId
from prefect.client.orchestration import get_client
from prefect.logging.handlers import APILogHandler

from flows.apply_schema import apply_schema
from flows.extract_bonus import extract_bonus
from flows.extract_couriers import extract_couriers
from flows.extract_orders import extract_orders
from flows.food_reports import food_reports
from local.courier_api import serving
from local.mongo import DATABASE, serve_mongo
from local.postgres import serve_postgres
from local.s3 import BUCKET
from social_vault.errors import IncompleteRunError, SettingsError, UnavailableError
from social_vault.settings import WarehouseSettings
from social_vault.stores.vertica import open_warehouse
from tasks.blocks import CourierApiCredentials, MongoCredentials, PostgresCredentials
from tasks.extraction import extract

pytestmark = pytest.mark.usefixtures("prefect_server", "services")

CANARY = "canary-of-a-courier"
ORDER, RESTAURANT, USER, PRODUCT = (f"626a81cfefa404208fe9ab{n:02x}" for n in range(4))
TODAY = datetime.now(UTC).date()
FOOD_FILES = ("settlement_file", "ledger_file", "settlement_picture", "ledger_picture")
TABLES = """
CREATE TABLE public.ranks (id int PRIMARY KEY, name varchar(2048), bonus_percent numeric(19, 5),
    min_payment_threshold numeric(19, 5));
CREATE TABLE public.users (id int PRIMARY KEY, order_user_id text);
CREATE TABLE public.outbox (id int PRIMARY KEY, event_ts timestamp, event_type varchar,
    event_value text);
"""


@pytest.fixture(scope="module")
def postgres(tmp_path_factory):
    """Run the bonus system, with its tables."""
    with serve_postgres(tmp_path_factory.mktemp("postgres")) as server:
        with psycopg.connect(server.address()) as connection:
            connection.execute(TABLES)
        yield server


@pytest.fixture(scope="module")
def mongo(tmp_path_factory):
    """Run the order system."""
    with serve_mongo(tmp_path_factory.mktemp("mongo")) as server:
        yield server


@pytest.fixture(scope="module")
def couriers():
    """Run the courier API, with nothing in it."""
    rows = {"restaurants": [], "couriers": [], "deliveries": []}
    with serving(lambda name: list(rows[name]), CANARY) as server:
        server.rows = rows
        yield server


@pytest.fixture
def schemas(monkeypatch, request):
    """Name schemas and a prefix of the test's own, and make them."""
    name = f"x{abs(hash(request.node.name)) % 10**9}"
    monkeypatch.setenv("VERTICA_STAGING_SCHEMA", f"{name}_staging")
    monkeypatch.setenv("VERTICA_DWH_SCHEMA", f"{name}_dwh")
    apply_schema()
    return name


@pytest.fixture
def bonus(postgres, schemas, monkeypatch):
    """Point the environment at an empty bonus system; return a function that runs statements."""
    for name, value in postgres.environment().items():
        monkeypatch.setenv(name, value)

    def run(statement, *values):
        with psycopg.connect(postgres.address()) as connection:
            connection.execute(statement, values)

    run("TRUNCATE ranks, users, outbox")
    run("INSERT INTO ranks VALUES (1, 'JUNIOR', 0.05, 0)")
    run("INSERT INTO users VALUES (1, %s), (2, %s)", USER, PRODUCT)
    return run


def event(run, number, kind, **value):
    """Write an event into the outbox, its letters escaped as the bonus system does."""
    run("INSERT INTO outbox VALUES (%s, now(), %s, %s)", number, kind, json.dumps(value))


def rows(question):
    """Ask the vault; {dwh} and {staging} stand for the schemas."""
    settings = WarehouseSettings.from_env()
    names = {"dwh": settings.dwh_schema, "staging": settings.staging_schema}
    with open_warehouse(settings) as warehouse:
        cursor = warehouse._cursor
        cursor.execute(question.format(**names))
        return [tuple(row) for row in cursor.fetchall()]


def everything_told():
    """Return all that the Prefect API knows of runs as one text."""
    APILogHandler().flush()
    found = {kind: [] for kind in ("flows", "flow_runs", "task_runs", "logs", "artifacts")}
    with get_client(sync_client=True) as client:
        for kind, rows in found.items():
            while page := client.request(
                "POST", f"/{kind}/filter", json={"limit": 200, "offset": len(rows)}
            ).json():
                rows.extend(page)
    return json.dumps(found, ensure_ascii=False)


def everything_landed(prefix):
    """Return all objects under a prefix with their metadata as one text."""
    client = boto3.client("s3")
    listed = client.list_objects_v2(Bucket=BUCKET, Prefix=prefix)["Contents"]
    answers = [client.get_object(Bucket=BUCKET, Key=each["Key"]) for each in listed]
    return "".join(str(each["Metadata"]) + each["Body"].read().decode() for each in answers)


def counted(report):
    """Return what the report tells of each object by its table."""
    return {file.table: (file.read, file.accepted, file.rejected) for file in report.files}


def test_the_bonus_system_goes_the_whole_way(bonus, schemas):
    """Extract, land, load; then nothing; then what has changed, and what is absent."""
    event(bonus, 1, "user_rank", user_id="1", rank_id="1", rank_name="Новичок", rank_award=0.05)
    event(bonus, 2, "user_balance", user_id=1, balance=159.0)
    event(bonus, 3, "user_balance", user_id=1)
    first = extract_bonus(BUCKET, prefix=schemas)
    second = extract_bonus(BUCKET, prefix=schemas)
    bonus("DELETE FROM users WHERE id = 2")
    bonus("UPDATE ranks SET bonus_percent = 0.07")
    third = extract_bonus(BUCKET, prefix=schemas)

    assert counted(first) == {
        "bonus_outbox": (3, 2, 1),
        "bonus_ranks": (1, 1, 0),
        "bonus_users": (2, 2, 0),
    }
    assert first.files[0].rules == {"event_value.balance: missing": 1}
    assert (second.files, second.known.read) == ((), 6)
    assert counted(third) == {"bonus_ranks": (1, 1, 0), "bonus_users": (1, 1, 0)}
    assert rows("SELECT bonus_percent::VARCHAR FROM {dwh}.s_rank_info ORDER BY load_dt") == [
        ("0.05000",),
        ("0.07000",),
    ]
    gone = "SELECT COUNT(*) FROM {dwh}.s_bonus_user_presence WHERE is_deleted"
    assert rows(gone) == [(1,)]


def test_the_order_system_goes_the_whole_way(mongo, schemas, monkeypatch):
    """Its states are versions, its items follow them, and what was deleted is told."""
    for name, value in mongo.environment().items():
        monkeypatch.setenv(name, value)
    order = {
        "_id": ObjectId(ORDER),
        "restaurant": {"id": ObjectId(RESTAURANT)},
        "user": {"id": ObjectId(USER)},
        "date": datetime(2026, 11, 30, 10),
        "order_items": [{"id": ObjectId(PRODUCT), "name": "Плов", "price": 360, "quantity": 2}],
        "cost": 720,
        "payment": 720,
        "bonus_payment": 0,
        "bonus_grant": 72.0,
        "statuses": [{"status": "OPEN", "dttm": datetime(2026, 11, 30, 10)}],
        "final_status": "OPEN",
        "update_ts": datetime(2026, 11, 30, 10),
    }
    with mongo.client() as client:
        client.drop_database(DATABASE)
        collection = client[DATABASE].orders
        collection.insert_many([order, {**order, "_id": ObjectId(), "cost": "much"}])
        first = extract_orders(BUCKET, prefix=schemas)
        collection.update_one({"_id": order["_id"]}, {"$set": {"final_status": "CLOSED"}})
        collection.delete_one({"cost": "much"})
        second = extract_orders(BUCKET, prefix=schemas)
        collection.delete_one({"_id": order["_id"]})
        extract_orders(BUCKET, prefix=schemas)

    assert counted(first)["orders"] == (3, 2, 1)
    assert counted(second) == {"orders": (2, 2, 0)}
    assert rows("SELECT final_status FROM {dwh}.s_order_info ORDER BY load_dt") == [
        ("OPEN",),
        ("CLOSED",),
    ]
    assert rows("SELECT COUNT(*), COUNT(DISTINCT load_id) FROM {dwh}.s_order_items") == [(2, 2)]
    assert rows("SELECT orders_count FROM {dwh}.settlement_report") == []


def test_the_courier_api_goes_the_whole_way(couriers, schemas, monkeypatch, tmp_path):
    """Lists whole, deliveries by days; the ledger tells what a courier is due."""
    given = {"URL": couriers.url, "NICKNAME": "me", "COHORT": "1", "KEY": CANARY}
    for name, value in given.items():
        monkeypatch.setenv(f"COURIER_API_{name}", value)
    courier = "c" * 23
    couriers.rows["restaurants"][:] = [{"_id": RESTAURANT, "name": "Кубдари"}]
    couriers.rows["couriers"][:] = [{"_id": courier, "name": "Иван Иванов"}]
    couriers.rows["deliveries"][:] = [
        {
            "order_id": ORDER,
            "order_ts": f"{TODAY} 00:00:00.123000",
            "delivery_id": f"{n:023}",
            "courier_id": courier,
            "address": "Ул. Мира, 1, кв. 2",
            "delivery_ts": f"{TODAY} 01:00:00.123000",
            "rate": rate,
            "sum": 1000,
            "tip_sum": 100,
        }
        for n, rate in enumerate([5, 4, 6])
    ]
    first = extract_couriers(BUCKET, prefix=schemas)
    second = extract_couriers(BUCKET, prefix=schemas)

    assert counted(first) == {
        "couriers": (1, 1, 0),
        "courier_restaurants": (1, 1, 0),
        "deliveries": (3, 2, 1),
    }
    assert second.files == ()
    [(name, orders, pay)] = rows(
        "SELECT courier_name, orders_count, courier_reward_sum::VARCHAR FROM {dwh}.courier_ledger"
    )
    # Two deliveries at 4.5: the greater of 8 % and 175 each, and 95 % of the tips.
    assert (name, orders, pay) == ("Иван Иванов", 1, "540.00")
    files = {name: str(tmp_path / "out" / name) for name in FOOD_FILES}
    reports = food_reports(**files)
    assert [row.courier_reward_sum for row in reports.ledger] == [Decimal("540.00")]
    assert reports.settlements == ()
    assert "Иван Иванов" in (tmp_path / "out" / "ledger_file").read_text()
    assert all((tmp_path / "out" / name).stat().st_size for name in FOOD_FILES)
    with get_client(sync_client=True) as client:
        found = client.request("POST", "/artifacts/latest/filter", json={}).json()
    kept = {each["key"]: each["data"] for each in found}
    assert json.loads(kept["courier-ledger"])[0]["courier_reward_sum"] == "540.00"
    assert {"settlement-report", "courier-ledger-picture", "food-reports"} <= kept.keys()
    assert CANARY not in json.dumps(kept)


def test_a_chain_stops_at_its_first_object_that_failed(bonus, schemas):
    """Loaded later, the older object would be taken for the newer truth."""
    extract_bonus(BUCKET, prefix=schemas)
    event(bonus, 1, "nonsense", user_id=1)
    with pytest.raises(IncompleteRunError):
        extract_bonus(BUCKET, prefix=schemas, reject_limit=0.0)
    event(bonus, 2, "user_balance", user_id=1, balance=5)
    with pytest.raises(IncompleteRunError, match="An earlier object of its chain was not loaded"):
        extract_bonus(BUCKET, prefix=schemas, reject_limit=0.0)
    assert rows("SELECT COUNT(*) FROM {dwh}.s_bonus_user_balance") == [(0,)]

    report = extract_bonus(BUCKET, prefix=schemas)

    assert [file.table for file in report.files] == ["bonus_outbox", "bonus_outbox"]
    assert rows("SELECT COUNT(*) FROM {dwh}.s_bonus_user_balance") == [(1,)]


def test_what_was_landed_is_loaded_while_its_source_is_away(bonus, schemas, monkeypatch):
    """Then the run fails: the source was not read."""
    monkeypatch.setattr(extract, "retries", 0)
    event(bonus, 1, "user_balance", user_id=1, balance=5)
    extract_bonus(BUCKET, prefix=schemas)
    landed = boto3.client("s3").list_objects_v2(Bucket=BUCKET, Prefix=f"{schemas}/sources/bonus/")
    assert len(landed["Contents"]) == 3
    monkeypatch.setenv("VERTICA_STAGING_SCHEMA", f"{schemas}_again")
    monkeypatch.setenv("VERTICA_DWH_SCHEMA", f"{schemas}_once")
    apply_schema()
    away = "host=127.0.0.1 port=9 user=reader dbname=postgres sslmode=require"
    monkeypatch.setenv("PG_ORIGIN_BONUS_SYSTEM_CONNECTION", away)

    with pytest.raises(UnavailableError, match="bonus system"):
        extract_bonus(BUCKET, prefix=schemas)

    assert rows("SELECT COUNT(*) FROM {dwh}.s_bonus_user_balance") == [(1,)]


def test_blocks_take_the_place_of_the_environment(postgres, mongo, couriers, schemas):
    """A secret stands in a block of the server, and its certificate with it."""
    parts = psycopg.conninfo.conninfo_to_dict(postgres.address())
    PostgresCredentials(
        host=parts["host"],
        port=int(parts["port"]),
        database=parts["dbname"],
        user=parts["user"],
        password=parts["password"],
        tls_ca_pem=postgres.ca_file.read_text(),
    ).save("pg-origin-bonus-system-connection", overwrite=True)
    given = mongo.environment()
    MongoCredentials(
        hosts=given["ORDER_SYSTEM_HOSTS"],
        database=DATABASE,
        user=given["ORDER_SYSTEM_USER"],
        password=given["ORDER_SYSTEM_PASSWORD"],
        auth_source="admin",
        tls_ca_pem=mongo.ca_file.read_text(),
    ).save("order-system", overwrite=True)
    CourierApiCredentials(url=couriers.url, nickname="me", cohort="1", key=CANARY).save(
        "courier-api", overwrite=True
    )

    extract_bonus(BUCKET, prefix=schemas, source_block="pg-origin-bonus-system-connection")
    extract_orders(BUCKET, prefix=schemas, source_block="order-system")
    extract_couriers(BUCKET, prefix=schemas, source_block="courier-api")

    told = everything_told() + everything_landed(schemas)
    assert "extract-bonus" in told
    assert [word for word in (postgres.password, mongo.password, CANARY) if word in told] == []


@pytest.mark.parametrize("flow", [extract_bonus, extract_orders, extract_couriers])
def test_a_source_that_nobody_named_is_the_users_to_mend(schemas, flow):
    """In one sentence that names the variable or the block."""
    with pytest.raises(SettingsError, match=r"is missing"):
        flow(BUCKET, prefix=schemas)
    with pytest.raises(SettingsError, match=r"no block .*nowhere"):
        flow(BUCKET, prefix=schemas, source_block="nowhere")
