"""What a run says about itself."""

import csv
import json
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest

from social_vault.answers.run_report import (
    ANSWER_COLUMNS,
    FileReport,
    RunReport,
    complete,
)
from social_vault.errors import IncompleteRunError, WorkerError
from social_vault.loading.loads import Totals
from social_vault.report.answer_table import answer_records, write_answer
from social_vault.report.markdown import render_markdown
from social_vault.report.text import render_accounting, render_text

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
    """What earlier runs had loaded is one line of totals, however many objects it came in."""
    report = RunReport(known=Totals(12_000, 3, 40_558, 40_100, 458, 0))

    assert report.is_idle
    assert render_text(report) == (
        "Nothing to load: nothing is new.\n"
        "Loaded before: 12,000 objects, 3 of them refused as a whole; 40,558 records read, "
        "40,100 accepted, 458 rejected, 0 blank."
    )


@pytest.mark.parametrize("render", [render_text, render_markdown])
def test_what_was_loaded_before_stands_beneath_what_is_new(render):
    """The objects of this run have a line each, the others one together."""
    text = render(RunReport((USERS,), known=Totals(1, 0, 5, 4, 1, 0)))

    assert "in/users.csv" in text
    assert "Loaded before: 1 object; 5 records read, 4 accepted, 1 rejected, 0 blank" in text


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


def test_the_log_gets_counts_and_no_value_of_the_data():
    """Names that users gave do not travel into logs."""
    report = RunReport((USERS,), answer=(ROW,), ages=({"age": 41, "cnt_users": 3},))

    text = render_accounting(report)

    assert "1,000" in text
    assert "утки" not in text
    assert "answer" not in text


def test_markdown_holds_no_markup_of_the_data():
    """A group's name cannot open a cell or a tag in the dashboard."""
    text = render_markdown(RunReport((), answer=(ROW,)))

    assert r"=утки \| &lt;b&gt;" in text


def test_an_empty_warehouse_is_said_in_words():
    """No group and no object give sentences, not empty tables."""
    text = render_text(RunReport(answer=()))

    assert "no group yet" in text
    assert "no object was found" in text


def test_who_does_not_ask_gets_no_answer():
    """A run that found nothing new has asked the vault nothing."""
    assert "group" not in render_text(RunReport(known=Totals(1, 0, 5, 4, 1, 0)))


def test_the_csv_has_the_columns_of_the_view(tmp_path):
    """Names and order are a promise to whoever reads the file."""
    target = write_answer(RunReport((), answer=(ROW,)), tmp_path / "answer.csv")

    with target.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    assert tuple(reader.fieldnames) == ANSWER_COLUMNS
    assert rows[0]["group_name"] == "'=утки | <b>"
    assert rows[0]["group_conversion"] == "0.575719649"


def test_ages_are_shown_in_groups_with_the_unknown_last():
    """A marketer thinks in age groups, not in eighty single years."""
    ages = ({"age": 17, "cnt_users": 1}, {"age": 18, "cnt_users": 2}, {"age": 99, "cnt_users": 3})
    unknown = {"age": None, "cnt_users": 4}

    lines = render_text(RunReport((), ages=(unknown, *ages))).split("\n")

    table = lines[lines.index("How old the users are who write there") + 3 :][:4]
    assert [line.split() for line in table] == [
        ["under", "18", "1", "10.0%"],
        ["18–24", "2", "20.0%"],
        ["55", "and", "over", "3", "30.0%"],
        ["unknown", "4", "40.0%"],
    ]


def test_the_artifact_holds_only_what_json_knows():
    """An exact number or a key of the warehouse would break the dashboard's table."""
    records = answer_records(
        RunReport((), answer=({**ROW, "hk_group_id": UUID(int=1)}, EMPTY_GROUP))
    )

    assert json.loads(json.dumps(records))[0]["hk_group_id"] == str(UUID(int=1))
    assert records[0]["group_conversion"] == pytest.approx(0.575719649)
    assert records[1]["conversion_low"] is None


def test_a_run_that_loaded_everything_gives_its_report():
    """A refused file is told in the report, and is no failure of the run."""
    report = RunReport((USERS, FileReport("a/groups.csv", "groups", "refused", 1, 0, 1, 0)))

    assert complete(report) is report


def test_a_run_that_lacks_objects_names_each_in_one_sentence():
    """Whoever reads only the last line knows what to look at; the report comes along."""
    report = RunReport((USERS, LOST))

    with pytest.raises(IncompleteRunError, match=r"1 of 2 .*in/groups.csv: it was del") as error:
        complete(report)
    assert error.value.report is report
    assert "\n" not in str(error.value)


def test_an_object_is_named_once_in_what_is_said_of_it():
    """Errors that name their object already are not given its name again."""
    named = replace(LOST, reason="s3://b/in/groups.csv: gone.")

    assert named.complaint == "s3://b/in/groups.csv: gone."
    assert LOST.complaint == "in/groups.csv: it was deleted while it was fetched"


def test_references_that_lead_nowhere_are_counted():
    """Accepted they are, but told; none of them needs no line."""
    report = RunReport((), unknown={"users": 7, "groups": 0})

    assert "delivered in none: users 7" in render_text(report)
    assert "groups" not in render_accounting(report)
    assert "delivered in none" not in render_text(RunReport((), unknown={"users": 0}))


def test_an_answer_that_cannot_be_written_is_told_in_one_sentence(tmp_path):
    """It names the file, and says that the loads are not lost."""
    (tmp_path / "folder").mkdir()

    with pytest.raises(WorkerError, match=r"loads are kept.*/folder: Is a directory\.$"):
        write_answer(RunReport((), answer=(ROW,)), tmp_path / "folder")
