"""Result types of arithmetic, and how DuckDB is made to compute them exactly."""

from __future__ import annotations

from local_vertica.sql.bound import FLOAT, INTEGER, Bound, combine, numeric
from local_vertica.types import VType

DIVISION_SCALE = 18  # "The result has at least 18 decimal places and is rounded."
MAX_DIGITS = 38


def as_numeric(vtype: VType) -> tuple[int, int]:
    """Return precision and scale of a number that takes part in NUMERIC arithmetic."""
    if vtype.name == "INTEGER":
        return 19, 0
    return vtype.precision or 37, vtype.scale or 0


def wider(left: VType, right: VType) -> VType:
    """Return the type that holds both numbers."""
    names = {left.name, right.name}
    if "FLOAT" in names:
        return FLOAT
    if names == {"INTEGER"}:
        return INTEGER
    (p1, s1), (p2, s2) = as_numeric(left), as_numeric(right)
    scale = max(s1, s2)
    return numeric(max(p1 - s1, p2 - s2) + scale, scale)


def arithmetic(op: str, left: Bound, right: Bound) -> Bound:
    """Return `left op right` for two numbers."""
    vtype = wider(left.vtype, right.vtype)
    if op in ("/", "//"):
        return _divided(op, left, right)
    if vtype.name == "NUMERIC":
        return _numeric(op, left, right)
    if vtype.name == "FLOAT":
        template = "fmod({0}, {1})" if op == "%" else "({0} {2} {1})"
        return combine(template.format(_float(left), _float(right), op), FLOAT, (left, right))
    return combine(f"({left.sql} {op} {_divisor(op, right)})", INTEGER, (left, right))


def _divisor(op: str, right: Bound) -> str:
    return right.number if right.number and op != "%" and right.number != "0" else right.sql


def _float(bound: Bound) -> str:
    return bound.sql if bound.vtype.name == "FLOAT" else f"CAST({bound.sql} AS DOUBLE)"


def _numeric(op: str, left: Bound, right: Bound) -> Bound:
    (p1, s1), (p2, s2) = as_numeric(left.vtype), as_numeric(right.vtype)
    if op == "%":
        vtype = numeric(max(p1 - s1, p2 - s2) + s1, s1)
        sql = f"CAST(({_decimal(left)} % {_decimal(right)}) AS {vtype.duck})"
        return combine(sql, vtype, (left, right))
    if op == "*":
        vtype = numeric(min(p1 + p2, MAX_DIGITS), min(s1 + s2, MAX_DIGITS))
    else:
        digits = max(p1 - s1, p2 - s2) + max(s1, s2) + 1
        vtype = numeric(min(digits, MAX_DIGITS), max(s1, s2))
    sql = f"({_decimal(left)} {op} {_decimal(right)})"
    if s1 + s2 > MAX_DIGITS and op == "*":
        sql = f"CAST((CAST({left.sql} AS DOUBLE) * CAST({right.sql} AS DOUBLE)) AS {vtype.duck})"
    return combine(sql, vtype, (left, right))


def _decimal(bound: Bound) -> str:
    if bound.vtype.name == "NUMERIC":
        return bound.sql
    return bound.number or f"CAST({bound.sql} AS DECIMAL(19, 0))"


def _divided(op: str, left: Bound, right: Bound) -> Bound:
    vtype = wider(left.vtype, right.vtype)
    if op == "//":
        return _whole(vtype, left, right)
    if vtype.name == "FLOAT":
        return combine(f"v_divide({_float(left)}, {_float(right)})", FLOAT, (left, right))
    if vtype.name == "INTEGER":
        result = numeric(MAX_DIGITS, DIVISION_SCALE)
        return combine(f"v_ratio({left.sql}, {right.sql})", result, (left, right))
    (_, s1), (_, s2) = as_numeric(left.vtype), as_numeric(right.vtype)
    scale, result_scale = max(s1, s2), max(DIVISION_SCALE, s1)
    result = numeric(MAX_DIGITS, result_scale)
    return combine(_quotient(left, right, scale, result), result, (left, right))


def _quotient(left: Bound, right: Bound, scale: int, result: VType) -> str:
    power = result.scale or 0
    scaled = (
        f"v_scaled_quotient({_unscaled(left, scale)}, {_unscaled(right, scale)}, "
        f"CAST({10**power} AS HUGEINT))"
    )
    unit = "0." + "0" * (power - 1) + "1"
    return f"(CAST({scaled} AS DECIMAL(38, 0)) * CAST({unit} AS DECIMAL({power}, {power})))"


def _unscaled(bound: Bound, scale: int) -> str:
    """Return a number times 10^scale as a whole number."""
    if bound.vtype.name == "INTEGER":
        return f"(CAST({bound.sql} AS HUGEINT) * {10**scale})"
    if not scale:
        return f"CAST({bound.sql} AS HUGEINT)"
    # DuckDB keeps a product of two numbers of up to 18 digits within 18 digits, whatever they are.
    wide = f"CAST({bound.sql} AS DECIMAL({MAX_DIGITS}, {bound.vtype.scale or 0}))"
    return f"CAST({wide} * CAST({10**scale} AS DECIMAL({scale + 1}, 0)) AS HUGEINT)"


def _whole(vtype: VType, left: Bound, right: Bound) -> Bound:
    if vtype.name == "INTEGER":
        return combine(f"({left.sql} // {right.sql})", INTEGER, (left, right))
    sql = (
        f"CAST(trunc(v_divide(CAST({left.sql} AS DOUBLE), CAST({right.sql} AS DOUBLE))) AS BIGINT)"
    )
    return combine(sql, INTEGER, (left, right))
