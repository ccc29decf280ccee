"""Work out queries: WITH, set operations, ORDER BY, LIMIT."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from local_vertica.errors import VerticaError
from local_vertica.sql import bind_expressions, bind_select
from local_vertica.sql import nodes as n
from local_vertica.sql.blocks import Block, CteTable, Output
from local_vertica.sql.bound import INTEGER, NOTHING, Bound, Use
from local_vertica.sql.casts import coerce
from local_vertica.sql.cursor import TokenCursor
from local_vertica.sql.ordering import direction
from local_vertica.sql.parse_queries import read_query
from local_vertica.sql.refusals import unknown_column, unsupported
from local_vertica.sql.unify import common_type
from local_vertica.types import VType

Targets = Sequence[bind_select.Target] | None


@dataclass(frozen=True, slots=True)
class BoundQuery:
    """A query's text, its columns, and the columns of outer queries it uses."""

    sql: str
    columns: tuple[Output, ...]
    free: frozenset[Use] = NOTHING


def parse_view(definition: str) -> n.Query:
    """Return the query a view's text holds."""
    cursor = TokenCursor(definition)
    query = read_query(cursor)
    cursor.finish()
    return query


def bind_query(query: n.Query, outer: Block, targets: Targets = None) -> BoundQuery:
    """Return the query as it stands inside `outer`."""
    if query.for_update and outer.parent is not None:
        raise VerticaError("42601", 'Syntax error at or near "FOR"', 4856)
    if query.historical and outer.parent is not None:
        raise VerticaError("0A000", "AT EPOCH inside a query is not supported", 4160)
    frame = Block(outer.context, parent=outer)
    head = _with(query, frame)
    if isinstance(query.body, n.Select):
        sql, columns = bind_select.bind_select(query.body, frame, query, targets)
    else:
        sql, columns = _combined(query, frame, targets)
    return BoundQuery(head + sql, columns, frozenset(frame.outer_uses))


def _with(query: n.Query, frame: Block) -> str:
    texts = []
    for cte in query.ctes:
        if cte.name.lower() in frame.ctes:
            message = f'WITH query name "{cte.name}" specified more than once'
            raise VerticaError("42712", message, 5104)
        duck = frame.context.fresh(cte.name)
        found = _recursive(cte, duck, frame) if query.recursive else None
        found = found or bind_query(cte.query, frame)
        frame.ctes[cte.name.lower()] = CteTable(cte.name, duck, _renamed(found.columns, cte))
        texts.append(f"{duck} AS ({found.sql})")
    if not texts:
        return ""
    return f"WITH {'RECURSIVE ' if query.recursive else ''}{', '.join(texts)} "


def _renamed(columns: tuple[Output, ...], cte: n.Cte) -> tuple[Output, ...]:
    if not cte.columns:
        return columns
    if len(cte.columns) != len(columns):
        message = (
            f'WITH query "{cte.name}" has {len(columns)} columns available '
            f"but {len(cte.columns)} columns specified"
        )
        raise VerticaError("42P10", message, 5122)
    pairs = zip(columns, cte.columns, strict=True)
    return tuple(replace(column, name=name) for column, name in pairs)


def _recursive(cte: n.Cte, duck: str, frame: Block) -> BoundQuery | None:
    """Return a WITH element that may name itself: its first part gives the types."""
    body = cte.query.body
    if not isinstance(body, n.Combined) or body.op != "UNION":
        return None
    first = bind_query(_as_query(body.left), frame)
    frame.ctes[cte.name.lower()] = CteTable(cte.name, duck, _renamed(first.columns, cte))
    targets = [bind_select.Target(column.vtype, "UNION") for column in first.columns]
    second = bind_query(_as_query(body.right), frame, targets)
    del frame.ctes[cte.name.lower()]
    word = "UNION ALL" if body.all else "UNION"
    return BoundQuery(f"{first.sql} {word} {second.sql}", first.columns)


def _as_query(body: n.Body) -> n.Query:
    return body if isinstance(body, n.Query) else n.Query(body)


def _combined(query: n.Query, frame: Block, targets: Targets) -> tuple[str, tuple[Output, ...]]:
    found = _body(query.body, frame, targets)
    return found.sql + _tail(query, found.columns, frame), found.columns


def _body(body: n.Body, frame: Block, targets: Targets) -> BoundQuery:
    if isinstance(body, n.Combined):
        return _set_operation(body, frame, targets)
    found = bind_query(_as_query(body), frame, targets)
    return replace(found, sql=f"({found.sql})") if isinstance(body, n.Query) else found


def _set_operation(body: n.Combined, frame: Block, targets: Targets) -> BoundQuery:
    left, right = _body(body.left, frame, targets), _body(body.right, frame, targets)
    if len(left.columns) != len(right.columns):
        message = f"Each {body.op} query must have the same number of columns"
        raise VerticaError("42601", message, 3197)
    if targets is None:
        shared = [
            bind_select.Target(common_type((_open(a), _open(b)), body.op), body.op)
            for a, b in zip(left.columns, right.columns, strict=True)
        ]
        left, right = (
            _fitted(body.left, left, shared, frame),
            _fitted(body.right, right, shared, frame),
        )
    word = f"{body.op} ALL" if body.all else body.op
    columns = tuple(
        replace(a, nullable=a.nullable or b.nullable, raw=None, vtype=_longer(a.vtype, b.vtype))
        for a, b in zip(left.columns, right.columns, strict=True)
    )
    return BoundQuery(f"({left.sql} {word} {right.sql})", columns)


def _longer(left: VType, right: VType) -> VType:
    return right if (right.length or 0) > (left.length or 0) else left


def _open(column: Output) -> Bound:
    return column.raw or Bound("", column.vtype)


def _fitted(
    body: n.Body, found: BoundQuery, shared: list[bind_select.Target], frame: Block
) -> BoundQuery:
    """Work a part out again if its columns must change their types."""
    fits = all(
        column.raw is None and _same(column.vtype, target.vtype)
        for column, target in zip(found.columns, shared, strict=True)
    )
    return found if fits else _body(body, frame, shared)


def _same(left: VType, right: VType) -> bool:
    return left == right or (left.is_string and right.is_string)


def _tail(query: n.Query, columns: tuple[Output, ...], frame: Block) -> str:
    if query.limit_over is not None:
        raise unsupported("LIMIT … OVER on a set operation")
    order = ""
    if query.order:
        keys = ", ".join(_order_key(element, columns) for element in query.order)
        order = f" ORDER BY {keys}"
    return order + limit_text(query, frame)


def _order_key(element: n.Order, columns: tuple[Output, ...]) -> str:
    position = bind_select.output_position(element.expr, columns)
    if position is None:
        name = element.expr.parts[-1] if isinstance(element.expr, n.Column) else "ORDER BY"
        raise unknown_column(name)
    return f"{position}{direction(element, columns[position - 1].vtype)}"


def limit_text(query: n.Query, frame: Block) -> str:
    """Return LIMIT and OFFSET; both take whole numbers only."""
    text = ""
    for word, expr in (("LIMIT", query.limit), ("OFFSET", query.offset)):
        if expr is not None and not (word == "LIMIT" and query.limit_over):
            text += f" {word} {count_text(expr, word, frame)}"
    return text


def count_text(expr: n.Expr, word: str, frame: Block) -> str:
    """Return a row count for LIMIT or OFFSET, or refuse what is none."""
    bound = bind_expressions.bind(expr, frame)
    if bound.free:
        raise VerticaError("42P10", f"Argument of {word} must not contain variables", 2220)
    if bound.vtype != INTEGER and not bound.is_open:
        raise VerticaError("42804", f"Argument of {word} must be type int", 2213)
    if bound.number and bound.number.startswith("-"):
        raise VerticaError("22023", f"{word} must not be negative", 3900)
    return bound.number or coerce(bound, INTEGER).sql
