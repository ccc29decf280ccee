"""Documents: each accepted with all its children or refused whole, with the place of each fault."""

import csv
import io
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.drawing import draws

from social_vault.errors import PipelineError
from social_vault.model.catalogue import catalogue
from social_vault.model.keys import digest
from social_vault.model.table import Child, Column, Table
from social_vault.records.framing import Layout
from social_vault.records.rejects import rules_in
from social_vault.records.validation import validate_file
from tests.unit.records.slow_contract import read_copy, read_rejects
from tests.unit.records.slow_documents import (
    RefusedError,
    slow_event,
    slow_joined,
    slow_line,
)

LONGEST = 3_000
MOMENT = "2022-01-02 03:04:05"
OID = {"$oid": "0123456789abcdef01234567"}
VALUES = st.sampled_from(
    [
        None, "", "5", "5.0", "1.50", "1.555", "-0.00", "CLOSED", "read", "begin", "delete",
        "update", "insert", "Чай; \U0001f375", "\x00{}", "\x1f", "\t\n", "a" * 900,
        True, False, 7, 2.5, 10**20,
        [], {}, ["5"], {"a": 1}, {"a": 1, "b": 2}, OID, OID["$oid"], MOMENT, f"{MOMENT}Z",
        {"$date": "2020-02-29T01:02:03.004Z"}, {"$date": {"$numberLong": "-62135596800000"}},
        {"$date": {"$numberLong": "-1"}}, {"$date": {"$numberLong": "9" * 17}}, {"$date": "1641"},
        {"$date": {"$numberLong": "1e3"}}, {"$date": 5}, {"$date": None}, {"$numberLong": "12"},
        {"$numberInt": "3"}, {"$numberDouble": "159.0"}, {"$numberDouble": "NaN"},
        {"$numberDecimal": "1E+3"}, {"$oid": {"$oid": "x"}}, {"$oid": [1]}, {"$numberInt": None},
        {"$minKey": 1},
    ]
)  # fmt: skip
GOOD = {
    "integer": st.sampled_from(["5", 5, 5.0, {"$numberLong": "5"}]),
    "decimal": st.sampled_from(["1.5", 3, 159.0, {"$numberDecimal": "0.10"}]),
    "timestamp": st.sampled_from([MOMENT, {"$date": {"$numberLong": "1641092645001"}}]),
    "boolean": st.sampled_from([True, False, "1", 0]),
}
DAMAGE = st.sampled_from(
    [
        b"", b" ", b"{", b"[]", b"5", b"null", b'{"a": NaN}', b'{"a": -Infinity}',
        b'{"a":1,"a":2}', b'{"a":{"$oid":1,"$oid":2}}', b'{"a":"\xff"}', b'{"a":"\\ud800"}',
        b'{"\\udc00":1}', b'{"a":"\\ud83c\\udf75"}', b'{"a":"\\\\ud800"}', b'{"a":"\x01"}',
        b"\xef\xbb\xbf{}", b"{}{}", b'{"a":"' + b"x" * LONGEST + b'"}', b'{"$oid":"x"}', b"{}",
        b'{"op":"begin","at":5,"doc":3}',
    ]
)  # fmt: skip
DOCUMENTS = [table for table in catalogue().declared if table.form != "csv"]
OUTBOX = catalogue().tables["bonus_outbox"]


def value_of(column):
    """Draw a value of a column, mostly a good one."""
    if column.choices:
        good = st.sampled_from(column.choices)
    elif column.kind == "text":
        length = 24 if "24" in (column.pattern or "") else 23
        good = st.sampled_from(["Чай", "a" * length, "b" * length])
    else:
        good = GOOD[column.kind]
    return st.integers(0, 12).flatmap(lambda turn: VALUES if turn == 0 else good)


@st.composite
def objects(draw, part, children=()):
    """Draw an object that holds the columns of a staging table and its children's elements."""
    found = {}
    for column in part.columns:
        *way, last = column.steps
        inner = found
        for step in way:
            inner = inner.setdefault(step, {})
        inner[last] = draw(value_of(column))
    for child in children:
        element = objects(child)
        odd = st.one_of(VALUES, st.lists(VALUES, max_size=2), st.lists(objects(child), max_size=40))
        few = st.lists(element, max_size=3)
        found[child.path] = draw(st.integers(0, 9).flatmap(lambda n: odd if n == 0 else few))  # noqa: B023 - drawn at once
    return found


def line_of(table):
    """Draw a line of a table, as a document or as a change."""
    document = objects(table, table.children)
    if table.log is None:
        return document
    return st.builds(
        lambda line, doc: {**line, "doc": doc},
        objects(table.log),
        st.integers(0, 9).flatmap(lambda n: VALUES if n == 0 else document),
    )


@st.composite
def files(draw):
    """Draw a table of documents and the lines of a file."""
    table = draw(st.sampled_from(DOCUMENTS))
    sound = line_of(table).map(lambda line: json.dumps(line, ensure_ascii=False).encode())
    lines = draw(
        st.lists(st.integers(0, 4).flatmap(lambda n: DAMAGE if n == 0 else sound), max_size=8)
    )
    return table, lines, draw(st.sampled_from([b"\n", b"\r\n"]))


def expected(table, lines, end):
    """Return rows by staging table, rejects, and how many lines are blank."""
    rows, rejects, number, offset = {part.name: [] for part in table.parts}, [], 0, 0
    blank = 0
    for at, line in enumerate(lines, 1):
        blank += not line
        number += bool(line)
        position = (number, at, offset, len(line))
        offset += len(line) + len(end)
        if not line:
            continue
        reasons, found = _judged(table, line, len(end))
        if reasons:
            rejects.append((*position, line[:LONGEST], reasons.split("; ")))
        else:
            _put(rows, table, number, found)
    return rows, rejects, blank


def _judged(table, line, end):
    if len(line) + end - 1 > LONGEST:
        return "record: too long", None
    try:
        found = slow_line(table, line)
    except RefusedError as error:
        return f"record: {error}", None
    return slow_joined(found.reasons), found


def _put(rows, table, number, found):
    for part in table.parts:
        for row in found.rows.get(part.name, []):
            texts = [None if row[name] is None else str(row[name]) for name in part.names]
            rows[part.name].append([str(number), *texts])


def assert_became(result, wanted):
    """Compare the files and the counts of a validated file with what is expected."""
    rows, rejects, blank = wanted
    assert {part.name: read_copy(part.path) for part in result.parts} == rows
    assert {part.name: part.rows for part in result.parts} == {n: len(r) for n, r in rows.items()}
    assert read_rejects(result.rejected, LONGEST) == rejects
    counted = Counter(rule for reject in rejects for rule in rules_in("; ".join(reject[-1])))
    assert result.rules == counted
    assert (result.rejected_count, result.blank) == (len(rejects), blank)
    assert result.read == result.accepted_count + result.rejected_count + result.blank


@draws(50)
@given(drawn=files(), chunk=st.sampled_from([16, 300, 1 << 20]))
def test_documents_become_what_the_slow_reference_says(drawn, chunk):
    """Rows of all parts, digests, rejects with places and reasons, counts: for any chunk size."""
    table, lines, end = drawn
    with TemporaryDirectory() as folder:
        source = Path(folder, "source.ndjson")
        source.write_bytes(b"".join(line + end for line in lines))

        result = validate_file(source, table, Path(folder), Layout(1, chunk, LONGEST))

        assert_became(result, expected(table, lines, end))
        assert result.read == len(lines)


@st.composite
def events(draw):
    """Draw the values of outbox records: an id, a type, and JSON that may be none."""
    variant = draw(st.sampled_from(OUTBOX.variants))
    sound = objects(variant, variant.children).map(json.dumps)
    broken = st.sampled_from(["{", "[]", "5", '{"a":1,"a":1}', '{"a":NaN}', '"\\ud800"'])
    value = draw(st.integers(0, 5).flatmap(lambda n: broken if n == 0 else sound))
    return {"event_id": str(draw(st.integers(0, 99))), "event_ts": MOMENT,
            "event_type": variant.kind, "event_value": value}  # fmt: skip


@draws(25)
@given(drawn=st.lists(events(), max_size=8), chunk=st.sampled_from([300, 1 << 20]))
def test_events_become_what_the_slow_reference_says(drawn, chunk):
    """Each goes to the tables of its kind with the columns of its record, or is refused whole."""
    rows, rejects = {part.name: [] for part in OUTBOX.parts}, []
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(OUTBOX.headers)
    for number, record in enumerate(drawn, 1):
        start = len(text.getvalue().encode())
        writer.writerow(record.values())
        raw = text.getvalue().encode()[start:-1]
        found = slow_event(OUTBOX, record)
        if found.reasons:
            reasons = slow_joined(found.reasons).split("; ")
            rejects.append((number, number + 1, start, len(raw), raw[:LONGEST], reasons))
        else:
            _put(rows, OUTBOX, number, found)
    with TemporaryDirectory() as folder:
        source = Path(folder, "source.csv")
        source.write_text(text.getvalue(), newline="")

        result = validate_file(source, OUTBOX, Path(folder), Layout(4, chunk, 1 << 20))

        assert_became(result, (rows, rejects, 0))


ONE = Table(
    name="one",
    version=1,
    form="documents",
    columns=(
        Column("key", "text", path="a.b", required=True, max_octets=40),
        Column("n", "integer", minimum=0),
        Column("is_on", "boolean"),
        Column("at", "timestamp"),
        Column("digest", "text", required=True, max_octets=32, digest_of="parts"),
    ),
    children=(
        Child(
            name="parts",
            path="parts",
            required=True,
            columns=(
                Column("key", "text", required=True, max_octets=40),
                catalogue().tables["orders"].children[0].column("item_no"),
                Column("m", "decimal", path="money", digits=(14, 2)),
            ),
        ),
    ),
)


@pytest.fixture
def part(tmp_path):
    """Part lines by the contract ONE."""

    def run(*lines):
        source = tmp_path / "one.ndjson"
        source.write_bytes(b"".join(line + b"\n" for line in lines))
        return validate_file(source, ONE, tmp_path)

    return run


def document(**changes):
    """Return the octets of a document that is good but for the changes."""
    return json.dumps({"a": {"b": "k"}, "parts": [], **changes}).encode()


REFUSED = [
    (b"{", "record: no JSON"),
    (b'{"a":1} x', "record: no JSON"),
    (b" ", "record: no JSON"),
    (b'{"a":"\xff"}', "record: not UTF-8"),
    (b'{"a":1,"a":1}', "record: a name stands twice"),
    (b'{"x":{"$date":1,"$date":2}}', "record: a name stands twice"),
    (b'{"x":NaN}', "record: NaN"),
    (b'{"x":[-Infinity]}', "record: NaN"),
    (b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "record: nested too deep"),
    (b'{"x":"\\ud83c"}', "record: a lone surrogate"),
    (b'{"\\uDC00":1}', "record: a lone surrogate"),
    (b"[]", "record: not an object"),
    (b'{"x":"' + b"y" * (1 << 20) + b'"}', "record: too long"),
    (document(a={"b": None}), "key: missing"),
    (document(a=None), "key: missing"),
    (document(a=5), "key: not a value"),
    (document(a={"b": {}}), "key: not a value"),
    (document(a={"b": "\x1f"}), "key: control character"),
    (document(a={"b": "\x00{}"}), "key: not a value"),
    (document(n=True), "n: not an integer"),
    (document(n=-1), "n: out of range"),
    (document(n="5.5"), "n: not an integer"),
    (document(is_on="yes"), "is_on: not a boolean"),
    (document(at="2022-01-02T03:04:05Z"), "at: not a timestamp"),
    (document(at={"$date": {"$numberLong": "9" * 18}}), "at: not a timestamp"),
    (document(at={"$date": "1641092645000"}), "at: not a timestamp"),
    (document(parts=None), "parts: missing"),
    (document(parts={}), "parts: not a list"),
    (document(parts=[{}, 5]), "parts[1]: not an object"),
    (document(parts=[{}, {"money": 1.234}]), "parts[1].money: not a decimal"),
    (document(parts=[{"money": []}], n=True), "n: not an integer; parts[0].money: not a value"),
]


@pytest.mark.parametrize(("line", "reasons"), REFUSED, ids=lambda value: str(value)[:40])
def test_what_is_wrong_with_a_document_is_told_with_its_place(part, line, reasons):
    """One bad document takes no good one along, and none of its rows is accepted."""
    result = part(document(), line, document())

    assert read_copy(result.rejected)[0][-1] == reasons
    assert (result.read, result.accepted_count, result.rejected_count) == (3, 2, 1)
    assert [row[0] for row in read_copy(result.accepted)] == ["1", "3"]


TAKEN = [
    (document(n="5"), "n", "5"),
    (document(n={"$numberDouble": "5.0"}), "n", "5"),
    (document(is_on=True), "is_on", "1"),
    (document(is_on="0"), "is_on", "0"),
    (document(a={"b": "\t\n\r\U0001f375"}), "key", "\t\n\r\U0001f375"),
    (document(a={"b": 1.10}).replace(b"1.1", b"1.10"), "key", "1.10"),
    (document(at={"$date": {"$numberLong": "0"}}), "at", "1970-01-01 00:00:00"),
    (document(at={"$date": {"$numberLong": "-1"}}), "at", "1969-12-31 23:59:59.999"),
    (document(at={"$date": "2020-02-29T01:02:03.004Z"}), "at", "2020-02-29 01:02:03.004"),
]


@pytest.mark.parametrize(("line", "name", "text"), TAKEN, ids=lambda value: str(value)[:40])
def test_values_are_taken_exactly_however_they_are_written(part, line, name, text):
    """Extended JSON, JSON and texts that are numbers tell the same values."""
    ((_, *values),) = read_copy(part(line).accepted)

    assert dict(zip(ONE.names, values, strict=True))[name] == text


def test_the_rows_of_an_array_are_numbered_from_one_and_hashed(part):
    """The digest is that of the rows as the warehouse holds them; an empty array has one, too."""
    result = part(document(parts=[{"money": 1.5}, {}]), document())

    of_documents, of_parts = (read_copy(each.path) for each in result.parts)
    assert of_parts == [["1", "k", "1", "1.50"], ["1", "k", "2", None]]
    assert [row[-1] for row in of_documents] == [
        digest(rows) for rows in ([[1, Decimal("1.50")], [2, None]], [])
    ]


def test_the_reasons_of_a_record_fit_into_their_column(part):
    """A long array that is all wrong is refused with the first of its reasons."""
    result = part(document(parts=[{"money": "x"}] * 1_000))

    reasons = read_copy(result.rejected)[0][-1]
    assert 1_900 < len(reasons) <= 2_000
    assert reasons.startswith("parts[0].money: not a decimal; parts[1].money: not a decimal; ")
    assert reasons.endswith("; record: more reasons")
    assert result.rules == {"parts[].money: not a decimal": 1, "record: more reasons": 1}


@pytest.mark.parametrize("data", [b"", b"\n\r\n"], ids=["empty", "blank"])
def test_a_file_without_a_document_is_none_that_is_refused(tmp_path, data):
    """A collection may be empty; blank lines are counted."""
    source = tmp_path / "orders.ndjson"
    source.write_bytes(data)

    result = validate_file(source, catalogue().tables["orders"], tmp_path)

    assert (result.read, result.blank, result.refusal) == (data.count(b"\n"),) * 2 + (None,)
    assert [part.rows for part in result.parts] == [0, 0, 0, 0]


def test_a_key_of_documents_is_a_fault_of_the_contract(tmp_path):
    """Repeats are not looked for among documents; nobody may rely on it."""
    source = tmp_path / "one.ndjson"
    source.touch()
    keyed = Table(name="one", version=1, form="documents", columns=ONE.columns[:1], key=("key",))

    with pytest.raises(PipelineError, match="one has a key: expected none"):
        validate_file(source, keyed, tmp_path)
