"""Vertica's text form of every scalar type."""

import math
from datetime import datetime, time, timedelta
from decimal import Decimal

from local_vertica.types import VType
from local_vertica.wire.forms import MICROSECOND, Encoder, months_of

SECONDS = {"DAY": 86_400, "HOUR": 3600, "MINUTE": 60, "SECOND": 1}
UNITS = tuple(SECONDS)


def plain(value: object) -> bytes:
    """Return what str() makes of it: integers, strings, UUIDs."""
    return str(value).encode()


def boolean(value: object) -> bytes:
    """Return t or f."""
    return b"t" if value else b"f"


def floating(value: object) -> bytes:
    """Return 15 significant digits, as the server prints a FLOAT."""
    if not isinstance(value, float):
        return plain(value)
    if math.isnan(value):
        return b"NaN"
    if math.isinf(value):
        return b"Infinity" if value > 0 else b"-Infinity"
    return b"%.15g" % value


def numeric(vtype: VType) -> Encoder:
    """Return an encoder that shows the full scale."""
    shape = f".{vtype.scale or 0}f"

    def encode(value: object) -> bytes:
        number = value if isinstance(value, Decimal | int) else Decimal(str(value))
        return format(number, shape).encode()

    return encode


def day(value: object) -> bytes:
    """Return the date; a year before our era is marked at the end."""
    text = str(value)
    return (text.replace(" (BC)", "") + " BC" if " (BC)" in text else text).encode()


def zone(offset: timedelta) -> str:
    """Return an offset from UTC as the server shows it: +00, -07, +05:30."""
    sign = "-" if offset < timedelta(0) else "+"
    minutes, seconds = divmod(int(abs(offset).total_seconds()), 60)
    parts = [minutes // 60, minutes % 60, seconds]
    while len(parts) > 1 and parts[-1] == 0:
        parts.pop()
    return sign + ":".join(f"{part:02}" for part in parts)


def moment(value: object) -> bytes:
    """Return a time or a timestamp: no trailing zeros in its fraction, its zone if it has one."""
    if not isinstance(value, datetime | time):
        return day(value)
    offset = value.utcoffset()
    text = str(value if offset is None else value.replace(tzinfo=None))
    if value.microsecond:
        text = text.rstrip("0")
    return (text if offset is None else text + zone(offset)).encode()


OCTETS = [
    b"\\\\" if octet == 0x5C else bytes([octet]) if 32 <= octet < 127 else b"\\%03o" % octet
    for octet in range(256)
]


def octets(value: object) -> bytes:
    """Return printable ASCII as it is, a backslash doubled, everything else in octal."""
    data = value if isinstance(value, bytes | bytearray) else str(value).encode()
    return b"".join(OCTETS[octet] for octet in data)


def interval(vtype: VType) -> Encoder:
    """Return an encoder for days to seconds; its shape depends on the units the type spans."""
    units = vtype.name.split()
    span = UNITS[UNITS.index(units[1]) : UNITS.index(units[-1]) + 1]

    def encode(value: object) -> bytes:
        if not isinstance(value, timedelta):
            return plain(value)
        sign = "-" if value < timedelta(0) else ""
        return (sign + interval_text(abs(value), span)).encode()

    return encode


def interval_text(value: timedelta, span: tuple[str, ...]) -> str:
    """Return an interval of some units as Vertica's documentation shows it.

    Units that are zero at either end are left out: `28`, `00:10:30`, `1 02:00`.
    """
    rest, fraction = divmod(value // MICROSECOND, 1_000_000)
    amounts = {}
    for unit in span:
        amounts[unit], rest = divmod(rest, SECONDS[unit])
    decimals = f".{fraction:06}".rstrip("0.") if "SECOND" in span else ""
    if len(span) == 1:
        return f"{amounts[span[0]]}{decimals}"
    clock = [f"{amounts[unit]:02}" for unit in span if unit in ("HOUR", "MINUTE")]
    if amounts.get("SECOND") or decimals:
        clock.append(f"{amounts['SECOND']:02}{decimals}")
    has_clock = bool(decimals) or any(amounts[unit] for unit in span[1:])
    days = amounts.get("DAY", 0)
    if not days and span != ("DAY", "HOUR"):
        return ":".join(clock)
    return f"{days} {':'.join(clock)}" if has_clock else str(days)


def months(vtype: VType) -> Encoder:
    """Return an encoder for intervals of years and months."""
    units = vtype.name.split()[1:]

    def encode(value: object) -> bytes:
        if isinstance(value, str):
            return plain(value)
        count = months_of(value)
        years, rest = divmod(abs(count), 12)
        sign = "-" if count < 0 else ""
        if units == ["MONTH"]:
            return f"{count}".encode()
        return f"{sign}{years}".encode() if units == ["YEAR"] else f"{sign}{years}-{rest}".encode()

    return encode


ENCODERS: dict[str, Encoder] = {
    "BOOLEAN": boolean,
    "INTEGER": plain,
    "FLOAT": floating,
    "CHAR": plain,
    "VARCHAR": plain,
    "LONG VARCHAR": plain,
    "DATE": day,
    "TIME": moment,
    "TIMETZ": moment,
    "TIMESTAMP": moment,
    "TIMESTAMPTZ": moment,
    "UUID": plain,
    "BINARY": octets,
    "VARBINARY": octets,
    "LONG VARBINARY": octets,
}
