"""Turn one SELECT, INSERT, UPDATE, DELETE or MERGE of Vertica's into DuckDB's SQL."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any, Literal, NoReturn

from local_vertica.errors import VerticaError
from local_vertica.results import Field
from local_vertica.sql import bind_dml, bind_expressions
from local_vertica.sql import nodes as n
from local_vertica.sql.bind_queries import bind_query
from local_vertica.sql.blocks import Block, Context, Output, Source, SourceColumn
from local_vertica.sql.bound import Slot, quoted, varchar
from local_vertica.sql.casts import settle
from local_vertica.sql.parse_statements import parse_expression, parse_statement
from local_vertica.sql.scope import Scope, TableInfo
from local_vertica.types import VType

Kind = Literal["select", "insert", "update", "delete", "merge"]
CACHED = 2_000
LONGEST_CACHED = 50_000


@dataclass(frozen=True)
class Translated:
    """A statement in DuckDB's SQL.

    A write `reads_target` if its conditions or new values ask for columns of what it changes.
    `parameters` are the types of its `?`, which stand as $1, $2, … in `duck_sql`; `params`
    are the values given for them. `fields` describe a query's result. A `volatile`
    translation holds values of the session and is true for this run only. `draws` are the
    sequences it names, `calls` the identifiers of the SQL functions in it. A `historical`
    query (AT EPOCH LATEST) sees no uncommitted rows.
    """

    kind: Kind
    duck_sql: str
    params: tuple[object, ...] = ()
    fields: tuple[Field, ...] = ()
    reads: frozenset[tuple[str, str]] = frozenset()
    writes: tuple[str, str] | None = None
    reads_target: bool = False
    parameters: tuple[VType, ...] = ()
    volatile: bool = False
    draws: frozenset[tuple[str, str]] = frozenset()
    calls: frozenset[int] = frozenset()
    for_update: bool = False
    historical: bool = False
    months: tuple[int, ...] = ()

    @property
    def client_sql(self) -> str:
        """The statement as a client is answered: intervals of months come as whole months."""
        if not self.months:
            return self.duck_sql
        names = [f"c{position}" for position in range(len(self.fields))]
        shown = ", ".join(
            f"v_months({name})" if position in self.months else name
            for position, name in enumerate(names)
        )
        return f"SELECT {shown} FROM ({self.duck_sql}) AS answer({', '.join(names)})"


@dataclass(frozen=True)
class Expression:
    """An expression in DuckDB's SQL with its Vertica type; its text is the SQL."""

    sql: str
    vtype: VType

    def __str__(self) -> str:
        return self.sql


@dataclass
class _Cache:
    """The translations made last, by text and by what names meant."""

    lock: Lock = field(default_factory=Lock)
    made: OrderedDict[tuple[str, Hashable], Translated] = field(default_factory=OrderedDict)

    def get(self, key: tuple[str, Hashable]) -> Translated | None:
        """Return a translation made before."""
        with self.lock:
            found = self.made.get(key)
            if found is not None:
                self.made.move_to_end(key)
            return found

    def put(self, key: tuple[str, Hashable], translated: Translated) -> None:
        """Keep a translation; the one not used for longest makes room."""
        with self.lock:
            self.made[key] = translated
            if len(self.made) > CACHED:
                self.made.popitem(last=False)


_cache = _Cache()


def translate(text: str, scope: Scope, params: Sequence[object] | None = None) -> Translated:
    """Return the statement in DuckDB's SQL, or refuse it as Vertica would."""
    key = (text, scope.cache_key())
    found = _cache.get(key)
    if found is None:
        found = _translate(text, scope)
        if key[1] is not None and not found.volatile and len(text) <= LONGEST_CACHED:
            _cache.put(key, found)
    if params is None:
        return found
    if len(params) != len(found.parameters):
        message = f"Statement takes {len(found.parameters)} parameters, {len(params)} were given"
        raise VerticaError("07001", message, 4363)
    return replace(found, params=tuple(params))


def translate_expression(
    text: str, columns: Mapping[str, VType], scope: Scope | None = None
) -> Expression:
    """Return an expression over columns of these names, each quoted as it is spelled here.

    Without a scope, subqueries and session functions are refused.
    """
    expr = parse_expression(text)
    context = Context(scope or _NoScope(), [])
    block = Block(context, clause="expression")
    own = tuple(SourceColumn(name, quoted(name), vtype) for name, vtype in columns.items())
    block.sources.append(Source("", None, own))
    bound = settle(bind_expressions.bind(expr, block))
    return Expression(bound.sql, bound.vtype)


class _NoScope:
    """A scope that knows no table, no sequence and no session."""

    def resolve_table(self, schema: str | None, name: str) -> NoReturn:
        """Refuse every table."""
        shown = f"{schema}.{name}" if schema else name
        raise VerticaError("0A000", f"Subqueries are not allowed here: {shown}", 4160)

    def resolve_sequence(self, schema: str | None, name: str) -> NoReturn:
        """Refuse every sequence."""
        self.resolve_table(schema, name)

    def resolve_functions(self, _schema: str | None, _name: str) -> tuple[()]:
        """Know no function but the built-in ones."""
        return ()

    def of_view(self, info: TableInfo) -> NoReturn:
        """Refuse every view."""
        self.resolve_table(info.schema, info.name)

    def session_values(self) -> Mapping[str, object]:
        """Refuse every session function."""
        raise VerticaError("0A000", "Session functions are not allowed here", 4160)

    def cache_key(self) -> Hashable:
        """Return the same value always."""
        return None


def _translate(text: str, scope: Scope) -> Translated:
    statement, count = parse_statement(text)
    slots = [Slot(index + 1) for index in range(count)]
    context = Context(scope, slots)
    if isinstance(statement, n.Query):
        found = bind_query(statement, Block(context))
        made = Translated("select", found.sql, fields=tuple(map(_field, found.columns)))
        months = tuple(i for i, f in enumerate(made.fields) if f.vtype.is_year_month)
        made = replace(made, for_update=statement.for_update, months=months)
        made = replace(made, historical=statement.historical)
    else:
        kind, write = _WRITERS[type(statement)]
        sql, info = write(statement, context)
        made = Translated(kind, sql, writes=(info.schema, info.name))
        made = replace(made, reads_target=(info.schema, info.name) in context.uses)
    return replace(
        made,
        reads=frozenset(context.reads),
        parameters=tuple(slot.vtype or varchar(80) for slot in slots),
        volatile=context.volatile,
        draws=frozenset(context.draws),
        calls=frozenset(context.calls),
    )


_WRITERS: dict[type, tuple[Kind, Callable[[Any, Context], tuple[str, TableInfo]]]] = {
    n.Insert: ("insert", bind_dml.insert),
    n.Update: ("update", bind_dml.update),
    n.Delete: ("delete", bind_dml.delete),
    n.Merge: ("merge", bind_dml.merge),
}


def _field(column: Output) -> Field:
    origin = column.origin
    if origin is None:
        return Field(column.name, column.vtype, column.nullable)
    return Field(
        column.name,
        column.vtype,
        column.nullable,
        table_oid=origin.oid,
        schema=origin.schema,
        table=origin.table,
        attnum=origin.position,
    )
