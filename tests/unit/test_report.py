"""What a run says about itself."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from dwh.report import (
    ANSWER_COLUMNS,
    FileReport,
    RunReport,
    render_markdown,
    render_text,
    write_answer,
)

ROW = {
    "hk_group_id": "9f86d081-884c-7d65-9a2f-eaa0c55ad015",
    "group_id": 1177,
    "group_name": "=утки | <b>",
    "cnt_added_users": 4794,
    "cnt_users_in_group_with_messages": 2760,
    "group_conversion": Decimal("0.575719649"),
    "cnt_added_users_with_messages": 2500,
    "added_user_conversion": 0.52,
    "conversion_low": 0.5,
    "conversion_high": 0.54,
}
EMPTY_GROUP = {
    **ROW,
    "cnt_added_users": 0,
    "group_conversion": None,
    "added_user_conversion": None,
    "conversion_low": None,
    "conversion_high": None,
}
USERS = FileReport(
    "in/users.csv", "users", "new", 1000, 990, 8, 2, {"age: out of range": 3, "id: missing": 7}
)
LOST = FileReport("in/groups.csv", "groups", "failed", reason="it was deleted while it was fetched")


@pytest.mark.parametrize("render", [render_text, render_markdown])
def test_a_report_accounts_for_every_record_and_rule(render):
    """Read, accepted, rejected and blank stand in one line; every rule with its count."""
    words = render(RunReport((USERS,))).replace("|", " ").split("\n")

    assert any(line.split()[-4:] == ["1,000", "990", "8", "2"] for line in words)
    rules = [line for line in words if "id: missing" in line or "age: out of range" in line]
    assert [line.split()[-1] for line in rules] == ["7", "3"]


@pytest.mark.parametrize("render", [render_text, render_markdown])
def test_a_report_names_what_failed_and_why(render):
    """A failed object has no counts that could be taken for true ones."""
    text = render(RunReport((USERS, LOST)))

    assert "it was deleted while it was fetched" in text
    assert any("groups.csv" in line and line.count("–") == 4 for line in text.split("\n"))


def test_a_second_run_says_that_nothing_is_new():
    """Nothing loaded and nothing added reads as such."""
    old = FileReport("in/users.csv", "users", "already loaded", 1000, 990, 8, 2)
    report = RunReport((old,), added={"h_users": 0})

    assert report.is_idle
    assert "nothing is new" in render_text(report)
    assert "nothing to add" in render_text(report)


@pytest.mark.parametrize(
    "report",
    [RunReport((USERS,)), RunReport((LOST,)), RunReport((), added={"h_users": 1})],
    ids=["new", "failed", "left over from a run that was killed"],
)
def test_a_run_that_changed_or_failed_is_not_idle(report):
    """Only a run that found everything loaded may say so."""
    assert not report.is_idle
    assert "nothing is new" not in render_text(report)


def test_the_answer_is_shown_with_ids_as_they_are_and_shares_rounded():
    """An id is a name, not an amount; a share is for reading."""
    line = next(
        line for line in render_text(RunReport((), answer=(ROW,))).split("\n") if "утки" in line
    )

    assert line.split()[0] == "1177"
    assert "0.5757" in line
    assert "50.0% – 54.0%" in line


def test_a_group_that_nobody_was_added_to_has_no_conversion():
    """A share of nobody is shown as missing, not as zero."""
    line = next(
        line
        for line in render_text(RunReport((), answer=(EMPTY_GROUP,))).split("\n")
        if "утки" in line
    )

    assert line.count("–") == 2
    assert "0.0" not in line


def test_markdown_holds_no_markup_of_the_data():
    """A group's name cannot open a cell or a tag in the dashboard."""
    text = render_markdown(RunReport((), answer=(ROW,)))

    assert r"=утки \| &lt;b&gt;" in text


def test_an_empty_warehouse_is_said_in_words():
    """No group and no object give sentences, not empty tables."""
    text = render_text(RunReport(()))

    assert "no group yet" in text
    assert "No object was found" in text


def test_the_csv_has_the_columns_of_the_view(tmp_path):
    """Names and order are a promise to whoever reads the file."""
    target = write_answer(RunReport((), answer=(ROW,)), tmp_path / "answer.csv")

    with target.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    assert tuple(reader.fieldnames) == ANSWER_COLUMNS
    assert rows[0]["group_name"] == "'=утки | <b>"
    assert rows[0]["group_conversion"] == "0.575719649"


def test_the_report_says_where_the_picture_is():
    """A reader finds the picture without asking."""
    report = RunReport(()).with_picture(Path("runs/answer.png"))

    assert "runs/answer.png" in render_text(report)
