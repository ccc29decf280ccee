"""Event series joins: rows without a match get the row before or after on the other side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeGuard

from local_vertica.errors import VerticaError
from local_vertica.sql import bind_expressions
from local_vertica.sql import nodes as n
from local_vertica.sql.blocks import Block, Source, SourceColumn
from local_vertica.sql.refusals import unsupported

Sources = list[Source]
Merged = dict[str, SourceColumn]
_ONLY_COLUMNS = "INTERPOLATE beside anything but columns that are equal on both sides"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the join: its text, its sources, the columns that a join below made one."""

    sql: str
    sources: Sources
    merged: Merged

    @property
    def columns(self) -> list[SourceColumn]:
        """Return all columns that expressions may use."""
        return [*(c for source in self.sources for c in source.columns), *self.merged.values()]


def event_predicates(on: n.Expr) -> tuple[n.Expr, ...]:
    """Return what a condition joins by AND if INTERPOLATE is part of it; else nothing."""
    found = tuple(_conjuncts(on))
    return found if any(isinstance(part, n.Interpolate) for part in found) else ()


def _conjuncts(on: n.Expr) -> Iterable[n.Expr]:
    if isinstance(on, n.Operation) and on.op == "AND":
        yield from _conjuncts(on.left)
        yield from _conjuncts(on.right)
    else:
        yield on


def event_join(
    kind: str, predicates: tuple[n.Expr, ...], sides: tuple[Side, Side], block: Block
) -> tuple[str, Sources, Merged]:
    """Return the text of the join, its sources and merged columns under their names in it."""
    wanted = [part for part in predicates if isinstance(part, n.Interpolate)]
    if len(wanted) > 1:
        message = "A join can have only one set of interpolated predicates"
        raise VerticaError("42601", message, 2093)
    pairs = _pairs(predicates, sides, block)
    moments = pairs.pop(predicates.index(wanted[0]))
    if {text for pair in pairs for text in pair} & set(moments):
        message = "A column cannot occur in an equality predicate and an interpolation predicate"
        raise VerticaError("42601", message, 2085)
    names = _names(sides)
    left, right, alias = (block.context.fresh(name) for name in ("left", "right", "events"))
    join = _Join(left, right, len(pairs), wanted[0].is_next)
    parts = []
    for place, (side, name) in enumerate(zip(sides, (left, right), strict=True)):
        keys = moments[place], *(pair[place] for pair in pairs)
        parts.append(f"{name} AS MATERIALIZED ({join.rows(side, keys, names)})")
    body = join.text(kind, ", ".join(names.values()))
    text = f"(WITH {', '.join(parts)} {body}) AS {alias}"
    return text, *_renamed(sides, names, alias)


def _pairs(
    predicates: tuple[n.Expr, ...], sides: tuple[Side, Side], block: Block
) -> list[tuple[str, str]]:
    """Return the texts of the columns that each predicate compares, the left side's first."""
    saved = block.sources, block.merged, block.clause
    block.sources, block.clause = [*sides[0].sources, *sides[1].sources], "ON"
    block.merged = sides[0].merged | sides[1].merged
    try:
        return [_pair(part, sides, block) for part in predicates]
    finally:
        block.sources, block.merged, block.clause = saved


def _pair(part: n.Expr, sides: tuple[Side, Side], block: Block) -> tuple[str, str]:
    if not isinstance(part, n.Interpolate) and not _is_equality(part):
        raise unsupported(_ONLY_COLUMNS)
    columns = part.left, part.right
    if not all(isinstance(column, n.Column) for column in columns):
        raise unsupported(_ONLY_COLUMNS)
    found = [bind_expressions.bind(column, block) for column in columns]
    if found[0].vtype.name != found[1].vtype.name:
        raise unsupported("INTERPOLATE beside columns of different types")
    texts = found[0].sql, found[1].sql
    own = [{column.sql for column in side.columns} for side in sides]
    for pair in (texts, texts[::-1]):
        if pair[0] in own[0] and pair[1] in own[1]:
            return pair[0], pair[1]
    raise unsupported(_ONLY_COLUMNS)


def _is_equality(part: n.Expr) -> TypeGuard[n.Operation]:
    return isinstance(part, n.Operation) and part.op == "="


def _names(sides: tuple[Side, Side]) -> dict[str, str]:
    """Return the name that each column has in the join's result."""
    texts = dict.fromkeys(column.sql for side in sides for column in side.columns)
    return {text: f"c{place}" for place, text in enumerate(texts)}


@dataclass(frozen=True, slots=True)
class _Join:
    """How the rows of two sides meet: they have a moment `t` and so many keys `k1`, `k2`."""

    left: str
    right: str
    keys: int
    is_next: bool

    def rows(self, side: Side, keys: tuple[str, ...], names: dict[str, str]) -> str:
        """Return a side's rows with their moment and their keys.

        Of several rows at one moment the last in the order of all columns is the nearest to the
        rows after it, and the first to the rows before it.
        """
        own = list(dict.fromkeys(column.sql for column in side.columns))
        order = ", ".join(text if self.is_next else f"{text} DESC" for text in own)
        within = f"PARTITION BY {', '.join(keys)} ORDER BY {order}"
        items = [
            f"{keys[0]} AS t",
            *(f"{key} AS k{place}" for place, key in enumerate(keys[1:], 1)),
        ]
        items += [f"{text} AS {names[text]}" for text in own]
        items.append(f"row_number() OVER ({within}) = 1 AS is_nearest")
        return f"SELECT {', '.join(items)} FROM {side.sql}"

    def text(self, kind: str, items: str) -> str:
        """Return the query that joins both sides' rows."""
        left, right = self.left, self.right
        if kind == "INNER":
            met = self._met(left, right)
            return f"SELECT {items} FROM {left} JOIN {right} ON {met}{left}.t = {right}.t"
        forward = f"SELECT {items} FROM {self._nearest(left, right)}"
        backward = f"SELECT {items} FROM {self._nearest(right, left)}"
        if kind == "FULL":
            return f"{forward} UNION ALL {backward} WHERE (near.t = {right}.t) IS NOT TRUE"
        return forward if kind == "LEFT" else backward

    def _nearest(self, own: str, other: str) -> str:
        """Return the join of a side's rows with those that match, or with the nearest one."""
        moments = ", ".join([*(f"k{place}" for place in range(1, self.keys + 1)), "t"])
        near = f"(SELECT DISTINCT {moments} FROM {other} WHERE t IS NOT NULL) AS near"
        test = "<=" if self.is_next else ">="
        return (
            f"{own} ASOF LEFT JOIN {near} ON {self._met(own, 'near')}{own}.t {test} near.t "
            f"LEFT JOIN {other} ON {self._met(own, other)}{other}.t = near.t "
            f"AND (near.t = {own}.t OR {other}.is_nearest)"
        )

    def _met(self, own: str, other: str) -> str:
        places = range(1, self.keys + 1)
        return "".join(f"{own}.k{place} = {other}.k{place} AND " for place in places)


def _renamed(sides: tuple[Side, Side], names: dict[str, str], alias: str) -> tuple[Sources, Merged]:
    """Return the sources and merged columns of both sides, as the join's result has them."""

    def moved(column: SourceColumn) -> SourceColumn:
        return replace(column, sql=f'{alias}."{names[column.sql]}"')

    sources = [
        replace(source, columns=tuple(moved(column) for column in source.columns))
        for side in sides
        for source in side.sources
    ]
    return sources, {name: moved(c) for side in sides for name, c in side.merged.items()}
