"""Work out an expression: its names, its type, its DuckDB text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from local_vertica.errors import VerticaError
from local_vertica.sql import bind_calls, bind_predicates, bind_subqueries
from local_vertica.sql import nodes as n
from local_vertica.sql.bind_operators import compare, condition, infix, prefix
from local_vertica.sql.blocks import Block
from local_vertica.sql.bound import (
    BOOLEAN,
    DAY_TIME,
    DRAWING,
    Bound,
    Given,
    combine,
    text,
    varchar,
)  # fmt: skip
from local_vertica.sql.casts import cast
from local_vertica.sql.forms_session import session_moment
from local_vertica.sql.literals import BIGGEST, binary, integer_sql, numeric_type, read_literal
from local_vertica.sql.refusals import ambiguous_column, unsupported
from local_vertica.sql.unify import unified
from local_vertica.types import VType


def bind(expr: n.Expr, block: Block) -> Bound:
    """Return the expression as the block understands it, or refuse it."""
    found = _BINDERS[type(expr)](expr, block)
    if block.keys is None or not found.free or block.inside_aggregate:
        return found
    return block.grouped(found)


def bind_condition(expr: n.Expr, block: Block, where: str) -> Bound:
    """Return the expression as a condition, or refuse it."""
    return condition(bind(expr, block), where)


def _number(expr: n.Number, _block: Block) -> Bound:
    if expr.text.isdigit() and int(expr.text) <= BIGGEST:
        sql = integer_sql(int(expr.text))
        return Bound(sql, VType("INTEGER"), number=str(int(expr.text)), nullable=False)
    is_hex = expr.text[:2].lower() == "0x"
    value = Decimal(int(expr.text, 16) if is_hex else expr.text)
    vtype = numeric_type(value)
    shown = f"{value:f}"
    if (vtype.precision or 0) > 38:
        raise unsupported("A NUMERIC constant of more than 38 digits")
    return Bound(f"CAST({shown} AS {vtype.duck})", vtype, number=shown, nullable=False)


def _string(expr: n.String, _block: Block) -> Bound:
    vtype = varchar(len(expr.value.encode()))
    return Bound(text(expr.value), vtype, literal=expr.value, nullable=False)


def _binary(expr: n.Binary, _block: Block) -> Bound:
    vtype = VType("VARBINARY", length=max(len(expr.digits) // 2, 1))
    return Bound(binary(bytes.fromhex(expr.digits), vtype), vtype, nullable=False)


def _constant(expr: n.Constant, _block: Block) -> Bound:
    if expr.value is None:
        return Bound("NULL", varchar(1), null=True)
    return Bound(str(expr.value).upper(), BOOLEAN, nullable=False)


def _parameter(expr: n.Parameter, block: Block) -> Bound:
    slots = block.context.slots
    return Bound(f"${expr.index}", varchar(80), parameter=slots[expr.index - 1])


def _interval(expr: n.Interval, _block: Block) -> Bound:
    vtype = expr.vtype or DAY_TIME
    return Bound(read_literal(expr.value, vtype), vtype, nullable=False)


def _column(expr: n.Column, block: Block) -> Bound:
    *owner, last = expr.parts
    if owner and last.upper() in ("NEXTVAL", "CURRVAL") and not block.knows(tuple(owner)):
        return bind(n.Call(last, (n.String(".".join(owner)),)), block)
    if block.aliases and not owner and not block.own_column(expr.parts):
        return _aliased(last, block) or block.column(expr.parts)
    return block.column(expr.parts)


def _aliased(name: str, block: Block) -> Bound | None:
    """Return what an alias before this place in the list names; no page tells of it.

    Monitoring in production relies on it, with names that no source has. That a column of a
    source goes first, and one of an outer query last, is assumed.
    """
    found = [at for at, (alias, _) in enumerate(block.aliases) if alias == name.lower()]
    if not found:
        return None
    if len(found) > 1:
        raise ambiguous_column(name)
    expr = block.aliases[found[0]][1]
    with block.behind(block.aliases[: found[0]]):
        bound = bind(expr, block)
    if DRAWING.search(bound.sql):
        raise unsupported("An alias of what is another value at each use")
    return bound.renamed(name)


def _unary(expr: n.Unary, block: Block) -> Bound:
    return prefix(expr.op, bind(expr.operand, block))


def _operation(expr: n.Operation, block: Block) -> Bound:
    if expr.op in bind_predicates.COMPARISONS:
        if isinstance(expr.left, n.Row) or isinstance(expr.right, n.Row):
            return bind_predicates.compare_rows(expr, block)
        return compare(expr.op, bind(expr.left, block), bind(expr.right, block))
    return infix(expr.op, bind(expr.left, block), bind(expr.right, block))


def _cast(expr: n.Cast, block: Block) -> Bound:
    if isinstance(expr.operand, n.String):
        moment = session_moment(expr.operand.value, expr.vtype, block)
        if moment is not None:
            return moment
    if isinstance(expr.operand, n.Number) and len(expr.operand.text) > 38:
        # DuckDB cannot hold every digit of it, but perhaps what the cast leaves of them.
        return Bound(read_literal(expr.operand.text, expr.vtype), expr.vtype, nullable=False)
    operand = bind(expr.operand, block)
    found = cast(operand, expr.vtype, safe=expr.safe)
    name = operand.name if operand.origin else found.name
    return replace(found, name=name, origin=None, number=None)


def _case(expr: n.Case, block: Block) -> Bound:
    operand = bind(expr.operand, block) if expr.operand is not None else None
    tests = [_test(operand, test, block) for test, _ in expr.branches]
    results = [bind(result, block) for _, result in expr.branches]
    default = Bound("NULL", varchar(1), null=True)
    results.append(bind(expr.default, block) if expr.default is not None else default)
    parts, vtype = unified(results, "CASE")
    branches = "".join(
        f" WHEN {test.sql} THEN {part.sql}" for test, part in zip(tests, parts, strict=False)
    )
    sql = f"(CASE{branches} ELSE {parts[-1].sql} END)"
    return combine(sql, vtype, (*tests, *parts), "case")


def _test(operand: Bound | None, test: n.Expr, block: Block) -> Bound:
    if operand is None:
        return bind_condition(test, block, "CASE/WHEN")
    return compare("=", operand, bind(test, block))


def _interpolate(_expr: n.Interpolate, _block: Block) -> Bound:
    message = "INTERPOLATE stands in the ON of a join only, alone or joined to others by AND"
    raise VerticaError("42601", message, 4856)


def _row(_expr: n.Row, _block: Block) -> Bound:
    raise unsupported("A row value outside of a comparison")


_BINDERS: dict[type, Callable[[Any, Block], Bound]] = {
    Given: lambda expr, _block: expr.bound,
    n.Number: _number,
    n.String: _string,
    n.Binary: _binary,
    n.Constant: _constant,
    n.Parameter: _parameter,
    n.Interval: _interval,
    n.Column: _column,
    n.Unary: _unary,
    n.Operation: _operation,
    n.Cast: _cast,
    n.Case: _case,
    n.Row: _row,
    n.Interpolate: _interpolate,
    n.Between: bind_predicates.between,
    n.Membership: bind_predicates.membership,
    n.Like: bind_predicates.like,
    n.Is: bind_predicates.is_test,
    n.Quantified: bind_subqueries.quantified,
    n.Exists: bind_subqueries.exists,
    n.Scalar: bind_subqueries.scalar,
    n.Call: bind_calls.call,
}
