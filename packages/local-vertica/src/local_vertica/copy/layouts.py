"""Read days and times by the FORMAT of their column: TO_TIMESTAMP's template patterns."""

import re
from functools import lru_cache

from local_vertica.copy.moments import MONTHS
from local_vertica.errors import VerticaError
from local_vertica.types import VType

BINARY = frozenset({"octal", "hex", "bitstream"})
MOMENTS = frozenset({"DATE", "TIME", "TIMETZ", "TIMESTAMP", "TIMESTAMPTZ"})
MONTH = "(?P<name>" + "|".join(MONTHS) + ")"
HALF = r"(?P<half>[ap])\.?m\.?"
# Longest first, as a pattern is read; all else than letters is taken as it stands.
PARTS = {
    "YYYY": r"(?P<year>\d{4})",
    "YY": r"(?P<short>\d{2})",
    "MONTH": MONTH + "[a-z]*",
    "MON": MONTH,
    "MM": r"(?P<month>\d{1,2})",
    "DD": r"(?P<day>\d{1,2})",
    "HH24": r"(?P<hour>\d{1,2})",
    "HH12": r"(?P<hour>\d{1,2})",
    "HH": r"(?P<hour>\d{1,2})",
    "MI": r"(?P<minute>\d{1,2})",
    "SS": r"(?P<second>\d{1,2})",
    "MS": r"(?P<fraction>\d{1,3})",
    "US": r"(?P<fraction>\d{1,6})",
    "A.M.": HALF,
    "P.M.": HALF,
    "AM": HALF,
    "PM": HALF,
}
TOKEN = re.compile(
    '"[^"]*"|' + "|".join(map(re.escape, PARTS)) + r"|[a-z]+|.", re.IGNORECASE | re.DOTALL
)
FIRST_SHORT_YEAR = 69  # 68 is 2068 and 69 is 1969, as TO_DATE reads them here


def check_layout(vtype: VType, layout: str | None, column: str) -> None:
    """Refuse a FORMAT that the column's type does not know."""
    if layout is None:
        return
    if vtype.is_binary:
        if layout.lower() not in BINARY:
            raise VerticaError("22023", f'COPY FORMAT "{layout}" of column {column} is not known')
    elif vtype.name in MOMENTS:
        compiled(layout)
    else:
        message = f"COPY FORMAT of column {column} of type {vtype.name} is not supported here"
        raise VerticaError("0A000", message, 4160)


@lru_cache(maxsize=256)
def compiled(layout: str) -> re.Pattern[str]:
    """Return the expression that a value of this layout matches."""
    pieces = []
    for piece in TOKEN.findall(layout):
        if piece.upper() not in PARTS and piece.isalpha():
            message = f'COPY FORMAT pattern "{piece}" is not supported here'
            raise VerticaError("0A000", message, 4160)
        pieces.append(PARTS.get(piece.upper(), re.escape(piece.strip('"') or piece)))
    try:
        return re.compile("".join(pieces), re.IGNORECASE)
    except re.error:  # a group named twice
        raise VerticaError("22007", f'COPY FORMAT "{layout}" tells a part twice') from None


def respelled(layout: str, text: str) -> str | None:
    """Return a value of this layout as an ISO moment, or None if it is not written so."""
    match = compiled(layout).fullmatch(text)
    if match is None:
        return None
    parts = {name: value for name, value in match.groupdict().items() if value is not None}
    clock = f"{parts.get('hour', '0'):0>2}:{parts.get('minute', '0'):0>2}"
    clock += f":{parts.get('second', '0'):0>2}.{fraction_of(match):0<6}"
    half = f" {parts['half']}m" if "half" in parts else ""
    return f"{day_of(parts)} {clock}{half}"


def fraction_of(match: re.Match[str]) -> str:
    """Return the digits behind the second: thousandths or millionths, whichever were counted."""
    if "fraction" not in match.re.groupindex:
        return ""
    return match["fraction"].zfill(3 if r"\d{1,3}" in match.re.pattern else 6)


def day_of(parts: dict[str, str]) -> str:
    """Return the day that was written; what is missing of it is the first there is."""
    if "short" in parts:
        century = 19 if int(parts["short"]) >= FIRST_SHORT_YEAR else 20
        year = f"{century}{parts['short']}"
    else:
        year = parts.get("year", "0001")
    named = parts.get("name", "").lower()
    month = str(MONTHS[named]) if named else parts.get("month", "1")
    return f"{year}-{month:0>2}-{parts.get('day', '1'):0>2}"
