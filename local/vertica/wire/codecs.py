"""Values as bytes on the wire: Vertica's text form and its binary form of every scalar type.

One encoder is chosen per column and then called for each value that is not NULL, since rows are
sent by the ten thousand. A value that is a string already passes through as it is.
"""

import math
import re
import struct
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from local.vertica.results import Field, Row
from local.vertica.types import VType

Encoder = Callable[[object], bytes]

NULL = struct.pack("!i", -1)
LENGTH = struct.Struct("!i")
HEAD = struct.Struct("!cih")
INT64 = struct.Struct("!q")
FLOAT64 = struct.Struct("!d")

EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - timestamps without a zone count from here
EPOCH_UTC = datetime(2000, 1, 1, tzinfo=UTC)
JULIAN_OF_YEAR_1 = 1721425
SECONDS_A_DAY = 86_400
MICROSECOND = timedelta(microseconds=1)


def encode_rows(rows: Iterable[Row], encoders: Sequence[Encoder]) -> bytes:
    """Return DataRow messages, one after the other."""
    out = bytearray()
    count = len(encoders)
    pack, head = LENGTH.pack, HEAD.pack
    for row in rows:
        parts = []
        for value, encode in zip(row, encoders, strict=True):
            if value is None:
                parts.append(NULL)
            else:
                data = encode(value)
                parts.append(pack(len(data)))
                parts.append(data)
        body = b"".join(parts)
        out += head(b"D", len(body) + 6, count)
        out += body
    return bytes(out)


def encoders(fields: Sequence[Field], *, binary: bool) -> list[Encoder]:
    """Return the encoder of each column."""
    return [encoder(field.vtype, binary=binary) for field in fields]


def encoder(vtype: VType, *, binary: bool) -> Encoder:
    """Return what turns values of a type into bytes."""
    table = BINARY if binary else TEXT
    if vtype.is_day_time:
        return binary_interval if binary else text_interval(vtype)
    if vtype.is_year_month:
        return binary_int if binary else text_months(vtype)
    if vtype.name == "NUMERIC":
        return (binary_numeric if binary else text_numeric)(vtype)
    if vtype.name in {"CHAR", "BINARY"}:
        return padded(table[vtype.name], vtype, binary=binary)
    return table[vtype.name]


# Text forms ------------------------------------------------------------------------------------


def text_plain(value: object) -> bytes:
    """Return what str() makes of it: integers, strings, dates, UUIDs."""
    return str(value).encode()


def text_bool(value: object) -> bytes:
    """Return t or f."""
    return b"t" if value else b"f"


def text_float(value: object) -> bytes:
    """Return 15 significant digits, as the server prints a FLOAT."""
    if not isinstance(value, float):
        return text_plain(value)
    if math.isnan(value):
        return b"NaN"
    if math.isinf(value):
        return b"Infinity" if value > 0 else b"-Infinity"
    return b"%.15g" % value


def text_numeric(vtype: VType) -> Encoder:
    """Return an encoder that shows the full scale."""
    scale = vtype.scale or 0

    def encode(value: object) -> bytes:
        number = value if isinstance(value, Decimal | int) else Decimal(str(value))
        return f"{number:.{scale}f}".encode()

    return encode


def clock(value: time | datetime) -> str:
    """Return the time of day without trailing zeros in its fraction."""
    text = f"{value.hour:02}:{value.minute:02}:{value.second:02}"
    if value.microsecond:
        text += f".{value.microsecond:06}".rstrip("0")
    return text


def zone(offset: timedelta | None) -> str:
    """Return an offset from UTC as the server shows it: +00, -07, +05:30."""
    seconds = int((offset or timedelta(0)).total_seconds())
    sign = "-" if seconds < 0 else "+"
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"{sign}{hours:02}" + (f":{minutes:02}" if minutes else "")


def text_timestamp(value: object) -> bytes:
    """Return the date and time, with a zone where the value has one."""
    if not isinstance(value, datetime):
        return text_plain(value)
    text = f"{value.year:04}-{value.month:02}-{value.day:02} {clock(value)}"
    return (text if value.tzinfo is None else text + zone(value.utcoffset())).encode()


def text_time(value: object) -> bytes:
    """Return the time of day, with a zone where the value has one."""
    if not isinstance(value, time):
        return text_plain(value)
    text = clock(value)
    return (text if value.tzinfo is None else text + zone(value.utcoffset())).encode()


def text_binary(value: object) -> bytes:
    """Return printable ASCII as it is, a backslash doubled, everything else in octal."""
    data = value if isinstance(value, bytes | bytearray) else str(value).encode()
    return b"".join(OCTETS[octet] for octet in data)


OCTETS = [
    b"\\\\" if octet == 0x5C else bytes([octet]) if 32 <= octet < 127 else b"\\%03o" % octet
    for octet in range(256)
]


def text_interval(vtype: VType) -> Encoder:
    """Return an encoder for days to seconds; its shape depends on the units the type spans."""
    units = [word for word in vtype.name.split()[1:] if word != "TO"]
    first, last = units[0], units[-1]

    def encode(value: object) -> bytes:
        if not isinstance(value, timedelta):
            return text_plain(value)
        return interval_text(value, first, last).encode()

    return encode


def interval_text(value: timedelta, first: str, last: str) -> str:
    """Return a day-time interval from its first to its last unit."""
    ticks = value // MICROSECOND
    sign, ticks = ("-" if ticks < 0 else ""), abs(ticks)
    seconds, fraction = divmod(ticks, 1_000_000)
    sizes = {"DAY": SECONDS_A_DAY, "HOUR": 3600, "MINUTE": 60, "SECOND": 1}
    order = list(sizes)
    amounts = []
    for unit in order[order.index(first) : order.index(last) + 1]:
        amount, seconds = divmod(seconds, sizes[unit])
        amounts.append((unit, amount))
    days = f"{amounts.pop(0)[1]}" if first == "DAY" else ""
    parts = [f"{amount:02}" if days or i else str(amount) for i, (_, amount) in enumerate(amounts)]
    text = ":".join(parts)
    if last == "SECOND" and fraction:
        text += f".{fraction:06}".rstrip("0")
    return sign + " ".join(part for part in (days, text) if part)


def text_months(vtype: VType) -> Encoder:
    """Return an encoder for intervals of years and months."""
    units = vtype.name.split()[1:]

    def encode(value: object) -> bytes:
        if not isinstance(value, int):
            return text_plain(value)
        sign, months = ("-" if value < 0 else ""), abs(value)
        if units == ["MONTH"]:
            return f"{sign}{months}".encode()
        if units == ["YEAR"]:
            return f"{sign}{months // 12}".encode()
        return f"{sign}{months // 12}-{months % 12}".encode()

    return encode


def padded(encode: Encoder, vtype: VType, *, binary: bool) -> Encoder:
    """Return an encoder that fills a fixed length: CHAR with blanks, BINARY with zero octets."""
    length = vtype.length or 1
    if vtype.name == "CHAR":
        return lambda value: encode(value).ljust(length, b" ")

    def fill(value: object) -> bytes:
        data = value if isinstance(value, bytes | bytearray) else str(value).encode()
        whole = bytes(data).ljust(length, b"\0")
        return whole if binary else encode(whole)

    return fill


# Binary forms ----------------------------------------------------------------------------------


def binary_bool(value: object) -> bytes:
    """Return one octet."""
    return b"\x01" if value else b"\x00"


def binary_int(value: object) -> bytes:
    """Return a signed integer of 8 octets."""
    return INT64.pack(int(str(value)))


def binary_float(value: object) -> bytes:
    """Return an IEEE double."""
    return FLOAT64.pack(float(str(value)))


def binary_date(value: object) -> bytes:
    """Return the julian day."""
    day = value if isinstance(value, date) else date.fromisoformat(str(value))
    return INT64.pack(day.toordinal() + JULIAN_OF_YEAR_1 - 1)


def since_midnight(value: time) -> int:
    """Return the microseconds since midnight."""
    seconds = (value.hour * 60 + value.minute) * 60 + value.second
    return seconds * 1_000_000 + value.microsecond


def binary_time(value: object) -> bytes:
    """Return microseconds since midnight."""
    moment = value if isinstance(value, time) else time.fromisoformat(str(value))
    return INT64.pack(since_midnight(moment))


def binary_timetz(value: object) -> bytes:
    """Return microseconds since midnight in UTC and the zone, in one integer."""
    moment = value if isinstance(value, time) else time.fromisoformat(str(value))
    offset = int((moment.utcoffset() or timedelta(0)).total_seconds())
    utc = (since_midnight(moment) - offset * 1_000_000) % (SECONDS_A_DAY * 1_000_000)
    return INT64.pack((utc << 24) | (SECONDS_A_DAY - offset))


def binary_timestamp(value: object) -> bytes:
    """Return microseconds since 2000-01-01; with a zone, in UTC."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    epoch = EPOCH if moment.tzinfo is None else EPOCH_UTC
    return INT64.pack((moment - epoch) // MICROSECOND)


def binary_interval(value: object) -> bytes:
    """Return microseconds."""
    if not isinstance(value, timedelta):
        return INT64.pack(int(str(value)))
    return INT64.pack(value // MICROSECOND)


def binary_numeric(vtype: VType) -> Encoder:
    """Return an encoder into the unscaled integer, in as many words as the precision needs."""
    scale, size = vtype.scale or 0, ((vtype.precision or 37) // 19 + 1) * 8

    def encode(value: object) -> bytes:
        number = value if isinstance(value, Decimal) else Decimal(str(value))
        return int(number.scaleb(scale)).to_bytes(size, "big", signed=True)

    return encode


def binary_octets(value: object) -> bytes:
    """Return the octets themselves."""
    return bytes(value) if isinstance(value, bytes | bytearray) else str(value).encode()


def binary_uuid(value: object) -> bytes:
    """Return 16 octets."""
    return value.bytes if isinstance(value, UUID) else UUID(str(value)).bytes


def decode(data: bytes, vtype: VType) -> object:
    """Return the value of a parameter, which always comes as text."""
    text = data.decode()
    if vtype.name == "BOOLEAN":
        return text.lower() in ("1", "t", "true", "y", "yes")
    if vtype.name == "INTEGER":
        return int(text)
    if vtype.name == "FLOAT":
        return float(text)
    if vtype.is_binary:
        return unescaped(data)
    return text


def unescaped(data: bytes) -> bytes:
    """Read octets written as text, where a backslash begins three octal digits."""
    return re.sub(rb"\\([0-7]{3}|.)", lambda found: octet(found[1]), data, flags=re.DOTALL)


def octet(text: bytes) -> bytes:
    """Return what stood behind a backslash: an octet in octal, or itself."""
    return bytes([int(text, 8) & 0xFF]) if len(text) == 3 else text


TEXT: dict[str, Encoder] = {
    "BOOLEAN": text_bool,
    "INTEGER": text_plain,
    "FLOAT": text_float,
    "CHAR": text_plain,
    "VARCHAR": text_plain,
    "LONG VARCHAR": text_plain,
    "DATE": text_plain,
    "TIME": text_time,
    "TIMETZ": text_time,
    "TIMESTAMP": text_timestamp,
    "TIMESTAMPTZ": text_timestamp,
    "UUID": text_plain,
    "BINARY": text_binary,
    "VARBINARY": text_binary,
    "LONG VARBINARY": text_binary,
}
BINARY: dict[str, Encoder] = {
    "BOOLEAN": binary_bool,
    "INTEGER": binary_int,
    "FLOAT": binary_float,
    "CHAR": text_plain,
    "VARCHAR": text_plain,
    "LONG VARCHAR": text_plain,
    "DATE": binary_date,
    "TIME": binary_time,
    "TIMETZ": binary_timetz,
    "TIMESTAMP": binary_timestamp,
    "TIMESTAMPTZ": binary_timestamp,
    "UUID": binary_uuid,
    "BINARY": binary_octets,
    "VARBINARY": binary_octets,
    "LONG VARBINARY": binary_octets,
}
