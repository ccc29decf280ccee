"""Predicates: BETWEEN, IN, LIKE, IS, and comparisons of rows."""

from __future__ import annotations

from local_vertica.errors import VerticaError
from local_vertica.sql import bind_expressions, bind_subqueries
from local_vertica.sql import nodes as n
from local_vertica.sql.bind_operators import comparable, compare, condition
from local_vertica.sql.blocks import Block
from local_vertica.sql.bound import BOOLEAN, Bound, combine, text
from local_vertica.sql.casts import coerce, settle
from local_vertica.sql.refusals import unknown_operator, unsupported
from local_vertica.types import VType

COMPARISONS = frozenset({"=", "<>", "<", ">", "<=", ">=", "<=>"})


def between(expr: n.Between, block: Block) -> Bound:
    """Return `operand BETWEEN low AND high`."""
    operand, low, high = (
        bind_expressions.bind(part, block) for part in (expr.operand, expr.low, expr.high)
    )
    if operand.is_open:
        operand = coerce(operand, low.vtype if not low.is_open else high.vtype)
    (first, low), (second, high) = comparable(">=", operand, low), comparable("<=", operand, high)
    word = "NOT BETWEEN" if expr.negated else "BETWEEN"
    if first.sql == second.sql:
        sql = f"({first.sql} {word} {low.number or low.sql} AND {high.number or high.sql})"
    else:
        inside = f"({first.sql} >= {low.sql} AND {second.sql} <= {high.sql})"
        sql = f"(NOT {inside})" if expr.negated else inside
    return combine(sql, BOOLEAN, (operand, low, high))


def membership(expr: n.Membership, block: Block) -> Bound:
    """Return `operand IN (…)`."""
    if not isinstance(expr.choices, tuple):
        return bind_subqueries.in_query(expr, block)
    if isinstance(expr.operand, n.Row):
        return _rows_in(expr.operand, expr.choices, expr.negated, block)
    operand = bind_expressions.bind(expr.operand, block)
    choices = [bind_expressions.bind(choice, block) for choice in expr.choices]
    pairs = [comparable("=", operand, choice) for choice in choices]
    word = "NOT IN" if expr.negated else "IN"
    parts = (operand, *choices)
    if len({left.sql for left, _ in pairs}) == 1:
        left = pairs[0][0].sql
        listed = ", ".join(right.number or right.sql for _, right in pairs)
        return combine(f"({left} {word} ({listed}))", BOOLEAN, parts)
    equal = " OR ".join(f"({left.sql} = {right.sql})" for left, right in pairs)
    return combine(f"(NOT ({equal}))" if expr.negated else f"({equal})", BOOLEAN, parts)


def _rows_in(row: n.Row, choices: tuple[n.Expr, ...], negated: bool, block: Block) -> Bound:
    equal = [compare_rows(n.Operation("=", row, choice), block) for choice in choices]
    sql = " OR ".join(part.sql for part in equal)
    return combine(f"(NOT ({sql}))" if negated else f"({sql})", BOOLEAN, tuple(equal))


def compare_rows(expr: n.Operation, block: Block) -> Bound:
    """Return the comparison of two rows, item by item."""
    if isinstance(expr.right, n.Scalar) and isinstance(expr.left, n.Row):
        return bind_subqueries.row_equals(expr, block)
    if not (isinstance(expr.left, n.Row) and isinstance(expr.right, n.Row)):
        raise VerticaError("42601", "Unequal number of entries in row expressions", 5228)
    if len(expr.left.items) != len(expr.right.items):
        raise VerticaError("42601", "Unequal number of entries in row expressions", 5228)
    if expr.op not in ("=", "<>"):
        raise unsupported(f"A comparison of rows with {expr.op}")
    parts = tuple(
        compare("=", bind_expressions.bind(left, block), bind_expressions.bind(right, block))
        for left, right in zip(expr.left.items, expr.right.items, strict=True)
    )
    joined = "(" + " AND ".join(part.sql for part in parts) + ")"
    return combine(f"(NOT {joined})" if expr.op == "<>" else joined, BOOLEAN, parts)


def is_test(expr: n.Is, block: Block) -> Bound:
    """Return `operand IS [NOT] NULL|TRUE|FALSE|UNKNOWN`."""
    operand = bind_expressions.bind(expr.operand, block)
    word = "IS NOT" if expr.negated else "IS"
    if expr.what == "NULL":
        side = settle(operand)
        return combine(f"({side.sql} {word} NULL)", BOOLEAN, (side,))
    side = condition(operand, f"{word} {expr.what}")
    what = "NULL" if expr.what == "UNKNOWN" else expr.what
    return combine(f"({side.sql} {word} {what})", BOOLEAN, (side,))


def like(expr: n.Like, block: Block) -> Bound:
    """Return `operand LIKE pattern`, with ANY and ALL over several patterns."""
    operand = _text(bind_expressions.bind(expr.operand, block), expr.op)
    escape = _escape(expr, block)
    tests = []
    for pattern in expr.patterns:
        side = _text(bind_expressions.bind(pattern, block), expr.op)
        tests.append(_matches(expr.op, operand, side, escape))
    joined = (" OR " if expr.quantifier == "ANY" else " AND ").join(test.sql for test in tests)
    sql = f"(NOT ({joined}))" if expr.negated else f"({joined})" if len(tests) > 1 else joined
    return combine(sql, BOOLEAN, tuple(tests))


def _text(side: Bound, op: str) -> Bound:
    if side.is_open:
        return coerce(side, VType("VARCHAR", length=65000)) if not side.literal else side
    if not side.vtype.is_string:
        raise unknown_operator(side.vtype, op, VType("VARCHAR"))
    return side


def _escape(expr: n.Like, block: Block) -> str:
    if expr.escape is None:
        return "\\"
    side = bind_expressions.bind(expr.escape, block)
    if side.literal is None or len(side.literal) > 1:
        raise VerticaError(
            "22025",
            "Invalid escape string",
            3678,
            hint="Escape string must be empty or one character",
        )
    return side.literal


def _matches(op: str, operand: Bound, pattern: Bound, escape: str) -> Bound:
    word = "ILIKE" if op.startswith("ILIKE") else "LIKE"
    known = pattern.literal
    if known is not None and escape and _is_broken(known, escape):
        raise VerticaError("22025", "Invalid escape sequence", 3677)
    needed = escape if known is None or (escape and escape in known) else ""
    tail = f" ESCAPE {text(needed)}" if needed else ""
    return combine(f"({operand.sql} {word} {pattern.sql}{tail})", BOOLEAN, (operand, pattern))


def _is_broken(pattern: str, escape: str) -> bool:
    """Say whether an escape stands at the end of a pattern, with nothing to escape."""
    rest = pattern.replace(escape * 2, "")
    return rest.endswith(escape)
