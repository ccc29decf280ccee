"""Read queries: WITH, SELECT, set operations, ORDER BY, LIMIT and OFFSET."""

from __future__ import annotations

from itertools import chain, combinations
from typing import Literal

from local_vertica.sql import nodes as n
from local_vertica.sql import parse_expressions, parse_sources, parse_windows
from local_vertica.sql.cursor import TokenCursor
from local_vertica.sql.refusals import unsupported

Sets = tuple[tuple[n.Expr, ...], ...]

_SETS: dict[str, Literal["UNION", "INTERSECT", "EXCEPT"]] = {
    "UNION": "UNION",
    "EXCEPT": "EXCEPT",
    "MINUS": "EXCEPT",
}


def at_query(cursor: TokenCursor) -> bool:
    """Say whether a query stands here, perhaps in parentheses."""
    ahead = 0
    while cursor.peek(ahead).word == "(":
        ahead += 1
    return cursor.peek(ahead).word in ("SELECT", "WITH")


def read_query(cursor: TokenCursor) -> n.Query:
    """Return the query that stands here, or refuse the statement."""
    historical = _epoch(cursor)
    recursive, ctes = _with(cursor)
    body = _union(cursor)
    order: tuple[n.Order, ...] = ()
    if cursor.accept("ORDER", "BY"):
        order = parse_windows.read_order(cursor, nulls=False)
    offset = _offset(cursor)
    limit, over = _limit(cursor)
    offset = offset or _offset(cursor)
    locked = _for_update(cursor)
    return n.Query(body, ctes, recursive, order, limit, over, offset, locked, historical)


def _epoch(cursor: TokenCursor) -> bool:
    """Read AT EPOCH LATEST; there is no history to read at an earlier epoch or time."""
    if cursor.accept("AT", "EPOCH", "LATEST"):
        return True
    if not cursor.accept("AT"):
        return False
    if not cursor.at("EPOCH", "TIME") or cursor.peek().kind not in ("number", "string"):
        raise cursor.error()
    raise unsupported("A query of earlier data")


def _with(cursor: TokenCursor) -> tuple[bool, tuple[n.Cte, ...]]:
    if not cursor.accept("WITH"):
        return False, ()
    recursive = cursor.accept("RECURSIVE")
    ctes = [_cte(cursor)]
    while cursor.accept(","):
        ctes.append(_cte(cursor))
    return recursive, tuple(ctes)


def _cte(cursor: TokenCursor) -> n.Cte:
    name = cursor.name()
    columns = cursor.names() if cursor.at("(") else ()
    cursor.expect("AS", "(")
    query = read_query(cursor)
    cursor.expect(")")
    return n.Cte(name, columns, query)


def _union(cursor: TokenCursor) -> n.Body:
    left = _intersection(cursor)
    while cursor.at(*_SETS):
        op = _SETS[cursor.advance().word]
        left = n.Combined(op, _all(cursor, op), left, _intersection(cursor))
    return left


def _intersection(cursor: TokenCursor) -> n.Body:
    left = _body(cursor)
    while cursor.accept("INTERSECT"):
        left = n.Combined("INTERSECT", _all(cursor, "INTERSECT"), left, _body(cursor))
    return left


def _all(cursor: TokenCursor, op: str) -> bool:
    if op == "UNION" and cursor.accept("ALL"):
        return True
    cursor.accept("DISTINCT")
    return False


def _body(cursor: TokenCursor) -> n.Body:
    if cursor.accept("("):
        query = read_query(cursor)
        cursor.expect(")")
        return query
    return _select(cursor)


def _select(cursor: TokenCursor) -> n.Select:
    cursor.expect("SELECT")
    distinct = cursor.accept("DISTINCT")
    if not distinct:
        cursor.accept("ALL")
    items = [_item(cursor)]
    while cursor.accept(","):
        items.append(_item(cursor))
    sources = parse_sources.read_sources(cursor) if cursor.accept("FROM") else ()
    where = _condition(cursor, "WHERE")
    timeseries = _timeseries(cursor) if cursor.accept("TIMESERIES") else None
    groups = _groups(cursor) if cursor.accept("GROUP", "BY") else ()
    having = _condition(cursor, "HAVING")
    if cursor.at("MATCH"):
        raise unsupported("The MATCH clause")
    windows = _windows(cursor) if cursor.accept("WINDOW") else ()
    return n.Select(tuple(items), distinct, sources, where, timeseries, groups, having, windows)


def _condition(cursor: TokenCursor, word: str) -> n.Expr | None:
    return parse_expressions.read_expression(cursor) if cursor.accept(word) else None


def _item(cursor: TokenCursor) -> n.Item:
    if cursor.accept("*"):
        return n.Item(n.Star())
    if cursor.at_name() and cursor.peek().word == ".":
        star = _qualified_star(cursor)
        if star is not None:
            return n.Item(star)
    return n.Item(parse_expressions.read_expression(cursor), cursor.alias())


def _qualified_star(cursor: TokenCursor) -> n.Star | None:
    ahead, parts = 0, []
    while cursor.peek(ahead + 1).word == ".":
        parts.append(cursor.peek(ahead).value)
        ahead += 2
    if cursor.peek(ahead).word != "*" or len(parts) > 2:
        return None
    cursor.position += ahead + 1
    return n.Star(tuple(parts))


def _timeseries(cursor: TokenCursor) -> n.TimeSeries:
    name = cursor.name()
    cursor.expect("AS")
    step = parse_expressions.read_operand(cursor)
    cursor.expect("OVER")
    return n.TimeSeries(name, step, parse_windows.read_window(cursor))


def _groups(cursor: TokenCursor) -> tuple[n.Group, ...]:
    groups = [_group(cursor)]
    while cursor.accept(","):
        groups.append(_group(cursor))
    return tuple(groups)


def _group(cursor: TokenCursor) -> n.Group:
    if _at_levels(cursor):
        return _levels(cursor)
    if cursor.accept("GROUPING", "SETS", "("):
        sets = [*_grouping_sets(cursor)]
        while cursor.accept(","):
            sets.extend(_grouping_sets(cursor))
        cursor.expect(")")
        return n.Group("SETS", tuple(sets))
    return n.Group("PLAIN", ((parse_expressions.read_expression(cursor),),))


def _at_levels(cursor: TokenCursor) -> bool:
    return cursor.at("ROLLUP", "CUBE") and cursor.peek().word == "("


def _levels(cursor: TokenCursor) -> n.Group:
    """Return a ROLLUP or CUBE, which has no other in it."""
    kind: Literal["ROLLUP", "CUBE"] = "ROLLUP" if cursor.advance().word == "ROLLUP" else "CUBE"
    cursor.expect("(")
    found = [_set(cursor)]
    while cursor.accept(","):
        found.append(_set(cursor))
    cursor.expect(")")
    return n.Group(kind, tuple(found))


def _grouping_sets(cursor: TokenCursor) -> Sets:
    """Return the sets of one element of GROUPING SETS; ROLLUP and CUBE stand for several."""
    if not _at_levels(cursor):
        return (_set(cursor),)
    group = _levels(cursor)
    count = len(group.sets)
    if group.kind == "ROLLUP":
        return tuple(_joined(group.sets[:size]) for size in range(count, -1, -1))
    sizes = range(count, -1, -1)
    return tuple(_joined(some) for size in sizes for some in combinations(group.sets, size))


def _joined(sets: Sets) -> tuple[n.Expr, ...]:
    return tuple(chain.from_iterable(sets))


def _set(cursor: TokenCursor) -> tuple[n.Expr, ...]:
    if _at_levels(cursor) or cursor.at_words("GROUPING", "SETS"):
        raise cursor.error()
    if cursor.accept("(", ")"):
        return ()
    expr = parse_expressions.read_expression(cursor)
    return expr.items if isinstance(expr, n.Row) else (expr,)


def _windows(cursor: TokenCursor) -> tuple[tuple[str, n.Window], ...]:
    found = []
    while True:
        name = cursor.name()
        cursor.expect("AS")
        found.append((name, parse_windows.read_window(cursor)))
        if not cursor.accept(","):
            return tuple(found)
        cursor.accept("WINDOW")


def _offset(cursor: TokenCursor) -> n.Expr | None:
    return parse_expressions.read_operand(cursor) if cursor.accept("OFFSET") else None


def _limit(cursor: TokenCursor) -> tuple[n.Expr | None, n.Window | None]:
    if not cursor.accept("LIMIT"):
        return None, None
    if cursor.accept("ALL"):
        return None, None
    limit = parse_expressions.read_operand(cursor)
    over = parse_windows.read_window(cursor) if cursor.accept("OVER") else None
    return limit, over


def _for_update(cursor: TokenCursor) -> bool:
    if not cursor.accept("FOR", "UPDATE"):
        return False
    if cursor.accept("OF"):
        cursor.qualified()
        while cursor.accept(","):
            cursor.qualified()
    return True
