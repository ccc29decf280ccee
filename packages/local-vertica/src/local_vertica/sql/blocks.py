"""What names mean inside one SELECT block, and inside the blocks around it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from local_vertica.errors import VerticaError
from local_vertica.sql.bound import NOTHING, Bound, Origin, Slot, Use, quoted
from local_vertica.sql.layers import Layer
from local_vertica.sql.nodes import Expr, Window
from local_vertica.sql.refusals import ambiguous_column, unknown_column, unknown_table
from local_vertica.sql.scope import Scope
from local_vertica.sql.series import Series
from local_vertica.types import VType


@dataclass(frozen=True, slots=True)
class Output:
    """One column of a query's result.

    `duck` is its name in DuckDB's SQL, `raw` the expression if its type is still open.
    """

    name: str
    vtype: VType
    duck: str
    nullable: bool = True
    origin: Origin | None = None
    raw: Bound | None = None


@dataclass(frozen=True, slots=True)
class CteTable:
    """A WITH element that later parts of the query may name."""

    name: str
    duck: str
    columns: tuple[Output, ...]


@dataclass(slots=True)
class Context:
    """What a whole statement shares while it is worked out."""

    scope: Scope
    slots: list[Slot]
    aliases: set[str] = field(default_factory=set)
    reads: set[tuple[str, str]] = field(default_factory=set)
    uses: set[tuple[str, str]] = field(default_factory=set)  # tables whose columns are asked for
    blocks: int = 0
    volatile: bool = False
    draws: set[tuple[str, str]] = field(default_factory=set)  # sequences
    calls: set[int] = field(default_factory=set)  # user-defined SQL functions
    strict_times: bool = False

    def fresh(self, name: str) -> str:
        """Return an alias no other source of the statement has, quoted."""
        candidate, number = name.lower(), 1
        while candidate in self.aliases:
            number += 1
            candidate = f"{name.lower()}_{number}"
        self.aliases.add(candidate)
        return quoted(candidate)

    def session(self, name: str) -> object:
        """Return a session value; the translation then holds for this statement only."""
        self.volatile = True
        return self.scope.session_values()[name]


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """A column as the expressions of a block may use it."""

    name: str
    sql: str
    vtype: VType
    nullable: bool = True
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One element of FROM under the name that qualifies its columns."""

    name: str
    schema: str | None
    columns: tuple[SourceColumn, ...]


def loosened(source: Source) -> Source:
    """Return a source whose columns may be NULL."""
    return replace(source, columns=tuple(replace(c, nullable=True) for c in source.columns))


@dataclass(slots=True)
class Block:
    """One SELECT block; `clause` says which part of it is being worked out.

    `keys` are the expressions it groups by, each with the text that stands for it from then on;
    `layer` is what is computed below it. `aliases` are those of the list that stand before what is
    worked out, with what they name.
    """

    context: Context
    parent: Block | None = None
    ctes: dict[str, CteTable] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)
    merged: dict[str, SourceColumn] = field(default_factory=dict)
    windows: dict[str, Window] = field(default_factory=dict)
    keys: dict[str, str] | None = None
    series: Series | None = None
    nulls_keys: bool = False
    clause: str = "SELECT"
    inside_aggregate: bool = False
    number: int = 0
    outer_uses: set[Use] = field(default_factory=set)
    is_select: bool = False
    layer: Layer = field(default_factory=Layer)
    aliases: tuple[tuple[str, Expr], ...] = ()

    def __post_init__(self) -> None:
        self.context.blocks += 1
        self.number = self.context.blocks

    def let_keys_be_null(self) -> None:
        """Note that ROLLUP or its like makes NULL of keys that have none."""
        self.nulls_keys = True
        self.sources = [loosened(source) for source in self.sources]
        self.merged = {name: replace(c, nullable=True) for name, c in self.merged.items()}

    def cte(self, name: str) -> CteTable | None:
        """Return the WITH element of that name, the nearest one first."""
        block: Block | None = self
        while block is not None:
            if found := block.ctes.get(name.lower()):
                return found
            block = block.parent
        return None

    def column(self, parts: tuple[str, ...]) -> Bound:
        """Return the column meant, from this block or the nearest one around it."""
        block: Block | None = self
        crossed: list[Block] = []
        while block is not None:
            if found := block.own_column(parts):
                if sum(inner.is_select for inner in crossed) > 1:
                    message = "More than one level correlated subqueries are not supported"
                    raise VerticaError("0A000", message, 4163)
                use = (block.number, found.sql, found.name)
                if found.origin is not None:
                    self.context.uses.add((found.origin.schema, found.origin.table))
                for inner in crossed:
                    inner.outer_uses.add(use)
                return as_bound(found, use)
            crossed.append(block)
            block = block.parent
        if len(parts) > 1 and not self.knows(parts[:-1]):
            raise unknown_table(".".join(parts[:-1]))
        raise unknown_column(".".join(parts))

    @contextmanager
    def below_layer(self) -> Iterator[None]:
        """Let keys and aggregates stand for themselves meanwhile, as they do below a layer."""
        keys, is_over_groups = self.keys, self.layer.is_over_groups
        self.keys = None if keys is None else {key: key for key in keys}
        self.layer.is_over_groups = False
        try:
            yield
        finally:
            self.keys, self.layer.is_over_groups = keys, is_over_groups

    def grouped(self, bound: Bound) -> Bound:
        """Return an expression as it stands beside the keys: a key uses no column any more."""
        if self.keys is None:
            return bound
        if bound.sql in self.keys:
            return replace(bound, sql=self.keys[bound.sql], free=NOTHING)
        return replace(bound, free=frozenset(use for use in bound.free if use[1] not in self.keys))

    @contextmanager
    def behind(self, aliases: tuple[tuple[str, Expr], ...]) -> Iterator[None]:
        """Let aliases stand for what they name meanwhile."""
        before, self.aliases = self.aliases, aliases
        try:
            yield
        finally:
            self.aliases = before

    def own_column(self, parts: tuple[str, ...]) -> SourceColumn | None:
        """Return the column meant if one of this block's own sources has it."""
        name = parts[-1].lower()
        if len(parts) == 1 and name in self.merged:
            return self.merged[name]
        found = [
            column
            for source in self.qualified(parts[:-1])
            for column in source.columns
            if column.name.lower() == name
        ]
        if len(found) > 1:
            raise ambiguous_column(".".join(parts))
        return found[0] if found else None

    def qualified(self, qualifier: tuple[str, ...]) -> Iterator[Source]:
        """Give the sources a qualifier means; all of them without one."""
        for source in self.sources:
            if not qualifier or _means(qualifier, source):
                yield source

    def knows(self, qualifier: tuple[str, ...]) -> bool:
        """Say whether a qualifier names a source of this block or of one around it."""
        block: Block | None = self
        while block is not None:
            if next(block.qualified(qualifier), None) is not None:
                return True
            block = block.parent
        return False


def _means(qualifier: tuple[str, ...], source: Source) -> bool:
    if source.name.lower() != qualifier[-1].lower():
        return False
    if len(qualifier) == 1:
        return True
    return source.schema is not None and source.schema.lower() == qualifier[-2].lower()


def as_bound(column: SourceColumn, use: Use) -> Bound:
    """Return a column as an expression."""
    return Bound(
        column.sql,
        column.vtype,
        column.name,
        free=frozenset({use}),
        nullable=column.nullable,
        origin=column.origin,
    )
