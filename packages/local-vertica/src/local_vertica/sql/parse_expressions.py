"""Read expressions: operators by their precedence, then predicates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from local_vertica.sql import nodes as n
from local_vertica.sql import parse_primary, parse_queries
from local_vertica.sql.cursor import TokenCursor
from local_vertica.sql.parse_types import read_type

COMPARISONS = ("=", "<", ">", "<=", ">=", "<>", "!=", "<=>")
LIKE_OPERATORS = {
    "~~": ("LIKE", False),
    "~#": ("LIKEB", False),
    "~~*": ("ILIKE", False),
    "~#*": ("ILIKEB", False),
    "!~~": ("LIKE", True),
    "!~#": ("LIKEB", True),
    "!~~*": ("ILIKE", True),
    "!~#*": ("ILIKEB", True),
}
_LEVELS = (("||", "|", "&", "#", "<<", ">>"), ("+", "-"), ("*", "/", "//", "%"), ("^",))


def read_expression(cursor: TokenCursor) -> n.Expr:
    """Return the expression that stands here, or refuse the statement."""
    left = _conjunction(cursor)
    while cursor.accept("OR"):
        left = n.Operation("OR", left, _conjunction(cursor))
    return left


def read_list(cursor: TokenCursor) -> tuple[n.Expr, ...]:
    """Return one or more expressions parted by commas."""
    found = [read_expression(cursor)]
    while cursor.accept(","):
        found.append(read_expression(cursor))
    return tuple(found)


def read_operand(cursor: TokenCursor) -> n.Expr:
    """Return an expression without comparisons and predicates."""
    return _infix(cursor, 0)


def _conjunction(cursor: TokenCursor) -> n.Expr:
    left = _negation(cursor)
    while cursor.accept("AND"):
        left = n.Operation("AND", left, _negation(cursor))
    return left


def _negation(cursor: TokenCursor) -> n.Expr:
    if cursor.accept("NOT"):
        return n.Unary("NOT", _negation(cursor))
    return _comparison(cursor)


def _comparison(cursor: TokenCursor) -> n.Expr:
    left = _predicates(cursor, read_operand(cursor))
    while cursor.at(*COMPARISONS):
        op = cursor.advance().word
        op = "<>" if op == "!=" else op
        if cursor.at("ANY", "SOME", "ALL") and cursor.peek().word == "(":
            left = _quantified(cursor, op, left)
        else:
            left = n.Operation(op, left, _predicates(cursor, read_operand(cursor)))
    return left


def _quantified(cursor: TokenCursor, op: str, left: n.Expr) -> n.Expr:
    quantifier = _quantifier(cursor)
    return n.Quantified(op, left, quantifier, _choices(cursor))


def _quantifier(cursor: TokenCursor) -> Literal["ANY", "ALL"]:
    return "ALL" if cursor.advance().word == "ALL" else "ANY"


def _choices(cursor: TokenCursor) -> tuple[n.Expr, ...] | n.Query:
    cursor.expect("(")
    choices = (
        parse_queries.read_query(cursor) if parse_queries.at_query(cursor) else read_list(cursor)
    )
    cursor.expect(")")
    return choices


def _predicates(cursor: TokenCursor, left: n.Expr) -> n.Expr:
    while True:
        negated = cursor.at("NOT") and cursor.peek().word in _PREDICATES
        word = cursor.peek().word if negated else cursor.token.word
        if word in LIKE_OPERATORS:
            op, inverse = LIKE_OPERATORS[cursor.advance().word]
            left = _like(cursor, left, (op, inverse))
        elif word in _PREDICATES and (negated or word in _PREDICATES):
            cursor.position += 1 + negated
            left = _PREDICATES[word](cursor, left, negated)
        elif word in ("IS", "ISNULL", "NOTNULL"):
            left = _is(cursor, left)
        elif word == "INTERPOLATE":
            left = _interpolate(cursor, left)
        elif word == "OVERLAPS" and isinstance(left, n.Row):
            left = _overlaps(cursor, left)
        else:
            return left


def _interpolate(cursor: TokenCursor, left: n.Expr) -> n.Expr:
    cursor.expect("INTERPOLATE")
    if not cursor.at("PREVIOUS", "NEXT"):
        raise cursor.error()
    is_next = cursor.advance().word == "NEXT"
    cursor.expect("VALUE")
    return n.Interpolate(left, read_operand(cursor), is_next)


def _is(cursor: TokenCursor, left: n.Expr) -> n.Expr:
    word = cursor.advance().word
    if word != "IS":
        return n.Is(left, "NULL", word == "NOTNULL")
    negated = cursor.accept("NOT")
    if not cursor.at("NULL", "TRUE", "FALSE", "UNKNOWN"):
        raise cursor.error()
    return n.Is(left, cursor.advance().word, negated)


def _overlaps(cursor: TokenCursor, left: n.Row) -> n.Expr:
    cursor.expect("OVERLAPS")
    right = read_operand(cursor)
    if not isinstance(right, n.Row) or len(left.items) != 2 or len(right.items) != 2:
        raise cursor.error()
    return n.Call("OVERLAPS", (*left.items, *right.items))


def _between(cursor: TokenCursor, left: n.Expr, negated: bool) -> n.Expr:
    low = read_operand(cursor)
    cursor.expect("AND")
    return n.Between(left, low, read_operand(cursor), negated)


def _membership(cursor: TokenCursor, left: n.Expr, negated: bool) -> n.Expr:
    return n.Membership(left, _choices(cursor), negated)


def _like_word(op: str) -> Callable[[TokenCursor, n.Expr, bool], n.Expr]:
    def read(cursor: TokenCursor, left: n.Expr, negated: bool) -> n.Expr:
        found = _like(cursor, left, (op, negated))
        escape = read_operand(cursor) if cursor.accept("ESCAPE") else None
        return replace(found, escape=escape)

    return read


def _like(cursor: TokenCursor, left: n.Expr, how: tuple[str, bool]) -> n.Like:
    """Return the test against patterns; ESCAPE belongs to the word, not to its symbol."""
    quantifier: Literal["", "ANY", "ALL"] = ""
    if cursor.at("ANY", "SOME", "ALL") and cursor.peek().word == "(":
        quantifier = _quantifier(cursor)
        cursor.expect("(")
        patterns = read_list(cursor)
        cursor.expect(")")
    else:
        patterns = (read_operand(cursor),)
    return n.Like(how[0], left, patterns, quantifier, None, how[1])


_PREDICATES: dict[str, Callable[[TokenCursor, n.Expr, bool], n.Expr]] = {
    "BETWEEN": _between,
    "IN": _membership,
    "LIKE": _like_word("LIKE"),
    "ILIKE": _like_word("ILIKE"),
    "LIKEB": _like_word("LIKEB"),
    "ILIKEB": _like_word("ILIKEB"),
}


def _infix(cursor: TokenCursor, level: int) -> n.Expr:
    if level == len(_LEVELS):
        return _prefixed(cursor)
    left = _infix(cursor, level + 1)
    while cursor.at(*_LEVELS[level]):
        op = cursor.advance().word
        left = n.Operation(op, left, _infix(cursor, level + 1))
    return left


def _prefixed(cursor: TokenCursor) -> n.Expr:
    if cursor.at("-", "+", "~", "@", "|/", "||/", "!!"):
        op = cursor.advance().word
        return n.Unary(op, _prefixed(cursor))
    return _postfixed(cursor)


def _postfixed(cursor: TokenCursor) -> n.Expr:
    operand = parse_primary.read_primary(cursor)
    while True:
        if cursor.at("::", "::!"):
            safe = cursor.advance().word == "::!"
            operand = n.Cast(operand, read_type(cursor), safe)
        elif cursor.at_words("AT", "TIME", "ZONE") or cursor.at_words("AT", "TIMEZONE"):
            cursor.position += 3 if cursor.peek().word == "TIME" else 2
            operand = n.Call("AT TIME ZONE", (operand, parse_primary.read_primary(cursor)))
        elif cursor.accept("!"):
            operand = n.Unary("x!", operand)
        elif cursor.at("["):
            raise cursor.error()
        else:
            return operand
