"""Values on the wire: what the driver reads is what was sent."""

import math
import struct
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st
from vertica_python.vertica.deserializer import Deserializer
from vertica_python.vertica.messages import DataRow, RowDescription

from local_vertica.errors import VerticaError
from local_vertica.results import Field
from local_vertica.types import parse_type
from local_vertica.wire import messages
from local_vertica.wire.codecs import encode_rows, encoder, encoders
from local_vertica.wire.parameters import decode

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
YEARS = {"min_value": datetime(1, 1, 2), "max_value": datetime(9999, 12, 30)}
VALUES = {
    "boolean": st.booleans(),
    "int": st.integers(-(2**63) + 1, 2**63 - 1),
    "varchar(80)": st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    "long varchar": st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    "numeric(37,15)": st.decimals(-(10**21), 10**21, places=15, allow_nan=False),
    "numeric(18,0)": st.integers(-(10**18) + 1, 10**18 - 1).map(Decimal),
    "numeric(38,38)": st.integers(-(10**38) + 1, 10**38 - 1).map(lambda n: Decimal(n).scaleb(-38)),
    "date": st.dates(),
    "time": st.times(),
    "timetz": st.times(timezones=ZONES),
    "timestamp": st.datetimes(**YEARS),
    "varbinary(80)": st.binary(max_size=20),
    "uuid": st.uuids(),
}


def received(values, types, *, binary):
    """Return rows as the driver's own classes read them."""
    fields = tuple(Field(f"c{n}", parse_type(each)) for n, each in enumerate(types))
    described = RowDescription(messages.row_description(fields, binary=binary)[5:], False)
    sent = encode_rows([values], encoders(fields, binary=binary))
    context = {"unicode_error": "strict", "session_tz": "UTC", "complex_types_enabled": False}
    readers = Deserializer().get_row_deserializers(described.get_description(), {}, context)
    return [read(data) for read, data in zip(readers, DataRow(sent[5:]).values, strict=True)]


@pytest.mark.parametrize("binary", [False, True], ids=["text", "binary"])
@given(st.tuples(*[st.none() | each for each in VALUES.values()]))
def test_every_value_arrives_as_it_was_sent(binary, values):
    """In both forms the driver reads every scalar value, and NULL, as it was."""
    assert received(values, VALUES, binary=binary) == list(values)


@pytest.mark.parametrize("binary", [False, True], ids=["text", "binary"])
@given(st.datetimes(**YEARS, timezones=ZONES))
def test_a_moment_with_a_zone_stays_the_same_moment(binary, moment):
    """The zone may change on the way, the moment does not."""
    (found,) = received([moment], ["timestamptz"], binary=binary)

    assert found == moment


@pytest.mark.parametrize("binary", [False, True], ids=["text", "binary"])
@given(st.integers(-(10**16), 10**16))
def test_an_interval_of_days_to_seconds_keeps_its_length(binary, ticks):
    """Days, clock, fraction and sign arrive."""
    length = timedelta(microseconds=ticks)

    (found,) = received([length], ["interval day to second"], binary=binary)

    assert datetime(3000, 1, 1) + found == datetime(3000, 1, 1) + length


@pytest.mark.parametrize("binary", [False, True], ids=["text", "binary"])
@pytest.mark.parametrize("count", [0, 1, 22, -13, -24])
def test_an_interval_of_months_keeps_its_length(binary, count):
    """Months arrive, from a number and from DuckDB's 30 days a month."""
    types = ["interval year to month"] * 2

    found = received([count, timedelta(days=30 * count)], types, binary=binary)

    assert found == [relativedelta(months=count)] * 2


@given(st.floats(allow_nan=False))
def test_a_float_arrives_exactly_in_binary_and_to_15_digits_in_text(number):
    """The text form has 15 significant digits, as the server's; the binary form has all."""
    text, binary = (received([number], ["float"], binary=form)[0] for form in (False, True))

    assert binary == number
    assert math.isclose(text, number, rel_tol=1e-14) or abs(number) > 1.797e308


TEXT_FORMS = [
    ("boolean", True, b"t"),
    ("float", 1e20, b"1e+20"),
    ("float", 0.1, b"0.1"),
    ("float", math.inf, b"Infinity"),
    ("float", -math.inf, b"-Infinity"),
    ("float", math.nan, b"NaN"),
    ("numeric(10,2)", Decimal(5), b"5.00"),
    ("numeric(10,0)", Decimal("1E+3"), b"1000"),
    ("numeric(38,20)", Decimal(0), b"0.00000000000000000000"),
    ("char(4)", "Ян", "Ян".encode()),
    ("char(6)", "Ян", "Ян  ".encode()),
    ("binary(3)", b"a", b"a\\000\\000"),
    ("varbinary(9)", b"\\ \x7f\xff", b"\\\\ \\177\\377"),
    ("date", date(340, 1, 20), b"0340-01-20"),
    ("date", "0044-03-15 (BC)", b"0044-03-15 BC"),
    ("timestamp", "0044-03-15 (BC) 10:00:00", b"0044-03-15 10:00:00 BC"),
    ("timestamp", datetime(2020, 1, 1, 10, 0, 0, 500), b"2020-01-01 10:00:00.0005"),
    ("timestamptz", datetime(2020, 1, 1, 10, tzinfo=UTC), b"2020-01-01 10:00:00+00"),
    ("timestamptz", "2020-01-01 10:00:00+02", b"2020-01-01 10:00:00+02"),
    ("timetz", time(10, 0, tzinfo=timezone(timedelta(hours=5, minutes=30))), b"10:00:00+05:30"),
    ("timetz", time(10, 0, tzinfo=timezone(-timedelta(minutes=30))), b"10:00:00-00:30"),
    ("interval day to second", timedelta(days=28, hours=3), b"28 03:00"),
    ("interval day to second", timedelta(minutes=10.5), b"00:10:30"),
    ("interval day to second", timedelta(days=-2), b"-2"),
    ("interval day to second", timedelta(0), b"00:00"),
    ("interval day to hour", timedelta(hours=5), b"0 05"),
    ("interval hour to second", timedelta(hours=675, seconds=72.5), b"675:01:12.5"),
    ("interval minute to second", timedelta(minutes=2500), b"2500"),
    ("interval minute to second", timedelta(minutes=8, seconds=2.5), b"08:02.5"),
    ("interval second", timedelta(seconds=0.25), b"0.25"),
    ("interval second", timedelta(seconds=90), b"90"),
    ("interval hour", timedelta(hours=3), b"3"),
    ("interval year to month", 14, b"1-2"),
    ("interval year to month", -1, b"-0-1"),
    ("interval year", 22, b"1"),
    ("interval month", 22, b"22"),
    ("uuid", UUID(int=1), b"00000000-0000-0000-0000-000000000001"),
]


@pytest.mark.parametrize(("vtype", "value", "expected"), TEXT_FORMS)
def test_a_value_is_written_as_the_server_writes_it(vtype, value, expected):
    """The text form is Vertica's own, where Python's or DuckDB's would differ."""
    assert encoder(parse_type(vtype), binary=False)(value) == expected


BINARY_FORMS = [
    ("boolean", True, b"\x01"),
    ("int", -1, b"\xff" * 8),
    ("float", 1.5, struct.pack("!d", 1.5)),
    ("date", date(2000, 1, 1), struct.pack("!q", 2451545)),
    ("date", "0001-01-01 (BC)", struct.pack("!q", 1721060)),
    ("date", "12000-01-01", struct.pack("!q", 6103970)),
    ("time", time(0, 0, 1), struct.pack("!q", 1_000_000)),
    ("time", "24:00:00", struct.pack("!q", 86_400_000_000)),
    ("timestamp", datetime(2000, 1, 2), struct.pack("!q", 86_400_000_000)),
    ("timestamp", "0001-12-31 (BC) 23:59:59.5", struct.pack("!q", -63_082_281_600_500_000)),
    ("timestamptz", "2000-01-01 01:00:00.25+01", struct.pack("!q", 250_000)),
    ("timestamptz", "2000-01-01 00:00:00-05:30", struct.pack("!q", 19_800_000_000)),
    ("interval day to second", timedelta(seconds=-1), struct.pack("!q", -1_000_000)),
    ("interval year to month", 14, struct.pack("!q", 14)),
    ("numeric(18,2)", Decimal("-0.01"), b"\xff" * 8),
    ("numeric(19,0)", Decimal(1), bytes(15) + b"\x01"),
    ("numeric(38,0)", Decimal(1), bytes(23) + b"\x01"),
    ("binary(3)", b"a", b"a\0\0"),
    ("char(3)", "a", b"a  "),
    ("uuid", "00000000-0000-0000-0000-000000000001", bytes(15) + b"\x01"),
]


@pytest.mark.parametrize(("vtype", "value", "expected"), BINARY_FORMS)
def test_a_value_has_exactly_these_bytes_in_binary(vtype, value, expected):
    """The binary form is Vertica's, also outside the years that Python knows."""
    assert encoder(parse_type(vtype), binary=True)(value) == expected


def test_rows_follow_each_other_with_their_lengths():
    """A row is a message of its own; NULL has the length -1 and no bytes."""
    columns = encoders((Field("a", parse_type("int")), Field("b", parse_type("int"))), binary=False)

    sent = encode_rows([(1, None), (2, 3)], columns)

    first = b"D\x00\x00\x00\x0f\x00\x02\x00\x00\x00\x011\xff\xff\xff\xff"
    second = b"D\x00\x00\x00\x10\x00\x02\x00\x00\x00\x012\x00\x00\x00\x013"
    assert sent == first + second


def test_a_row_of_another_width_is_never_sent():
    """A row that lacks a column is a fault of the engine and is not sent as if it were whole."""
    with pytest.raises(ValueError, match="zip"):
        encode_rows([(1, 2)], encoders((Field("a", parse_type("int")),), binary=False))


@pytest.mark.parametrize(
    ("vtype", "data", "expected"),
    [
        ("boolean", b"1", True),
        ("boolean", b"0", False),
        ("int", b"-5", -5),
        ("float", b"1.5", 1.5),
        ("varchar(9)", "Ян".encode(), "Ян"),
        ("numeric(5,2)", b"1.50", "1.50"),
        ("varbinary(9)", b"a\\134\\000\xff", b"a\\\0\xff"),
        ("interval hour to minute", b"1 3", "0 days 3780000000 microseconds"),
        ("interval day to second", b"2 days 1h ago", "-2 days -3600000000 microseconds"),
        ("interval year", b"1y 10m", "12 months"),
    ],
)
def test_a_parameter_gets_the_type_the_engine_wants(vtype, data, expected):
    """Parameters come as text; a backslash before octal digits is one octet."""
    assert decode(data, parse_type(vtype)) == expected


@pytest.mark.parametrize(
    ("vtype", "data"), [("int", b"x"), ("boolean", b"maybe"), ("date", b"\xff")]
)
def test_a_parameter_of_the_wrong_kind_is_refused(vtype, data):
    """What cannot be read is the client's error, and the message does not repeat the value."""
    with pytest.raises(VerticaError) as refusal:
        decode(data, parse_type(vtype))

    assert refusal.value.sqlstate in ("22V02", "22021")
    assert "maybe" not in refusal.value.message
