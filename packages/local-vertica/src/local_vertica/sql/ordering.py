"""Where NULLs stand when rows are sorted."""

from __future__ import annotations

from local_vertica.sql import nodes as n
from local_vertica.types import VType


def nulls_are_least(vtype: VType) -> bool:
    """Say whether a plain ORDER BY takes NULL for less than every value of the type."""
    return not (vtype.is_string or vtype.is_binary or vtype.name in ("FLOAT", "BOOLEAN", "UUID"))


def direction(element: n.Order, vtype: VType) -> str:
    """Return ASC or DESC of a query's ORDER BY with the place of NULLs its type demands."""
    first = nulls_are_least(vtype) != element.descending
    return f"{' DESC' if element.descending else ''} NULLS {'FIRST' if first else 'LAST'}"


def window_direction(element: n.Order, vtype: VType) -> str:
    """Return ASC or DESC inside OVER: NULLs last ascending and first descending, if not said."""
    first = element.descending
    if element.nulls == "AUTO":
        first = nulls_are_least(vtype) != element.descending
    elif element.nulls:
        first = element.nulls == "FIRST"
    return f"{' DESC' if element.descending else ''} NULLS {'FIRST' if first else 'LAST'}"
