"""TIMESERIES: slices of equal length without gaps, and the values at their edges."""

from __future__ import annotations

from collections.abc import Sequence

from local_vertica.errors import VerticaError
from local_vertica.sql import bind_expressions
from local_vertica.sql import nodes as n
from local_vertica.sql.blocks import Block, SourceColumn
from local_vertica.sql.bound import FLOAT, NUMBERS, TIMESTAMP, Bound
from local_vertica.sql.casts import settle
from local_vertica.sql.intervals import micros_of
from local_vertica.sql.refusals import misplaced, unknown_function
from local_vertica.sql.series import Series
from local_vertica.sql.signatures import apply, signature
from local_vertica.types import VType

SERIES_VALUES = ("TS_FIRST_VALUE", "TS_LAST_VALUE")
_MONTHS = ("YEAR", "MONTH")
_CONSTANT = (signature("int", VType("INTEGER"), "{0}"), signature("float", FLOAT, "{0}"))
_LINEAR = (signature("float", FLOAT, "{0}"),)


def enter(select: n.Select, block: Block) -> None:
    """Let the block see the slices instead of its rows, if it has the clause."""
    clause = select.timeseries
    if clause is None:
        return
    if not select.sources or select.groups or select.having is not None or select.windows:
        message = "TIMESERIES stands beside SELECT, FROM, WHERE and ORDER BY only"
        raise VerticaError("42601", message, 4856)
    block.clause = "TIMESERIES"
    keys = [settle(bind_expressions.bind(key, block)) for key in clause.window.partition]
    moment = _moment(clause.window, block)
    fresh = block.context.fresh
    series = Series(
        fresh("entry"),
        fresh("slices"),
        fresh(clause.name),
        _width(clause.step),
        moment.sql,
        tuple(key.sql for key in keys),
    )
    _show(clause.name, series, block)


def _show(name: str, series: Series, block: Block) -> None:
    """Give the block the slice's start under its name, and the keys under their own."""
    start = f"{series.alias}.s"
    pairs = zip(series.keys, series.key_names, strict=True)
    block.keys = {start: start} | {sql: f"{series.alias}.{key}" for sql, key in pairs}
    block.merged[name.lower()] = SourceColumn(name, start, TIMESTAMP, nullable=False)
    block.series = series


def _moment(window: n.Window, block: Block) -> Bound:
    """Return the moment the rows are ordered by."""
    if window.base is not None or window.frame is not None or len(window.order) != 1:
        raise VerticaError("42601", "TIMESERIES needs one ORDER BY expression in OVER", 4856)
    if window.order[0].descending or window.order[0].nulls:
        raise VerticaError("42601", "TIMESERIES orders from the earliest to the latest", 4856)
    moment = settle(bind_expressions.bind(window.order[0].expr, block))
    if moment.vtype.name != "TIMESTAMP":
        raise VerticaError("42804", "TIMESERIES needs an ORDER BY of type timestamp", 2213)
    return moment


def _width(step: n.Expr) -> int:
    """Return the microseconds of a slice."""
    vtype = VType("INTERVAL DAY TO SECOND")
    if isinstance(step, n.Interval) and (step.vtype or vtype).name.split()[1] not in _MONTHS:
        vtype = step.vtype or vtype
    elif not isinstance(step, n.String):
        message = "The length of a time slice must be a constant INTERVAL DAY TO SECOND"
        raise VerticaError("42601", message, 4856)
    try:
        width = micros_of(step.value, vtype)
    except ValueError as error:
        message = f'Invalid input syntax for interval: "{step.value}"'
        raise VerticaError("22007", message, 3679) from error
    if width <= 0:
        raise VerticaError("22023", "The length of a time slice must be positive", 3900)
    return width


def series_value(expr: n.Call, block: Block) -> Bound:
    """Return TS_FIRST_VALUE or TS_LAST_VALUE of a block with TIMESERIES."""
    if block.series is None:
        message = f"A query with Time Series Aggregate Function {expr.name} must have a timeseries"
        raise VerticaError("42601", f"{message} clause", 2100)
    if block.inside_aggregate:
        raise misplaced("Time series aggregates", "an aggregate")
    block.inside_aggregate = True
    try:
        args = [bind_expressions.bind(arg, block) for arg in expr.args]
    finally:
        block.inside_aggregate = False
    if not args[0].is_open and args[0].vtype.name not in NUMBERS:
        raise unknown_function(expr.name, [arg.vtype for arg in args])
    is_linear = _is_linear(expr, args)
    arg = apply(expr.name, _LINEAR if is_linear else _CONSTANT, args[:1])
    column = block.series.value(
        arg.sql,
        "v_linear" if is_linear else "v_constant",
        is_first=expr.name.upper() == "TS_FIRST_VALUE",
        ignore_nulls=bool(expr.ignore_nulls),
    )
    return Bound(column, arg.vtype, expr.name)


def _is_linear(expr: n.Call, args: Sequence[Bound]) -> bool:
    """Say by which scheme a value is found where no row stands."""
    if len(args) == 1:
        return False
    if args[1].null:
        raise VerticaError("42V13", f"Invalid null argument for TSA function {expr.name}", 3708)
    if args[1].literal is None:
        raise unknown_function(expr.name, [arg.vtype for arg in args])
    scheme = args[1].literal.upper()
    if scheme not in ("CONST", "LINEAR"):
        message = (
            f"Interpolation scheme {args[1].literal} for Time Series Aggregate Function "
            f"{expr.name} is not supported"
        )
        raise VerticaError("42V13", message, 3604)
    return scheme == "LINEAR"
