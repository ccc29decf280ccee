"""Framing: every octet in one record, and a damaged record harms no other."""

import csv
import io
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.drawing import draws

from social_vault.records.framing import Layout, Position, frames, reasons
from tests.unit.records.slow_framing import SlowRecord, slow_records

MARKS = [b'"', b",", b"\n", b"\r", b"\r\n", b'""', b',"', b'",', b'"\n', b"a", b"bc", b" ", b"\t"]
DAMAGE = [b"\x00", b"\x1f", b"\x7f", b"\xff", b"\xd0", "я".encode(), b"\\"]
SOUP = st.lists(st.sampled_from(MARKS * 2 + DAMAGE), max_size=60).map(b"".join)
SIZES = st.sampled_from([1, 2, 3, 7, 16, 64, 1000])


def framed(data, layout):
    """Return the records of a text as the reference writes them, values from polars."""
    records = []
    for frame in frames(io.BytesIO(data), layout, Position(0, 1, 0)):
        good = frame.good
        values = iter(polars_values(frame.good_bytes(), layout.fields))
        numbers, offsets = frame.numbers, frame.position.offset + frame.starts
        raws = frame.raws(offsets, frame.octets)
        for index in range(len(frame.starts)):
            is_blank = bool(frame.blank[index])
            records.append(
                SlowRecord(
                    0 if is_blank else int(numbers[index]),
                    int(frame.lines[index]),
                    int(offsets[index]),
                    raws[index][: layout.longest],
                    tuple(reasons(int(frame.causes[index]))),
                    next(values) if good[index] else None,
                )
            )
        assert next(values, None) is None
    return records


def polars_values(data, fields):
    """Return the rows polars reads from the records that framing calls good."""
    if not data:
        return []
    schema = {f"f{index}": pl.String for index in range(fields)}
    rows = pl.read_csv(data, has_header=False, schema=schema, infer_schema=False).rows()
    return [tuple(value if value is None else value.encode() for value in row) for row in rows]


def expected(data, layout):
    """Return what the reference says, with raw text cut as framing may cut it."""
    return [
        SlowRecord(r.number, r.line, r.offset, r.raw[: layout.longest], r.reasons, values)
        for r in slow_records(data, layout.fields, layout.longest)
        for values in [None if r.values is None else tuple(r.values)]
    ]


@draws(600)
@given(data=SOUP, fields=st.integers(2, 4), chunk=SIZES, longest=st.sampled_from([5, 12, 1000]))
@example(data=b'a,"\n"b,c\nd,e', fields=2, chunk=1, longest=1000)
@example(data=b'"a\nb,c\n"d",e\n', fields=2, chunk=3, longest=5)
@example(data=b"a" * 50 + b"\r\nb,c\n", fields=2, chunk=4, longest=12)
def test_framing_agrees_with_the_slow_reference_on_any_octets(data, fields, chunk, longest):
    """Records, places, reasons and values are the reference's, whatever the chunk size."""
    layout = Layout(fields, chunk, longest)

    assert framed(data, layout) == expected(data, layout)


FIELD = st.text(st.sampled_from('ab ",\n\\яї\t'), max_size=6)
ROWS = st.lists(st.lists(FIELD, min_size=3, max_size=3), max_size=12)


@draws(200)
@given(
    rows=ROWS,
    chunk=SIZES,
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_csv_writer_writes_comes_back_value_for_value(rows, chunk, quoting, end):
    """No record of a well-formed file is refused and none of its values changes."""
    text = io.StringIO(newline="")
    csv.writer(text, quoting=quoting, lineterminator=end).writerows(rows)

    found = framed(text.getvalue().encode(), Layout(3, chunk))

    values = [tuple((value or b"").decode() for value in record.values) for record in found]
    assert values == [tuple(row) for row in rows]


@draws(200)
@given(data=SOUP, chunk=SIZES)
def test_every_octet_is_in_exactly_one_record_or_line_end(data, chunk):
    """Between two records stands one line end and nothing else, so nothing is lost or doubled."""
    found = framed(data, Layout(3, chunk))

    ends = [record.offset + len(record.raw) for record in found]
    starts = [record.offset for record in found]
    gaps = [data[end:start] for end, start in zip(ends, [*starts[1:], len(data)], strict=False)]
    assert all(gap in (b"\n", b"\r\n") for gap in gaps[:-1])
    assert not gaps or gaps[-1] in (b"\n", b"\r\n", b"", b"\r")
    assert starts == sorted(starts)
    assert not found or starts[0] == 0


@draws(150)
@given(
    damage=st.sampled_from(
        [b'1,"never closed,3', b'1,a"b,3', b'1,"a"b,3', b"1,2", b"1,2,3,4", b"1,\x00,3",
         b"1,\xff,3", b"x" * 100, b"   "]
    ),
    places=st.lists(st.integers(0, 30), min_size=1, max_size=5),
    chunk=SIZES,
)  # fmt: skip
def test_good_records_around_damaged_lines_are_never_lost(damage, places, chunk):
    """Damage refuses its own line; every other record comes out with its values."""
    good = [f'{number},"text, {number}",end'.encode() for number in range(30)]
    lines = list(good)
    for position in places:
        lines.insert(position, damage)

    found = framed(b"\n".join(lines), Layout(3, chunk, longest=64))

    assert [r.raw for r in found if not r.reasons] == good
    assert [r.raw for r in found if r.reasons] == [damage[:64]] * len(places)
    assert all(a.line + 1 == b.line and a.number + 1 == b.number for a, b in pairwise(found))


CASES = {
    "stray quote": (b'1,a"b,3', ["stray quote"]),
    "text after a quote": (b'1,"a" ,3', ["stray quote"]),
    "backslash and quote": (b'1,\\"a,3', ["stray quote"]),
    "backslash in quotes": (b'1,"a\\"b",3', ["stray quote"]),
    "quote never closed": (b'1,"a,3', ["unclosed quote"]),
    "too few fields": (b"1,2", ["too few fields"]),
    "too many fields": (b"1,2,3,", ["too many fields"]),
    "spaces only": (b"   ", ["too few fields"]),
    "lone return": (b"1,a\rb,3", ["control character"]),
    "lone return in quotes": (b'1,"a\rb",3', ["control character"]),
    "NUL": (b"1,\x00,3", ["control character"]),
    "DEL": (b"1,\x7f,3", ["control character"]),
    "end of file mark": (b"\x1a", ["too few fields", "control character"]),
    "invalid octet": (b"1,\xff,3", ["not UTF-8"]),
    "surrogate": (b"1,\xed\xa0\x80,3", ["not UTF-8"]),
    "cut character": (b"1,2,\xd0", ["not UTF-8"]),
    "everything": (b'\x00\xff"', ["stray quote", "control character", "not UTF-8"]),
    "few and damaged": (b"\x00\xff", ["too few fields", "control character", "not UTF-8"]),
}


@pytest.mark.parametrize(("line", "rules"), CASES.values(), ids=CASES.keys())
def test_each_kind_of_damage_has_its_reasons(line, rules):
    """All causes of one record are named, and the records beside it are good."""
    found = framed(b"a,b,c\n" + line + b"\nd,e,f\n", Layout(3))

    assert [record.reasons for record in found] == [
        (), tuple(f"record: {rule}" for rule in rules), ()
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [b'1,"a""b",3', b'1,"a\nb",3', b'1,"a\r\nb",3', b"1,\t,3", b"1,\\,3", "1,\u2028\x85,3".encode(),
     b'"1","2","3"', b'"","",""', b",,", b'1,"""",3'],
)  # fmt: skip
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_what_only_looks_odd_is_data(line, end):
    """Doubled quotes, quoted line ends, tabs, backslashes and empty fields refuse nothing."""
    found = framed(line + end + line, Layout(3))

    assert [record.reasons for record in found] == [(), ()]


def test_many_damaged_records_in_one_frame_are_each_found():
    """The way that takes over after a hundred records that are not UTF-8 finds the same."""
    lines = [b"1,\xff,3" if number % 3 else b"1,2,3" for number in range(1000)]

    found = framed(b"\n".join(lines), Layout(3))

    assert [bool(record.reasons) for record in found] == [b"\xff" in line for line in lines]


def test_a_line_of_many_megabytes_is_refused_alone_and_measured():
    """A giant line keeps its start and its true length; the record after it is good."""
    giant = b"z" * (5 << 20)
    layout = Layout(3, chunk=1 << 20)

    found = list(frames(io.BytesIO(b"1,2,3\n" + giant + b"\r\n4,5,6"), layout, Position(0, 1, 0)))

    octets = [int(octets) for frame in found for octets in frame.octets]
    causes = [tuple(reasons(int(cause))) for frame in found for cause in frame.causes]
    numbers = [int(number) for frame in found for number in frame.numbers]
    assert octets == [5, len(giant), 5]
    assert causes == [(), ("record: too long",), ()]
    assert numbers == [1, 2, 3]
    assert max(len(frame.data) for frame in found) <= 3 << 20
