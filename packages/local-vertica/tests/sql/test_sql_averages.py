"""EXPONENTIAL_MOVING_AVERAGE against its formula on generated rows, and what it refuses."""

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.stage import build_stage

STAGE = build_stage()
ROWS = st.lists(
    st.tuples(st.sampled_from(["x", "y", None]), st.integers(-1000, 1000)), min_size=1, max_size=20
)
QUERY = """
SELECT n, EXPONENTIAL_MOVING_AVERAGE(v, {factor}) OVER (PARTITION BY k ORDER BY n)
FROM ({rows}) AS given ORDER BY n
"""


def row_text(place, key, value):
    """Return a row as a SELECT."""
    shown = "NULL::VARCHAR" if key is None else f"'{key}'"
    return f"SELECT {place} AS n, {shown} AS k, {value} AS v"


def averaged(rows, factor):
    """Return what the formula gives, row by row."""
    before = {}
    for place, (key, value) in enumerate(rows):
        last = before.get(key, value)
        before[key] = last + factor * (value - last)
        yield place, pytest.approx(before[key])


@given(rows=ROWS, factor=st.floats(0.01, 1))
def test_each_row_has_the_average_of_the_formula(rows, factor):
    """Each key has its own average, which begins with its first value."""
    texts = [row_text(place, *row) for place, row in enumerate(rows)]

    found = STAGE.run(QUERY.format(rows=" UNION ALL ".join(texts), factor=f"{factor!r}::FLOAT"))

    assert found == list(averaged(rows, factor))


@pytest.mark.parametrize("factor", ["0", "-0.5", "1.01", "NULL::FLOAT"])
def test_a_smoothing_factor_outside_its_range_is_refused(factor):
    """It is a positive number up to one."""
    with pytest.raises(duckdb.Error, match=r"VERTICA\|22023"):
        STAGE.run(f"SELECT EXPONENTIAL_MOVING_AVERAGE(a, {factor}) OVER (ORDER BY x) FROM u")


def test_the_average_of_null_is_refused():
    """No page tells what comes of it; the same rows without it have an average."""
    with pytest.raises(duckdb.Error, match=r"VERTICA\|0A000"):
        STAGE.run("SELECT EXPONENTIAL_MOVING_AVERAGE(y, 0.5) OVER (ORDER BY x) FROM u")

    known = "SELECT EXPONENTIAL_MOVING_AVERAGE(y, 0.5) OVER (ORDER BY x) FROM u WHERE y > 0"
    assert STAGE.run(known) == [(10.0,), (15.0,)]
