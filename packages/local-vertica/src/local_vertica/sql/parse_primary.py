"""Read what an operator may stand beside: literals, names, calls, CASE, subqueries."""

from __future__ import annotations

from local_vertica.sql import nodes as n
from local_vertica.sql import parse_calls, parse_expressions, parse_queries
from local_vertica.sql.cursor import TokenCursor
from local_vertica.sql.literals import natural_numeric
from local_vertica.sql.parse_types import at_type, read_qualifier, read_type
from local_vertica.sql.words import BARE_FUNCTIONS, CALLABLE
from local_vertica.types import parse_type

_CONSTANTS = {"NULL": None, "TRUE": True, "FALSE": False}


def read_primary(cursor: TokenCursor) -> n.Expr:
    """Return the operand that stands here, or refuse the statement."""
    token = cursor.token
    match token.kind:
        case "number":
            return n.Number(cursor.advance().value)
        case "string":
            return n.String(cursor.advance().value)
        case "binary":
            return n.Binary(cursor.advance().value)
        case "parameter":
            cursor.advance()
            cursor.parameters += 1
            return n.Parameter(cursor.parameters)
    if token.word == "(":
        return _parenthesis(cursor)
    return _worded(cursor)


def _worded(cursor: TokenCursor) -> n.Expr:
    word = cursor.token.word
    if word in _CONSTANTS:
        cursor.advance()
        return n.Constant(_CONSTANTS[word])
    if word == "CASE":
        return _case(cursor)
    if word == "CAST":
        return _cast(cursor)
    if word == "EXISTS" and cursor.peek().word == "(":
        return _exists(cursor)
    if word in ("INTERVAL", "INTERVALYM"):
        return _interval(cursor)
    if at_type(cursor) and _literal_follows(cursor):
        return _typed_literal(cursor)
    return _named(cursor)


def _named(cursor: TokenCursor) -> n.Expr:
    word, follower = cursor.token.word, cursor.peek().word
    if follower == "(" and (cursor.at_name() or word in CALLABLE):
        return parse_calls.read_call(cursor)
    if word in BARE_FUNCTIONS:
        return n.Call(cursor.advance().value, bare=True)
    if cursor.at_name() and follower == "." and cursor.peek(3).word == "(":
        return parse_calls.read_call(cursor)
    return n.Column(cursor.qualified())


def _parenthesis(cursor: TokenCursor) -> n.Expr:
    cursor.expect("(")
    if parse_queries.at_query(cursor):
        found: n.Expr = n.Scalar(parse_queries.read_query(cursor))
    else:
        items = parse_expressions.read_list(cursor)
        found = items[0] if len(items) == 1 else n.Row(items)
    cursor.expect(")")
    return found


def _case(cursor: TokenCursor) -> n.Expr:
    cursor.expect("CASE")
    operand = None if cursor.at("WHEN") else parse_expressions.read_expression(cursor)
    branches = []
    while cursor.accept("WHEN"):
        condition = parse_expressions.read_expression(cursor)
        cursor.expect("THEN")
        branches.append((condition, parse_expressions.read_expression(cursor)))
    if not branches:
        raise cursor.error()
    default = parse_expressions.read_expression(cursor) if cursor.accept("ELSE") else None
    cursor.expect("END")
    return n.Case(operand, tuple(branches), default)


def _cast(cursor: TokenCursor) -> n.Expr:
    cursor.expect("CAST", "(")
    operand = parse_expressions.read_expression(cursor)
    cursor.expect("AS")
    vtype = read_type(cursor)
    cursor.expect(")")
    return n.Cast(operand, vtype)


def _exists(cursor: TokenCursor) -> n.Expr:
    cursor.expect("EXISTS", "(")
    query = parse_queries.read_query(cursor)
    cursor.expect(")")
    return n.Exists(query)


def _literal_follows(cursor: TokenCursor) -> bool:
    """Look past the words and the size of a type for a string."""
    ahead = 1
    while cursor.peek(ahead).word in ("VARYING", "PRECISION", "VARCHAR", "VARBINARY"):
        ahead += 1
    if cursor.peek(ahead).word == "(" and cursor.peek(ahead + 1).kind == "number":
        while cursor.peek(ahead).word not in (")", ""):
            ahead += 1 + (cursor.peek(ahead + 1).kind == "number")
        ahead += 1
    if cursor.peek(ahead).word in ("WITH", "WITHOUT"):
        ahead += 3 if cursor.peek(ahead + 1).word == "TIME" else 2
    return cursor.peek(ahead).kind == "string"


def _typed_literal(cursor: TokenCursor) -> n.Expr:
    has_no_size = cursor.token.word in ("NUMERIC", "DECIMAL") and cursor.peek().kind == "string"
    vtype = read_type(cursor)
    if cursor.token.kind != "string":
        raise cursor.error()
    value = cursor.advance().value
    return n.Cast(n.String(value), natural_numeric(value) if has_no_size else vtype)


def _interval(cursor: TokenCursor) -> n.Expr:
    start = cursor.advance()
    size = ""
    if cursor.at("(") and cursor.peek().kind == "number":
        size = f"({cursor.peek().value})"
        cursor.position += 2
        cursor.expect(")")
    sign = "-" if cursor.accept("-") else ""
    if cursor.token.kind != "string":
        raise cursor.error()
    value = cursor.advance().value
    qualifier = read_qualifier(cursor)
    if size and (qualifier is None or qualifier.precision is None):
        units = qualifier.name if qualifier else "INTERVAL DAY TO SECOND"
        qualifier = parse_type(units + size)
    if start.word == "INTERVALYM" and qualifier is None:
        return n.Interval(sign + value, n.YEAR_TO_MONTH)
    return n.Interval(sign + value, qualifier)
