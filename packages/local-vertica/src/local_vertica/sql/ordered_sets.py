"""LISTAGG, percentiles and medians: functions over rows in an order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from local_vertica.errors import VerticaError
from local_vertica.sql import bind_expressions
from local_vertica.sql import nodes as n
from local_vertica.sql.blocks import Block
from local_vertica.sql.bound import FLOAT, NUMBERS, Bound, combine, text, varchar
from local_vertica.sql.casts import as_text, coerce, family
from local_vertica.sql.ordering import nulls_are_least
from local_vertica.sql.refusals import unknown_function, unsupported, without_over
from local_vertica.sql.signatures import OVER_HERE
from local_vertica.types import VType

ORDERED_SETS = frozenset(
    {"LISTAGG", "PERCENTILE_CONT", "PERCENTILE_DISC", "MEDIAN", "APPROXIMATE_MEDIAN",
     "APPROXIMATE_PERCENTILE"}
)  # fmt: skip
_ONLY_ANALYTIC = frozenset({"PERCENTILE_CONT", "PERCENTILE_DISC", "MEDIAN"})


def write_ordered_set(name: str, expr: n.Call, block: Block) -> Bound:
    """Return the call without its OVER, which the caller puts in."""
    if name in _ONLY_ANALYTIC and expr.over is None:
        raise without_over(expr.name)
    if name not in _ONLY_ANALYTIC and expr.over is not None:
        raise VerticaError("42809", f"OVER is not allowed with {expr.name}", 4273)
    if expr.over is not None and expr.over.order:
        message = (
            f"{expr.name} must NOT contain an ORDER BY clause or WINDOWING clause within its "
            "analytic clause"
        )
        raise VerticaError("42P20", message, 2044)
    args = [bind_expressions.bind(arg, block) for arg in expr.args]
    return _WRITERS[name](expr, args, block)


def _listagg(expr: n.Call, args: Sequence[Bound], block: Block) -> Bound:
    if len(args) != 1 or expr.star or args[0].vtype.is_spatial:
        raise unknown_function(expr.name, [arg.vtype for arg in args])
    settings = _listagg_settings(expr)
    value = as_text(args[0])
    order = _order(expr, block)
    if expr.distinct and any(bound.sql != value.sql for bound in order[1]):
        raise unsupported("DISTINCT in LISTAGG ordered by another expression")
    distinct = "DISTINCT " if expr.distinct else ""
    joined = f"string_agg({distinct}{value.sql}, {text(settings['separator'])}{order[0]})"
    limit = int(settings["max_length"])
    shorten = "v_cut" if settings["on_overflow"].upper() == "TRUNCATE" else "v_limited"
    vtype = varchar(limit) if limit <= 65_000 else VType("LONG VARCHAR", length=limit)
    return combine(f"{shorten}({joined}, {limit})", vtype, (value, *order[1]), expr.name)


def _listagg_settings(expr: n.Call) -> dict[str, str]:
    settings = {"separator": ",", "max_length": "1024", "on_overflow": "ERROR"}
    for name, setting in expr.parameters:
        if name not in settings:
            raise VerticaError("42883", f"LISTAGG does not take parameter {name}", 3457)
        settings[name] = _constant(name, setting)
    length, overflow = settings["max_length"], settings["on_overflow"].upper()
    is_length = length.isdigit() and 0 < int(length) <= 32_000_000
    if not is_length or len(settings["separator"]) > 80 or overflow not in ("ERROR", "TRUNCATE"):
        raise VerticaError("22023", "Invalid value of a parameter of LISTAGG", 3900)
    return settings


def _constant(name: str, value: n.Expr) -> str:
    if isinstance(value, n.String):
        return value.value
    if isinstance(value, n.Number):
        return value.text
    raise VerticaError("22023", f"Parameter {name} must be a constant", 3900)


def _order(expr: n.Call, block: Block) -> tuple[str, tuple[Bound, ...]]:
    if not expr.within:
        return "", ()
    bounds = tuple(bind_expressions.bind(element.expr, block) for element in expr.within)
    keys = []
    for element, bound in zip(expr.within, bounds, strict=True):
        first = nulls_are_least(bound.vtype) != element.descending
        if element.nulls in ("FIRST", "LAST"):
            first = element.nulls == "FIRST"
        word = " DESC" if element.descending else ""
        keys.append(f"{bound.sql}{word} NULLS {'FIRST' if first else 'LAST'}")
    return " ORDER BY " + ", ".join(keys), bounds


def _percentile(function: str) -> Callable[[n.Call, Sequence[Bound], Block], Bound]:
    def write(expr: n.Call, args: Sequence[Bound], block: Block) -> Bound:
        if len(args) != 1 or len(expr.within) != 1:
            message = f"{expr.name} needs one argument and WITHIN GROUP (ORDER BY one expression)"
            raise VerticaError("42601", message, 4856)
        share = _share(expr, args[0])
        value = bind_expressions.bind(expr.within[0].expr, block)
        if expr.within[0].descending:
            share = f"(1 - {share})"
        return _quantile(expr, function, value, share)

    return write


def _share(expr: n.Call, arg: Bound) -> str:
    if arg.number is None or not 0 <= float(arg.number) <= 1:
        raise VerticaError("22023", f"{expr.name} takes a constant from 0 to 1", 3900)
    return arg.number


def _quantile(expr: n.Call, function: str, value: Bound, share: str) -> Bound:
    if value.vtype.name not in NUMBERS and family(value.vtype) != "INTERVAL":
        raise unknown_function(expr.name, [value.vtype])
    if function == "quantile_disc":
        sql = f"quantile_disc({value.sql}, {share}){OVER_HERE}"
        return combine(sql, value.vtype, (value,), expr.name)
    if value.vtype.name not in NUMBERS:
        sql = f"{function}({value.sql}, {share}){OVER_HERE}"
        return combine(sql, value.vtype, (value,), expr.name)
    number = coerce(value, FLOAT)
    return combine(f"{function}({number.sql}, {share}){OVER_HERE}", FLOAT, (value,), expr.name)


def _median(expr: n.Call, args: Sequence[Bound], _block: Block) -> Bound:
    if len(args) != 1 or expr.within:
        raise unknown_function(expr.name, [arg.vtype for arg in args])
    return _quantile(expr, "quantile_cont", args[0], "0.5")


def _approximate(expr: n.Call, args: Sequence[Bound], _block: Block) -> Bound:
    given = dict(expr.parameters)
    share = given.get("percentile") or given.get("percentiles")
    if len(args) != 1 or not isinstance(share, n.Number):
        message = f"{expr.name} takes one argument and a constant parameter percentile"
        raise VerticaError("42883", message, 3457)
    return _quantile(expr, "quantile_cont", args[0], share.text)


_WRITERS: dict[str, Callable[[n.Call, Sequence[Bound], Block], Bound]] = {
    "LISTAGG": _listagg,
    "PERCENTILE_CONT": _percentile("quantile_cont"),
    "PERCENTILE_DISC": _percentile("quantile_disc"),
    "MEDIAN": _median,
    "APPROXIMATE_MEDIAN": _median,
    "APPROXIMATE_PERCENTILE": _approximate,
}
