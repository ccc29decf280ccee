"""TIMESERIES against a plain implementation, on generated rows."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from support.stage import build_stage

BASE = datetime(2000, 1, 1)
STAGE = build_stage()
KEYS = st.sampled_from([None, "x", "y"])
VALUES = st.none() | st.integers(-50, 50)
# One row a key and second: which of two rows at one moment comes first is not documented.
ROWS = st.dictionaries(st.tuples(KEYS, st.integers(-40, 40)), VALUES, min_size=1, max_size=12)
QUERY = """
SELECT k, s, TS_FIRST_VALUE(v), TS_LAST_VALUE(v), TS_FIRST_VALUE(v IGNORE NULLS),
       TS_LAST_VALUE(v IGNORE NULLS), TS_FIRST_VALUE(v, 'LINEAR'), TS_LAST_VALUE(v, 'LINEAR')
FROM ({rows}) AS given TIMESERIES s AS '{width} seconds' OVER (PARTITION BY k ORDER BY t)
"""


def row_text(key, second, value):
    """Return a row as a SELECT."""
    shown = "NULL::VARCHAR" if key is None else f"'{key}'"
    number = "NULL::INT" if value is None else value
    return (
        f"SELECT {shown} AS k, '{BASE + timedelta(seconds=second)}'::TIMESTAMP AS t, {number} AS v"
    )


def neighbours(points, edge, *, is_first):
    """Return the rows before and after an edge; one at the edge is before its own slice's start."""
    before = [point for point in points if point[0] < edge or (is_first and point[0] == edge)]
    after = [point for point in points if point not in before]
    return before[-1] if before else None, after[0] if after else None


def at_edge(points, edge, *, is_first, is_linear=False):
    """Return the value at an edge of a slice."""
    before, after = neighbours(points, edge, is_first=is_first)
    if before is None:
        return after[1] if after else None
    if not is_linear or after is None or before[0] == edge:
        return before[1]
    if before[1] is None or after[1] is None:
        return None
    share = (edge - before[0]) / (after[0] - before[0])
    return round(before[1] + (after[1] - before[1]) * share, 9)


def filled(given_rows, width):
    """Return what the query gives, slice by slice."""
    for key in {key for key, _ in given_rows}:
        points = sorted(
            (second, value) for (own, second), value in given_rows.items() if own == key
        )
        known = [point for point in points if point[1] is not None]
        for start in range(points[0][0] // width * width, points[-1][0] + 1, width):
            edges = ((start, True), (start + width, False))
            plain = [at_edge(points, edge, is_first=first) for edge, first in edges]
            sure = [at_edge(known, edge, is_first=first) for edge, first in edges]
            linear = [
                at_edge(points, edge, is_first=first, is_linear=True) for edge, first in edges
            ]
            yield (key, BASE + timedelta(seconds=start), *plain, *sure, *linear)


@given(given_rows=ROWS, width=st.integers(1, 25))
def test_slices_without_gaps_hold_the_values_at_their_edges(given_rows, width):
    """Each key has all its slices, and each slice what a reader finds by hand."""
    texts = [row_text(key, second, value) for (key, second), value in given_rows.items()]
    query = QUERY.format(rows=" UNION ALL ".join(texts), width=width)

    found = [
        (*row[:6], *(None if value is None else round(value, 9) for value in row[6:]))
        for row in STAGE.run(query)
    ]

    assert sorted(found, key=repr) == sorted(filled(given_rows, width), key=repr)
