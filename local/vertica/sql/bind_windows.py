"""Work out OVER (…)."""

from __future__ import annotations

from local.vertica.errors import VerticaError
from local.vertica.sql import bind_expressions
from local.vertica.sql import nodes as n
from local.vertica.sql.blocks import Block
from local.vertica.sql.bound import INTEGER, NUMBERS, Bound
from local.vertica.sql.casts import coerce, settle
from local.vertica.sql.ordering import window_direction


def resolved(window: n.Window, block: Block) -> n.Window:
    """Return a window with the named window it starts from filled in."""
    if window.base is None:
        return window
    base = block.windows.get(window.base.lower())
    if base is None:
        raise VerticaError("42704", f'Window "{window.base}" does not exist', 5727)
    base = resolved(base, block)
    if window.partition or (window.order and base.order):
        message = f'Cannot override clauses of window "{window.base}"'
        raise VerticaError("42P20", message, 2348)
    frame = window.frame or base.frame
    return n.Window(None, base.partition, window.order or base.order, frame)


def window_text(window: n.Window, block: Block) -> tuple[str, tuple[Bound, ...]]:
    """Return what stands in OVER's parentheses, and the expressions it uses."""
    window = resolved(window, block)
    partition = [settle(bind_expressions.bind(expr, block)) for expr in window.partition]
    orders = [settle(bind_expressions.bind(element.expr, block)) for element in window.order]
    pieces = []
    if partition:
        pieces.append("PARTITION BY " + ", ".join(bound.sql for bound in partition))
    if orders:
        keys = [
            bound.sql + window_direction(element, bound.vtype)
            for bound, element in zip(orders, window.order, strict=True)
        ]
        pieces.append("ORDER BY " + ", ".join(keys))
    if window.frame is not None:
        pieces.append(_frame(window, block, orders))
    return " ".join(pieces), (*partition, *orders)


def _frame(window: n.Window, block: Block, orders: list[Bound]) -> str:
    frame = window.frame
    if frame is None or not window.order:
        raise VerticaError("42P20", "A window frame needs a window ORDER BY", 5729)
    start = _bound(frame.start, frame.unit, block, orders)
    if frame.start[0] == "UNBOUNDED FOLLOWING" or (frame.start[0] == "FOLLOWING" and not frame.end):
        raise VerticaError("42P20", "Window frame cannot start with FOLLOWING", 5728)
    if frame.end is None:
        return f"{frame.unit} {start}"
    if frame.end[0] == "UNBOUNDED PRECEDING":
        raise VerticaError("42P20", "Window frame cannot end with UNBOUNDED PRECEDING", 5728)
    return f"{frame.unit} BETWEEN {start} AND {_bound(frame.end, frame.unit, block, orders)}"


def _bound(edge: tuple[str, n.Expr | None], unit: str, block: Block, orders: list[Bound]) -> str:
    word, expr = edge
    if expr is None:
        return word
    bound = bind_expressions.bind(expr, block)
    if bound.free:
        raise VerticaError("42P20", "A window frame's offset must be a constant", 5728)
    if unit == "ROWS" or orders[0].vtype.name in NUMBERS:
        count = coerce(bound, INTEGER) if bound.is_open else bound
        if unit == "ROWS" and count.vtype != INTEGER:
            raise VerticaError("42804", "Argument of ROWS must be type int", 2213)
        return f"{count.number or count.sql} {word}"
    return f"{bound.sql} {word}"
