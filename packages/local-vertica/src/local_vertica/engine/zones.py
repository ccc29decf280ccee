"""The zone that SET TIME ZONE names: by its name, or by how far it is from UTC."""

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from local_vertica.ddl.lexer import syntax_error
from local_vertica.ddl.reader import Reader
from local_vertica.errors import VerticaError
from local_vertica.sql import nodes as n
from local_vertica.sql.intervals import micros_of
from local_vertica.sql.parse_statements import parse_expression
from local_vertica.types import VType

DEFAULT = "UTC"
MICROS_AN_HOUR = 3_600_000_000
EASTERNMOST, WESTERNMOST = 14, -12  # of the zones that are a number of hours, all year round
CLOCK_WITH_UNIT = re.compile(r"(.*:.*?)\s*hours?\s*", re.IGNORECASE)


def read_zone(reader: Reader) -> str:
    """Read the rest of SET TIME ZONE; return the zone's IANA name."""
    if not reader.accept("="):
        reader.accept("TO")
    if reader.accept("DEFAULT") or reader.accept("LOCAL"):
        return DEFAULT
    if reader.token.upper == "INTERVAL":
        return _of_interval(reader)
    if reader.token.kind == "string":
        return _of_text(reader.string())
    if reader.token.kind == "number" or reader.token.upper in ("+", "-"):
        reader.accept("+")
        return _of_hours(reader.integer())
    return _of_text(reader.name())


def _of_text(zone: str) -> str:
    if re.fullmatch(r"[+-]?\d{1,2}", zone.strip()):
        return _of_hours(int(zone))
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        if re.fullmatch(r".*[A-Za-z]\s*[+-]\s*\d+\s*", zone):
            message = f'A time zone with an offset from it is not supported: "{zone}"'
            raise VerticaError("0A000", message, 4160) from error
        raise _invalid(zone) from error
    return zone


def _of_hours(hours: int) -> str:
    """Return the zone of a whole number of hours east of UTC; its name counts them to the west."""
    if not WESTERNMOST <= hours <= EASTERNMOST:
        raise _invalid(str(hours))
    return f"Etc/GMT{-hours:+}" if hours else "Etc/GMT"


def _of_interval(reader: Reader) -> str:
    """Read INTERVAL 'value' with its units; the value itself may end with the word HOURS."""
    first = reader.token
    while reader.token.kind != "end" and reader.token.upper != ";":
        reader.take()
    expr = parse_expression(reader.sql[first.start : reader.token.start])
    if not isinstance(expr, n.Interval):
        raise syntax_error(first)
    vtype = expr.vtype or VType("INTERVAL DAY TO SECOND")
    written = CLOCK_WITH_UNIT.fullmatch(expr.value)
    try:
        if not vtype.is_day_time:
            raise ValueError(expr.value)
        micros = micros_of(written[1] if written else expr.value, vtype)
    except ValueError as error:
        raise _invalid(expr.value) from error
    hours, rest = divmod(micros, MICROS_AN_HOUR)
    if rest:
        message = f"A time zone of no whole number of hours is not supported: {expr.value}"
        raise VerticaError("0A000", message, 4160)
    return _of_hours(hours)


def _invalid(zone: str) -> VerticaError:
    return VerticaError("22023", f'Invalid value for parameter timezone: "{zone}"', 3788)
