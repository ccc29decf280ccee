"""Subqueries inside expressions."""

from __future__ import annotations

from local_vertica.errors import VerticaError
from local_vertica.sql import bind_expressions, bind_queries
from local_vertica.sql import nodes as n
from local_vertica.sql.bind_operators import comparable, compare
from local_vertica.sql.blocks import Block, Output
from local_vertica.sql.bound import BOOLEAN, Bound, combine
from local_vertica.sql.casts import coerce
from local_vertica.sql.refusals import uncorrelated
from local_vertica.types import VType


def scalar(expr: n.Scalar, block: Block) -> Bound:
    """Return a query that stands for one value."""
    found = bind_queries.bind_query(expr.query, block)
    column = _only(found.columns)
    return _answer(f"({found.sql})", column.vtype, found).renamed(column.name)


def exists(expr: n.Exists, block: Block) -> Bound:
    """Return EXISTS (query)."""
    found = bind_queries.bind_query(expr.query, block)
    return _answer(f"EXISTS ({found.sql})", BOOLEAN, found)


def _answer(sql: str, vtype: VType, found: bind_queries.BoundQuery) -> Bound:
    correlated = bool(found.free)
    return Bound(sql, vtype, free=found.free, subquery=True, correlated=correlated)


def in_query(expr: n.Membership, block: Block) -> Bound:
    """Return `operand [NOT] IN (query)`, also for a row of operands."""
    assert isinstance(expr.choices, n.Query)  # noqa: S101 -- the caller has looked
    found = bind_queries.bind_query(expr.choices, block)
    items = expr.operand.items if isinstance(expr.operand, n.Row) else (expr.operand,)
    _same_length(len(items), found.columns)
    if expr.negated and found.free:
        raise uncorrelated("NOT IN")
    sides = [
        _against(bind_expressions.bind(item, block), column)
        for item, column in zip(items, found.columns, strict=True)
    ]
    left = sides[0].sql if len(sides) == 1 else "(" + ", ".join(s.sql for s in sides) + ")"
    word = "NOT IN" if expr.negated else "IN"
    made = combine(f"({left} {word} ({found.sql}))", BOOLEAN, tuple(sides))
    return _with_free(made, found)


def quantified(expr: n.Quantified, block: Block) -> Bound:
    """Return `operand op ANY|ALL (…)`."""
    operand = bind_expressions.bind(expr.operand, block)
    if isinstance(expr.choices, tuple):
        return _over_list(expr, operand, block)
    if expr.op == "<=>":
        raise VerticaError("42601", 'Syntax error at or near "<=>"', 4856)
    found = bind_queries.bind_query(expr.choices, block)
    if expr.quantifier == "ALL" and found.free:
        raise uncorrelated("ALL")
    side = _against(operand, _only(found.columns))
    sql = f"({side.sql} {expr.op} {expr.quantifier} ({found.sql}))"
    return _with_free(combine(sql, BOOLEAN, (side,)), found)


def _over_list(expr: n.Quantified, operand: Bound, block: Block) -> Bound:
    assert isinstance(expr.choices, tuple)  # noqa: S101 -- the caller has looked
    tests = [
        compare(expr.op, operand, bind_expressions.bind(choice, block)) for choice in expr.choices
    ]
    word = " OR " if expr.quantifier == "ANY" else " AND "
    return combine("(" + word.join(test.sql for test in tests) + ")", BOOLEAN, tuple(tests))


def row_equals(expr: n.Operation, block: Block) -> Bound:
    """Return `(a, b) = (query)`."""
    assert isinstance(expr.right, n.Scalar)  # noqa: S101 -- the caller has looked
    if expr.op not in ("=", "<>"):
        raise VerticaError("42601", f'Syntax error at or near "{expr.op}"', 4856)
    negated = expr.op == "<>"
    return in_query(n.Membership(expr.left, expr.right.query, negated), block)


def _against(side: Bound, column: Output) -> Bound:
    other = Bound("NULL", column.vtype)
    if side.is_open:
        return coerce(side, column.vtype)
    left, right = comparable("=", side, other)
    if right.sql != other.sql:
        raise VerticaError("42804", "Types of a subquery and its operand differ; cast one", 3429)
    return left


def _with_free(bound: Bound, found: bind_queries.BoundQuery) -> Bound:
    return combine(bound.sql, bound.vtype, (bound, _answer("", BOOLEAN, found)))


def _only(columns: tuple[Output, ...]) -> Output:
    if len(columns) != 1:
        raise VerticaError("42601", "Subquery must return only one column", 4839)
    return columns[0]


def _same_length(expected: int, columns: tuple[Output, ...]) -> None:
    if len(columns) > expected:
        raise VerticaError("42601", "Subquery has too many columns", 4842)
    if len(columns) < expected:
        raise VerticaError("42601", "Subquery has too few columns", 4841)
