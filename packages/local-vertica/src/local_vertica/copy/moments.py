"""Read dates, times and intervals in the spellings that Vertica's COPY takes.

Results are ISO texts that DuckDB casts without doubt; years before 1 end in ' (BC)'.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from local_vertica.types import VType

MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
MONTH = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
DAYS = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        r"(?P<y>\d{4,6})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})",
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})",
        r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})",
        r"(?P<m>\d{1,2})-(?P<d>\d{1,2})-(?P<y>\d{4})",
        MONTH + r"[ -](?P<d>\d{1,2}),?[ -](?P<y>\d{4})",
        r"(?P<d>\d{1,2})[ -]" + MONTH + r"[ -](?P<y>\d{4})",
        r"(?P<y>\d{4})[ -]" + MONTH + r"[ -](?P<d>\d{1,2})",
    )
)
CLOCK = re.compile(
    r"(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2})(?P<f>\.\d*)?)?"
    r"(?: ?(?P<half>[ap])\.?m\.?(?![a-z]))?"
    r" ?(?P<zone>z(?:ulu)?|utc|gmt|[-+]\d{1,2}(?::?\d{2})?|[a-z]+/[a-z_]+(?:/[a-z_]+)?)?",
    re.IGNORECASE,
)
SPLIT = re.compile(r"[tT ](?=\d{1,2}:)")
ERA = re.compile(r" ?\b(bc|ad)$", re.IGNORECASE)
PART = re.compile(r"([-+]?\d+(?:\.\d*)?|[-+]?\.\d+) ?([a-z]+)", re.IGNORECASE)
SPAN_CLOCK = re.compile(r"(?P<sign>[-+]?)(?P<h>\d+):(?P<m>\d{1,2})(?::(?P<s>\d{1,2}(?:\.\d*)?))?")
YEAR_MONTH = re.compile(r"(?P<sign>[-+]?)(?P<y>\d+)-(?P<m>\d{1,2})")
MICROSECONDS = {"d": 86_400_000_000, "h": 3_600_000_000, "m": 60_000_000, "s": 1_000_000}
MOST_HOURS = 15  # no place on earth is farther from UTC, and DuckDB's TIMETZ holds no more


@dataclass(frozen=True)
class Day:
    """A day of the proleptic Gregorian calendar; year 0 is 1 BC."""

    year: int
    month: int
    day: int

    def plus(self, days: int) -> "Day":
        """Return the day so many days later (one or none)."""
        if not days:
            return self
        if self.day < month_length(self.year, self.month):
            return Day(self.year, self.month, self.day + 1)
        if self.month < 12:
            return Day(self.year, self.month + 1, 1)
        return Day(self.year + 1, 1, 1)


def month_length(year: int, month: int) -> int:
    """Return the days of a month; the calendar repeats every 400 years."""
    return monthrange(year % 400 + 400, month)[1]


def read_day(text: str) -> Day | None:
    """Read a day in any known spelling, perhaps with BC behind it."""
    era = ERA.search(text)
    if era is not None:
        text = text[: era.start()]
    for shape in DAYS:
        match = shape.fullmatch(text)
        if match is None:
            continue
        parts = match.groupdict()
        month = MONTHS[parts["name"].lower()] if "name" in parts else int(parts["m"])
        year, day = int(parts["y"]), int(parts["d"])
        if year < 1 or not 1 <= month <= 12:
            return None
        year = 1 - year if era is not None and era[1].lower() == "bc" else year
        return Day(year, month, day) if 1 <= day <= month_length(year, month) else None
    return None


def read_clock(text: str, digits: int) -> tuple[int, str | None] | None:
    """Read a time of day as microseconds, rounded to so many digits, and its zone."""
    match = CLOCK.fullmatch(text)
    if match is None or (match["zone"] and zone_offset(match["zone"], None) is None):
        return None
    hour, minute, second = int(match["h"]), int(match["m"]), int(match["s"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        return None
    fraction = f"{(match['f'] or '.')[1:]:0<7}"
    step = 10 ** (6 - digits)
    micro = (int(fraction[:6]) * 10 + int(fraction[6]) + 5 * step) // (10 * step) * step
    return ((hour * 60 + minute) * 60 + second) * 1_000_000 + micro, match["zone"]


def digits_of(vtype: VType) -> int:
    """Return the digits of a second that a type keeps."""
    return 6 if vtype.precision is None else vtype.precision


def read_moment(text: str, digits: int) -> tuple[Day, int, str | None] | None:
    """Read a day with or without a time; an era may stand at the end."""
    era = ERA.search(text)
    suffix = era[0] if era is not None else ""
    pieces = SPLIT.split(text[: len(text) - len(suffix)], maxsplit=1)
    day = read_day(pieces[0] + suffix)
    clock = read_clock(pieces[1], digits) if len(pieces) > 1 else (0, None)
    if day is None or clock is None:
        return None
    micro, zone = clock
    return day.plus(micro // 86_400_000_000), micro % 86_400_000_000, zone


def day_text(day: Day) -> tuple[str, str]:
    """Return an ISO day and what must stand behind it for years before 1."""
    year, suffix = (day.year, "") if day.year > 0 else (1 - day.year, " (BC)")
    return f"{year:04}-{day.month:02}-{day.day:02}", suffix


def clock_text(micro: int) -> str:
    """Return a time of day; 24:00:00 is one."""
    seconds, rest = divmod(micro, 1_000_000)
    fraction = f".{rest:06}" if rest else ""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{fraction}"


def canonical_date(text: str, _vtype: VType) -> str | None:
    """Return a day; a time behind it is dropped."""
    moment = read_moment(text, 6)
    return "".join(day_text(moment[0])) if moment is not None else None


def canonical_timestamp(text: str, vtype: VType) -> str | None:
    """Return a moment without a zone; a zone that is written does not count."""
    moment = read_moment(text, digits_of(vtype))
    if moment is None:
        return None
    day, suffix = day_text(moment[0])
    return f"{day} {clock_text(moment[1])}{suffix}"


def canonical_time(text: str, vtype: VType) -> str | None:
    """Return a time of day; a day before it and a zone behind it do not count."""
    clock = read_clock(SPLIT.split(text, maxsplit=1)[-1], digits_of(vtype))
    return clock_text(clock[0]) if clock is not None else None


def canonical_time_zoned(text: str, vtype: VType, zone: str) -> str | None:
    """Return a time of day with its offset from UTC."""
    clock = read_clock(SPLIT.split(text, maxsplit=1)[-1], digits_of(vtype))
    if clock is None:
        return None
    offset = zone_offset(clock[1] or zone, None)
    return None if offset is None else clock_text(clock[0]) + offset_text(offset)


def canonical_timestamp_zoned(text: str, vtype: VType, zone: str) -> str | None:
    """Return a moment with its offset from UTC, the session's where none is written."""
    moment = read_moment(text, digits_of(vtype))
    if moment is None:
        return None
    day, suffix = day_text(moment[0])
    local = None
    if 1 < moment[0].year < 9999:
        local = datetime(moment[0].year, moment[0].month, moment[0].day, tzinfo=UTC)
        local = local.replace(tzinfo=None) + timedelta(microseconds=moment[1])
    offset = zone_offset(moment[2] or zone, local)
    if offset is None:
        return None
    return f"{day} {clock_text(moment[1])}{offset_text(offset)}{suffix}"


def zone_offset(zone: str, local: datetime | None) -> timedelta | None:
    """Return the offset of a zone at a local moment, or None if there is no such zone."""
    if zone.lower() in {"z", "zulu", "utc", "gmt"}:
        return timedelta()
    if zone[0] in "+-":
        return written_offset(zone[0], zone[1:].replace(":", ""))
    try:
        there = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return (local or datetime(2000, 1, 1, tzinfo=UTC)).replace(tzinfo=there).utcoffset()


def written_offset(sign: str, digits: str) -> timedelta | None:
    """Return the offset that is written as hours, or as hours and two digits of minutes."""
    hours, minutes = (digits, "0") if len(digits) < 3 else (digits[:-2], digits[-2:])
    if int(hours) > MOST_HOURS or int(minutes) > 59:
        return None
    shift = timedelta(hours=int(hours), minutes=int(minutes))
    return -shift if sign == "-" else shift


def offset_text(offset: timedelta) -> str:
    """Return an offset as +HH:MM."""
    minutes = int(offset.total_seconds() // 60)
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def canonical_interval(text: str, vtype: VType) -> str | None:
    """Return an interval in microseconds or in months, whichever its type counts."""
    count = months_of(text, vtype) if vtype.is_year_month else microseconds_of(text, vtype)
    if count is None:
        return None
    unit = "months" if vtype.is_year_month else "microseconds"
    return f"{count} {unit}"


def months_of(text: str, vtype: VType) -> int | None:
    """Return the months of '1-2', '3 years 1 month' or a bare number of the last unit."""
    match = YEAR_MONTH.fullmatch(text)
    if match is not None:
        count = int(match["y"]) * 12 + int(match["m"])
        return -count if match["sign"] == "-" else count
    if re.fullmatch(r"[-+]?\d+", text):
        return int(text) * (12 if vtype.name.endswith("YEAR") else 1)
    total, rest = 0, text
    for number, unit in PART.findall(text):
        factor = {"y": 12, "mo": 1}.get(unit.lower()[: 1 if unit.lower()[0] == "y" else 2])
        if factor is None or "." in number:
            return None
        total += int(number) * factor
    rest = PART.sub("", text).strip()
    return total if text and not rest else None


def microseconds_of(text: str, vtype: VType) -> int | None:
    """Return the microseconds of '1 12:00:00', '3 days 2 hours' or a bare number."""
    total, rest = 0, text
    clock = SPAN_CLOCK.search(rest)
    if clock is not None:
        seconds = int(clock["h"]) * 3600 + int(clock["m"]) * 60
        micro = seconds * 1_000_000 + round(float(clock["s"] or 0) * 1_000_000)
        before = rest[: clock.start()].strip()
        negative = clock["sign"] == "-" or (clock["sign"] == "" and before.startswith("-"))
        total += -micro if negative else micro
        rest = f"{before} {rest[clock.end() :]}".strip()
        if re.fullmatch(r"[-+]?\d+", rest):
            return total + int(rest) * MICROSECONDS["d"]
    elif re.fullmatch(r"[-+]?\d+(\.\d*)?", rest):
        last = vtype.name.rsplit(" ", 1)[-1][0].lower()
        return round(float(rest) * MICROSECONDS[last])
    for number, unit in PART.findall(rest):
        factor = MICROSECONDS.get(unit.lower()[0])
        if factor is None or unit.lower().startswith("mo"):
            return None
        total += round(float(number) * factor)
    return total if text and not PART.sub("", rest).strip() else None
