"""Carry out a statement of data definition in DuckDB and in the catalogue."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from local_vertica.catalog.model import (
    Column,
    Projection,
    Schema,
    Sequence,
    Table,
    View,
    duck_schema,
)
from local_vertica.catalog.rights import own
from local_vertica.catalog.store import key_of
from local_vertica.ddl.apply_alter import apply_alter_table, apply_rename
from local_vertica.ddl.apply_drop import apply_drop, apply_truncate
from local_vertica.ddl.apply_functions import alter_function, create_function, drop_function
from local_vertica.ddl.apply_move import apply_alter_sequence, apply_hand_over
from local_vertica.ddl.apply_pools import define_pool, define_profile, drop_pool, drop_profile
from local_vertica.ddl.apply_rights import give_right
from local_vertica.ddl.apply_table import apply_create_table, query_columns
from local_vertica.ddl.apply_tls import (
    configure_tls,
    create_certificate,
    create_key,
    drop_secrets,
)
from local_vertica.ddl.apply_users import alter_user, create_authentication, create_user
from local_vertica.ddl.context import Definition, already_exists, refuse_rejects
from local_vertica.ddl.emit import create_sequence
from local_vertica.ddl.nodes import (
    AlterFunction,
    AlterSequence,
    AlterTable,
    CommentOn,
    CreateFunction,
    CreateProjection,
    CreateSchema,
    CreateSequence,
    CreateTable,
    CreateView,
    Drop,
    DropFunction,
    GiveRight,
    HandOver,
    Rename,
    Statement,
    Truncate,
)
from local_vertica.ddl.user_nodes import (
    AlterUser,
    ConfigureTls,
    CreateAuthentication,
    CreateCertificate,
    CreateKey,
    CreateUser,
    DefinePool,
    DefineProfile,
    DropPool,
    DropProfile,
    DropSecret,
)
from local_vertica.errors import VerticaError
from local_vertica.resolve.names import TEMP_SCHEMA, unknown_relation
from local_vertica.sql.scope import TableInfo


def apply_statement(definition: Definition, statement: Statement) -> None:
    """Carry out a statement; on an error the caller rolls back and drops the draft."""
    APPLIERS[type(statement)](definition, statement)


def _create_schema(definition: Definition, statement: CreateSchema) -> None:
    """Make a schema."""
    if statement.name.lower() in definition.draft.schemas:
        if not statement.if_not_exists:
            raise already_exists(statement.name)
        definition.notices.append(f'Object "{statement.name}" already exists; nothing was done')
        return
    if statement.name.lower().startswith("v_"):
        message = f'Schema name "{statement.name}" is reserved: it begins with v_'
        raise VerticaError("42939", message, 4651)
    definition.run(f"CREATE SCHEMA {duck_schema(statement.name)}")
    owner = definition.user
    if statement.owner is not None:
        owner = definition.require_user(statement.owner).name
    oid = definition.draft.new_oid()
    schema = Schema(statement.name, oid, owner, definition.created(), statement.includes)
    definition.draft.put(schema)
    own(definition.draft, schema)


def _create_view(definition: Definition, statement: CreateView) -> None:
    """Make a view, or put another in its place."""
    schema = TEMP_SCHEMA if statement.scope else definition.scope.creation_schema(statement.name[0])
    existing = None
    if definition.scope.is_taken(schema, statement.name[1]):
        existing = definition.scope.find_relation(schema, statement.name[1])
        if not (statement.or_replace and isinstance(existing, View)):
            raise already_exists(statement.name[1])
    query = definition.query(statement.query)
    if existing and (existing.schema, existing.name) in definition.scope.beneath(query.reads):
        message = f'Infinite recursion detected: view "{existing.name}" reads itself'
        raise VerticaError("42P17", message)
    if query.draws or query.historical:
        raise VerticaError("0A000", "A view of sequences or AT EPOCH is not supported", 4160)
    columns = query_columns(query.fields, statement.columns)
    reads = tuple(sorted(query.reads))
    view = View(
        schema=schema,
        name=statement.name[1],
        query=statement.query,
        columns=columns,
        oid=existing.oid if existing else definition.draft.new_oid(),
        owner=definition.user,
        created=definition.created(),
        scope=statement.scope,
        reads=reads,
        path=definition.names.search_path,
        functions=tuple(f for f in definition.draft.functions.values() if f.oid in query.calls),
        shapes=tuple(_shape(definition.scope.resolve_table(*name)) for name in reads),
        inherits=definition.inherits(schema, f'View "{statement.name[1]}"', statement.includes),
        ddl=definition.text,
    )
    definition.put(view)
    if view.scope != "local" and (existing is None or existing.owner != view.owner):
        own(definition.draft, view)


def _shape(info: TableInfo) -> tuple[Column, ...]:
    """Return the columns of what a view reads."""
    return tuple(Column(column.name, str(column.vtype)) for column in info.columns)


def _create_projection(definition: Definition, statement: CreateProjection) -> None:
    """Keep a projection: its query must be valid, nothing is stored for it."""
    query = definition.query(statement.query)
    anchor = next(iter(query.reads), None)
    if anchor is None or len(query.reads) != 1:
        raise VerticaError("42601", "A projection reads one table", 2203)
    table = definition.draft.relations.get(key_of(*anchor))
    if not isinstance(table, Table):
        raise unknown_relation(*anchor)
    refuse_rejects(table)
    key = key_of(table.schema, statement.name[1])
    if key in definition.draft.projections:
        if not statement.if_not_exists:
            raise already_exists(statement.name[1])
        definition.notices.append(f'Object "{statement.name[1]}" already exists; nothing was done')
        return
    physical = statement.physical
    columns = statement.columns or tuple(field.name for field in query.fields)
    definition.draft.put(
        Projection(
            schema=table.schema,
            name=statement.name[1],
            anchor=key_of(table.schema, table.name),
            columns=columns,
            oid=definition.draft.new_oid(),
            owner=definition.user,
            created=definition.created(),
            segmented_by=physical.segmented_by,
            order_by=physical.order_by,
            is_super=len(columns) >= len(table.columns),
            ddl=definition.text,
        )
    )


def _create_sequence(definition: Definition, statement: CreateSequence) -> None:
    """Make a sequence; its limits follow the direction it goes."""
    schema = definition.scope.creation_schema(statement.name[0])
    if definition.refuse_existing(schema, statement.name[1], or_nothing=statement.if_not_exists):
        return
    sequence = sequence_of(statement, schema)
    created = definition.created()
    create_sequence(definition, sequence)
    oid = definition.draft.new_oid()
    made = replace(sequence, oid=oid, owner=definition.user, created=created, ddl=definition.text)
    definition.put(made)
    own(definition.draft, made)


def sequence_of(statement: CreateSequence, schema: str) -> Sequence:
    """Return the sequence a statement declares; refuse limits that exclude each other."""
    rises = statement.increment > 0
    if statement.increment == 0:
        raise VerticaError("22023", "INCREMENT must not be zero", 3565)
    minimum = statement.minimum if statement.minimum is not None else (1 if rises else -(2**63))
    maximum = statement.maximum if statement.maximum is not None else (2**63 - 1 if rises else -1)
    start = statement.start if statement.start is not None else (minimum if rises else maximum)
    if not minimum <= start <= maximum:
        message = (
            f"START value ({start}) must lie between MINVALUE {minimum} and MAXVALUE {maximum}"
        )
        raise VerticaError("22023", message, 4811)
    name = statement.name[1]
    return Sequence(
        schema,
        name,
        start,
        statement.increment,
        minimum,
        maximum,
        statement.cycles,
        statement.cache,
    )


def _comment(definition: Definition, statement: CommentOn) -> None:
    """Keep a comment on a schema, table, view or sequence."""
    if statement.kind == "SCHEMA":
        schema = definition.draft.require_schema(statement.name[1])
        definition.draft.put(replace(schema, comment=statement.text))
        return
    found = definition.scope.find_relation(*statement.name)
    kinds: dict[str, type[Table | View | Sequence]] = {
        "TABLE": Table,
        "VIEW": View,
        "SEQUENCE": Sequence,
    }
    if not isinstance(found, kinds[statement.kind]):
        raise unknown_relation(*statement.name)
    definition.put(replace(found, comment=statement.text))


APPLIERS: dict[type[Statement], Callable[[Definition, Any], None]] = {
    CreateSchema: _create_schema,
    CreateTable: apply_create_table,
    CreateView: _create_view,
    CreateProjection: _create_projection,
    CreateSequence: _create_sequence,
    AlterTable: apply_alter_table,
    Rename: apply_rename,
    AlterSequence: apply_alter_sequence,
    HandOver: apply_hand_over,
    CreateFunction: create_function,
    AlterFunction: alter_function,
    DropFunction: drop_function,
    Drop: apply_drop,
    Truncate: apply_truncate,
    CommentOn: _comment,
    CreateUser: create_user,
    AlterUser: alter_user,
    CreateAuthentication: create_authentication,
    DropSecret: drop_secrets,
    CreateKey: create_key,
    CreateCertificate: create_certificate,
    ConfigureTls: configure_tls,
    DefinePool: define_pool,
    DropPool: drop_pool,
    DefineProfile: define_profile,
    DropProfile: drop_profile,
    GiveRight: give_right,
}
