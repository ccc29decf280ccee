"""COPY with PARSER fcsvparser, by example and against a slow reading of the same rules."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_vertica.errors import VerticaError

WIDTH = "Wrong number of columns! COPYing 3 columns from a source file containing: {} columns."
STATEMENT = "COPY t FROM STDIN PARSER fcsvparser({}) REJECTED DATA AS TABLE r"


@pytest.fixture
def table(session):
    """Lend a session with a table of a number, a text and a short text."""
    session.create("t", "id INT; name VARCHAR(40); tag VARCHAR(4)")
    return session


def loaded(session, parameters: str, content: str) -> list[tuple[object, ...]]:
    """Return the rows that a CSV gives."""
    session.copy(STATEMENT.format(parameters), content.encode())
    return session.rows("SELECT * FROM t")


@pytest.mark.parametrize(
    ("parameters", "content", "rows"),
    [
        ("", "id,name,tag\n1,a,b\n", [(1, "a", "b")]),
        ("", "tag,ID, name \nb,1,a", [(1, "a", "b")]),
        ("", "name,other,id\na,x,1\n", [(1, "a", None)]),
        ("", 'id,name,tag\r\n1,"a ""b"", c",\r\n', [(1, 'a "b", c', None)]),
        (
            "",
            'id,name,tag\n1,"two\nlines",x\n2,"a\\b",y\n',
            [(1, "two\nlines", "x"), (2, "a\\b", "y")],
        ),
        ("", 'id,name,tag\n"1","",""\n', [(1, "", "")]),
        ("", "id,name,tag\n1, padded ,x\n", [(1, "padded", "x")]),
        ("trim='false'", "id,name,tag\n1, padded ,x\n", [(1, " padded ", "x")]),
        ("header='false'", "1,a,b\n\n2,c,d\n", [(1, "a", "b"), (2, "c", "d")]),
        ("", "id,name,tag\nx,a,b\n", [(None, "a", "b")]),
        ("trailing_nullcols=true", "id,name,tag\n1\n", [(1, None, None)]),
        (
            "type='traditional', delimiter=';'",
            'id;name;tag\n1;"a\\"b;";c\\;d\n2;a"b;x\n',
            [(1, 'a"b;', "c;d"), (2, 'a"b', "x")],
        ),
        ("type='traditional', record_terminator=E'\\r\\n'", "id,name\r\n1,a\r\n", [(1, "a", None)]),
        ("type='traditional', enclosed_by='#'", "id,name\n1,#a,b#\n", [(1, "a,b", None)]),
        ("", "", []),
        ("", "id,name,tag\n", []),
    ],
)
def test_loads(table, parameters: str, content: str, rows: list[tuple[object, ...]]) -> None:
    """Columns are found by the header's names, values as the parameters have it."""
    assert loaded(table, parameters, content) == rows


@pytest.mark.parametrize(
    ("parameters", "line", "reason"),
    [
        ("", "1,a", WIDTH.format("FEWER")),
        ("", "1,a,b,c", WIDTH.format("MORE")),
        ("", '1,a"b,c', "Invalid CSV: a quote stands inside a field"),
        ("", '1,"a"b,c', "Invalid CSV: a quote stands inside a field"),
        ("", '1,"ab,c', "Invalid CSV: a quote stands inside a field"),
        (
            "reject_on_materialized_type_error=true",
            "x,a,b",
            "Invalid integer format 'x' for column 1 (id)",
        ),
    ],
)
def test_rejects(table, parameters: str, line: str, reason: str) -> None:
    """A record that is no valid CSV, or has not the header's width, is rejected."""
    assert loaded(table, parameters, f"id,name,tag\n{line}\n9,z,z\n") == [(9, "z", "z")]
    assert table.rows("SELECT row_number, rejected_data, rejected_reason FROM r") == [
        (1, line, reason)
    ]


def test_not_null_column_rejects_what_does_not_convert(session) -> None:
    """Where NULL has no room, a value that does not convert makes a reject."""
    session.create("t", "id INT NOT NULL; name VARCHAR")
    assert loaded(session, "", "id,name\nx,a\n1,b\n") == [(1, "b")]


@pytest.mark.parametrize(
    "parameters",
    [
        "type='excel'",
        "delimiter=';'",
        "type='traditional', delimiter=';;'",
        "type='traditional', delimiter=';', escape=';'",
        "header='maybe'",
    ],
)
def test_refuses_parameters(table, parameters: str) -> None:
    """Values that the parser does not take refuse the statement."""
    with pytest.raises(VerticaError) as caught:
        loaded(table, parameters, "id\n1\n")
    assert caught.value.sqlstate == "22023"


def test_refuses_an_unknown_parameter(table) -> None:
    """A parameter that the parser does not have refuses the statement."""
    with pytest.raises(VerticaError) as caught:
        loaded(table, "quote='x'", "id\n1\n")
    assert caught.value.sqlstate == "42601"


def slow_csv(text: str) -> list[tuple[str, list[tuple[str, bool]] | None]]:
    """Read RFC 4180 letter by letter: each record with its fields, None if it is invalid."""
    found = []
    place = 0
    while place < len(text):
        start, fields, valid = place, [], True
        while True:
            value, enclosed, good, place = slow_cell(text, place)
            fields.append((value, enclosed))
            valid = valid and good
            if text[place : place + 1] != ",":
                break
            place += 1
        raw = text[start:place].removesuffix("\r")
        if raw:
            found.append((raw, fields if valid else None))
        place += 1
    return found


def slow_cell(text: str, place: int) -> tuple[str, bool, bool, int]:
    """Read one field: value, whether enclosed, whether valid, and where it ends."""
    if text[place : place + 1] == '"' and (end := slow_quote(text, place + 1)) is not None:
        stop = slow_stop(text, end + 1)
        rest = text[end + 1 : stop]
        last = text[stop : stop + 1] != ","
        valid = rest == "" or (last and rest == "\r")
        return text[place + 1 : end].replace('""', '"'), True, valid, stop
    stop = slow_stop(text, place)
    value = text[place:stop]
    if text[stop : stop + 1] != ",":
        value = value.removesuffix("\r")
    return value, False, '"' not in value, stop


def slow_quote(text: str, place: int) -> int | None:
    """Return where the enclosing quote closes, None if it does not."""
    while place < len(text):
        if text[place] == '"':
            if text[place + 1 : place + 2] != '"':
                return place
            place += 1
        place += 1
    return None


def slow_stop(text: str, place: int) -> int:
    """Return where the next comma or line end stands."""
    while place < len(text) and text[place] not in ",\n":
        place += 1
    return place


pieces = st.lists(st.sampled_from(["a", "7", '"', '""', ",", "\n", "\r\n", "\r", "Я", " "]))


@given(text=pieces.map("".join))
def test_same_rows_as_the_slow_reading(text: str, session) -> None:
    """Every record is loaded or rejected as the slow reading has it."""
    expected: Counter[tuple[str | None, ...]] = Counter()
    refused = []
    for number, (raw, fields) in enumerate(slow_csv(text), 1):
        if fields is None or len(fields) != 2:
            refused.append((number, raw))
        else:
            expected[tuple(value if value or shut else None for value, shut in fields)] += 1
    for name in ("t", "r"):
        session.rows(f"DROP TABLE IF EXISTS {name}")
        session.tables.pop(name, None)
    session.create("t", "a VARCHAR(400); b VARCHAR(400)")
    session.copy(STATEMENT.format("header=false, trim=false"), text.encode())
    assert session.rows("SELECT row_number, rejected_data FROM r ORDER BY 1") == refused
    assert Counter(session.rows("SELECT * FROM t")) == expected
