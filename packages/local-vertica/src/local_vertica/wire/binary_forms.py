"""Vertica's binary form of every scalar type."""

import re
import struct
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from local_vertica.types import VType
from local_vertica.wire.forms import MICROSECOND, Encoder, months_of

INT64 = struct.Struct("!q")
FLOAT64 = struct.Struct("!d")

EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - timestamps without a zone count from here
EPOCH_UTC = datetime(2000, 1, 1, tzinfo=UTC)
JULIAN_OF_EPOCH = 2_451_545
JULIAN_OF_ORDINAL_0 = 1_721_425
SECONDS_A_DAY = 86_400
TICKS_A_DAY = SECONDS_A_DAY * 1_000_000

# What Python's types cannot hold comes as DuckDB's text: 0044-03-15 (BC) 10:00:00.5+01
DAY = r"(?P<year>\d+)-(?P<month>\d+)-(?P<day>\d+)(?P<bc> \(BC\))?"
CLOCK = r"(?P<hour>\d+):(?P<minute>\d+):(?P<second>\d+)(?:\.(?P<fraction>\d+))?"
ZONE = r"(?P<sign>[+-])(?P<hours>\d\d)(?::?(?P<minutes>\d\d))?(?::(?P<seconds>\d\d))?"
MOMENT = re.compile(f"(?:{DAY})?[ T]?(?:{CLOCK})?(?:{ZONE})?")


def boolean(value: object) -> bytes:
    """Return one octet."""
    return b"\x01" if value else b"\x00"


def integer(value: object) -> bytes:
    """Return a signed integer of 8 octets."""
    return INT64.pack(value if isinstance(value, int) else int(str(value)))


def floating(value: object) -> bytes:
    """Return an IEEE double."""
    return FLOAT64.pack(value if isinstance(value, float) else float(str(value)))


def parts(text: str) -> dict[str, str]:
    """Return the parts of a date, a time or both, from DuckDB's text."""
    found = MOMENT.fullmatch(text)
    if found is None:
        raise ValueError("neither a date nor a time as DuckDB writes them")
    return {name: part for name, part in found.groupdict().items() if part}


def julian(part: dict[str, str]) -> int:
    """Return the julian day of a date in the calendar of today, drawn out in both directions."""
    year, month = int(part["year"]), int(part["month"])
    if "bc" in part:
        year = 1 - year
    shift = (14 - month) // 12
    years, months = year + 4800 - shift, month + 12 * shift - 3
    leap = years // 4 - years // 100 + years // 400
    return int(part["day"]) + (153 * months + 2) // 5 + 365 * years + leap - 32_045


def ticks(part: dict[str, str]) -> int:
    """Return the microseconds since midnight."""
    hour, minute, second = (int(part.get(name, 0)) for name in ("hour", "minute", "second"))
    fraction = int(f"{part.get('fraction', ''):0<6}"[:6])
    return ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction


def offset(part: dict[str, str]) -> int:
    """Return the seconds a zone is east of UTC."""
    hours, minutes, rest = (int(part.get(name, 0)) for name in ("hours", "minutes", "seconds"))
    seconds = (hours * 60 + minutes) * 60 + rest
    return -seconds if part.get("sign") == "-" else seconds


def day(value: object) -> bytes:
    """Return the julian day."""
    if isinstance(value, date):
        return INT64.pack(value.toordinal() + JULIAN_OF_ORDINAL_0)
    return INT64.pack(julian(parts(str(value))))


def clock(value: object) -> bytes:
    """Return microseconds since midnight."""
    return INT64.pack(ticks(parts(str(value))))


def zoned_clock(value: object) -> bytes:
    """Return microseconds since midnight in UTC and the zone, in one integer."""
    part = parts(str(value))
    east = offset(part)
    utc = (ticks(part) - east * 1_000_000) % TICKS_A_DAY
    return INT64.pack((utc << 24) | (SECONDS_A_DAY - east))


def moment(value: object) -> bytes:
    """Return microseconds since 2000-01-01; with a zone, in UTC."""
    if isinstance(value, datetime):
        epoch = EPOCH if value.tzinfo is None else EPOCH_UTC
        return INT64.pack((value - epoch) // MICROSECOND)
    part = parts(str(value))
    days = julian(part) - JULIAN_OF_EPOCH
    return INT64.pack(days * TICKS_A_DAY + ticks(part) - offset(part) * 1_000_000)


def interval(value: object) -> bytes:
    """Return microseconds."""
    return INT64.pack(value // MICROSECOND if isinstance(value, timedelta) else int(str(value)))


def months(value: object) -> bytes:
    """Return months."""
    return INT64.pack(months_of(value))


def numeric(vtype: VType) -> Encoder:
    """Return an encoder into the unscaled integer, in as many words as the precision needs."""
    shape, size = f".{vtype.scale or 0}f", ((vtype.precision or 37) // 19 + 1) * 8

    def encode(value: object) -> bytes:
        number = value if isinstance(value, Decimal | int) else Decimal(str(value))
        unscaled = int(format(number, shape).replace(".", ""))
        return unscaled.to_bytes(size, "big", signed=True)

    return encode


def octets(value: object) -> bytes:
    """Return the octets themselves."""
    return bytes(value) if isinstance(value, bytes | bytearray) else str(value).encode()


def uuid(value: object) -> bytes:
    """Return 16 octets."""
    return value.bytes if isinstance(value, UUID) else UUID(str(value)).bytes


ENCODERS: dict[str, Encoder] = {
    "BOOLEAN": boolean,
    "INTEGER": integer,
    "FLOAT": floating,
    "CHAR": octets,
    "VARCHAR": octets,
    "LONG VARCHAR": octets,
    "DATE": day,
    "TIME": clock,
    "TIMETZ": zoned_clock,
    "TIMESTAMP": moment,
    "TIMESTAMPTZ": moment,
    "UUID": uuid,
    "BINARY": octets,
    "VARBINARY": octets,
    "LONG VARBINARY": octets,
}
