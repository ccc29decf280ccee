"""Read ORDER BY lists, windows and their frames."""

from __future__ import annotations

from typing import Literal

from local_vertica.sql import nodes as n
from local_vertica.sql import parse_expressions
from local_vertica.sql.cursor import TokenCursor


def read_order(cursor: TokenCursor, *, nulls: bool) -> tuple[n.Order, ...]:
    """Return the elements of an ORDER BY; NULLS FIRST and LAST only where Vertica has them."""
    found = [_element(cursor, nulls)]
    while cursor.accept(","):
        found.append(_element(cursor, nulls))
    return tuple(found)


def _element(cursor: TokenCursor, nulls: bool) -> n.Order:
    expr = parse_expressions.read_expression(cursor)
    descending = cursor.accept("DESC")
    if not descending:
        cursor.accept("ASC")
    place: Literal["", "FIRST", "LAST", "AUTO"] = ""
    if nulls and cursor.accept("NULLS"):
        place = _place(cursor)
    return n.Order(expr, descending, place)


def _place(cursor: TokenCursor) -> Literal["FIRST", "LAST", "AUTO"]:
    if cursor.accept("FIRST"):
        return "FIRST"
    if cursor.accept("LAST"):
        return "LAST"
    cursor.expect("AUTO")
    return "AUTO"


def read_window(cursor: TokenCursor) -> n.Window:
    """Return what stands in the parentheses after OVER."""
    cursor.expect("(")
    base = None
    if cursor.at_name() and not cursor.at("PARTITION", "ROWS", "RANGE"):
        base = cursor.name()
    partition = parse_expressions.read_list(cursor) if cursor.accept("PARTITION", "BY") else ()
    order = read_order(cursor, nulls=True) if cursor.accept("ORDER", "BY") else ()
    frame = _frame(cursor) if cursor.at("ROWS", "RANGE") else None
    cursor.expect(")")
    return n.Window(base, partition, order, frame)


def _frame(cursor: TokenCursor) -> n.Frame:
    unit: Literal["ROWS", "RANGE"] = "ROWS" if cursor.advance().word == "ROWS" else "RANGE"
    if not cursor.accept("BETWEEN"):
        return n.Frame(unit, _bound(cursor), None)
    start = _bound(cursor)
    cursor.expect("AND")
    return n.Frame(unit, start, _bound(cursor))


def _bound(cursor: TokenCursor) -> tuple[str, n.Expr | None]:
    if cursor.accept("CURRENT", "ROW"):
        return "CURRENT ROW", None
    value = None if cursor.accept("UNBOUNDED") else parse_expressions.read_operand(cursor)
    if not cursor.at("PRECEDING", "FOLLOWING"):
        raise cursor.error()
    word = cursor.advance().word
    return (f"UNBOUNDED {word}", None) if value is None else (word, value)
