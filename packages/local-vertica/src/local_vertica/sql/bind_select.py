"""Work out one SELECT block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from local_vertica.errors import VerticaError
from local_vertica.sql import bind_expressions, bind_queries, bind_timeseries
from local_vertica.sql import nodes as n
from local_vertica.sql.assignment import assign
from local_vertica.sql.bind_events import layered, layered_groups
from local_vertica.sql.bind_sources import bind_sources
from local_vertica.sql.bind_windows import window_text
from local_vertica.sql.blocks import Block, Output, Source, SourceColumn, as_bound
from local_vertica.sql.bound import Bound, Use, quoted
from local_vertica.sql.casts import coerce, settle
from local_vertica.sql.layers import Layer
from local_vertica.sql.ordering import direction
from local_vertica.sql.refusals import ungrouped, unknown_table
from local_vertica.types import VType

Result = tuple[str, tuple[Output, ...]]


@dataclass(frozen=True, slots=True)
class Target:
    """The type a result column must take: of a set operation, or of a column written to."""

    vtype: VType
    what: str
    is_column: bool = False


@dataclass(slots=True)
class Parts:
    """A SELECT while its text is put together."""

    items: list[tuple[str, Bound]]
    source: str = ""
    where: str = ""
    groups: str = ""
    having: str = ""
    qualify: str = ""
    order: str = ""


def bind_select(
    select: n.Select, frame: Block, query: n.Query, targets: Sequence[Target] | None
) -> Result:
    """Return the text of a block with the ORDER BY and LIMIT of its query, and its columns."""
    block = Block(frame.context, parent=frame, is_select=True)
    return _bind_block(select, block, query, targets)


def _bind_block(
    select: n.Select, block: Block, query: n.Query, targets: Sequence[Target] | None
) -> Result:
    parts = Parts([])
    _from(select, block, parts)
    bind_timeseries.enter(select, block)
    keys = _group(select, block, parts)
    block.clause = "SELECT"
    parts.items = _items(select, block)
    having = _having(select, block, parts)
    outputs, texts = _outputs(parts.items, targets)
    order = _order(select, query, block, (outputs, parts))
    if query.limit_over is not None and query.limit is not None:
        _limit_over(query, block, parts)
    shown = [bound for _, bound in parts.items] + order
    is_grouped = _is_grouped(block, keys, shown)
    if is_grouped:
        _check_groups(block, shown + having)
        _check_subqueries(block, shown)
    if block.series is not None:
        parts.source, parts.where = block.series.text(parts.source, parts.where), ""
    if block.layer.computed and is_grouped and not block.layer.is_over_groups:
        return _bind_block(select, _over_groups(block), query, targets)
    if block.layer.computed:
        _lay(block, parts, texts)
    return _text(select, parts, texts) + bind_queries.limit_text(query, block), outputs


def _over_groups(block: Block) -> Block:
    """Return the block as it begins, to be worked out again with a layer over its groups."""
    layer = Layer(is_over_groups=True)
    return Block(block.context, parent=block.parent, is_select=True, layer=layer)


def _lay(block: Block, parts: Parts, texts: list[str]) -> None:
    """Put a layer below the block, which filters, groups and computes what it builds upon."""
    below = parts.source + parts.where
    if block.layer.is_over_groups:
        parts.source = layered_groups(block, below + parts.groups + parts.having)
        parts.groups = parts.having = ""
    else:
        body = " ".join([*texts, parts.qualify, parts.order])
        parts.source = layered(block, below, body)
    parts.where = ""


def _from(select: n.Select, block: Block, parts: Parts) -> None:
    block.clause = "FROM"
    if select.sources:
        parts.source = f" FROM {bind_sources(select.sources, block)}"
    for name, window in select.windows:
        block.windows[name.lower()] = window
    if select.where is not None:
        block.clause = "WHERE"
        where = bind_expressions.bind_condition(select.where, block, "WHERE")
        parts.where = f" WHERE {where.sql}"


def _group(select: n.Select, block: Block, parts: Parts) -> dict[str, str] | None:
    """Enter the grouping expressions into the block; return their texts."""
    if not select.groups:
        return None
    block.clause = "GROUP BY"
    if any(group.kind != "PLAIN" for group in select.groups):
        block.let_keys_be_null()
    texts: list[str] = []
    keys: dict[str, str] = {}
    for group in select.groups:
        sets = [[_group_key(expr, select, block) for expr in exprs] for exprs in group.sets]
        keys.update((key, block.layer.group(key)) for exprs in sets for key in exprs)
        inner = ", ".join(
            exprs[0] if len(exprs) == 1 else f"({', '.join(exprs)})" for exprs in sets
        )
        word = {"SETS": "GROUPING SETS", "PLAIN": ""}.get(group.kind, group.kind)
        texts.append(f"{word} ({inner})" if word else inner)
    parts.groups = f" GROUP BY {', '.join(texts)}"
    block.keys = keys
    return keys


def _group_key(expr: n.Expr, select: n.Select, block: Block) -> str:
    place = _place(expr, select, block)
    if place is not None:
        item = select.items[place].expr
        if not isinstance(item, n.Star):
            with block.behind(_aliases(select, place)):
                return settle(bind_expressions.bind(item, block)).sql
    return settle(bind_expressions.bind(expr, block)).sql


def _aliases(select: n.Select, place: int) -> tuple[tuple[str, n.Expr], ...]:
    """Return the aliases that stand before a place of the list."""
    return tuple(
        (item.alias.lower(), item.expr)
        for item in select.items[:place]
        if item.alias and not isinstance(item.expr, n.Star)
    )


def _place(expr: n.Expr, select: n.Select, block: Block) -> int | None:
    """Return the place in the list that GROUP BY means by an ordinal or an alias."""
    if isinstance(expr, n.Number) and expr.text.isdigit():
        position = int(expr.text)
        if not 1 <= position <= len(select.items):
            raise VerticaError("42P10", f"GROUP BY position {position} is not in select list", 3416)
        return position - 1
    if isinstance(expr, n.Column) and len(expr.parts) == 1 and not block.own_column(expr.parts):
        for place, named in enumerate(select.items):
            if named.alias and named.alias.lower() == expr.parts[0].lower():
                return place
    return None


def _items(select: n.Select, block: Block) -> list[tuple[str, Bound]]:
    found: list[tuple[str, Bound]] = []
    for place, item in enumerate(select.items):
        if isinstance(item.expr, n.Star):
            found.extend(_star(item.expr, block))
        else:
            with block.behind(_aliases(select, place)):
                bound = bind_expressions.bind(item.expr, block)
            found.append((item.alias or bound.name, bound))
    return found


def _star(star: n.Star, block: Block) -> list[tuple[str, Bound]]:
    if not block.sources:
        raise VerticaError("42601", "SELECT * with no tables specified is not valid", 4706)
    if star.parts:
        sources = list(block.qualified(star.parts))
        if not sources:
            raise unknown_table(".".join(star.parts))
        names = [c for source in sources for c in source.columns]
    else:
        names = [*block.merged.values(), *_unmerged(block.sources, block)]
    return [(column.name, _column(column, block)) for column in names]


def _unmerged(sources: list[Source], block: Block) -> list[SourceColumn]:
    return [c for s in sources for c in s.columns if c.name.lower() not in block.merged]


def _column(column: SourceColumn, block: Block) -> Bound:
    use: Use = (block.number, column.sql, column.name)
    return block.grouped(as_bound(column, use))


def _having(select: n.Select, block: Block, parts: Parts) -> list[Bound]:
    if select.having is None:
        return []
    block.clause = "HAVING"
    with block.below_layer():
        having = bind_expressions.bind_condition(select.having, block, "HAVING")
    parts.having = f" HAVING {having.sql}"
    if block.keys is None:
        block.keys = {}
    return [having]


def _outputs(
    items: list[tuple[str, Bound]], targets: Sequence[Target] | None
) -> tuple[tuple[Output, ...], list[str]]:
    if targets is not None and len(targets) != len(items):
        raise _wrong_count(len(items), targets)
    outputs, texts, taken = [], [], set()
    for position, (name, bound) in enumerate(items):
        final = _fitted(bound, targets[position] if targets is not None else None)
        duck, number = name, 1
        while duck.lower() in taken:
            number += 1
            duck = f"{name}_{number}"
        taken.add(duck.lower())
        raw = bound if bound.is_open and targets is None else None
        outputs.append(Output(name, final.vtype, duck, final.nullable, bound.origin, raw))
        texts.append(f"{final.sql} AS {quoted(duck)}")
    return tuple(outputs), texts


def _fitted(bound: Bound, target: Target | None) -> Bound:
    if target is None:
        return settle(bound)
    if target.is_column:
        return assign(bound, target.vtype, target.what)
    return coerce(bound, target.vtype)


def _wrong_count(found: int, targets: Sequence[Target]) -> VerticaError:
    if not targets or not targets[0].is_column:
        return VerticaError("42601", "Each UNION query must have the same number of columns", 3197)
    if found > len(targets):
        return VerticaError("42601", "INSERT has more expressions than target columns", 3630)
    return VerticaError("42601", "INSERT has more target columns than expressions", 3631)


def output_position(expr: n.Expr, outputs: tuple[Output, ...]) -> int | None:
    """Return which result column an ORDER BY element names, by number or by name."""
    if isinstance(expr, n.Number) and expr.text.isdigit():
        position = int(expr.text)
        if not 1 <= position <= len(outputs):
            raise VerticaError("42P10", f"ORDER BY position {position} is not in select list", 4400)
        return position
    if isinstance(expr, n.Column) and len(expr.parts) == 1:
        name = expr.parts[0].lower()
        for position, output in enumerate(outputs, 1):
            if output.name.lower() == name:
                return position
    return None


def _order(
    select: n.Select, query: n.Query, block: Block, made: tuple[tuple[Output, ...], Parts]
) -> list[Bound]:
    block.clause = "ORDER BY"
    outputs, parts = made
    texts, found = [], []
    for element in query.order:
        position = output_position(element.expr, outputs)
        bound = None if position else settle(bind_expressions.bind(element.expr, block))
        if bound is not None:
            position = _same_item(bound, parts.items)
        if position is not None:
            texts.append(f"{position}{direction(element, outputs[position - 1].vtype)}")
        elif bound is not None:
            if select.distinct:
                message = "For SELECT DISTINCT, ORDER BY expressions must appear in select list"
                raise VerticaError("42P10", message, 3395)
            found.append(bound)
            texts.append(f"{bound.sql}{direction(element, bound.vtype)}")
    parts.order = f" ORDER BY {', '.join(texts)}" if texts else ""
    return found


def _same_item(bound: Bound, items: list[tuple[str, Bound]]) -> int | None:
    for position, (_, item) in enumerate(items, 1):
        if item.sql == bound.sql:
            return position
    return None


def _limit_over(query: n.Query, block: Block, parts: Parts) -> None:
    """Keep the first rows of each partition."""
    window = query.limit_over or n.Window()
    if not window.order or not window.partition:
        raise VerticaError("42601", "LIMIT … OVER needs PARTITION BY and ORDER BY", 4856)
    if query.order or query.offset is not None:
        raise VerticaError("42601", 'Syntax error at or near "OVER"', 4856)
    count = bind_queries.count_text(query.limit or n.Number("0"), "LIMIT", block)
    text, _ = window_text(window, block)
    parts.qualify = f" QUALIFY row_number() OVER ({text}) <= {count}"


def _is_grouped(block: Block, keys: dict[str, str] | None, shown: list[Bound]) -> bool:
    grouped = keys is not None or block.keys is not None
    return grouped or any(bound.aggregate for bound in shown)


def _check_groups(block: Block, bounds: list[Bound]) -> None:
    for bound in bounds:
        for number, sql, name in sorted(bound.free):
            if number == block.number and sql not in (block.keys or ()):
                raise ungrouped(_shown(sql, name), is_series=block.series is not None)


def _check_subqueries(block: Block, shown: list[Bound]) -> None:
    """Hold a documented restriction: no subquery beside aggregates, unless it is grouped."""
    for bound in shown:
        if bound.subquery and bound.sql not in (block.keys or ()):
            message = (
                "Subqueries in the SELECT or ORDER BY are not supported if the query has "
                "aggregates and the subquery is not part of the GROUP BY"
            )
            raise VerticaError("0A000", message, 4955)


def _shown(sql: str, name: str) -> str:
    table = sql.rsplit(".", 1)[0].strip('"') if "." in sql else ""
    return f"{table}.{name}" if table else name


def _text(select: n.Select, parts: Parts, texts: list[str]) -> str:
    distinct = "DISTINCT " if select.distinct else ""
    tail = parts.groups + parts.having + parts.qualify + parts.order
    return f"SELECT {distinct}{', '.join(texts)}{parts.source}{parts.where}{tail}"
