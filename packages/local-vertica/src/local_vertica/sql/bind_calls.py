"""Work out function calls: find the function, see that it may stand here, write it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from local_vertica.errors import VerticaError
from local_vertica.sql import bind_expressions
from local_vertica.sql import nodes as n
from local_vertica.sql.aggregates import AGGREGATES, DISTINCT_ALLOWED, write_count
from local_vertica.sql.analytics import (
    ANALYTICS,
    ROW_BY_ROW,
    layered_arguments,
    write_analytic,
)  # fmt: skip
from local_vertica.sql.bind_events import LAYERED
from local_vertica.sql.bind_functions import user_function
from local_vertica.sql.bind_timeseries import SERIES_VALUES, series_value
from local_vertica.sql.bind_windows import resolved, window_text
from local_vertica.sql.blocks import Block
from local_vertica.sql.bound import NOTHING, Bound, combine
from local_vertica.sql.catalogue import ABSENT, FUNCTIONS, SPECIAL_FORMS
from local_vertica.sql.ordered_sets import ORDERED_SETS, write_ordered_set
from local_vertica.sql.refusals import (
    misplaced,
    misplaced_window,
    unknown_function,
    unsupported,
    without_over,
)  # fmt: skip
from local_vertica.sql.signatures import DISTINCT_HERE, OVER_HERE, apply, best, write

_SELECT_PARTS = ("SELECT", "HAVING", "ORDER BY")
_WINDOW_PARTS = ("SELECT", "ORDER BY")


def call(expr: n.Call, block: Block) -> Bound:
    """Return the call as the block understands it, or refuse it."""
    name = expr.name.upper()
    found = user_function(expr, block)
    if found is not None:
        return found
    if name in SERIES_VALUES:
        return series_value(expr, block)
    if name in ORDERED_SETS:
        return _ordered_set(expr, block)
    if expr.within:
        raise VerticaError("42809", f"{expr.name} is not an ordered-set function", 3457)
    if expr.over is not None:
        return _analytic(expr, block)
    if name in AGGREGATES:
        return _aggregate(expr, block)
    if name in ANALYTICS:
        raise without_over(expr.name)
    return _scalar(expr, block)


def _scalar(expr: n.Call, block: Block) -> Bound:
    name = expr.name.upper()
    if expr.star or expr.distinct or expr.ignore_nulls is not None:
        word = "*" if expr.star else "DISTINCT" if expr.distinct else "NULLS"
        if name in FUNCTIONS or name in SPECIAL_FORMS:
            raise VerticaError("42809", f"{word} cannot be an argument of {expr.name}", 3457)
        raise unknown_function(expr.name, ())
    if name in SPECIAL_FORMS:
        return SPECIAL_FORMS[name](expr, block).renamed(_heading(expr))
    if name in ABSENT:
        raise unsupported(f"Function {expr.name}")
    args = [bind_expressions.bind(arg, block) for arg in expr.args]
    if name not in FUNCTIONS:
        raise unknown_function(expr.name, [arg.vtype for arg in args])
    _no_parameters(expr)
    return apply(expr.name, FUNCTIONS[name], args).renamed(_heading(expr))


def _heading(expr: n.Call) -> str:
    return {"AT TIME ZONE": "timezone"}.get(expr.name, expr.name)


def _no_parameters(expr: n.Call) -> None:
    if expr.parameters:
        message = f"Function {expr.name} does not take parameter {expr.parameters[0][0]}"
        raise VerticaError("42883", message, 3457)


def _aggregate(expr: n.Call, block: Block) -> Bound:
    if block.inside_aggregate:
        raise misplaced("Aggregate function calls may not be nested; they are", "an aggregate")
    if not _is_in(block, _SELECT_PARTS):
        raise misplaced("Aggregates", _clause(block))
    args = _inner_arguments(expr, block)
    found = _write_aggregate(expr, args)
    sql = block.layer.group(found.sql.replace(OVER_HERE, ""))
    return replace(found, sql=sql, aggregate=True, free=_outer_only(found, block))


def _is_in(block: Block, parts: tuple[str, ...]) -> bool:
    """Say whether one of these parts is worked out; none of them counts beside TIMESERIES."""
    return block.clause in parts and block.series is None


def _clause(block: Block) -> str:
    if block.series is not None:
        return "a query with a TIMESERIES clause"
    return {"ON": "JOIN conditions"}.get(block.clause, f"{block.clause} clause")


def _inner_arguments(expr: n.Call, block: Block) -> list[Bound]:
    block.inside_aggregate = True
    try:
        args = [bind_expressions.bind(arg, block) for arg in expr.args]
    finally:
        block.inside_aggregate = False
    if any(arg.window for arg in args):
        raise misplaced_window("the argument of an aggregate")
    return args


def _outer_only(bound: Bound, block: Block) -> frozenset[tuple[int, str, str]]:
    if not bound.free:
        return NOTHING
    return frozenset(use for use in bound.free if use[0] != block.number)


def _write_aggregate(expr: n.Call, args: Sequence[Bound]) -> Bound:
    name = expr.name.upper()
    if expr.ignore_nulls is not None:
        raise VerticaError("42601", 'Syntax error at or near "NULLS"', 4856)
    if name == "COUNT":
        return write_count(expr, args)
    if expr.star:
        raise unknown_function(f"{expr.name}", ())
    _no_parameters(expr)
    chosen = best(expr.name, AGGREGATES[name], args)
    if expr.distinct:
        if name not in DISTINCT_ALLOWED:
            raise VerticaError("42809", f"DISTINCT cannot be used with {expr.name}", 3457)
        made = write(expr.name, chosen, args)
        return replace(made, sql=made.sql.replace(DISTINCT_HERE, "DISTINCT "))
    made = write(expr.name, chosen, args)
    return replace(made, sql=made.sql.replace(DISTINCT_HERE, ""))


def _ordered_set(expr: n.Call, block: Block) -> Bound:
    name = expr.name.upper()
    if expr.over is None:
        if not _is_in(block, _SELECT_PARTS):
            raise misplaced("Aggregates", _clause(block))
        block.inside_aggregate = True
    try:
        found = write_ordered_set(name, expr, block)
    finally:
        block.inside_aggregate = False
    if expr.over is not None:
        return _over(found, expr, block)
    sql = block.layer.group(found.sql.replace(OVER_HERE, ""))
    return replace(found, sql=sql, aggregate=True, free=_outer_only(found, block))


def _analytic(expr: n.Call, block: Block) -> Bound:
    name = expr.name.upper()
    _may_stand_here(block)
    args = [bind_expressions.bind(arg, block) for arg in expr.args]
    if any(arg.window for arg in args):
        raise VerticaError("42601", "Analytic functions cannot be nested", 2187)
    if name in ANALYTICS:
        window = resolved(expr.over or n.Window(), block)
        if name in LAYERED:
            made = LAYERED[name](layered_arguments(expr, args, window), window, block)
            return made.renamed(expr.name)
        found = write_analytic(expr, args, window)
        if name in ROW_BY_ROW:
            frame = n.Frame("ROWS", ("UNBOUNDED PRECEDING", None), None)
            expr = replace(expr, over=replace(window, frame=frame))
    elif name in AGGREGATES:
        if expr.distinct:
            raise VerticaError("0A000", "DISTINCT is not allowed in analytic functions", 2174)
        found = _write_aggregate(expr, args)
    else:
        raise _no_analytic(expr, args)
    return _over(found, expr, block)


def _no_analytic(expr: n.Call, args: Sequence[Bound]) -> VerticaError:
    if expr.name.upper() in FUNCTIONS:
        message = f"Function {expr.name} is not an analytic function: OVER is not allowed"
        return VerticaError("42809", message, 4273)
    return unknown_function(expr.name, [arg.vtype for arg in args])


def _may_stand_here(block: Block) -> None:
    if block.inside_aggregate:
        raise misplaced_window("the argument of an aggregate")
    if not _is_in(block, _WINDOW_PARTS):
        raise misplaced_window(_clause(block))


def _over(found: Bound, expr: n.Call, block: Block) -> Bound:
    _may_stand_here(block)
    text, used = window_text(expr.over or n.Window(), block)
    if any(bound.window for bound in used):
        raise misplaced_window("a window definition")
    marked = found.sql.replace(OVER_HERE, f" OVER ({text})")
    sql = marked if marked != found.sql else f"{found.sql} OVER ({text})"
    made = combine(sql, found.vtype, (found, *used), found.name)
    return replace(made, window=True)
