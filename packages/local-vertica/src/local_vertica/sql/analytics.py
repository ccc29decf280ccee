"""Vertica's analytic functions: those that exist only with OVER."""

from __future__ import annotations

from collections.abc import Sequence

from local_vertica.errors import VerticaError
from local_vertica.sql import nodes as n
from local_vertica.sql.bound import BOOLEAN, FLOAT, INTEGER, NUMBERS, Bound, combine
from local_vertica.sql.casts import coerce, settle
from local_vertica.sql.refusals import unknown_function
from local_vertica.sql.signatures import OVER_HERE
from local_vertica.sql.unify import unified

_RANKS = {
    "ROW_NUMBER": INTEGER,
    "RANK": INTEGER,
    "DENSE_RANK": INTEGER,
    "PERCENT_RANK": FLOAT,
    "CUME_DIST": FLOAT,
}
_NEEDS_ORDER = frozenset(
    {"RANK", "DENSE_RANK", "PERCENT_RANK", "CUME_DIST", "NTILE", "LAG", "LEAD",
     "CONDITIONAL_CHANGE_EVENT", "CONDITIONAL_TRUE_EVENT", "EXPONENTIAL_MOVING_AVERAGE"}
)  # fmt: skip
_NO_FRAME = _NEEDS_ORDER | {"ROW_NUMBER"}
_VALUES = frozenset({"FIRST_VALUE", "LAST_VALUE", "NTH_VALUE"})
# Each row counts for itself, though it may be ordered like its neighbour.
ROW_BY_ROW = frozenset({"CONDITIONAL_TRUE_EVENT"})
ANALYTICS = frozenset({*_RANKS, *_NEEDS_ORDER, *_VALUES})


def write_analytic(expr: n.Call, args: Sequence[Bound], window: n.Window) -> Bound:
    """Return the call without its OVER, which the caller puts in."""
    name = expr.name.upper()
    _check_call(expr, args, window)
    if name in _RANKS:
        _count(expr, args, (0, 0))
        return Bound(f"{name.lower()}(){OVER_HERE}", _RANKS[name], expr.name, nullable=False)
    if name in ("LAG", "LEAD"):
        return _shifted(expr, args)
    if name in _VALUES:
        return _value(expr, args)
    return _OTHERS[name](expr, args)


def _check_call(expr: n.Call, args: Sequence[Bound], window: n.Window) -> None:
    name = expr.name.upper()
    if name in _NEEDS_ORDER and not window.order:
        message = f"{expr.name} must contain an ORDER BY clause within its analytic clause"
        raise VerticaError("42P20", message, 2043)
    if name in _NO_FRAME and window.frame is not None:
        message = f"{expr.name} must NOT contain WINDOWING clause within its analytic clause"
        raise VerticaError("42P20", message, 2045)
    if expr.ignore_nulls is not None and name not in {*_VALUES, "LAG", "LEAD"}:
        raise VerticaError("42601", 'Syntax error at or near "NULLS"', 4856)
    if expr.star or expr.distinct or expr.parameters:
        raise unknown_function(expr.name, [arg.vtype for arg in args])


def _count(expr: n.Call, args: Sequence[Bound], limits: tuple[int, int]) -> None:
    if not limits[0] <= len(args) <= limits[1]:
        raise unknown_function(expr.name, [arg.vtype for arg in args])


def _whole(expr: n.Call, arg: Bound) -> Bound:
    if not arg.is_open and arg.vtype != INTEGER:
        raise unknown_function(expr.name, [arg.vtype])
    return coerce(arg, INTEGER)


def _nulls(expr: n.Call) -> str:
    return " IGNORE NULLS" if expr.ignore_nulls else ""


def _shifted(expr: n.Call, args: Sequence[Bound]) -> Bound:
    _count(expr, args, (1, 3))
    value, others = args[0], list(args[1:])
    if others:
        others[0] = _whole(expr, others[0])
        if others[0].number and others[0].number.startswith("-"):
            raise VerticaError("22023", f"{expr.name} offset must not be negative", 3900)
    vtype = settle(value).vtype
    if len(others) == 2:
        (value, others[1]), vtype = unified((value, others[1]), expr.name)
    value = settle(value)
    texts = ", ".join([value.sql, *(other.sql for other in others)])
    sql = f"{expr.name.lower()}({texts}{_nulls(expr)}){OVER_HERE}"
    return combine(sql, vtype, (value, *others), expr.name)


def _value(expr: n.Call, args: Sequence[Bound]) -> Bound:
    wanted = 2 if expr.name.upper() == "NTH_VALUE" else 1
    _count(expr, args, (wanted, wanted))
    value = settle(args[0])
    texts = [value.sql, *(_whole(expr, arg).sql for arg in args[1:])]
    sql = f"{expr.name.lower()}({', '.join(texts)}{_nulls(expr)}){OVER_HERE}"
    return combine(sql, value.vtype, tuple(args), expr.name)


def _ntile(expr: n.Call, args: Sequence[Bound]) -> Bound:
    _count(expr, args, (1, 1))
    count = _whole(expr, args[0])
    return combine(f"ntile({count.sql}){OVER_HERE}", INTEGER, (count,), expr.name)


def _true_event(expr: n.Call, args: Sequence[Bound]) -> Bound:
    _count(expr, args, (1, 1))
    if not args[0].is_open and args[0].vtype != BOOLEAN:
        raise unknown_function(expr.name, [args[0].vtype])
    event = coerce(args[0], BOOLEAN)
    # FILTER would make DuckDB count anew for each row.
    sql = f"count(CASE WHEN {event.sql} THEN 1 END){OVER_HERE}"
    return combine(sql, INTEGER, (event,), expr.name)


def layered_arguments(expr: n.Call, args: Sequence[Bound], window: n.Window) -> Sequence[Bound]:
    """Return what a function over a window over its rows takes, or refuse it."""
    _check_call(expr, args, window)
    if expr.name.upper() == "EXPONENTIAL_MOVING_AVERAGE":
        return _averaged(expr, args)
    _count(expr, args, (1, 1))
    return [settle(args[0])]


def _averaged(expr: n.Call, args: Sequence[Bound]) -> list[Bound]:
    _count(expr, args, (2, 2))
    if any(not arg.is_open and arg.vtype.name not in NUMBERS for arg in args):
        raise unknown_function(expr.name, [arg.vtype for arg in args])
    factor = args[1]
    if factor.free or factor.aggregate or factor.subquery:
        message = f"The smoothing factor of {expr.name} must be a constant"
        raise VerticaError("42804", message, 2213)
    return [coerce(arg, FLOAT) for arg in args]


_OTHERS = {
    "NTILE": _ntile,
    "CONDITIONAL_TRUE_EVENT": _true_event,
}
