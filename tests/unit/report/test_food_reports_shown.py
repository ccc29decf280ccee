"""Both reports of the food delivery as text, markdown, CSV and artifacts."""

import csv
import json
from datetime import timedelta
from decimal import Decimal

import pytest

from social_vault.answers.dues import CourierMonth, FoodReports, Settlement
from social_vault.errors import WorkerError
from social_vault.report.food_table import MOST_RECORDS, artifact_rows, told_of, write_rows
from social_vault.report.food_text import (
    MOST_ROWS,
    NAME_LIMIT,
    render_food_markdown,
    render_food_reports,
    settlement_cells,
)
from tests.unit.report.made_dues import DAY, month, settlement


def test_text_names_what_each_restaurant_and_courier_is_due():
    """Sums over all days, the most first, and a line for all; exact digits, thousands apart."""
    rows = [settlement(1), settlement(2), settlement(2, DAY + timedelta(1))]
    text = render_food_reports(FoodReports(tuple(rows), (month(),)))

    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert lines[0] == "What restaurants are due, 2026-11-01 to 2026-11-02"
    assert lines[3] == "Ресторан 2 2 4 2,000.00 100.00 500.00 1,400.00 0.00"
    assert lines[5] == "all 2 6 3,000.00 150.00 750.00 2,100.00 0.00"
    assert lines[7] == "What couriers are due, by the month of the orders"
    assert lines[10] == "2026-11 Курьер 1 10 4.95 9,000.00 2,310.00 200.00 2,500.00"
    assert lines[11] == "all 1 courier 10 – 9,000.00 2,310.00 200.00 2,500.00"
    assert len(lines) == 12


@pytest.mark.parametrize("render", [render_food_reports, render_food_markdown])
def test_what_is_left_out_is_counted_and_found_elsewhere(render):
    """A long report is cut; its sums are of all rows, and the view's name says where they are."""
    count = MOST_ROWS + 3
    reports = FoodReports(
        tuple(settlement(n) for n in range(count)), tuple(month(n) for n in range(count))
    )
    text = render(reports).replace("\\", "").replace("|", " ")

    assert "3 more restaurants are left out here, but not of the sums: the view settlement" in text
    assert "3 more courier months are left out here, but not of the sums: the view courier" in text
    assert (text.count("Ресторан"), text.count("Курьер")) == (MOST_ROWS, MOST_ROWS)
    sums = [" ".join(line.split()) for line in text.splitlines() if line.split()[:1] == ["all"]]
    assert sums[0].startswith(f"all 1 {2 * count} {1000 * count:,}.00")
    assert sums[1].endswith(f"{2500 * count:,}.00")


def test_the_latest_month_comes_first_and_in_it_the_most():
    """A person looks for what is to be paid now."""
    rows = (
        month(1, settlement_year=2025, settlement_month=12),
        month(2, settlement_month=9),
        month(3, courier_reward_sum=Decimal("1.00")),
        month(4),
    )
    text = render_food_reports(FoodReports((), rows))

    shown = [line.split()[:3] for line in text.splitlines() if "Курьер" in line]
    assert shown == [
        ["2026-11", "Курьер", "4"],
        ["2026-11", "Курьер", "3"],
        ["2026-09", "Курьер", "2"],
        ["2025-12", "Курьер", "1"],
    ]


def test_two_of_one_name_are_told_apart():
    """Each has a line of its own with the end of its id; their sums are never one."""
    rows = (settlement(1, restaurant_name="Вкус"), settlement(2, restaurant_name="Вкус"))
    text = render_food_reports(FoodReports(rows, ()))

    assert [line.split()[:2] for line in text.splitlines() if "Вкус" in line] == [
        ["Вкус", "…000001"],
        ["Вкус", "…000002"],
    ]


def test_a_long_name_is_cut_and_those_cut_alike_are_told_apart():
    """No name makes a table wider than a terminal."""
    rows = tuple(settlement(n, restaurant_name="я" * 400) for n in (1, 2))
    text = render_food_reports(FoodReports(rows, ()))

    assert "я" * (NAME_LIMIT - 1) + "… …000002" in text
    assert "я" * NAME_LIMIT not in text


@pytest.mark.parametrize("render", [render_food_reports, render_food_markdown])
def test_an_empty_vault_has_sentences(render):
    """Nobody is due anything; no table stands empty."""
    assert render(FoodReports((), ())).replace("### ", "") == (
        "What restaurants are due: no order was closed.\n\n"
        "What couriers are due: no order was delivered."
    )


def test_markdown_takes_no_markup_from_names():
    """A restaurant may be called as it likes."""
    rows = (settlement(restaurant_name="<b>|`x`"),)
    text = render_food_markdown(FoodReports(rows, ()))

    assert "&lt;b&gt;\\|\\`x\\`" in text


def test_what_has_no_name_is_named_by_its_id():
    """A restaurant of which only orders came, a courier who was never listed."""
    reports = FoodReports((settlement(restaurant_name=None),), (month(courier_name=None),))
    text = render_food_reports(reports)

    assert f"{1:024x}" in text
    assert f"{1:023}" in text


def test_debts_are_summed_and_never_hidden():
    """Reward and debt stand side by side."""
    owed = settlement(restaurant_reward_sum=Decimal(0), restaurant_debt_sum=Decimal("30.50"))

    assert settlement_cells("all", [settlement(), owed])[-2:] == (
        Decimal("700.00"),
        Decimal("30.50"),
    )


def test_a_csv_has_the_columns_of_its_view_and_no_formula(tmp_path):
    """Also where there are no rows; a name that begins like a formula is neutral."""
    rows = [settlement(restaurant_name="=1+1")]
    text = write_rows(Settlement, rows, tmp_path / "a").read_text(encoding="utf-8")
    [read] = csv.DictReader(text.splitlines())
    empty = write_rows(CourierMonth, [], tmp_path / "b").read_text()

    assert read["restaurant_name"] == "'=1+1"
    assert read["orders_total_sum"] == "1000.00"
    assert empty.startswith("courier_id,courier_name,settlement_year,")


def test_artifacts_are_json_and_lose_no_digit():
    """A float would show 0.1 + 0.2; a text shows what is due."""
    [row] = json.loads(json.dumps(artifact_rows([settlement()])))

    assert row["restaurant_reward_sum"] == "700.00"
    assert row["settlement_date"] == "2026-11-01"
    assert row["orders_count"] == 2


def test_a_table_of_the_dashboard_has_the_latest_rows_and_says_which():
    """The dashboard loads a table whole: a report of years would stop it."""
    rows = [settlement(1, DAY + timedelta(number)) for number in range(MOST_RECORDS + 5)]
    listed = artifact_rows(rows)

    assert len(listed) == MOST_RECORDS
    assert listed[-1]["settlement_date"] == str(rows[-1].settlement_date)
    assert told_of(rows, "settlement_report") == (
        "The latest 2,000 of 2,005 rows; the view settlement_report has all of them."
    )
    assert told_of(rows[:3], "v") == "All 3 rows of the view v that were asked for."


def test_a_file_that_cannot_be_written_is_told_in_one_sentence(tmp_path):
    """It names the place, and that it is the worker's matter."""
    (tmp_path / "file").touch()

    with pytest.raises(WorkerError, match=r"the file cannot be written: .*file/due\.csv"):
        write_rows(Settlement, [settlement()], tmp_path / "file" / "due.csv")
