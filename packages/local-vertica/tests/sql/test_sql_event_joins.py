"""INTERPOLATE against a plain implementation, on generated rows."""

from hypothesis import given
from hypothesis import strategies as st

from support.stage import build_stage

STAGE = build_stage()
# One row a key and moment: which of several rows before a moment counts is not documented.
ROWS = st.sets(st.tuples(st.sampled_from(["x", "y"]), st.integers(0, 9)), min_size=1, max_size=8)
QUERY = """
SELECT l.k, l.t, r.k, r.t FROM ({left}) AS l {kind} JOIN ({right}) AS r
ON l.k = r.k AND l.t INTERPOLATE {word} VALUE r.t
"""


def rows_text(rows):
    """Return rows as a query."""
    return " UNION ALL ".join(f"SELECT '{key}' AS k, {moment} AS t" for key, moment in rows)


def nearest(row, others, *, ahead):
    """Return the other side's row that stands beside a row."""
    key, moment = row
    if row in others:
        return row
    found = [t for k, t in others if k == key and (t > moment if ahead else t < moment)]
    if not found:
        return None, None
    return key, (min(found) if ahead else max(found))


def joined(sides, kind, *, ahead):
    """Return the rows of a join as a reader finds them by hand."""
    left, right = sides
    both = [(*row, *row) for row in left & right]
    lefts = [(*row, *nearest(row, right, ahead=ahead)) for row in left - right]
    rights = [(*nearest(row, left, ahead=ahead), *row) for row in right - left]
    kept = {"INNER": [], "LEFT": lefts, "RIGHT": rights, "FULL": lefts + rights}
    return sorted(both + kept[kind], key=repr)


@given(
    left=ROWS,
    right=ROWS,
    kind=st.sampled_from(["INNER", "LEFT", "RIGHT", "FULL"]),
    ahead=st.booleans(),
)
def test_a_row_without_a_match_stands_beside_the_nearest(left, right, kind, ahead):
    """Rows that match stand together; others have the row before or after, or none."""
    texts = {"left": rows_text(left), "right": rows_text(right)}

    found = STAGE.run(QUERY.format(**texts, kind=kind, word="NEXT" if ahead else "PREVIOUS"))

    assert sorted(found, key=repr) == joined((left, right), kind, ahead=ahead)
