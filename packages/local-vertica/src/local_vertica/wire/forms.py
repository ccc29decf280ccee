"""What the text and the binary forms of values share."""

from collections.abc import Callable
from datetime import timedelta

Encoder = Callable[[object], bytes]

MICROSECOND = timedelta(microseconds=1)
DAYS_A_MONTH = 30  # as DuckDB hands out an interval of months


def months_of(value: object) -> int:
    """Return the months of an interval of years and months."""
    if isinstance(value, timedelta):
        count = abs(value).days // DAYS_A_MONTH
        return -count if value < timedelta(0) else count
    return int(str(value))
