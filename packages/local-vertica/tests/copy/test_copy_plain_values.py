"""What DuckDB takes for a plain value against the exact conversion, by generated texts."""

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_vertica.copy.fast_sql import Texts, judged_sql
from local_vertica.copy.judge import typed
from local_vertica.copy.plan import FieldForm, InputField, LoadPlan
from local_vertica.copy.values import RefusalError, convert
from local_vertica.sql.scope import ColumnInfo, TableInfo
from local_vertica.types import VType, parse_type

FORM = FieldForm(b"|", b"", None, None, True, None, None)
MOMENTS = ["2021-02-28 10:11:12.5", "2020-02-29 23:59:59", "2021-02-28 10:11:12.123456"]
GOOD = {
    "INTEGER": ["12", "-7", "+5", "007", "9223372036854775807", "-9223372036854775808"],
    "NUMERIC(5,2)": ["12", "-7.50", "999.99", "1000"],
    "NUMERIC(4,0)": ["12", "9999", "10000"],
    "FLOAT": ["12", "-7.5", "1e3", "1.5E-12"],
    "BOOLEAN": ["t", "false", "TRUE", "1"],
    "UUID": ["00112233-4455-6677-8899-aabbccddeeff"],
    "DATE": ["2021-02-28", "9999-12-31", "0001-01-01"],
    "TIME": ["10:11:12", "23:59:59.999999"],
    "TIME(2)": ["10:11:12", "23:59:59.99", "23:59:59.999"],
    "TIMESTAMP": [*MOMENTS, "9999-12-31 23:59:59.999999", "0001-01-01 00:00:00"],
    "TIMESTAMP(1)": MOMENTS,
    "VARCHAR(5)": ["", "abc", "abcde", "яя", "яяя"],
}
ODD = [*" +-.:/\\eE_xXbBTZz()0159,\t\nя", "(BC)", " BC", "infinity", "nan", "+02", " UTC", "0x"]


@st.composite
def spellings(draw: st.DrawFn, good: list[str]) -> str:
    """Draw a good text, most often damaged at a place or two."""
    text = draw(st.sampled_from(good))
    for _ in range(draw(st.integers(0, 2))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 2)))
        text = text[:start] + draw(st.sampled_from(["", *ODD])) + text[end:]
    return text


def exact(field: InputField, text: str) -> str | None:
    """Return what the exact conversion makes of a text, None if it refuses it."""
    try:
        return convert(field, text.encode(), "UTC")
    except RefusalError:
        return None


@pytest.mark.parametrize("name", GOOD)
@given(data=st.data())
def test_a_plain_value_is_the_exact_one(name: str, data: st.DataObject) -> None:
    """What DuckDB takes at once, the exact conversion takes too, as the same value."""
    vtype = parse_type(name)
    field = InputField("c", 1, vtype, False, FORM)
    texts = [*GOOD[name], *data.draw(st.lists(spellings(GOOD[name]), max_size=40))]

    found = judged(vtype, field, texts)

    assert any(plain for _, plain, _ in found)
    for text, plain, value in found:
        assert not plain or value == canonical(vtype, exact(field, text)), text


def judged(vtype: VType, field: InputField, texts: list[str]) -> list[tuple[str, bool, str]]:
    """Return each text, whether it is plain and its value, as DuckDB has it."""
    column = ColumnInfo("c", vtype, nullable=False)
    plan = LoadPlan(TableInfo("public", "t", "t", (column,), "table"), (field,), ())
    relation = Texts("(SELECT unnest($texts) AS raw_0)")
    query = f'SELECT "is plain", c::VARCHAR FROM ({judged_sql(plan, relation)})'
    rows = duckdb.execute(query, {"texts": texts}).fetchall()
    return [(text, plain, value) for text, (plain, value) in zip(texts, rows, strict=True)]


def canonical(vtype: VType, text: str | None) -> str | None:
    """Return the value of an exact text in DuckDB's spelling."""
    if text is None:
        return None
    [row] = duckdb.execute(f"SELECT ({typed(vtype, '$text')})::VARCHAR", {"text": text}).fetchall()
    return str(row[0])
