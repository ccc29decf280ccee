"""Examples written after Vertica's documentation give the documented result.

A line of tests/data/sql/documented/*.txt is `statement => row // row`, values parted
by ` | ` and shown as the server shows them; NULL is NULL, `(none)` is no row.
"""

import re
from datetime import timedelta

import pytest

from local_vertica.wire.codecs import encoder
from support.lists import lines_of
from support.stage import build_stage

EXAMPLES = lines_of("documented", "=>")
LEAST = 250
SIZES = {"HOUR": 3600, "MINUTE": 60, "SECOND": 1}


@pytest.fixture(scope="module")
def shared():
    """Give a stage that no example changes."""
    return build_stage()


def shown(value: object, vtype) -> str:
    """Return a value as the server shows it, control characters as escapes."""
    if value is None:
        return "NULL"
    if isinstance(value, timedelta):
        return interval_shown(value // timedelta(microseconds=1), vtype)
    text = encoder(vtype, binary=False)(value).decode()
    if not vtype.is_binary:
        text = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
    return text


def interval_shown(micros: int, vtype) -> str:
    """Return an interval in INTERVALSTYLE PLAIN: no days and no seconds where there are none."""
    first, last = vtype.name.split()[1], vtype.name.split()[-1]
    sign, seconds, fraction = "-" if micros < 0 else "", *divmod(abs(micros), 1_000_000)
    days, seconds = divmod(seconds, 86_400) if first == "DAY" else (0, seconds)
    if first == last:
        return f"{sign}{days if first == 'DAY' else seconds // SIZES[first]}"
    hours, seconds = divmod(seconds, 3600) if first != "MINUTE" else (None, seconds)
    minutes, seconds = divmod(seconds, 60)
    text = f"{minutes:02}" if hours is None else f"{hours:02}:{minutes:02}"
    if seconds or fraction:
        text += f":{seconds:02}" + (f".{fraction:06}".rstrip("0") if fraction else "")
    parts = [str(days)] if days else []
    return sign + " ".join(parts if days and text == "00:00" else [*parts, text])


def told(expected: str) -> list[list[str]]:
    """Return the rows a line tells of; backquotes keep blanks at the ends."""
    if expected == "(none)":
        return []
    rows = re.split(r" // ", expected)
    return [[part.strip().strip("`") for part in re.split(r" \| ?", row)] for row in rows]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [pytest.param(e.statement, e.told, id=f"{e.topic}-{n}") for n, e in enumerate(EXAMPLES)],
)
def test_an_example_gives_the_documented_result(shared, statement, expected):
    """What the documentation shows is what the stand-in answers."""
    made = shared.translated(statement)

    rows = shared.connection.execute(made.client_sql).fetchall()

    found = [[shown(v, f.vtype) for v, f in zip(row, made.fields, strict=True)] for row in rows]
    assert found == told(expected)


def test_there_are_enough_proven_examples():
    """Every example names its page or is marked as assumed; enough of them name one."""
    assert all(example.section for example in EXAMPLES)
    assert sum(example.is_proven for example in EXAMPLES) >= LEAST
