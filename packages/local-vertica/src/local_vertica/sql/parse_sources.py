"""Read FROM: tables, subqueries and joins."""

from __future__ import annotations

from typing import Literal

from local_vertica.sql import nodes as n
from local_vertica.sql import parse_expressions, parse_queries
from local_vertica.sql.cursor import TokenCursor

_KINDS: dict[str, Literal["LEFT", "RIGHT", "FULL"]] = {
    "LEFT": "LEFT",
    "RIGHT": "RIGHT",
    "FULL": "FULL",
}


def read_sources(cursor: TokenCursor) -> tuple[n.Source, ...]:
    """Return the sources of a FROM, parted by commas."""
    found = [read_source(cursor)]
    while cursor.accept(","):
        found.append(read_source(cursor))
    return tuple(found)


def read_source(cursor: TokenCursor) -> n.Source:
    """Return one source with all the joins that follow it."""
    left = _primary(cursor)
    while True:
        joined = _join(cursor, left)
        if joined is None:
            return left
        left = joined


def read_table(cursor: TokenCursor, *, alias: bool = True) -> n.TableRef:
    """Return a table by name, with its alias and column names where they may stand."""
    parts = cursor.qualified()
    schema = parts[-2] if len(parts) > 1 else None
    given = cursor.table_alias() if alias else None
    columns = cursor.names() if given and cursor.at("(") else ()
    sample = None
    if cursor.accept("TABLESAMPLE"):
        cursor.expect("(")
        sample = cursor.advance().value
        cursor.expect(")")
    return n.TableRef(schema, parts[-1], given, columns, sample)


def _primary(cursor: TokenCursor) -> n.Source:
    if not cursor.at("("):
        return read_table(cursor)
    if parse_queries.at_query(cursor) and not _joined_in_parentheses(cursor):
        cursor.expect("(")
        query = parse_queries.read_query(cursor)
        cursor.expect(")")
        alias = cursor.table_alias()
        columns = cursor.names() if alias and cursor.at("(") else ()
        return n.Derived(query, alias, columns)
    cursor.expect("(")
    source = read_source(cursor)
    cursor.expect(")")
    return source


def _joined_in_parentheses(cursor: TokenCursor) -> bool:
    """Tell `((SELECT …) AS a JOIN …)` from `((SELECT …) UNION …)`."""
    if cursor.peek().word != "(":
        return False
    depth, ahead = 1, 2
    while depth and cursor.peek(ahead).kind != "end":
        depth += (cursor.peek(ahead).word == "(") - (cursor.peek(ahead).word == ")")
        ahead += 1
    follower = cursor.peek(ahead)
    return follower.word not in ("UNION", "INTERSECT", "EXCEPT", "MINUS", "ORDER", "LIMIT", ")")


def _join(cursor: TokenCursor, left: n.Source) -> n.Source | None:
    if cursor.accept("CROSS", "JOIN"):
        return n.Join("CROSS", left, _primary(cursor))
    natural = cursor.accept("NATURAL")
    kind: Literal["INNER", "LEFT", "RIGHT", "FULL"] | None = _kind(cursor)
    if kind is None:
        if natural:
            raise cursor.error()
        return None
    right = _primary(cursor)
    if natural:
        return n.Join(kind, left, right, natural=True)
    if cursor.accept("ON"):
        return n.Join(kind, left, right, on=parse_expressions.read_expression(cursor))
    if cursor.accept("USING"):
        return n.Join(kind, left, right, using=cursor.names())
    return _nested(cursor, kind, left, right)


def _nested(
    cursor: TokenCursor,
    kind: Literal["INNER", "LEFT", "RIGHT", "FULL"],
    left: n.Source,
    right: n.Source,
) -> n.Source:
    """Read `a JOIN b JOIN c ON … ON …`, whose inner join stands on the right."""
    inner = _join(cursor, right)
    if inner is not None and cursor.accept("ON"):
        return n.Join(kind, left, inner, on=parse_expressions.read_expression(cursor))
    raise cursor.error()


def _kind(cursor: TokenCursor) -> Literal["INNER", "LEFT", "RIGHT", "FULL"] | None:
    if cursor.accept("JOIN") or cursor.accept("INNER", "JOIN"):
        return "INNER"
    if cursor.token.word in _KINDS:
        kind = _KINDS[cursor.advance().word]
        cursor.accept("OUTER")
        cursor.expect("JOIN")
        return kind
    return None
