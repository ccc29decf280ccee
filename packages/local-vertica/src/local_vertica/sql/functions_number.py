"""Vertica's mathematical functions."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from local_vertica.sql.arithmetic import arithmetic
from local_vertica.sql.bound import FLOAT, INTEGER, Bound, numeric
from local_vertica.sql.signatures import Signature, like_first, signature
from local_vertica.types import VType


def _of_float(function: str) -> tuple[Signature, ...]:
    return (signature("float", FLOAT, f"{function}({{0}})"),)


def _by_type(template: str) -> tuple[Signature, ...]:
    return tuple(signature(kind, like_first, template) for kind in ("int", "numeric", "float"))


def _whole(function: str) -> tuple[Signature, ...]:
    return (
        signature("int", INTEGER, "{0}"),
        signature("numeric", _without_scale, f"{function}({{0}})"),
        signature("float", FLOAT, f"{function}({{0}})"),
    )


def _without_scale(args: Sequence[Bound]) -> VType:
    vtype = args[0].vtype
    return numeric(min((vtype.precision or 37) - (vtype.scale or 0) + 1, 38), 0)


def _rounded(function: str) -> tuple[Signature, ...]:
    return (
        signature("int", INTEGER, "{0}"),
        signature("numeric", _as_precise, lambda args: _to_places(function, args)),
        signature("float", FLOAT, f"{function}({{0}})"),
        *_rounded_to(function, "int"),
        *_rounded_to(function, "numeric"),
    )


def _rounded_to(function: str, places: str) -> tuple[Signature, ...]:
    whole = f"CAST({function}({{0}}, CAST({{1}} AS INTEGER)) AS BIGINT)"
    return (
        signature(f"int {places}", INTEGER, whole),
        signature(f"numeric {places}", _as_precise, lambda args: _to_places(function, args)),
        signature(f"float {places}", FLOAT, f"{function}({{0}}, CAST({{1}} AS INTEGER))"),
    )


def _as_precise(args: Sequence[Bound]) -> VType:
    """Return the same scale, and a digit more: 9.9 becomes 10.0."""
    vtype = args[0].vtype
    return numeric(min((vtype.precision or 37) + 1, 38), vtype.scale or 0)


def _to_places(function: str, args: Sequence[Bound]) -> str:
    places = _places(args[1]) if len(args) > 1 else "0"
    if places is None:
        cast = f"CAST({args[0].sql} AS DOUBLE), CAST({args[1].sql} AS INTEGER)"
    else:
        cast = f"{args[0].sql}, {places}"
    return f"CAST({function}({cast}) AS {_as_precise(args).duck})"


def _places(arg: Bound) -> str | None:
    """Return a whole constant, as DuckDB needs one to round exactly."""
    known = Decimal(arg.number) if arg.number else None
    return str(int(known)) if known is not None and known == int(known) else None


def _remainder_type(args: Sequence[Bound]) -> VType:
    return arithmetic("%", args[0], args[1]).vtype


def _remainder(args: Sequence[Bound]) -> str:
    return arithmetic("%", args[0], args[1]).sql


NUMBER_FUNCTIONS: dict[str, tuple[Signature, ...]] = {
    "ABS": _by_type("abs({0})"),
    "ACOS": _of_float("acos"),
    "ACOSH": _of_float("acosh"),
    "ASIN": _of_float("asin"),
    "ASINH": _of_float("asinh"),
    "ATAN": _of_float("atan"),
    "ATAN2": (signature("float float", FLOAT, "atan2({0}, {1})"),),
    "ATANH": _of_float("atanh"),
    "CBRT": _of_float("v_cbrt"),
    "CEIL": _whole("ceil"),
    "CEILING": _whole("ceil"),
    "COS": _of_float("cos"),
    "COSH": _of_float("cosh"),
    "COT": _of_float("cot"),
    "DEGREES": (
        signature("float", FLOAT, "degrees({0})"),
        signature("float float", FLOAT, "({0} + {1} / 60.0::DOUBLE)"),
        signature("float float float", FLOAT, "({0} + {1} / 60.0::DOUBLE + {2} / 3600.0::DOUBLE)"),
    ),
    "DISTANCE": (
        signature("float float float float", FLOAT, "v_distance({0}, {1}, {2}, {3}, 6371.009)"),
        signature("float float float float float", FLOAT, "v_distance({0}, {1}, {2}, {3}, {4})"),
    ),
    "EXP": _of_float("exp"),
    "FLOOR": _whole("floor"),
    "LN": _of_float("v_ln"),
    "LOG": (
        signature("float", FLOAT, "v_log(10.0::DOUBLE, {0})"),
        signature("float float", FLOAT, "v_log({0}, {1})"),
    ),
    "LOG10": (signature("float", FLOAT, "v_log(10.0::DOUBLE, {0})"),),
    "MOD": (
        signature("int int", INTEGER, "({0} % {1})"),
        signature("numeric numeric", _remainder_type, _remainder),
        signature("float float", FLOAT, "fmod({0}, {1})"),
    ),
    "PI": (signature("", FLOAT, "pi()"),),
    "POWER": (signature("float float", FLOAT, "pow({0}, {1})"),),
    "RADIANS": _of_float("radians"),
    "RANDOM": (signature("", FLOAT, "random()"),),
    "RANDOMINT": (signature("int", INTEGER, "CAST(floor(random() * {0}) AS BIGINT)"),),
    "ROUND": _rounded("round"),
    "SIGN": (
        signature("int", INTEGER, "CAST(sign({0}) AS BIGINT)"),
        signature("numeric", INTEGER, "CAST(sign({0}) AS BIGINT)"),
        signature("float", INTEGER, "CAST(sign({0}) AS BIGINT)"),
    ),
    "SIN": _of_float("sin"),
    "SINH": _of_float("sinh"),
    "SQRT": _of_float("v_sqrt"),
    "TAN": _of_float("tan"),
    "TANH": _of_float("tanh"),
    "TRUNC": _rounded("trunc"),
    "WIDTH_BUCKET": (
        signature("float float float int", INTEGER, "v_width_bucket({0}, {1}, {2}, {3})"),
    ),
}
