"""Prefix and infix operators: which there are, and what they mean in DuckDB."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from local_vertica.sql.arithmetic import arithmetic
from local_vertica.sql.bound import (
    BOOLEAN,
    DATE,
    DAY_TIME,
    FLOAT,
    INTEGER,
    NUMBERS,
    TIMESTAMP,
    YEAR_MONTH,
    Bound,
    combine,
    varchar,
)  # fmt: skip
from local_vertica.sql.casts import as_text, cast, coerce, family, settle, text_length
from local_vertica.sql.refusals import bad_literal, not_boolean, uncorrelated, unknown_operator
from local_vertica.sql.unify import unified
from local_vertica.types import VType

_MOMENTS = ("DATE", "TIMESTAMP", "TIMESTAMPTZ")
_BINARY_BITS = {"&": "v_bits_and", "|": "v_bits_or", "#": "v_bits_xor"}
_BITS = {"&": "&", "|": "|", "<<": "<<", ">>": ">>", "#": "xor"}


def condition(bound: Bound, where: str) -> Bound:
    """Return it as a condition, which whole numbers are too, or refuse what is none."""
    if bound.is_open or bound.vtype == INTEGER:
        return coerce(bound, BOOLEAN)
    if bound.vtype != BOOLEAN:
        raise not_boolean(where, bound.vtype)
    return bound


def infix(op: str, left: Bound, right: Bound) -> Bound:
    """Return `left op right`."""
    if op in ("AND", "OR"):
        sides = condition(left, op), condition(right, op)
        if op == "OR" and (left.correlated or right.correlated):
            raise uncorrelated("OR")
        return combine(f"({sides[0].sql} {op} {sides[1].sql})", BOOLEAN, sides)
    if op == "||":
        return _joined(left, right)
    if op in _BITS:
        return _bitwise(op, left, right)
    if op == "^":
        return _power(left, right)
    return _computed(op, left, right)


def compare(op: str, left: Bound, right: Bound) -> Bound:
    """Return a comparison; `<=>` holds for two NULLs too."""
    left, right = comparable(op, left, right)
    duck = "IS NOT DISTINCT FROM" if op == "<=>" else op
    return combine(f"({_plain(left, right)} {duck} {_plain(right, left)})", BOOLEAN, (left, right))


def comparable(op: str, left: Bound, right: Bound) -> tuple[Bound, Bound]:
    """Return both sides as values of types that can be compared, or refuse."""
    if left.vtype.is_spatial or right.vtype.is_spatial:
        raise unknown_operator(left.vtype, op, right.vtype)
    if left.is_open and right.is_open:
        return settle(left), settle(right)
    if left.is_open or right.is_open:
        return _closed(left, right), _closed(right, left)
    if _is_alike(left.vtype, right.vtype):
        return left, right
    for one, other in ((left, right), (right, left)):
        if one.vtype.is_string and other.vtype.name in NUMBERS:
            pair = cast(one, other.vtype), other
            return pair if one is left else (pair[1], pair[0])
    return _related(op, left, right)


def _related(op: str, left: Bound, right: Bound) -> tuple[Bound, Bound]:
    if {left.vtype, right.vtype} == {BOOLEAN, INTEGER}:
        return coerce(left, BOOLEAN), coerce(right, BOOLEAN)
    if not _are_related(left.vtype, right.vtype):
        raise unknown_operator(left.vtype, op, right.vtype)
    sides, _ = unified((left, right), "Operator")
    return sides[0], sides[1]


def _plain(side: Bound, other: Bound) -> str:
    """Write a whole number without its type where the other side has one."""
    return side.number if side.number and not other.number else side.sql


def _is_alike(left: VType, right: VType) -> bool:
    return family(left) == family(right) or {left.name, right.name} <= NUMBERS


def _are_related(left: VType, right: VType) -> bool:
    groups = (set(_MOMENTS), {"TIME", "TIMETZ"}, {"UUID", "CHAR", "VARCHAR", "LONG VARCHAR"})
    names = {left.name, right.name}
    if left.is_binary and right.is_binary:
        return True
    return any(names <= group for group in groups)


def _closed(side: Bound, other: Bound) -> Bound:
    return coerce(side, other.vtype) if side.is_open else side


def _joined(left: Bound, right: Bound) -> Bound:
    if left.vtype.is_binary or right.vtype.is_binary:
        sides = [coerce(side, VType("VARBINARY", length=65000)) for side in (left, right)]
        length = sum(side.vtype.length or 1 for side in sides)
        vtype = VType("VARBINARY", length=min(length, 65000))
        return combine(f"({sides[0].sql} || {sides[1].sql})", vtype, (left, right))
    texts = as_text(left), as_text(right)
    long = any(side.vtype.name == "LONG VARCHAR" for side in texts)
    length = sum(text_length(side.vtype) for side in texts)
    vtype = VType("LONG VARCHAR", length=min(length, 32_000_000)) if long else _short(length)
    pieces = _piece(left, texts[0], right), _piece(right, texts[1], left)
    if left.nullable or right.nullable:
        return combine(f"({pieces[0]} || {pieces[1]})", vtype, texts)
    # DuckDB's concat passes over NULLs, which `||` must not; without any, it joins faster.
    chain = (*(left.pieces or pieces[:1]), *(right.pieces or pieces[1:]))
    made = combine(f"concat({', '.join(chain)})", vtype, texts)
    return replace(made, nullable=False, pieces=chain)


def _short(length: int) -> VType:
    return varchar(min(length, 65_000))


def _piece(side: Bound, as_varchar: Bound, other: Bound) -> str:
    """DuckDB joins a whole number to a text as it is."""
    bare = side.vtype == INTEGER and other.vtype.is_string and not side.number
    return side.sql if bare else as_varchar.sql


def _bitwise(op: str, left: Bound, right: Bound) -> Bound:
    if left.vtype.is_binary and right.vtype.is_binary and op in _BINARY_BITS:
        length = max(left.vtype.length or 1, right.vtype.length or 1)
        sql = f"{_BINARY_BITS[op]}({left.sql}, {right.sql})"
        return combine(sql, VType("VARBINARY", length=length), (left, right))
    sides = [coerce(side, INTEGER) if side.is_open else side for side in (left, right)]
    if any(side.vtype != INTEGER for side in sides):
        raise unknown_operator(left.vtype, op, right.vtype)
    template = "xor({0}, {1})" if op == "#" else f"({{0}} {op} {{1}})"
    return combine(template.format(sides[0].sql, sides[1].sql), INTEGER, (left, right))


def _power(left: Bound, right: Bound) -> Bound:
    sides = [_number(side, FLOAT, "^") for side in (left, right)]
    return combine(f"pow({sides[0].sql}, {sides[1].sql})", FLOAT, (left, right))


def _number(side: Bound, target: VType, op: str) -> Bound:
    if not side.is_open and side.vtype.name not in NUMBERS and not side.vtype.is_string:
        raise unknown_operator(None, op, side.vtype)
    return coerce(side, target)


def _computed(op: str, left: Bound, right: Bound) -> Bound:
    left, right = _opened(op, left, right)
    if left.vtype.name in NUMBERS and right.vtype.name in NUMBERS:
        return arithmetic(op, left, right)
    if left.vtype.is_string and right.vtype.name in NUMBERS:
        return arithmetic(op, coerce(left, right.vtype), right)
    if right.vtype.is_string and left.vtype.name in NUMBERS:
        return arithmetic(op, left, coerce(right, left.vtype))
    maker = _TIMES.get((family(left.vtype), op, family(right.vtype)))
    if maker is None:
        raise unknown_operator(left.vtype, op, right.vtype)
    return maker(left, right)


def _opened(op: str, left: Bound, right: Bound) -> tuple[Bound, Bound]:
    """Give a constant beside a number that number's type, beside a time what fits the operator."""
    if left.is_open and right.is_open:
        return coerce(left, INTEGER), coerce(right, INTEGER)
    if left.is_open:
        return _as_partner(op, left, right), right
    if right.is_open:
        return left, _as_partner(op, right, left)
    return left, right


def _as_partner(op: str, side: Bound, other: Bound) -> Bound:
    name = other.vtype.name
    if name in NUMBERS:
        return coerce(side, other.vtype)
    candidates = [other.vtype, DAY_TIME] if op == "-" else [DAY_TIME]
    if family(other.vtype) in ("INTERVAL", "YEARS"):
        candidates = [other.vtype, TIMESTAMP]
    for vtype in candidates:
        try:
            return coerce(side, vtype)
        except Exception as error:  # noqa: BLE001 -- the next reading may fit
            failure = error
    raise bad_literal(candidates[-1], side.literal or "") from failure


def _template(template: str, vtype: VType) -> Callable[[Bound, Bound], Bound]:
    return lambda left, right: combine(template.format(left.sql, right.sql), vtype, (left, right))


def _left_type(template: str) -> Callable[[Bound, Bound], Bound]:
    return lambda a, b: combine(template.format(a.sql, b.sql), replace(a.vtype), (a, b))


def _right_type(template: str) -> Callable[[Bound, Bound], Bound]:
    return lambda a, b: combine(template.format(a.sql, b.sql), replace(b.vtype), (a, b))


def _either_type(template: str, wide: VType) -> Callable[[Bound, Bound], Bound]:
    """Return a maker for two intervals: of their type if it is one, else of the wide one."""

    def make(left: Bound, right: Bound) -> Bound:
        vtype = left.vtype if left.vtype == right.vtype else wide
        return combine(template.format(left.sql, right.sql), vtype, (left, right))

    return make


_TIMES: dict[tuple[str, str, str], Callable[[Bound, Bound], Bound]] = {
    ("DATE", "+", "INTEGER"): _template("({0} + CAST({1} AS INTEGER))", DATE),
    ("INTEGER", "+", "DATE"): _template("({1} + CAST({0} AS INTEGER))", DATE),
    ("DATE", "-", "INTEGER"): _template("({0} - CAST({1} AS INTEGER))", DATE),
    ("DATE", "-", "DATE"): _template("({0} - {1})", INTEGER),
    ("DATE", "+", "TIME"): _template("({0} + {1})", TIMESTAMP),
    ("TIME", "+", "DATE"): _template("({1} + {0})", TIMESTAMP),
    ("TIME", "-", "TIME"): _template("to_microseconds(epoch_us({0}) - epoch_us({1}))", DAY_TIME),
    ("TIME", "+", "INTERVAL"): _left_type("({0} + {1})"),
    ("TIME", "-", "INTERVAL"): _left_type("({0} - {1})"),
    ("INTERVAL", "+", "TIME"): _right_type("({1} + {0})"),
    ("INTERVAL", "+", "INTERVAL"): _either_type("({0} + {1})", DAY_TIME),
    ("INTERVAL", "-", "INTERVAL"): _either_type("({0} - {1})", DAY_TIME),
    ("YEARS", "+", "YEARS"): _either_type("({0} + {1})", YEAR_MONTH),
    ("YEARS", "-", "YEARS"): _either_type("({0} - {1})", YEAR_MONTH),
    ("INTERVAL", "/", "INTERVAL"): _template(
        "v_divide(CAST(epoch_us({0}) AS DOUBLE), CAST(epoch_us({1}) AS DOUBLE))", FLOAT
    ),
}
_MONTHS = "to_months(CAST(v_months({0}) * {1} AS INTEGER))"
_MONTHS_AFTER = "to_months(CAST(v_months({1}) * {0} AS INTEGER))"
for _number_name in ("INTEGER", "NUMERIC", "FLOAT"):
    _TIMES["INTERVAL", "*", _number_name] = _left_type("v_stretched({0}, CAST({1} AS DOUBLE))")
    _TIMES[_number_name, "*", "INTERVAL"] = _right_type("v_stretched({1}, CAST({0} AS DOUBLE))")
    _TIMES["INTERVAL", "/", _number_name] = _left_type(
        "v_stretched({0}, v_divide(1.0::DOUBLE, CAST({1} AS DOUBLE)))"
    )
    _TIMES["YEARS", "*", _number_name] = _left_type(
        "to_months(CAST(v_months({0}) * {1} AS INTEGER))"
    )
    _TIMES[_number_name, "*", "YEARS"] = _right_type(
        "to_months(CAST(v_months({1}) * {0} AS INTEGER))"
    )
for _moment in ("TIMESTAMP", "TIMESTAMPTZ"):
    for _op in ("+", "-"):
        _TIMES[_moment, _op, "INTEGER"] = _left_type(
            f"({{0}} {_op} to_days(CAST({{1}} AS INTEGER)))"
        )
    for _other in _MOMENTS:
        _TIMES[_moment, "-", _other] = _template("({0} - {1})", DAY_TIME)
_TIMES["DATE", "-", "TIMESTAMP"] = _template("({0} - {1})", DAY_TIME)
_TIMES["DATE", "-", "TIMESTAMPTZ"] = _template("({0} - {1})", DAY_TIME)
for _kind in ("INTERVAL", "YEARS"):
    for _moment in _MOMENTS:
        _result = TIMESTAMP if _moment == "DATE" else VType(_moment)
        _TIMES[_moment, "+", _kind] = _template("({0} + {1})", _result)
        _TIMES[_moment, "-", _kind] = _template("({0} - {1})", _result)
        _TIMES[_kind, "+", _moment] = _template("({1} + {0})", _result)


def prefix(op: str, operand: Bound) -> Bound:
    """Return `op operand`, or `operand!` for the factorial."""
    if op == "NOT":
        side = condition(operand, "NOT")
        return combine(f"(NOT {side.sql})", BOOLEAN, (side,))
    if op in ("+", "-"):
        return _signed(op, operand)
    if op == "~":
        side = coerce(operand, INTEGER) if operand.is_open else operand
        if side.vtype != INTEGER:
            raise unknown_operator(None, op, side.vtype)
        return combine(f"(~{side.sql})", INTEGER, (side,))
    if op == "@":
        side = coerce(operand, INTEGER) if operand.is_open else operand
        if side.vtype.name not in NUMBERS:
            raise unknown_operator(None, op, side.vtype)
        return combine(f"abs({side.sql})", side.vtype, (side,))
    side = _number(operand, FLOAT, op)
    return combine(f"{_ROOTS[op]}({side.sql})", FLOAT, (side,))


_ROOTS = {"|/": "sqrt", "||/": "v_cbrt", "!!": "v_factorial", "x!": "v_factorial"}


def _signed(op: str, operand: Bound) -> Bound:
    side = coerce(operand, INTEGER) if operand.is_open else operand
    if side.vtype.name not in NUMBERS and family(side.vtype) not in ("INTERVAL", "YEARS"):
        raise unknown_operator(None, op, side.vtype)
    if op == "+":
        return side
    if side.number:
        number = side.number[1:] if side.number[0] == "-" else f"-{side.number}"
        return replace(side, number=number, sql=side.sql.replace(side.number, number, 1))
    return combine(f"(-{side.sql})", side.vtype, (side,))
