"""Fit an expression to the column it is written to."""

from __future__ import annotations

from dataclasses import replace

from local_vertica.sql.bound import Bound, combine
from local_vertica.sql.casts import as_text, can_assign, cast, coerce, family
from local_vertica.sql.refusals import not_assignable
from local_vertica.types import VType


def assign(bound: Bound, target: VType, column: str) -> Bound:
    """Return the value a column takes; a text that is too long is left to the column's CHECK."""
    if bound.is_open:
        return _constant(bound, target)
    if target.is_string:
        if not can_assign(bound.vtype, target):
            raise not_assignable(column, target, bound.vtype)
        made = bound if bound.vtype.is_string else as_text(bound)
        if target.name == "CHAR":
            return combine(f"rtrim({made.sql}, ' ')", target, (made,))
        return replace(made, vtype=target)
    if not can_assign(bound.vtype, target):
        raise not_assignable(column, target, bound.vtype)
    if family(bound.vtype) == family(target) and _fits(bound.vtype, target):
        return replace(bound, vtype=target)
    return cast(bound, target)


def _constant(bound: Bound, target: VType) -> Bound:
    if not target.is_string or bound.literal is None:
        return coerce(bound, target)
    value = bound.literal.rstrip(" ") if target.name == "CHAR" else bound.literal
    return coerce(bound, VType("VARCHAR", length=max(len(value.encode()), 1)))


def _fits(source: VType, target: VType) -> bool:
    """Say whether DuckDB stores every value as it is."""
    return source == target or target.name not in ("NUMERIC", "TIMESTAMP", "TIMESTAMPTZ", "TIME")
