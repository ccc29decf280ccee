"""What a name in a statement means for one session: its Scope."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import zip_longest
from typing import Literal

from local_vertica.catalog.model import Column, Function, Sequence, Table, User, View
from local_vertica.catalog.rights import Holder
from local_vertica.catalog.store import VERSIONS, Catalog, function_key, key_of
from local_vertica.catalog.system_tables import SYSTEM_SCHEMAS, find_system_table
from local_vertica.errors import VerticaError
from local_vertica.sql.scope import ColumnInfo, FunctionInfo, SequenceInfo, TableInfo
from local_vertica.types import parse_type

TEMP_SCHEMA = "v_temp_schema"
DEFAULT_PATH = ("public", "v_catalog", "v_monitor", "v_internal")


@dataclass
class SessionNames:
    """The names only one session knows: its temporary tables and its search path."""

    search_path: tuple[str, ...] = DEFAULT_PATH
    local: dict[str, Table | View] = field(default_factory=dict)
    version: int = 0

    def put_local(self, item: Table | View) -> None:
        """Enter a LOCAL TEMP table or view."""
        self.local[item.name.lower()] = item
        self.version = next(VERSIONS)

    def remove_local(self, name: str) -> None:
        """Forget a LOCAL TEMP table or view."""
        del self.local[name.lower()]
        self.version = next(VERSIONS)

    def set_path(self, schemas: tuple[str, ...]) -> None:
        """Search these schemas, and the system's behind them."""
        system = tuple(s for s in DEFAULT_PATH[1:] if s not in schemas)
        self.search_path = (*schemas, *system)
        self.version = next(VERSIONS)


def names_of(user: User) -> SessionNames:
    """Return the names that a session of a user begins with."""
    names = SessionNames()
    if user.search_path:
        names.set_path(user.search_path)
    return names


@dataclass(frozen=True)
class NameScope:
    """Names and session values as a statement of one session sees them.

    `newer` has what is read instead of the tables that others have changed since the
    transaction's snapshot.
    """

    catalog: Catalog
    names: SessionNames
    ask_values: Callable[[], Mapping[str, object]]
    holder: Holder
    newer: Mapping[tuple[str, str], str] | None = None

    @cached_property
    def values(self) -> Mapping[str, object]:
        """Return what session functions answer: the clock, too, once for the statement."""
        return self.ask_values()

    def session_values(self) -> Mapping[str, object]:
        """Return what session functions answer."""
        return self.values

    def cache_key(self) -> Hashable:
        """Return what changes whenever a name may resolve otherwise."""
        if self.newer is not None:
            return None
        return self.catalog.version, self.names.version, self.holder.names

    def resolve_table(self, schema: str | None, name: str) -> TableInfo:
        """Return the table meant; raise VerticaError 3F000 or 42V01 if there is none."""
        found = self.find_table(schema, name)
        if found is None:
            raise unknown_relation(schema, name)
        return found

    def find_table(self, schema: str | None, name: str) -> TableInfo | None:
        """Return the table meant, or None; an unknown schema is refused."""
        relation = self.find_relation(schema, name)
        if isinstance(relation, Table | View):
            return self.info_of(relation)
        schemas = self.names.search_path if schema is None else (schema.lower(),)
        return next(filter(None, (find_system_table(s, name) for s in schemas)), None)

    def info_of(self, relation: Table | View) -> TableInfo:
        """Return what a statement needs to know of a table or view."""
        newer = (self.newer or {}).get((relation.schema, relation.name))
        return replace(table_info(relation), newer=newer)

    def of_view(self, info: TableInfo) -> "ViewScope":
        """Return what names mean in a view's text."""
        return ViewScope(self, self.known(info.schema, info.name))

    def known(self, schema: str, name: str) -> Table | View | Sequence | None:
        """Return the relation that a view reads, whoever may."""
        if schema == TEMP_SCHEMA:
            return self.names.local.get(name.lower())
        return self.catalog.relations.get(key_of(schema, name))

    def beneath(self, reads: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """Return the relations read, with those that the views among them read."""
        found: set[tuple[str, str]] = set()
        waiting = list(reads)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                relation = self.known(*name)
                waiting += relation.reads if isinstance(relation, View) else ()
        return found

    def find_relation(self, schema: str | None, name: str) -> Table | View | Sequence | None:
        """Return the table, view or sequence of that name.

        A schema that does not exist or may not be used is refused; on the search path it is
        passed over.
        """
        if schema is None or schema.lower() == TEMP_SCHEMA:
            local = self.names.local.get(name.lower())
            if local is not None or schema is not None:
                return local
        if schema is not None:
            if schema.lower() not in SYSTEM_SCHEMAS:
                self.require_usage(self.catalog.require_schema(schema).name)
            return self.catalog.relations.get(key_of(schema, name))
        for candidate in self.names.search_path:
            found = self.catalog.relations.get(key_of(candidate, name))
            if found is not None and self.holder.uses(self.catalog, candidate):
                return found
        return None

    def require_usage(self, schema: str) -> None:
        """Refuse to name what a schema holds to whom it is closed."""
        if not self.holder.uses(self.catalog, schema):
            message = (
                f"Insufficient privilege: USAGE on SCHEMA '{schema}' not granted for current user"
            )
            raise VerticaError("42501", message, 3580)

    def is_taken(self, schema: str, name: str) -> bool:
        """Say whether a schema has a relation of that name, seen or not."""
        if schema == TEMP_SCHEMA:
            return name.lower() in self.names.local
        return key_of(schema, name) in self.catalog.relations

    def resolve_sequence(self, schema: str | None, name: str) -> SequenceInfo:
        """Return the sequence to draw from; refuse one that is missing or not to be read."""
        relation = self.find_relation(schema, name)
        if not isinstance(relation, Sequence):
            raise VerticaError("42V01", f'Sequence "{name}" does not exist', 4711)
        if not self.holder.has("SELECT", relation.oid):
            raise VerticaError("42501", f"Permission denied for relation {relation.name}", 4367)
        return SequenceInfo(relation.schema, relation.name, relation.duck_name)

    def resolve_functions(self, schema: str | None, name: str) -> tuple[FunctionInfo, ...]:
        """Return the SQL functions of that name that may be called, in the order of the path."""
        if schema is not None:
            self.require_usage(self.catalog.require_schema(schema).name)
        path = self.names.search_path if schema is None else (schema,)
        return tuple(
            function_info(function)
            for each in path
            for function in self.catalog.functions_of(each, name)
            if self.holder.uses(self.catalog, each) and self.holder.has("EXECUTE", function.oid)
        )

    def find_function(self, name: tuple[str | None, str], types: Iterable[str]) -> Function | None:
        """Return the SQL function of that name for these types, or None."""
        schema, last = name
        if schema is not None:
            self.require_usage(self.catalog.require_schema(schema).name)
        for each in self.names.search_path if schema is None else (schema,):
            found = self.catalog.functions.get(function_key(each, last, types))
            if found is not None and self.holder.uses(self.catalog, each):
                return found
        return None

    def creation_schema(self, schema: str | None) -> str:
        """Return the schema a new object goes to: the one said, else the first searched."""
        if schema is not None:
            if schema.lower() in SYSTEM_SCHEMAS:
                raise VerticaError("42501", f"Permission denied for schema [{schema}]", 4368)
            return self.catalog.require_schema(schema).name
        for candidate in self.names.search_path:
            if candidate.lower() in self.catalog.schemas:
                return self.catalog.schemas[candidate.lower()].name
        raise VerticaError("3F000", "No schema has been selected to create in", 4078)


@dataclass(frozen=True)
class ViewScope:
    """What names mean in a view's text: the relations that it was made over."""

    scope: NameScope
    view: Table | View | Sequence | None
    within: tuple[Table | View | Sequence | None, ...] = ()  # the views whose text names this one

    def resolve_table(self, schema: str | None, name: str) -> TableInfo:
        """Return the table meant, with the columns that it had."""
        for read, shape in self._reads():
            wanted = key_of(read[0] if schema is None else schema, name)
            if key_of(*read) == wanted and (info := self._info(*read)):
                return replace(info, columns=_shaped(info.columns, shape))
        raise unknown_relation(schema, name)

    def _reads(self) -> list[tuple[tuple[str, str], tuple[Column, ...] | None]]:
        """Return what the view reads, as it was searched, and the columns that it had.

        Catalogues written before have neither the path nor the columns.
        """
        if not isinstance(self.view, View):
            return []
        path = (TEMP_SCHEMA, *self.view.path)
        reads = zip_longest(self.view.reads, self.view.shapes)
        rank = {schema.lower(): number for number, schema in enumerate(path)}
        return sorted(reads, key=lambda read: rank.get(read[0][0].lower(), len(path)))

    def _info(self, schema: str, name: str) -> TableInfo | None:
        """Return a table, a view or a system table, whoever may read it."""
        relation = self.scope.known(schema, name)
        if isinstance(relation, Table | View):
            return self.scope.info_of(relation)
        return find_system_table(schema, name)

    def of_view(self, info: TableInfo) -> "ViewScope":
        """Return what names mean in the text of a view beneath; it must not be above, too."""
        beneath, within = self.scope.of_view(info), (*self.within, self.view)
        if beneath.view in within:
            message = f'Infinite recursion detected: view "{info.name}" reads itself'
            raise VerticaError("42P17", message)
        return replace(beneath, within=within)

    def resolve_sequence(self, schema: str | None, name: str) -> SequenceInfo:
        """Return the sequence to draw from."""
        return self.scope.resolve_sequence(schema, name)

    def resolve_functions(self, schema: str | None, name: str) -> tuple[FunctionInfo, ...]:
        """Return the SQL functions that the view was made with, whatever has become of them."""
        view = self.view
        if not isinstance(view, View):
            return ()
        return tuple(
            function_info(function)
            for each in (view.path if schema is None else (schema,))
            for function in view.functions
            if key_of(function.schema, function.name) == key_of(each, name)
        )

    def session_values(self) -> Mapping[str, object]:
        """Return what session functions answer to who reads the view."""
        return self.scope.session_values()

    def cache_key(self) -> Hashable:
        """Return what the scope's own key is."""
        return self.scope.cache_key()


def _shaped(
    columns: tuple[ColumnInfo, ...], shape: tuple[Column, ...] | None
) -> tuple[ColumnInfo, ...]:
    """Return the columns of these names; one that is no more stays, for DuckDB to miss it."""
    if shape is None:
        return columns
    now = {column.name.lower(): column for column in columns}
    return tuple(now.get(c.name.lower()) or column_info(c) for c in shape)


def unknown_relation(schema: str | None, name: str) -> VerticaError:
    """Return the refusal of a table or view that does not exist."""
    shown = name if schema is None else f"{schema}.{name}"
    return VerticaError("42V01", f'Relation "{shown}" does not exist', 4566)


def unknown_user_function(name: tuple[str | None, str], types: tuple[str, ...]) -> VerticaError:
    """Return the refusal of a SQL function that does not exist."""
    shown = ".".join(part for part in name if part)
    message = f"Function {shown}({', '.join(types)}) does not exist"
    return VerticaError("42883", message, 3456, severity="ROLLBACK")


def table_info(relation: Table | View) -> TableInfo:
    """Return what a statement needs to know of a table or view."""
    kind: Literal["table", "view", "reject"] = "table"
    if isinstance(relation, View):
        kind = "view"
    elif relation.is_reject:
        kind = "reject"
    columns = tuple(column_info(column) for column in relation.columns)
    return TableInfo(
        schema=relation.schema,
        name=relation.name,
        duck_name="" if isinstance(relation, View) else relation.duck_name,
        columns=columns,
        kind=kind,
        temporary=bool(relation.scope),
        oid=relation.oid,
        definition=relation.query if isinstance(relation, View) else None,
        own=columns if isinstance(relation, View) else (),
    )


def function_info(function: Function) -> FunctionInfo:
    """Return what a statement needs to know of a SQL function."""
    return FunctionInfo(
        function.schema,
        function.name,
        tuple(ColumnInfo(name, parse_type(vtype)) for name, vtype in function.arguments),
        parse_type(function.returns),
        function.body,
        function.oid,
    )


def column_info(column: Column) -> ColumnInfo:
    """Return what a statement needs to know of a column."""
    default = column.default
    vtype, is_identity = parse_type(column.type), column.identity is not None
    return ColumnInfo(column.name, vtype, column.nullable, default, is_identity)
