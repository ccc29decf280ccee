"""Read the text of intervals."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from local_vertica.types import DAY_TIME_UNITS, VType

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
    r"\s*(?:(?P<clock>[+-]?\d+:\d+(?:\.\d*|:\d+(?:\.\d*)?(?::\d+(?:\.\d*)?)?)?)(?![\d:.])"
    r"|(?P<n>[+-]?\d+(?:\.\d*)?|[+-]?\.\d+)\s*(?P<unit>[a-z]+)?)",
    re.IGNORECASE,
)
_YEAR_MONTH = re.compile(r"([+-]?)(\d+)-(\d+)")
_CLOCK = (_UNIT_MICROS["HOUR"], _UNIT_MICROS["MINUTE"], _UNIT_MICROS["SECOND"], 1000)


def months_of(value: str, target: VType) -> int:
    """Return the months of a year-to-month interval, or raise ValueError."""
    word = value.strip().lower().removeprefix("@").lstrip()
    units = target.name.split()[1:]
    if match := _YEAR_MONTH.fullmatch(word):
        total = int(match[2]) * 12 + int(match[3])
        total = -total if match[1] == "-" else total
    else:
        total = _summed_months(word, units)
    return int(total / 12) * 12 if units == ["YEAR"] else total


def _summed_months(word: str, units: list[str]) -> int:
    total, bare = Decimal(0), [unit.lower() for unit in units if unit != "TO"]
    for match in _matches(word):
        if match["n"] is None or (match["unit"] is None and not bare):
            raise ValueError(word)
        unit = match["unit"] or bare.pop(0)
        if unit not in _MONTH_WORDS:
            raise ValueError(word)
        total += Decimal(match["n"]) * _MONTH_WORDS[unit]
    return int(total)


def micros_of(value: str, target: VType) -> int:
    """Return the microseconds of a day-to-second interval, or raise ValueError.

    A number without a unit counts the unit below the one before it, the first one the first
    unit of the type.
    """
    word = value.strip().lower().removeprefix("@").lstrip()
    ago = word.endswith(" ago")
    total, below = Decimal(0), target.name.split()[1]
    negative = word.startswith("-")
    for match in _matches(word.removesuffix(" ago")):
        if match["clock"]:
            total += _signed(_clock_micros(match["clock"], target), match["clock"], negative)
            below = "END"
            continue
        scale, below = _scale(match["unit"], below, word)
        total += _signed(abs(Decimal(match["n"])) * scale, match["n"], negative)
    micros = int(total.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return -micros if ago else micros


def _signed(amount: Decimal, text: str, negative: bool) -> Decimal:
    """Let a leading minus hold for what follows it too, unless that has its own sign."""
    if text[0] == "+":
        return amount
    return -amount if text[0] == "-" or negative else amount


def _scale(unit: str | None, below: str, word: str) -> tuple[int, str]:
    """Return the microseconds of a unit, and the unit that comes below it."""
    if unit is None:
        if below not in _UNIT_MICROS:
            raise ValueError(word)
        return _UNIT_MICROS[below], _next(below)
    if unit not in _WORDS:
        raise ValueError(word)
    scale = _WORDS[unit]
    known = {micros: name for name, micros in _UNIT_MICROS.items()}
    return scale, _next(known[scale]) if scale in known else "DAY" if scale > 10**10 else "END"


def _next(unit: str) -> str:
    position = DAY_TIME_UNITS.index(unit) + 1
    return DAY_TIME_UNITS[position] if position < len(DAY_TIME_UNITS) else "END"


def _clock_micros(text: str, target: VType) -> Decimal:
    parts = text.lstrip("+-").split(":")
    is_short = len(parts) == 2 and ("." in text or target.name.split()[1] == "MINUTE")
    scales = _CLOCK[1:] if is_short else _CLOCK
    return sum((Decimal(p) * s for p, s in zip(parts, scales, strict=False)), Decimal(0))


def day_time_sql(value: str, target: VType) -> str:
    """Return a day-to-second interval as a DuckDB constant."""
    return f"INTERVAL '{day_time_text(value, target)}'"


def day_time_text(value: str, target: VType) -> str:
    """Return a day-to-second interval as DuckDB reads it from text, or raise ValueError."""
    total = _to_unit(micros_of(value, target), target)
    sign, total = (-1, -total) if total < 0 else (1, total)
    days, micros = divmod(total, _UNIT_MICROS["DAY"])
    return f"{sign * days} days {sign * micros} microseconds"


def _to_unit(micros: int, target: VType) -> int:
    """Drop what is smaller than the last unit of the type."""
    last = target.name.split()[-1]
    digits = 6 if target.precision is None or last != "SECOND" else target.precision
    step = 10 ** (6 - digits) if last == "SECOND" else _UNIT_MICROS[last]
    if last == "SECOND":
        return (micros + step // 2) // step * step if step > 1 else micros
    return int(micros / step) * step


def _matches(word: str) -> list[re.Match[str]]:
    """Return the pieces of an interval: numbers with their units, and clocks."""
    found = []
    position = 0
    while word[position:].strip(" ,"):
        match = _PIECE.match(word, position)
        if match is None:
            raise ValueError(word)
        found.append(match)
        position = match.end()
    if not found:
        raise ValueError(word)
    return found
