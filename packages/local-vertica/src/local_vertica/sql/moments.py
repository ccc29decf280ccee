"""Read dates, times and timestamps as Vertica's input routines take them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from local_vertica.types import VType

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"), ("feb", "february"), ("mar", "march"), ("apr", "april"),
            ("may",), ("jun", "june"), ("jul", "july"), ("aug", "august"),
            ("sep", "sept", "september"), ("oct", "october"), ("nov", "november"),
            ("dec", "december"),
        ),
        1,
    )
    for name in names
}  # fmt: skip
_ABBREVIATIONS = {
    "pst": -8, "pdt": -7, "mst": -7, "mdt": -6, "cst": -6, "cdt": -5, "est": -5, "edt": -4,
}  # fmt: skip
_DAYS = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<y>\d{3,5})-(?P<m>\d{1,2})-(?P<d>\d{1,2})",
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})",
        r"(?P<m>\d{1,2})[/-](?P<d>\d{1,2})[/-](?P<y>\d{4}|\d{2})",
        r"(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})",
        _DAYS + r"(?P<name>[a-z]+)[ -](?P<d>\d{1,2})(?:,\s*|[ -])(?P<y>\d{4})",
        _DAYS + r"(?P<d>\d{1,2})[ -](?P<name>[a-z]+)[ -](?P<y>\d{4})",
        r"(?P<y>\d{4})-(?P<name>[a-z]+)-(?P<d>\d{1,2})",
        r"(?P<y>\d{4})[.-](?P<doy>\d{3})",
    )
)
_TIME = re.compile(
    r"(?P<h>\d{1,2})(?::(?P<mi>\d{1,2})(?::(?P<s>\d{1,2})(?:[.,](?P<f>\d*))?)?)?\s*(?P<ap>[ap]m(?![a-z]))?"
    r"\s*(?P<zone>z|utc|gmt|[pmce][sd]t|[+-]\d{1,2}(?::?\d{2})?|[a-z]+/[a-z_]+)?"
)
_COMPACT_TIME = re.compile(r"(?P<h>\d{2})(?P<mi>\d{2})(?P<s>\d{2})()()")
_YEAR_LAST = re.compile(r"^([a-z]+ \d{1,2}) (\d{1,2}:[\d:.]+) (\d{4})")
_SPLIT = re.compile(r"(?:(?P<date>.*?\d)(?:[ t]+|$))?(?P<time>\d{1,2}:.*)?")


def read_moment(value: str, target: VType) -> str:
    """Return a date, time or timestamp constant, or raise ValueError."""
    word = value.strip().lower()
    if target.name in ("TIME", "TIMETZ"):
        return _time_constant(word, target)
    if word in ("infinity", "-infinity") and target.name != "DATE":
        return f"CAST('{word}' AS {target.duck})"
    if word == "epoch":
        word = "1970-01-01 00:00:00"
    word = _YEAR_LAST.sub(r"\1 \3 \2", word)
    before_christ = word.endswith(" bc")
    day, rest = _split(word.removesuffix(" bc").removesuffix(" ad"))
    shown = _date_text(day, before_christ)
    if target.name == "DATE":
        return f"CAST('{shown}' AS DATE)"
    suffix = " (BC)" if before_christ else ""
    shown = shown.removesuffix(" (BC)")
    clock, zone = _clock(rest, target) if rest else ("00:00:00", "")
    zone = zone if target.name == "TIMESTAMPTZ" else ""
    return f"CAST('{shown}{suffix} {clock}{zone}' AS {target.duck})"


def _split(word: str) -> tuple[str, str]:
    match = _SPLIT.fullmatch(word)
    if match is None or not match["date"]:
        return word, ""
    return match["date"], match["time"] or ""


def _date_text(word: str, before_christ: bool) -> str:
    match = next((found for p in _DATES if (found := p.fullmatch(word))), None)
    if match is None:
        raise ValueError(word)
    parts = match.groupdict()
    year = _year(parts["y"])
    if parts.get("doy"):
        day = date.fromordinal(date(year, 1, 1).toordinal() + int(parts["doy"]) - 1)
        return day.isoformat()
    month = _MONTHS[parts["name"]] if parts.get("name") in _MONTHS else int(parts.get("m") or 0)
    _check_day(year, month, int(parts["d"]))
    return f"{year:04d}-{month:02d}-{int(parts['d']):02d}" + (" (BC)" if before_christ else "")


def _year(digits: str) -> int:
    """Return the year meant; two digits mean 1970 to 2069."""
    year = int(digits)
    return year if len(digits) > 2 else year + (1900 if year > 69 else 2000)


def _check_day(year: int, month: int, day: int) -> None:
    date(2000 + year % 400, month, day)


def _time_constant(word: str, target: VType) -> str:
    day, rest = _split(word)
    clock, zone = _clock(rest or day, target)
    if target.name == "TIMETZ" and zone.startswith(" "):
        shown = f"{_date_text(day, before_christ=False)} {clock}"
        return _in_zone(datetime.fromisoformat(shown), zone.strip())
    if target.name == "TIMETZ":
        return f"CAST('{clock}{zone or '+00'}' AS TIMETZ)"
    return f"CAST('{clock}' AS TIME)"


def _in_zone(moment: datetime, zone: str) -> str:
    """Return the clock of a day in a zone with a name, for whose offset the day is needed."""
    try:
        offset = moment.replace(tzinfo=ZoneInfo(zone)).utcoffset() or timedelta(0)
    except ZoneInfoNotFoundError as error:
        raise ValueError(zone) from error
    sign = "-" if offset < timedelta(0) else "+"
    return f"CAST('{moment.time().isoformat()}{sign}{abs(offset)!s:0>8}' AS TIMETZ)"


def _clock(word: str, target: VType) -> tuple[str, str]:
    match = _TIME.fullmatch(word.strip()) or _COMPACT_TIME.fullmatch(word.strip())
    if match is None or (match["mi"] is None and match.groupdict().get("ap") is None):
        raise ValueError(word)
    parts = match.groupdict()
    hour = _hour(int(parts["h"]), parts.get("ap"))
    minute, second = int(parts["mi"] or 0), int(parts["s"] or 0)
    if hour > 24 or minute > 59 or second > 60:
        raise ValueError(word)
    digits = 6 if target.precision is None else target.precision
    micros = round(int(((parts.get("f") or "") + "0" * 7)[:7]) / 10 ** (7 - digits))
    fraction = f".{micros:0{digits}d}" if digits and micros and micros < 10**digits else ""
    if micros >= 10**digits:
        second += 1
    return f"{hour:02d}:{minute:02d}:{second:02d}{fraction}", _zone(parts.get("zone"))


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(half)
    return hour % 12 + (12 if half == "pm" else 0)


def _zone(zone: str | None) -> str:
    if zone is None:
        return ""
    if zone in ("z", "utc", "gmt"):
        return "+00"
    if zone in _ABBREVIATIONS:
        return f"{_ABBREVIATIONS[zone]:+03d}"
    if zone[0] in "+-":
        digits = zone[1:].replace(":", "")
        hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "00")
        return f"{zone[0]}{int(hours):02d}:{minutes}"
    return " " + zone.title()
