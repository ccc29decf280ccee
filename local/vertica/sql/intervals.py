"""Read the text of intervals."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from local.vertica.types import DAY_TIME_UNITS, VType

_UNIT_MICROS = {
    "DAY": 86_400_000_000,
    "HOUR": 3_600_000_000,
    "MINUTE": 60_000_000,
    "SECOND": 1_000_000,
}
_WORDS = {
    **dict.fromkeys(("year", "years", "yr", "yrs", "y"), 365 * _UNIT_MICROS["DAY"]),
    **dict.fromkeys(("month", "months", "mon", "mons"), 30 * _UNIT_MICROS["DAY"]),
    **dict.fromkeys(("week", "weeks", "w"), 7 * _UNIT_MICROS["DAY"]),
    **dict.fromkeys(("day", "days", "d"), _UNIT_MICROS["DAY"]),
    **dict.fromkeys(("hour", "hours", "hr", "hrs", "h"), _UNIT_MICROS["HOUR"]),
    **dict.fromkeys(("minute", "minutes", "min", "mins", "m"), _UNIT_MICROS["MINUTE"]),
    **dict.fromkeys(("second", "seconds", "sec", "secs", "s"), _UNIT_MICROS["SECOND"]),
    **dict.fromkeys(("millisecond", "milliseconds", "msec", "msecs", "ms"), 1000),
    **dict.fromkeys(("microsecond", "microseconds", "usec", "usecs", "us"), 1),
}
_MONTH_WORDS = {
    **dict.fromkeys(("year", "years", "yr", "yrs", "y"), 12),
    **dict.fromkeys(("month", "months", "mon", "mons", "m"), 1),
}
_PIECE = re.compile(
    r"\s*(?:(?P<sign>[+-]?)(?P<h>\d+):(?P<mi>\d+)(?::(?P<s>\d+(?:\.\d*)?))?(?![\d:])"
    r"|(?P<n>[+-]?\d+(?:\.\d*)?|[+-]?\.\d+)\s*(?P<unit>[a-z]+)?)",
    re.IGNORECASE,
)
_YEAR_MONTH = re.compile(r"([+-]?)(\d+)-(\d+)")


def months_of(value: str, target: VType) -> int:
    """Return the months of a year-to-month interval, or raise ValueError."""
    word = value.strip().lower()
    if match := _YEAR_MONTH.fullmatch(word):
        total = int(match[2]) * 12 + int(match[3])
        return -total if match[1] == "-" else total
    total, last = 0, target.name.split()[-1].lower()
    for number, unit in _pieces(word):
        word_months = _MONTH_WORDS.get(unit or last)
        if isinstance(number, int) or word_months is None:
            raise ValueError(value)
        total += int(number * word_months)
    return total


def micros_of(value: str, target: VType) -> int:
    """Return the microseconds of a day-to-second interval, or raise ValueError."""
    word = value.strip().lower()
    ago = word.endswith(" ago")
    pieces = _pieces(word.removesuffix(" ago"))
    total, units = 0, target.name.split()[1:]
    bare = DAY_TIME_UNITS.index(units[-1]) if len(units) == 1 else DAY_TIME_UNITS.index(units[0])
    for number, unit in pieces:
        if isinstance(number, int):
            total += number if total >= 0 else -number
        elif unit and unit not in _WORDS:
            raise ValueError(value)
        else:
            scale = _WORDS[unit] if unit else _UNIT_MICROS[DAY_TIME_UNITS[bare]]
            total += int((number * scale).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return -total if ago else total


def day_time_sql(value: str, target: VType) -> str:
    """Return a day-to-second interval as a DuckDB constant."""
    total = _to_unit(micros_of(value, target), target)
    sign, total = (-1, -total) if total < 0 else (1, total)
    days, micros = divmod(total, _UNIT_MICROS["DAY"])
    return f"INTERVAL '{sign * days} days {sign * micros} microseconds'"


def _to_unit(micros: int, target: VType) -> int:
    """Drop what is smaller than the last unit of the type."""
    last = target.name.split()[-1]
    digits = 6 if target.precision is None or last != "SECOND" else target.precision
    step = 10 ** (6 - digits) if last == "SECOND" else _UNIT_MICROS[last]
    if last == "SECOND":
        return (micros + step // 2) // step * step if step > 1 else micros
    return int(micros / step) * step


def _pieces(word: str) -> list[tuple[Decimal | int, str | None]]:
    """Return numbers with their units; a clock comes as whole microseconds."""
    found: list[tuple[Decimal | int, str | None]] = []
    position = 0
    while word[position:].strip(" ,"):
        match = _PIECE.match(word, position)
        if match is None:
            raise ValueError(word)
        found.append(_piece(match))
        position = match.end()
    if not found:
        raise ValueError(word)
    return found


def _piece(match: re.Match[str]) -> tuple[Decimal | int, str | None]:
    if match["n"] is not None:
        return Decimal(match["n"]), match["unit"]
    micros = int(match["h"]) * _UNIT_MICROS["HOUR"] + int(match["mi"]) * _UNIT_MICROS["MINUTE"]
    micros += int(Decimal(match["s"] or 0) * 1_000_000)
    return (-micros if match["sign"] == "-" else micros), None
