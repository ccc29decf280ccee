"""Vertica's date and time functions that need only their arguments."""

from __future__ import annotations

from collections.abc import Sequence

from local_vertica.sql.bound import (
    BOOLEAN,
    DATE,
    FLOAT,
    INTEGER,
    TIMESTAMP,
    Bound,
)  # fmt: skip
from local_vertica.sql.signatures import Signature, signature


def _part(template: str) -> tuple[Signature, ...]:
    return tuple(signature(kind, INTEGER, template) for kind in ("moment", "time", "interval"))


def _of_day(template: str) -> tuple[Signature, ...]:
    return (signature("moment", INTEGER, template),)


_TEMPLATES = {
    **dict.fromkeys(("CC", "SCC"), "century"),
    **dict.fromkeys(("SYYYY", "YYYY", "YEAR", "YYY", "YY", "Y"), "year"),
    "Q": "quarter",
    **dict.fromkeys(("MONTH", "MON", "MM", "RM"), "month"),
    **dict.fromkeys(("IW", "DAY", "DY", "D"), "week"),
    **dict.fromkeys(("DDD", "DD", "J"), "day"),
    **dict.fromkeys(("HH", "HH12", "HH24"), "hour"),
    "MI": "minute",
    "SS": "second",
}


def _template(args: Sequence[Bound]) -> str:
    word = args[1].sql.strip("'").upper()
    return _TEMPLATES.get(word, word.lower())


def _truncated(args: Sequence[Bound]) -> str:
    return f"date_trunc('{_template(args)}', CAST({args[0].sql} AS TIMESTAMP))"


def _round_to(args: Sequence[Bound]) -> str:
    return f"v_round_to('{_template(args)}', CAST({args[0].sql} AS TIMESTAMP))"


_TRUNCATED = (
    signature("moment", TIMESTAMP, "date_trunc('day', CAST({0} AS TIMESTAMP))"),
    signature("moment text", TIMESTAMP, _truncated),
)
_ROUNDED = (
    signature("moment", TIMESTAMP, "v_round_to('day', CAST({0} AS TIMESTAMP))"),
    signature("moment text", TIMESTAMP, _round_to),
)
_TWO = "CAST({0} AS TIMESTAMP), CAST({1} AS TIMESTAMP)"

TIME_FUNCTIONS: dict[str, tuple[Signature, ...]] = {
    "ADD_MONTHS": (signature("moment int", DATE, "v_add_months(CAST({0} AS DATE), {1})"),),
    "AGE_IN_MONTHS": (signature("moment moment", INTEGER, f"v_months_old({_TWO})"),),
    "AGE_IN_YEARS": (
        signature(
            "moment moment",
            INTEGER,
            f"(v_months_old({_TWO}) // 12)",
        ),
    ),
    "DATE": (
        signature("moment", DATE, "CAST({0} AS DATE)"),
        signature("int", DATE, "(DATE '0001-01-01' + CAST({0} - 1 AS INTEGER))"),
    ),
    "DAY": (
        *_of_day("day({0})"),
        signature("interval", INTEGER, "(epoch_us({0}) // 86400000000)"),
    ),
    "DAYOFMONTH": _of_day("day({0})"),
    "DAYOFWEEK": _of_day("(dayofweek({0}) + 1)"),
    "DAYOFWEEK_ISO": _of_day("isodow({0})"),
    "DAYOFYEAR": _of_day("dayofyear({0})"),
    "DAYS": _of_day("(CAST({0} AS DATE) - DATE '0001-01-01' + 1)"),
    "HOUR": _part("hour({0})"),
    "ISFINITE": (signature("moment", BOOLEAN, "isfinite({0})"),),
    "JULIAN_DAY": _of_day("CAST(julian({0}) AS BIGINT)"),
    "LAST_DAY": (signature("moment", DATE, "last_day({0})"),),
    "MICROSECOND": _part("(microsecond({0}) % 1000000)"),
    "MIDNIGHT_SECONDS": (
        signature("moment", INTEGER, "(epoch_us(CAST(CAST({0} AS TIMESTAMP) AS TIME)) // 1000000)"),
        signature("time", INTEGER, "(epoch_us({0}) // 1000000)"),
    ),
    "MINUTE": _part("minute({0})"),
    "MONTH": (
        *_of_day("month({0})"),
        signature("years", INTEGER, "(v_months({0}) % 12)"),
    ),
    "MONTHS_BETWEEN": (
        signature(
            "moment moment",
            FLOAT,
            f"v_months_between({_TWO})",
        ),
    ),
    "NEW_TIME": (signature("timestamp text text", TIMESTAMP, "timezone({2}, timezone({1}, {0}))"),),
    "NEXT_DAY": (signature("moment text", DATE, "v_next_day(CAST({0} AS DATE), {1})"),),
    "QUARTER": _of_day("quarter({0})"),
    "ROUND": _ROUNDED,
    "SECOND": _part("second({0})"),
    "TIMESTAMP_ROUND": _ROUNDED,
    "TIMESTAMP_TRUNC": _TRUNCATED,
    "TRUNC": _TRUNCATED,
    "WEEK": _of_day("v_week({0})"),
    "WEEK_ISO": _of_day("weekofyear({0})"),
    "YEAR": (
        *_of_day("year({0})"),
        signature("years", INTEGER, "(v_months({0}) // 12)"),
    ),
    "YEAR_ISO": _of_day("isoyear({0})"),
}
