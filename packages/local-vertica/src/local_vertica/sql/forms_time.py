"""Date and time functions whose first argument names a unit."""

from __future__ import annotations

from collections.abc import Callable

from local_vertica.errors import VerticaError
from local_vertica.sql import nodes as n
from local_vertica.sql.bind_operators import infix
from local_vertica.sql.blocks import Block
from local_vertica.sql.bound import (
    BOOLEAN,
    DAY_TIME,
    FLOAT,
    INTEGER,
    TIME,
    TIMESTAMP,
    TIMESTAMPTZ,
    Bound,
    combine,
)  # fmt: skip
from local_vertica.sql.casts import coerce, family
from local_vertica.sql.forms_choice import arguments
from local_vertica.sql.refusals import unknown_function

_SPELLINGS = {
    "year": ("year", "yy", "yyyy"),
    "quarter": ("quarter", "qq", "q"),
    "month": ("month", "mm", "m"),
    "day": ("day", "dayofyear", "dd", "d", "dy", "y"),
    "week": ("week", "wk", "ww"),
    "hour": ("hour", "hh"),
    "minute": ("minute", "mi", "n"),
    "second": ("second", "ss", "s"),
    "millisecond": ("millisecond", "ms"),
    "microsecond": ("microsecond", "mcs", "us"),
}
_UNITS = {word: unit for unit, words in _SPELLINGS.items() for word in words}
_MOMENTS = ("DATE", "TIMESTAMP", "TIMESTAMPTZ")
_TRUNCATIONS = frozenset(
    """millennium century decade year quarter month week day hour minute second milliseconds
    microseconds""".split()  # noqa: SIM905 -- a list of words
)

_MOMENT_PARTS = {
    "century": "century({0})",
    "day": "day({0})",
    "decade": "decade({0})",
    "doq": "(CAST({0} AS DATE) - CAST(date_trunc('quarter', {0}) AS DATE) + 1)",
    "dow": "dayofweek({0})",
    "doy": "dayofyear({0})",
    "epoch": "epoch({0})",
    "hour": "hour({0})",
    "isodow": "isodow({0})",
    "isoweek": "weekofyear({0})",
    "isoyear": "isoyear({0})",
    "microseconds": "microsecond({0})",
    "millennium": "millennium({0})",
    "milliseconds": "(microsecond({0}) / 1000.0::DOUBLE)",
    "minute": "minute({0})",
    "month": "month({0})",
    "quarter": "quarter({0})",
    "second": "(microsecond({0}) / 1000000.0::DOUBLE)",
    "week": "v_week({0})",
    "year": "year({0})",
    "timezone": "timezone({0})",
    "time zone": "timezone({0})",
    "timezone_hour": "timezone_hour({0})",
    "timezone_minute": "timezone_minute({0})",
}
_CLOCK_PARTS = frozenset(
    {"hour", "minute", "second", "microseconds", "milliseconds", "epoch", "timezone",
     "timezone_hour", "timezone_minute"}
)  # fmt: skip
_INTERVAL_PARTS = {
    "day": "(epoch_us({0}) // 86400000000)",
    "hour": "((epoch_us({0}) // 3600000000) % 24)",
    "minute": "((epoch_us({0}) // 60000000) % 60)",
    "second": "((epoch_us({0}) % 60000000) / 1000000.0::DOUBLE)",
    "milliseconds": "((epoch_us({0}) % 60000000) / 1000.0::DOUBLE)",
    "microseconds": "(epoch_us({0}) % 60000000)",
    "epoch": "(epoch_us({0}) / 1000000.0::DOUBLE)",
}
_MONTH_PARTS = {"year": "(v_months({0}) // 12)", "month": "(v_months({0}) % 12)"}


def _word(expr: n.Call, arg: Bound) -> str:
    if arg.literal is None:
        raise VerticaError("22023", f"The unit of {expr.name} must be a constant", 3900)
    return arg.literal.strip().lower()


def _unit(expr: n.Call, arg: Bound) -> str:
    word = _word(expr, arg)
    if word not in _UNITS:
        raise VerticaError("22023", f'{expr.name}: unit "{word}" not recognized', 7543)
    return _UNITS[word]


def _moment(expr: n.Call, arg: Bound) -> Bound:
    if arg.is_open:
        return coerce(arg, TIMESTAMP)
    if arg.vtype.name not in _MOMENTS:
        raise unknown_function(expr.name, [arg.vtype])
    return arg


def _difference(expr: n.Call, block: Block) -> Bound:
    word, first, second = arguments(expr, block, 3, 3)
    unit = _unit(expr, word)
    for span in ("TIME", "INTERVAL"):
        if span in (family(first.vtype), family(second.vtype)):
            return _between_spans(expr.name, unit, span, (first, second))
    sides = [_moment(expr, first), _moment(expr, second)]
    texts = [
        side.sql if sides[0].vtype == sides[1].vtype else f"CAST({side.sql} AS TIMESTAMP)"
        for side in sides
    ]
    template = _WEEKS if unit == "week" else f"date_diff('{unit}', {{0}}, {{1}})"
    return combine(template.format(*texts), INTEGER, tuple(sides))


# A week ends with Sunday; DuckDB counts seven days from its first date.
_WEEKS = "(date_diff('day', date_trunc('week', {0}), date_trunc('week', {1})) // 7)"


def _between_spans(name: str, unit: str, span: str, values: tuple[Bound, Bound]) -> Bound:
    """Return the difference of two times of day or two intervals, which have no months."""
    vtype = TIME if span == "TIME" else DAY_TIME
    sides = [coerce(side, vtype) if side.is_open else side for side in values]
    if any(family(side.vtype) != span for side in sides):
        raise unknown_function(name, [side.vtype for side in sides])
    if unit not in _MICROS:
        message = f'{name}: unit "{unit}" is invalid for {span.lower()} values'
        raise VerticaError("22023", message, 7543)
    width = _MICROS[unit]
    counts = [f"CAST(floor(epoch_us({side.sql}) / {width}) AS BIGINT)" for side in sides]
    return combine(f"({counts[1]} - {counts[0]})", INTEGER, tuple(sides))


def _addition(expr: n.Call, block: Block) -> Bound:
    word, count, start = arguments(expr, block, 3, 3)
    unit = _unit(expr, word)
    count = coerce(count, INTEGER) if count.is_open else count
    start = _moment(expr, start)
    if count.vtype != INTEGER:
        raise unknown_function(expr.name, [count.vtype, start.vtype])
    vtype = TIMESTAMPTZ if start.vtype == TIMESTAMPTZ else TIMESTAMP
    step = {
        "year": f"to_months(CAST({count.sql} * 12 AS INTEGER))",
        "quarter": f"to_months(CAST({count.sql} * 3 AS INTEGER))",
        "month": f"to_months(CAST({count.sql} AS INTEGER))",
        "week": f"to_days(CAST({count.sql} * 7 AS INTEGER))",
        "day": f"to_days(CAST({count.sql} AS INTEGER))",
    }.get(unit) or f"to_microseconds({count.sql} * {_MICROS[unit]})"
    return combine(f"({start.sql} + {step})", vtype, (count, start))


_SLICES = ("hour", "minute", "second", "millisecond", "microsecond")
_MICROS = {
    "week": 604_800_000_000,
    "day": 86_400_000_000,
    "hour": 3_600_000_000,
    "minute": 60_000_000,
    "second": 1_000_000,
    "millisecond": 1_000,
    "microsecond": 1,
}


def _part(expr: n.Call, block: Block) -> Bound:
    word, source = arguments(expr, block, 2, 2)
    part = _word(expr, word).replace("time_zone", "timezone")
    source = coerce(source, TIMESTAMP) if source.is_open else source
    template = _template(part, source)
    if template is None:
        known = part in _MOMENT_PARTS
        if known:
            raise unknown_function(expr.name, [word.vtype, source.vtype])
        raise VerticaError("22023", f'Timestamp units "{part}" not recognized', 5077)
    name = "date_part"
    sql = f"CAST({template.format(source.sql)} AS DOUBLE)"
    return combine(sql, FLOAT, (source,), name)


def _template(part: str, source: Bound) -> str | None:
    kind = family(source.vtype)
    if kind == "INTERVAL":
        return _INTERVAL_PARTS.get(part)
    if kind == "YEARS":
        return _MONTH_PARTS.get(part)
    if source.vtype.name in ("TIME", "TIMETZ"):
        return _MOMENT_PARTS[part] if part in _CLOCK_PARTS else None
    return _MOMENT_PARTS.get(part) if source.vtype.name in _MOMENTS else None


def _truncate(expr: n.Call, block: Block) -> Bound:
    word, source = arguments(expr, block, 2, 2)
    unit = _word(expr, word)
    if unit not in _TRUNCATIONS:
        raise VerticaError("22023", f'Timestamp units "{unit}" not recognized', 5077)
    source = coerce(source, TIMESTAMP) if source.is_open else source
    if family(source.vtype) in ("INTERVAL", "TIME"):
        return _truncated_span(unit, source)
    source = _moment(expr, source)
    sql = _TRUNCATED.get(unit, "date_trunc('{0}', {1})").format(unit, source.sql)
    return combine(f"CAST({sql} AS {source.vtype.duck})", source.vtype, (source,))


# Centuries begin with a year 1, DuckDB's with a year 0.
_TRUNCATED = dict.fromkeys(
    ("century", "millennium"), "(date_trunc('{0}', {1} - INTERVAL 1 YEAR) + INTERVAL 1 YEAR)"
)


def _truncated_span(unit: str, source: Bound) -> Bound:
    """Return a time of day or an interval to a unit; neither has months, the first no days."""
    units = ("minute", "second", "hour", "milliseconds", "microseconds")
    if unit not in units and not (unit == "day" and source.vtype.is_day_time):
        raise VerticaError("22023", f'Timestamp units "{unit}" not supported', 5077)
    span = source.sql if source.vtype.is_day_time else f"to_microseconds(epoch_us({source.sql}))"
    sql = f"v_trunc_interval('{unit}', {span})"
    if source.vtype.is_day_time:
        return combine(sql, DAY_TIME, (source,))
    return combine(f"CAST(TIME '00:00:00' + {sql} AS TIME)", source.vtype, (source,))


def _slice(expr: n.Call, block: Block) -> Bound:
    args = arguments(expr, block, 2, 4)
    start = coerce(args[0], TIMESTAMP)
    unit = _unit(expr, args[2]) if len(args) > 2 else "second"
    edge = _word(expr, args[3]) if len(args) > 3 else "start"
    is_known = unit in _SLICES and edge in ("start", "end")
    if not is_known or not args[1].number:
        raise VerticaError("22023", f"{expr.name}: wrong slice length, unit or edge", 7543)
    width = int(args[1].number) * _MICROS[unit]
    shift = width if edge == "end" else 0
    sql = f"v_slice({start.sql}, {width}, {shift})"
    return combine(sql, TIMESTAMP, (start,))


def _at_zone(expr: n.Call, block: Block) -> Bound:
    source, zone = arguments(expr, block, 2, 2)
    source = coerce(source, TIMESTAMPTZ) if source.is_open else source
    if zone.literal is None and not zone.vtype.is_string:
        raise unknown_function("timezone", [zone.vtype, source.vtype])
    if source.vtype.name == "DATE":
        source = coerce(source, TIMESTAMP)
    if source.vtype.name not in ("TIMESTAMP", "TIMESTAMPTZ"):
        raise unknown_function("timezone", [zone.vtype, source.vtype])
    vtype = TIMESTAMPTZ if source.vtype == TIMESTAMP else TIMESTAMP
    return combine(f"timezone({zone.sql}, {source.sql})", vtype, (source, zone))


def _overlaps(expr: n.Call, block: Block) -> Bound:
    first, second, third, fourth = arguments(expr, block, 4, 4)
    start, other = coerce(first, TIMESTAMP), coerce(third, TIMESTAMP)
    end, last = _end(start, second), _end(other, fourth)
    texts = ", ".join(f"CAST({part.sql} AS TIMESTAMP)" for part in (start, end, other, last))
    return combine(f"v_overlaps({texts})", BOOLEAN, (start, end, other, last))


def _end(start: Bound, end: Bound) -> Bound:
    if family(end.vtype) in ("INTERVAL", "YEARS"):
        return infix("+", start, end)
    return coerce(end, TIMESTAMP)


TIME_FORMS: dict[str, Callable[[n.Call, Block], Bound]] = {
    "DATEDIFF": _difference,
    "TIMESTAMPDIFF": _difference,
    "TIMESTAMPADD": _addition,
    "DATE_PART": _part,
    "DATE_TRUNC": _truncate,
    "TIME_SLICE": _slice,
    "AT TIME ZONE": _at_zone,
    "OVERLAPS": _overlaps,
}
