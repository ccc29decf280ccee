"""The flow that publishes both food reports, on a real Prefect API and the local Vertica."""

import csv
import json
from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from prefect.client.orchestration import get_client
from prefect.exceptions import ParameterTypeError

from flows.__main__ import QUIET, arguments, main
from flows.apply_schema import apply_schema
from flows.food_reports import food_reports
from social_vault.answers.dues import FoodReports
from social_vault.errors import SettingsError, WorkerError
from social_vault.loading.vault import load_vault
from social_vault.settings import WarehouseSettings
from social_vault.stores.vertica import open_warehouse
from tasks.food_publication import FoodOutputs, publish_food_reports
from tests.warehouse.food_rows import Food, courier, delivery, order, restaurant

pytestmark = pytest.mark.usefixtures("prefect_server")

NIGHT = datetime(2026, 12, 1, 0, 5)
CANARY = "Улица Канареечная"


@pytest.fixture
def schemas(services, monkeypatch, request):
    """Give the test schemas of its own, with the tables of the food delivery in them."""
    name = request.node.name.split("[")[0][:60]
    monkeypatch.setenv("VERTICA_STAGING_SCHEMA", f"stg_{name}")
    monkeypatch.setenv("VERTICA_DWH_SCHEMA", f"dwh_{name}")
    apply_schema(["food_delivery"])


@pytest.fixture
def filled(schemas):
    """Fill the vault: two days of a restaurant, one of which leaves a debt, and two couriers."""
    settings = WarehouseSettings.from_env()
    food = Food(SimpleNamespace(settings=settings))
    food.stage("restaurants", restaurant(1, "=Вкус | Индии"))
    food.stage(
        "orders",
        order(1, cost="1000.00"),
        order(2, cost="100.00", bonus="90.00", at=NIGHT),
        order(3, "CANCELLED"),
    )
    food.stage("couriers", courier(1, "Ольга <b>"))
    food.stage(
        "deliveries",
        delivery(1, sum="1000.00", tip="10.00", address=CANARY),
        delivery(2, courier=2, rate=3, sum="100.00", at=NIGHT),
    )
    with open_warehouse(settings) as warehouse:
        load_vault(warehouse)


def artifacts():
    """Return the newest artifact of each key that the Prefect API knows."""
    with get_client(sync_client=True) as client:
        found = client.request("POST", "/artifacts/latest/filter", json={}).json()
    return {each["key"]: each for each in found}


def rows_of(path):
    """Read a CSV."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_both_reports_stand_in_the_dashboard_and_in_files(filled, tmp_path, caplog):
    """Tables with exact sums, pictures, markdown and CSV: all tell what the vault holds."""
    caplog.set_level("INFO")
    places = {
        "settlement_file": tmp_path / "new" / "due.csv",
        "ledger_file": tmp_path / "new" / "pay.csv",
        "settlement_picture": tmp_path / "drawn" / "due.png",
        "ledger_picture": tmp_path / "drawn" / "pay.png",
    }

    reports = food_reports(**{name: str(place) for name, place in places.items()})

    due = [(each.restaurant_reward_sum, each.restaurant_debt_sum) for each in reports.settlements]
    assert due == [(Decimal("750.00"), Decimal(0)), (Decimal(0), Decimal("15.00"))]
    pay = [(each.courier_name, each.courier_reward_sum) for each in reports.ledger]
    assert pay == [("Ольга <b>", Decimal("209.50")), (None, Decimal("100.00"))]
    shown = artifacts()
    table = json.loads(shown["settlement-report"]["data"])
    assert [row["restaurant_reward_sum"] for row in table] == ["750.00", "0.00"]
    assert shown["settlement-report"]["description"].startswith("All 2 rows of the view settle")
    assert [row["rate_avg"] for row in json.loads(shown["courier-ledger"]["data"])] == [
        "5.00",
        "3.00",
    ]
    for picture in ("settlement-report-picture", "courier-ledger-picture"):
        assert shown[picture]["data"].startswith("data:image/png;base64,iVBOR")
    assert r"=Вкус \| Индии" in shown["food-reports"]["data"]
    assert "Ольга &lt;b&gt;" in shown["food-reports"]["data"]
    assert [row["restaurant_name"] for row in rows_of(places["settlement_file"])] == [
        "'=Вкус | Индии"
    ] * 2
    assert [row["courier_reward_sum"] for row in rows_of(places["ledger_file"])] == [
        "209.50",
        "100.00",
    ]
    for name in ("settlement_picture", "ledger_picture"):
        assert places[name].read_bytes().startswith(b"\x89PNG")
    assert CANARY not in str(shown)
    assert "food-reports" in caplog.text  # the scan does see what was told
    assert "Ольга" not in caplog.text


def test_a_period_bounds_the_days_of_the_settlement_report(filled, tmp_path):
    """Its last day is not among them; the ledger is of whole months, and stays whole."""
    target = tmp_path / "due.csv"

    reports = food_reports(since="2026-12-01", until="2026-12-02", settlement_file=str(target))

    assert [row["settlement_date"] for row in rows_of(target)] == ["2026-12-01"]
    assert len(reports.ledger) == 2


@pytest.mark.usefixtures("schemas")
def test_an_empty_vault_gives_sentences_and_empty_tables(tmp_path):
    """Nobody is due anything: that is an answer, too."""
    target = tmp_path / "due.csv"

    reports = food_reports(settlement_file=str(target))

    assert reports == FoodReports((), ())
    assert rows_of(target) == []
    shown = artifacts()
    assert json.loads(shown["courier-ledger"]["data"]) == []
    assert "no order was closed" in shown["food-reports"]["data"]


@pytest.mark.parametrize(
    ("period", "error"),
    [
        ({"since": "2026-12-02", "until": "2026-12-02"}, SettingsError),
        ({"since": "yesterday"}, ParameterTypeError),
    ],
)
def test_a_period_without_a_day_is_refused(services, period, error):
    """An empty report would look like a restaurant that is due nothing."""
    with pytest.raises(error, match="since"):
        food_reports(**period)


@pytest.mark.parametrize("missing", ["settlement_picture", "ledger_picture", "settlement_file"])
def test_a_place_that_cannot_be_written_is_told(tmp_path, missing):
    """The sentence names it, and that it is the worker's."""
    (tmp_path / "file").touch()
    outputs = FoodOutputs(tmp_path, **{missing: str(tmp_path / "file" / "target")})

    with pytest.raises(WorkerError, match=r"cannot be written: .*file/target"):
        publish_food_reports.fn(FoodReports((), ()), outputs)


def test_every_parameter_of_the_flow_has_an_option():
    """What a deployment can be told, a run here and now can be told, too."""
    options = vars(arguments(["food-reports"]))

    assert set(options) - {"command"} == set(food_reports.parameters.properties)


@pytest.mark.usefixtures("filled", "logging_as_before")
def test_the_command_prints_both_reports(tmp_path, monkeypatch, capfd):
    """Who asks at a terminal reads the answer there; a wrong day ends with one sentence."""
    monkeypatch.setenv("SOCIAL_VAULT_LOGS", str(tmp_path / "logs"))
    for name, value in QUIET.items():
        monkeypatch.setenv(name, value)

    assert main(["food-reports", "--until", "2026-12-01"]) == 0

    lines = [" ".join(line.split()) for line in capfd.readouterr().out.splitlines()]
    assert "=Вкус | Индии 1 1 1,000.00 0.00 250.00 750.00 0.00" in lines
    assert "2026-11 Ольга <b> 1 5.00 1,000.00 200.00 10.00 209.50" in lines
    assert main(["food-reports", "--until", "soon"]) == SettingsError.exit_code
    assert "until" in capfd.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize(
    ("view", "file"),
    [("settlement_report", "settlement_file"), ("courier_ledger", "ledger_file")],
)
def test_a_file_has_the_columns_of_its_view(schemas, tmp_path, view, file):
    """Names and order are a promise to whoever reads it; also where there is no row."""
    target = tmp_path / "report.csv"
    food_reports(**{file: str(target)})

    settings = WarehouseSettings.from_env()
    with open_warehouse(settings) as warehouse:
        warehouse._cursor.execute(f"SELECT * FROM {settings.dwh_schema}.{view} LIMIT 0")
        columns = [each[0] for each in warehouse._cursor.description]
    assert target.read_text(encoding="utf-8").splitlines() == [",".join(columns)]
