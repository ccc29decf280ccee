"""Work out FROM: tables, CTEs, views, subqueries and joins."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from local_vertica.errors import VerticaError
from local_vertica.sql import bind_expressions, bind_queries
from local_vertica.sql import nodes as n
from local_vertica.sql.bind_event_joins import Side, event_join, event_predicates
from local_vertica.sql.bind_operators import compare
from local_vertica.sql.blocks import Block, CteTable, Output, Source, SourceColumn, loosened
from local_vertica.sql.bound import Bound, Origin, quoted
from local_vertica.sql.casts import cast, family
from local_vertica.sql.refusals import ambiguous_column, unknown_column
from local_vertica.sql.scope import TableInfo
from local_vertica.sql.unify import unified


@dataclass(slots=True)
class Joined:
    """A part of FROM: its text, its sources, and the columns a join made one."""

    sql: str
    sources: list[Source]
    merged: dict[str, SourceColumn] = field(default_factory=dict)


def bind_sources(sources: tuple[n.Source, ...], block: Block) -> str:
    """Enter the sources of FROM into the block; return their text."""
    texts = []
    for source in sources:
        part = _bind(source, block)
        _check_names(block.sources + part.sources)
        block.sources.extend(part.sources)
        block.merged.update(part.merged)
        texts.append(part.sql)
    return ", ".join(texts)


def bind_source(source: n.Source, block: Block) -> Joined:
    """Return one source without entering it into the block."""
    return _bind(source, block)


def _check_names(sources: list[Source]) -> None:
    seen = set()
    for source in sources:
        key = (source.name.lower(), (source.schema or "").lower())
        if key in seen:
            message = f'Table name "{source.name}" specified more than once'
            raise VerticaError("42712", message, 5104)
        seen.add(key)


def _bind(source: n.Source, block: Block) -> Joined:
    if isinstance(source, n.TableRef):
        return bind_table(source, block)
    if isinstance(source, n.Derived):
        return _derived(source, block)
    return _join(source, block)


def bind_table(ref: n.TableRef, block: Block) -> Joined:
    """Return a table, view or CTE by its name."""
    cte = block.cte(ref.name) if ref.schema is None else None
    if cte is not None:
        return _from_cte(ref, cte, block)
    info = block.context.scope.resolve_table(ref.schema, ref.name)
    block.context.reads.add((info.schema, info.name))
    if info.definition is not None:
        return _from_definition(ref, info, block)
    alias = block.context.fresh(ref.alias or info.name)
    columns = tuple(
        SourceColumn(
            column.name,
            f"{alias}.{quoted(column.name)}",
            column.vtype,
            column.nullable,
            Origin(info.schema, info.name, info.oid, position),
        )
        for position, column in enumerate(info.columns, 1)
    )
    source = Source(
        ref.alias or info.name, None if ref.alias else info.schema, _named(columns, ref.columns)
    )
    return Joined(f"{info.newer or info.duck_name} AS {alias}{_sample(ref)}", [source])


def _sample(ref: n.TableRef) -> str:
    return f" TABLESAMPLE {_percent(ref.sample)} PERCENT (bernoulli)" if ref.sample else ""


def _percent(sample: str) -> float:
    try:
        percent = float(sample)
    except ValueError:
        percent = -1
    if not 0 < percent < 100:
        raise VerticaError("42601", "The sampling percentage must be between 0 and 100", 7241)
    return percent


def _from_cte(ref: n.TableRef, cte: CteTable, block: Block) -> Joined:
    alias = block.context.fresh(ref.alias or cte.name)
    columns = _columns_of(cte.columns, alias)
    source = Source(ref.alias or cte.name, None, _named(columns, ref.columns))
    return Joined(f"{cte.duck} AS {alias}", [source])


def _from_definition(ref: n.TableRef, info: TableInfo, block: Block) -> Joined:
    """Read a view's text anew, by the names it was made with; what it reads is its owner's."""
    context = block.context
    outside = context.scope, set(context.reads), set(context.uses), set(context.calls)
    context.scope = context.scope.of_view(info)
    found = bind_queries.bind_query(bind_queries.parse_view(info.definition or ""), Block(context))
    context.scope, context.reads, context.uses, context.calls = outside
    sql, outputs = _of_declared_types(found, info, context.fresh(info.name))
    alias = context.fresh(ref.alias or info.name)
    given = {output.name.lower(): output for output in outputs}
    # What is no more is left for DuckDB to miss, if it is used.
    shown = (given.get(c.name.lower()) or Output(c.name, c.vtype, c.name) for c in info.columns)
    columns = _named(_columns_of(tuple(shown), alias), ref.columns)
    source = Source(ref.alias or info.name, None if ref.alias else info.schema, columns)
    return Joined(f"({sql}) AS {alias}{_sample(ref)}", [source])


def _of_declared_types(
    found: bind_queries.BoundQuery, info: TableInfo, alias: str
) -> tuple[str, tuple[Output, ...]]:
    """Return a view's query with the names and types of its columns.

    What it reads may have been made anew with other types: Vertica then coerces to the old ones.
    """
    if missing := info.own[len(found.columns) :]:
        raise unknown_column(missing[0].name)
    pairs = list(zip(found.columns, info.own, strict=False))
    if all(family(output.vtype) == family(column.vtype) for output, column in pairs):
        return found.sql, tuple(replace(o, name=column.name, raw=None) for o, column in pairs)
    values, outputs = [], []
    for output, column in pairs:
        value = Bound(f"{alias}.{quoted(output.duck)}", output.vtype, nullable=output.nullable)
        value = cast(value, column.vtype)
        values.append(f"{value.sql} AS {quoted(output.duck)}")
        outputs.append(replace(output, name=column.name, vtype=value.vtype, raw=None))
    return f"SELECT {', '.join(values)} FROM ({found.sql}) AS {alias}", tuple(outputs)


def _derived(ref: n.Derived, block: Block) -> Joined:
    if ref.alias is None:
        raise VerticaError("42601", "Subquery in FROM must have an alias", 4840)
    around = Block(block.context, parent=block.parent, ctes=dict(block.ctes))
    found = bind_queries.bind_query(ref.query, around)
    block.outer_uses |= around.outer_uses
    alias = block.context.fresh(ref.alias)
    columns = _named(_columns_of(found.columns, alias), ref.columns)
    return Joined(f"({found.sql}) AS {alias}", [Source(ref.alias, None, columns)])


def _columns_of(outputs: tuple[Output, ...], alias: str) -> tuple[SourceColumn, ...]:
    return tuple(
        SourceColumn(
            output.name, f"{alias}.{quoted(output.duck)}", output.vtype, output.nullable,
            output.origin,
        )
        for output in outputs
    )  # fmt: skip


def _named(columns: tuple[SourceColumn, ...], names: tuple[str, ...]) -> tuple[SourceColumn, ...]:
    if len(names) > len(columns):
        message = f"Table has {len(columns)} columns available but {len(names)} columns specified"
        raise VerticaError("42P10", message, 5122)
    renamed = [replace(column, name=name) for column, name in zip(columns, names, strict=False)]
    return (*renamed, *columns[len(names) :])


def _join(join: n.Join, block: Block) -> Joined:
    left, right = _bind(join.left, block), _bind(join.right, block)
    sources = left.sources + right.sources
    _check_names(sources)
    merged = {**left.merged, **right.merged}
    if join.kind == "CROSS" or (join.on is None and not join.using and not join.natural):
        return Joined(f"{left.sql} CROSS JOIN {_grouped(right, join.right)}", sources, merged)
    if join.on is not None and (predicates := event_predicates(join.on)):
        _loosen(join.kind, left, right, merged)
        parts = (
            Side(left.sql, left.sources, left.merged),
            Side(right.sql, right.sources, right.merged),
        )
        return Joined(*event_join(join.kind, predicates, parts, block))
    if join.on is not None:
        condition = _condition(join.on, block, (sources, merged))
    else:
        names = join.using or _shared(left, right)
        condition, own = _using(names, join.kind, left, right)
        merged |= own
    _loosen(join.kind, left, right, merged)
    sources = left.sources + right.sources
    text = f"{left.sql} {join.kind} JOIN {_grouped(right, join.right)} ON {condition}"
    return Joined(text, sources, merged)


def _grouped(part: Joined, node: n.Source) -> str:
    return f"({part.sql})" if isinstance(node, n.Join) else part.sql


def _condition(
    on: n.Expr, block: Block, inside: tuple[list[Source], dict[str, SourceColumn]]
) -> str:
    """Read ON; it sees the tables it joins and those of outer queries, no others."""
    saved = block.sources, block.merged, block.clause
    block.sources, block.merged, block.clause = inside[0], inside[1], "ON"
    try:
        return bind_expressions.bind_condition(on, block, "JOIN/ON").sql
    finally:
        block.sources, block.merged, block.clause = saved


def _shared(left: Joined, right: Joined) -> tuple[str, ...]:
    names = {column.name.lower() for source in right.sources for column in source.columns}
    shared = [c.name for source in left.sources for c in source.columns if c.name.lower() in names]
    return tuple(dict.fromkeys(shared))


def _using(
    names: tuple[str, ...], kind: str, left: Joined, right: Joined
) -> tuple[str, dict[str, SourceColumn]]:
    tests, merged = [], {}
    for name in names:
        ours, theirs = _find(name, left), _find(name, right)
        sides = Bound(ours.sql, ours.vtype), Bound(theirs.sql, theirs.vtype)
        tests.append(compare("=", *sides).sql)
        merged[name.lower()] = _merged(kind, ours, theirs)
    return " AND ".join(tests) or "TRUE", merged


def _merged(kind: str, ours: SourceColumn, theirs: SourceColumn) -> SourceColumn:
    if kind == "RIGHT":
        return replace(theirs, name=ours.name)
    if kind != "FULL":
        return ours
    parts, vtype = unified(
        (Bound(ours.sql, ours.vtype), Bound(theirs.sql, theirs.vtype)), "JOIN/USING"
    )
    return SourceColumn(ours.name, f"COALESCE({parts[0].sql}, {parts[1].sql})", vtype)


def _find(name: str, part: Joined) -> SourceColumn:
    if name.lower() in part.merged:
        return part.merged[name.lower()]
    found = [
        column
        for source in part.sources
        for column in source.columns
        if column.name.lower() == name.lower()
    ]
    if not found:
        raise unknown_column(name)
    if len(found) > 1:
        raise ambiguous_column(name)
    return found[0]


def _loosen(kind: str, left: Joined, right: Joined, merged: dict[str, SourceColumn]) -> None:
    """Let the columns of an outer join's side be NULL."""
    for part, kinds in ((left, ("RIGHT", "FULL")), (right, ("LEFT", "FULL"))):
        if kind in kinds:
            part.sources = [loosened(source) for source in part.sources]
    if kind == "FULL":
        for name, column in merged.items():
            merged[name] = replace(column, nullable=True)
