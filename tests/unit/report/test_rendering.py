"""Rows laid out as text, markdown and CSV."""

import csv
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.drawing import draws

from social_vault.report.layout import markdown_table, markdown_text, neutral, text_table, write_csv


def test_a_text_table_keeps_its_columns_under_each_other():
    """Numbers end, texts begin in one column, whatever alphabet they are written in."""
    table = text_table(("name", "count"), [["утка", 1], ["日本", 12345], ["é", None]])

    assert table.splitlines() == [
        "name   count",
        "────  ──────",
        "утка       1",
        "日本  12,345",
        "é          –",
    ]


def test_a_text_table_without_rows_shows_its_headings():
    """An empty table still says what it would hold."""
    assert text_table(("a", "b"), []).splitlines() == ["a  b", "─  ─"]


@draws(100)
@given(st.text())
def test_no_value_breaks_a_line_of_a_text_table(value):
    """Line feeds and terminal controls are shown, not obeyed."""
    lines = text_table(("name",), [[value]]).split("\n")

    assert len(lines) == 3
    assert all(line.isprintable() for line in lines)


class _Tags(HTMLParser):
    """Collect what a browser would take for a tag."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):  # noqa: ARG002 - the parser calls it so
        self.found.append(tag)


@draws(100)
@given(st.text(alphabet="<>/ab&|`*_[]()!\\ \n\"'="))
def test_no_value_becomes_markup(value):
    """HTML and the table's own bar stay text in the cell they were put into."""
    table = markdown_table(("name", "count"), [[value, 1]])
    tags = _Tags()
    tags.feed(table)

    row = table.split("\n")[2]
    assert tags.found == []
    assert len(table.split("\n")) == 3
    assert row.replace("\\\\", "").replace("\\|", "").count("|") == 3


def test_markdown_text_reads_as_it_was():
    """What is special in markdown is escaped, everything else is left alone."""
    assert markdown_text("a|b <i>*x*</i> утка") == r"a\|b &lt;i&gt;\*x\*&lt;/i&gt; утка"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_that_begins_like_a_formula_is_neutralised(start):
    """A spreadsheet shows the text and computes nothing."""
    assert neutral(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("value", [-1, -0.5, None, "утка", "1-1"])
def test_what_is_no_formula_is_left_alone(value):
    """Numbers keep their sign, and ordinary text keeps its first character."""
    assert neutral(value) == value


def test_a_csv_reads_back_as_what_was_written(tmp_path):
    """Quotes, commas and line feeds in a name stay in its cell."""
    row = {"name": 'a "b",\nc', "count": 3, "more": "not asked for"}

    target = write_csv(tmp_path / "new" / "answer.csv", ("count", "name"), [row])

    with target.open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file)) == [{"count": "3", "name": 'a "b",\nc'}]
