"""Vertica's aggregate functions."""

from __future__ import annotations

from collections.abc import Sequence

from local_vertica.errors import VerticaError
from local_vertica.sql import nodes as n
from local_vertica.sql.bound import (
    BOOLEAN,
    DAY_TIME,
    FLOAT,
    INTEGER,
    Bound,
    combine,
    numeric,
)  # fmt: skip
from local_vertica.sql.casts import settle
from local_vertica.sql.refusals import unknown_function
from local_vertica.sql.signatures import (
    DISTINCT_HERE,
    OVER_HERE,
    Signature,
    like_first,
    signature,
)  # fmt: skip
from local_vertica.types import VType


def _plain(function: str, cast: str = "") -> str:
    call = f"{function}({DISTINCT_HERE}{{0}}){OVER_HERE}"
    return f"CAST({call} AS {cast})" if cast else call


def _pair(function: str) -> str:
    return f"{function}({{0}}, {{1}}){OVER_HERE}"


def _sum_type(args: Sequence[Bound]) -> VType:
    return numeric(38, args[0].vtype.scale or 0)


_FLOATS = ("float", "numeric", "int")


def _float_aggregate(function: str) -> tuple[Signature, ...]:
    return tuple(signature(kind, FLOAT, _plain(function)) for kind in _FLOATS)


def _of_two(function: str) -> tuple[Signature, ...]:
    return (signature("float float", FLOAT, _pair(function)),)


def _bitwise(function: str) -> tuple[Signature, ...]:
    """Take the values pairwise: DuckDB's own aggregates want all of one length."""
    known = f"list({DISTINCT_HERE}{{0}}) FILTER (WHERE {{0}} IS NOT NULL){OVER_HERE}"
    pairwise = f"list_reduce({known}, lambda a, b: {function}(a, b))"
    return (signature("octets", like_first, pairwise),)


_AVERAGE = (
    *(
        signature(kind, FLOAT, f"avg({DISTINCT_HERE}CAST({{0}} AS DOUBLE)){OVER_HERE}")
        for kind in _FLOATS[1:]
    ),
    signature("float", FLOAT, _plain("avg")),
    signature(
        "interval",
        DAY_TIME,
        f"to_microseconds(CAST(avg({DISTINCT_HERE}epoch_us({{0}})){OVER_HERE} AS BIGINT))",
    ),
)
_EXTREME = {name: (signature("any", like_first, _plain(name.lower())),) for name in ("MIN", "MAX")}

AGGREGATES: dict[str, tuple[Signature, ...]] = {
    "COUNT": (),
    "SUM": (
        signature("int", INTEGER, _plain("sum", "BIGINT")),
        signature("numeric", _sum_type, _plain("sum")),
        signature("float", FLOAT, _plain("sum")),
        signature("interval", DAY_TIME, _plain("sum")),
    ),
    "SUM_FLOAT": (
        signature("float", FLOAT, _plain("sum")),
        *(
            signature(kind, FLOAT, f"sum({DISTINCT_HERE}CAST({{0}} AS DOUBLE)){OVER_HERE}")
            for kind in ("numeric", "int")
        ),
    ),
    "AVG": _AVERAGE,
    **_EXTREME,
    "STDDEV": _float_aggregate("stddev_samp"),
    "STDDEV_SAMP": _float_aggregate("stddev_samp"),
    "STDDEV_POP": _float_aggregate("stddev_pop"),
    "VARIANCE": _float_aggregate("var_samp"),
    "VAR_SAMP": _float_aggregate("var_samp"),
    "VAR_POP": _float_aggregate("var_pop"),
    "CORR": _of_two("corr"),
    "COVAR_POP": _of_two("covar_pop"),
    "COVAR_SAMP": _of_two("covar_samp"),
    "REGR_AVGX": _of_two("regr_avgx"),
    "REGR_AVGY": _of_two("regr_avgy"),
    "REGR_INTERCEPT": _of_two("regr_intercept"),
    "REGR_R2": _of_two("regr_r2"),
    "REGR_SLOPE": _of_two("regr_slope"),
    "REGR_SXX": _of_two("regr_sxx"),
    "REGR_SXY": _of_two("regr_sxy"),
    "REGR_SYY": _of_two("regr_syy"),
    "REGR_COUNT": (
        signature("float float", INTEGER, f"CAST(regr_count({{0}}, {{1}}){OVER_HERE} AS BIGINT)"),
    ),
    "BIT_AND": _bitwise("v_bits_and"),
    "BIT_OR": _bitwise("v_bits_or"),
    "BIT_XOR": _bitwise("v_bits_xor"),
    "BOOL_AND": (signature("bool", BOOLEAN, _plain("bool_and")),),
    "BOOL_OR": (signature("bool", BOOLEAN, _plain("bool_or")),),
    "BOOL_XOR": (signature("bool", BOOLEAN, f"(count(*) FILTER (WHERE {{0}}){OVER_HERE} = 1)"),),
    "APPROXIMATE_COUNT_DISTINCT": (
        signature(
            "any number?", INTEGER, f"CAST(approx_count_distinct({{0}}){OVER_HERE} AS BIGINT)"
        ),
    ),
}
DISTINCT_ALLOWED = frozenset(
    """SUM SUM_FLOAT AVG MIN MAX STDDEV STDDEV_SAMP STDDEV_POP VARIANCE VAR_SAMP VAR_POP
    BIT_AND BIT_OR BIT_XOR BOOL_AND BOOL_OR""".split()  # noqa: SIM905 -- a list of words
)


def write_count(expr: n.Call, args: Sequence[Bound]) -> Bound:
    """Return COUNT(*), COUNT(x) or COUNT(DISTINCT x, …)."""
    if expr.star:
        return Bound(f"count(*){OVER_HERE}", INTEGER, expr.name, nullable=False)
    if not args or (len(args) > 1 and not expr.distinct):
        raise unknown_function(expr.name, [arg.vtype for arg in args])
    if expr.parameters:
        raise VerticaError("42883", "COUNT takes no parameters", 3457)
    parts = tuple(settle(arg) for arg in args)
    texts = ", ".join(part.sql for part in parts)
    if len(parts) > 1:
        known = " AND ".join(f"{part.sql} IS NOT NULL" for part in parts)
        sql = f"count(DISTINCT CASE WHEN {known} THEN ({texts}) END)"
    else:
        sql = f"count({'DISTINCT ' if expr.distinct else ''}{texts})"
    return combine(f"{sql}{OVER_HERE}", INTEGER, parts, expr.name)
