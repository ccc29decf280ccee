"""What each statement of data definition needs, one function for each kind."""

from collections.abc import Callable
from typing import Any

from local_vertica.catalog.model import Projection, Schema, Sequence, Table, View
from local_vertica.catalog.store import key_of
from local_vertica.ddl import nodes, user_nodes
from local_vertica.errors import VerticaError
from local_vertica.resolve import privileges
from local_vertica.resolve.names import TEMP_SCHEMA, NameScope

Relation = Table | View | Sequence


def require_definition(scope: NameScope, statement: nodes.Statement) -> None:
    """Refuse a statement of data definition for which rights are missing."""
    NEEDS[type(statement)](scope, statement)


def _require_admin(what: str) -> Callable[[NameScope, Any], None]:
    """Return a check that refuses a statement to all but administrators."""

    def check(scope: NameScope, _statement: nodes.Statement) -> None:
        if not scope.holder.is_admin:
            raise privileges.superuser_only(what)

    return check


def _require_superuser(what: str) -> Callable[[NameScope, Any], None]:
    """Return a check that refuses a statement to all but superusers."""
    return lambda scope, _statement: privileges.require_superuser(scope, what)


def _create_schema(scope: NameScope, statement: nodes.CreateSchema) -> None:
    privileges.require_database(scope, "CREATE")
    if statement.owner is not None and not scope.holder.is_admin:
        raise privileges.superuser_only("CREATE SCHEMA … AUTHORIZATION")


def _create(
    scope: NameScope, statement: nodes.CreateTable | nodes.CreateView | nodes.CreateSequence
) -> None:
    kind = "" if isinstance(statement, nodes.CreateSequence) else statement.scope
    if kind:
        privileges.require_database(scope, "TEMP")
    if kind != "local":
        privileges.require_create(scope, statement.name[0])
    if isinstance(statement, nodes.CreateView) and statement.or_replace and not kind:
        existing = scope.find_relation(*statement.name)
        if existing is not None:
            privileges.require_owner(scope, existing, or_with="DROP")
    if isinstance(statement, nodes.CreateTable):
        model = statement.like and scope.find_relation(*statement.like)
        if model:
            privileges.require_on(scope, model, ("SELECT",))
        for constraint in statement.constraints:
            _require_references(scope, constraint.references, but_for=statement.name[1])


def _require_references(
    scope: NameScope, target: tuple[str, str] | None, *, but_for: str = ""
) -> None:
    """Refuse a foreign key to a table that may not be referred to."""
    if target is None or target[1].lower() == but_for.lower():
        return
    table = scope.find_relation(target[0] or None, target[1])
    if table is not None:
        privileges.require_on(scope, table, ("REFERENCES",))


def _create_projection(scope: NameScope, statement: nodes.CreateProjection) -> None:
    privileges.require_create(scope, statement.name[0])


def _alter_table(scope: NameScope, statement: nodes.AlterTable) -> None:
    table = scope.find_relation(*statement.name)
    if table is None:
        return
    privileges.require_owner(scope, table, or_with="ALTER")
    for action in statement.actions:
        if isinstance(action, nodes.SetSchema):
            privileges.require_create(scope, action.schema)
        elif isinstance(action, nodes.SetOwner):
            privileges.require_owner(scope, table)
        elif isinstance(action, nodes.AddConstraint):
            if action.constraint.references is not None:
                privileges.require_on(scope, table, ("REFERENCES",))
            _require_references(scope, action.constraint.references, but_for=table.name)


def _rename(scope: NameScope, statement: nodes.Rename) -> None:
    for name, _new in statement.pairs:
        item = scope.find_relation(*name)
        if item is not None:  # else it is a name that an earlier pair gives
            privileges.require_owner(scope, item, or_with="ALTER")
            if item.schema != TEMP_SCHEMA:
                privileges.require_create(scope, item.schema)


def _alter_sequence(scope: NameScope, statement: nodes.AlterSequence) -> None:
    sequence = scope.find_relation(*statement.name)
    if sequence is not None:
        privileges.require_owner(scope, sequence, or_with="ALTER")


def _hand_over(scope: NameScope, statement: nodes.HandOver) -> None:
    item = scope.find_relation(*statement.name)
    if item is None:
        return
    if isinstance(statement.to, nodes.SetOwner):
        privileges.require_owner(scope, item)
    else:
        privileges.require_owner(scope, item, or_with="ALTER")
        privileges.require_create(scope, statement.to.schema)


def _create_function(scope: NameScope, statement: nodes.CreateFunction) -> None:
    types = tuple(vtype for _, vtype in statement.arguments)
    privileges.require_create(scope, statement.name[0])
    found = scope.find_function(statement.name, types)
    if found is not None and statement.or_replace:
        privileges.require_owner(scope, found)


def _alter_function(scope: NameScope, statement: nodes.AlterFunction) -> None:
    found = scope.find_function(statement.name, statement.types)
    if found is None:
        return
    or_with = "" if isinstance(statement.to, nodes.SetOwner) else "ALTER"
    privileges.require_owner(scope, found, or_with=or_with)
    if isinstance(statement.to, nodes.SetSchema):
        privileges.require_create(scope, statement.to.schema)
    elif isinstance(statement.to, nodes.RenameTable):
        privileges.require_create(scope, found.schema)


def _drop_function(scope: NameScope, statement: nodes.DropFunction) -> None:
    for name in statement.names:
        if name[0] is None or name[0].lower() in scope.catalog.schemas:
            found = scope.find_function(name, statement.types)
            if found is not None:
                privileges.require_owner(scope, found, or_with="DROP")


def _drop(scope: NameScope, statement: nodes.Drop) -> None:
    if statement.kind in ("USER", "ROLE"):
        _require_admin(f"DROP {statement.kind}")(scope, statement)
        return
    for name in statement.names:
        item = _found(scope, statement, name)
        if isinstance(item, Table | View | Sequence):
            privileges.require_owner(scope, item, or_with="DROP")
        elif isinstance(item, Schema) and not scope.holder.owns(item):
            raise privileges.not_owner("schema", item.name)


def _found(scope: NameScope, statement: nodes.Drop, name: nodes.Name) -> Relation | Schema | None:
    """Return what is to be dropped; for a projection, its table."""
    if statement.kind == "SCHEMA":
        return scope.catalog.schemas.get(name[1].lower())
    if name[0] is not None and name[0].lower() not in scope.catalog.schemas:
        return None
    if statement.kind == "PROJECTION":
        schema = name[0] or scope.creation_schema(None)
        found: Projection | None = scope.catalog.projections.get(key_of(schema, name[1]))
        return scope.find_relation(*found.anchor) if found else None
    return scope.find_relation(*name)


def _truncate(scope: NameScope, statement: nodes.Truncate) -> None:
    table = scope.find_relation(*statement.name)
    if table is None or privileges.owns(scope, table):
        return
    privileges.require_on(scope, table, ("TRUNCATE",))


def _comment(scope: NameScope, statement: nodes.CommentOn) -> None:
    if statement.kind == "SCHEMA":
        schema = scope.catalog.require_schema(statement.name[1])
        if not scope.holder.owns(schema):
            raise privileges.not_owner("schema", schema.name)
        return
    item = scope.find_relation(*statement.name)
    if item is not None:
        privileges.require_owner(scope, item)


def _alter_user(scope: NameScope, statement: user_nodes.AlterUser) -> None:
    """One's own are password, default roles, pool and path; the password with the one before it."""
    mine = statement.name.lower() == scope.holder.user.name.lower()
    if scope.holder.is_admin:
        return
    said = (statement.algorithm, statement.profile, statement.locks)
    if not mine or statement.expires or said != (None,) * len(said):
        raise privileges.superuser_only("ALTER USER")
    if statement.pool is not None:
        privileges.require_pool_usage(scope, statement.pool)
    if statement.password is not None and statement.replaces is None:
        raise VerticaError("42501", "Current password must be supplied to set new password", 2953)


def _give_right(_scope: NameScope, _statement: nodes.GiveRight) -> None:
    """Ask nothing yet: what may be granted depends on each object (`ddl.apply_rights`)."""


NEEDS: dict[type[nodes.Statement], Callable[[NameScope, Any], None]] = {
    nodes.CreateSchema: _create_schema,
    nodes.CreateTable: _create,
    nodes.CreateView: _create,
    nodes.CreateSequence: _create,
    nodes.CreateProjection: _create_projection,
    nodes.AlterTable: _alter_table,
    nodes.Rename: _rename,
    nodes.AlterSequence: _alter_sequence,
    nodes.HandOver: _hand_over,
    nodes.CreateFunction: _create_function,
    nodes.AlterFunction: _alter_function,
    nodes.DropFunction: _drop_function,
    user_nodes.AlterUser: _alter_user,
    nodes.Drop: _drop,
    nodes.Truncate: _truncate,
    nodes.CommentOn: _comment,
    user_nodes.CreateUser: _require_admin("CREATE USER or CREATE ROLE"),
    user_nodes.CreateAuthentication: _require_admin("CREATE AUTHENTICATION"),
    user_nodes.DropSecret: _require_admin("DROP AUTHENTICATION, KEY or CERTIFICATE"),
    user_nodes.CreateKey: _require_admin("CREATE KEY"),
    user_nodes.CreateCertificate: _require_admin("CREATE CERTIFICATE"),
    user_nodes.ConfigureTls: _require_superuser("ALTER TLS CONFIGURATION"),
    user_nodes.DefinePool: _require_superuser("CREATE or ALTER RESOURCE POOL"),
    user_nodes.DropPool: _require_superuser("DROP RESOURCE POOL"),
    user_nodes.DefineProfile: _require_superuser("CREATE or ALTER PROFILE"),
    user_nodes.DropProfile: _require_superuser("DROP PROFILE"),
    nodes.GiveRight: _give_right,
}
