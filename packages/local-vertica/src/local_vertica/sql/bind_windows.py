"""Work out OVER (…)."""

from __future__ import annotations

from local_vertica.errors import VerticaError
from local_vertica.sql import bind_expressions
from local_vertica.sql import nodes as n
from local_vertica.sql.blocks import Block
from local_vertica.sql.bound import INTEGER, NUMBERS, Bound
from local_vertica.sql.casts import coerce, family, settle
from local_vertica.sql.ordering import window_direction

Edge = tuple[str, n.Expr | None]


def resolved(window: n.Window, block: Block) -> n.Window:
    """Return a window with the named window it starts from filled in."""
    if window.base is None:
        return window
    base = block.windows.get(window.base.lower())
    if base is None:
        raise VerticaError("42704", f'Window "{window.base}" does not exist', 5727)
    base = resolved(base, block)
    if window.partition or (window.order and base.order):
        clause, code = ("PARTITION BY", 2466) if window.partition else ("ORDER BY", 2465)
        message = f'Cannot override {clause} clause of window "{window.base}"'
        raise VerticaError("42P20", message, code)
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


_EDGES = ("UNBOUNDED PRECEDING", "PRECEDING", "CURRENT ROW", "FOLLOWING", "UNBOUNDED FOLLOWING")


def _frame(window: n.Window, block: Block, orders: list[Bound]) -> str:
    frame = window.frame
    if frame is None or not window.order:
        raise VerticaError("42P20", "Frame clause not allowed without windowing order by", 3446)
    start = _bound(frame.start, frame.unit, block, orders)
    if frame.end is None:
        _in_order(frame.start, ("CURRENT ROW", None))
        return f"{frame.unit} {start}"
    _in_order(frame.start, frame.end)
    return f"{frame.unit} BETWEEN {start} AND {_bound(frame.end, frame.unit, block, orders)}"


def _in_order(start: Edge, end: Edge) -> None:
    """Refuse a frame that ends before it starts, or reaches beyond the partition's other end."""
    first, last = _EDGES.index(start[0]), _EDGES.index(end[0])
    counts = [edge[1].text for edge in (start, end) if isinstance(edge[1], n.Number)]
    if first == last and len(counts) == 2:
        before, after = (float(count) for count in counts)
        is_wrong = before < after if start[0] == "PRECEDING" else before > after
    else:
        is_wrong = first > last or first == 4 or last == 0
    if is_wrong:
        raise VerticaError("42P20", "Window frame cannot end before it starts", 5728)


def _bound(edge: Edge, unit: str, block: Block, orders: list[Bound]) -> str:
    word, expr = edge
    if expr is None:
        return word
    bound = bind_expressions.bind(expr, block)
    if bound.free or (bound.number or "").startswith("-"):
        message = "A window frame's offset must be a constant that is not negative"
        raise VerticaError("42P20", message, 5728)
    if unit == "RANGE":
        return f"{_distance(bound, orders)} {word}"
    count = coerce(bound, INTEGER) if bound.is_open else bound
    if count.vtype != INTEGER:
        raise VerticaError("42P20", "Can't cast the window bound into Int", 2305)
    return f"{count.number or count.sql} {word}"


def _distance(bound: Bound, orders: list[Bound]) -> str:
    """Return an offset in the terms of the one expression that the window is ordered by."""
    if len(orders) != 1:
        raise VerticaError("42P20", "RANGE with an offset needs one ORDER BY expression", 5728)
    key = orders[0].vtype
    if key.name in NUMBERS:
        found = coerce(bound, INTEGER) if bound.is_open else bound
        return found.number or found.sql
    if family(bound.vtype) not in ("INTERVAL", "YEARS") or key.is_string:
        message = (
            "For range moving window, OrderBy expression must be one of Int, Float, Time, "
            "Timestamp, Interval, Date or Numeric"
        )
        raise VerticaError("42P20", message, 3435)
    return bound.sql
