"""Both reports of the food delivery as text, markdown, CSV, artifacts and pictures."""

import csv
import json
from dataclasses import astuple, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from social_vault.answers.dues import CourierMonth, FoodReports, Settlement
from social_vault.report.food_pictures import (
    BANDS,
    OTHERS,
    draw_ledger,
    draw_settlements,
    due_by_restaurant,
    name_of,
    pay_by_band,
    span,
)
from social_vault.report.food_text import (
    MOST_ROWS,
    artifact_rows,
    render_food_markdown,
    render_food_reports,
    summed,
    write_rows,
)

DAY = date(2026, 11, 1)
PNG = b"\x89PNG\r\n\x1a\n"


def settlement(number=1, day=DAY, **changes):
    """Make a restaurant's day: 1,000 in all, of which 700 are due."""
    made = Settlement(
        restaurant_id=f"{number:024x}",
        restaurant_name=f"Ресторан {number}",
        settlement_date=day,
        orders_count=2,
        orders_total_sum=Decimal("1000.00"),
        orders_bonus_payment_sum=Decimal("50.00"),
        orders_bonus_granted_sum=Decimal("95.00"),
        order_processing_fee=Decimal("250.00"),
        restaurant_reward_sum=Decimal("700.00"),
        restaurant_debt_sum=Decimal("0.00"),
    )
    return replace(made, **changes)


def month(number=1, rate="4.95", **changes):
    """Make a courier's month: ten orders, 2,500 due."""
    made = CourierMonth(
        courier_id=f"{number:023}",
        courier_name=f"Курьер {number}",
        settlement_year=2026,
        settlement_month=11,
        orders_count=10,
        orders_total_sum=Decimal("9000.00"),
        rate_avg=Decimal(rate),
        order_processing_fee=Decimal("2250.00"),
        courier_order_sum=Decimal("2310.00"),
        courier_tips_sum=Decimal("200.00"),
        courier_reward_sum=Decimal("2500.00"),
    )
    return replace(made, **changes)


def test_text_names_what_each_restaurant_and_courier_is_due():
    """Sums over all days, the most first, and a line for all; exact digits, thousands apart."""
    rows = [settlement(1), settlement(2), settlement(2, DAY + timedelta(1))]
    text = render_food_reports(FoodReports(tuple(rows), (month(),)))

    lines = text.splitlines()
    assert lines[0] == "What restaurants are due, 2026-11-01 to 2026-11-02"
    assert lines[3].startswith("Ресторан 2       4  2,000.00   100.00  500.00  1,400.00")
    assert lines[5].startswith("all              6  3,000.00")
    assert "2026-11  Курьер 1      10    4.95  9,000.00  2,310.00  200.00  2,500.00" in text


def test_a_long_ledger_is_cut_and_says_so():
    """What is left out is counted, with its sum."""
    text = render_food_reports(FoodReports((), tuple(month(n) for n in range(MOST_ROWS + 3))))

    assert "3 more rows, 7,500.00 due in all" in text
    assert text.count("Курьер") == MOST_ROWS


def test_an_empty_vault_has_sentences():
    """Nobody is due anything yet."""
    text = render_food_reports(FoodReports((), ()))

    assert text == (
        "What restaurants are due: no order was closed yet.\n\n"
        "What couriers are due: nothing was delivered yet."
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

    assert summed([settlement(), owed])[-2:] == (Decimal("700.00"), Decimal("30.50"))


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


def test_many_restaurants_are_summed_and_a_long_time_is_shown_by_weeks():
    """A picture names a few; nothing of what is due is left out of it."""
    rows = [settlement(n, DAY + timedelta(d)) for n in range(8) for d in (0, 1, 90)]
    lines = due_by_restaurant(rows)

    assert list(lines)[-1] == OTHERS
    assert len(lines) == 6
    assert sum(sum(line.values()) for line in lines.values()) == 24 * 700
    assert all(day.weekday() == 0 for line in lines.values() for day in line)
    assert span(rows).endswith("by weeks")


@pytest.mark.parametrize(
    ("rate", "band"),
    [("3.99", 0), ("4.00", 1), ("4.49", 1), ("4.50", 2), ("4.89", 2), ("4.90", 3), ("5.00", 3)],
)
def test_a_month_lies_in_its_rating_band(rate, band):
    """Each begins with its lower end."""
    bands = pay_by_band([month(rate=rate)])

    assert [len(each) for each in bands] == [int(place == band) for place in range(len(BANDS))]
    assert bands[band] == [250.0]


PAGES = {
    "empty": [],
    "one": [settlement()],
    "long names": [settlement(1, restaurant_name="Очень $длинное$ имя " * 9), settlement(2)],
    "a year": [settlement(n, DAY + timedelta(d)) for n in range(9) for d in range(0, 365, 3)],
}


@pytest.mark.parametrize("rows", PAGES.values(), ids=PAGES.keys())
def test_restaurants_are_drawn_whatever_there_is(tmp_path, rows):
    """A PNG each time, and once: what is the same is not drawn again."""
    target = draw_settlements(rows, tmp_path / "page.png")
    before = target.stat().st_mtime_ns
    draw_settlements(rows, target)

    assert target.read_bytes().startswith(PNG)
    assert target.stat().st_mtime_ns == before


@pytest.mark.parametrize("count", [0, 1, 500])
def test_couriers_are_drawn_whatever_there_is(tmp_path, count):
    """Nobody, one band alone, and very many."""
    rows = [month(n, rate=f"{3 + n % 21 / 10:.2f}") for n in range(count)]
    target = draw_ledger(rows, tmp_path / "page.png")

    assert target.read_bytes().startswith(PNG)


def test_a_name_is_one_short_line():
    """Whatever it holds; between dollar signs matplotlib reads mathematics."""
    name = name_of(settlement(restaurant_name="a\n$b$ " + "x" * 40))

    assert name.startswith(r"a \$b\$ xxx")
    assert name.endswith("…")
    assert astuple(settlement(restaurant_name=None))[0] in name_of(settlement(restaurant_name=None))
