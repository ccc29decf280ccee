"""What each statement needs: its rights are looked up here, once the names in it are known.

USAGE of a schema is asked for where names are resolved (`names.NameScope`), everything else in one
function for each kind of statement. Which rights a statement needs follows Vertica's pages on the
statements and "Privileges required for common database operations".
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from local.vertica.catalog import rights
from local.vertica.catalog.model import DATABASE_OID, Projection, Schema, Sequence, Table, View
from local.vertica.catalog.store import key_of
from local.vertica.ddl import nodes
from local.vertica.engine import constraints
from local.vertica.engine.names import TEMP_SCHEMA, NameScope
from local.vertica.errors import VerticaError
from local.vertica.sql.translate import Translated

if TYPE_CHECKING:
    from local.vertica.copy.options import CopyStatement
    from local.vertica.engine.session import EngineSession

Relation = Table | View | Sequence
WRITES = {
    "insert": ("INSERT",),
    "update": ("UPDATE",),
    "delete": ("DELETE",),
    "merge": ("INSERT", "UPDATE", "DELETE"),
}
LOCKS = {
    "S": ("SELECT",),
    "I": ("INSERT",),
    "SI": ("SELECT", "INSERT"),
    "IV": ("SELECT", "INSERT"),
    "X": ("UPDATE", "DELETE"),
    "T": ("SELECT",),
    "U": rights.OF_TABLES,
    "O": rights.OF_TABLES,
}


# ---- rows


def require_query(scope: NameScope, translated: Translated) -> None:
    """Refuse a SELECT or a change of rows for which rights are missing."""
    _require_reads(scope, translated.reads, for_update=translated.for_update)
    if translated.writes is None:
        return
    table = scope.find_relation(*translated.writes)
    if isinstance(table, Table):
        require_on(scope, table, WRITES[translated.kind])
        checks_keys = translated.kind != "delete" and constraints.enforced_keys(table)
        if checks_keys or translated.reads_target:
            require_on(scope, table, ("SELECT",))


def _require_reads(
    scope: NameScope, reads: Iterable[tuple[str, str]], *, for_update: bool = False
) -> None:
    """Refuse tables and views that may not be read, or whose owner may not show them."""
    for name in sorted(reads):
        relation = scope.find_relation(*name)
        if relation is None:
            continue  # a system table: PUBLIC may read it, and it shows no more than one may see
        require_on(scope, relation, ("SELECT",))
        if for_update and isinstance(relation, Table):
            require_on(scope, relation, LOCKS["X"])
        if isinstance(relation, View) and relation.scope == "local":
            _require_reads(scope, relation.reads)
        elif isinstance(relation, View):
            mine = relation.owner.lower() == scope.holder.user.name.lower()
            if closed := rights.closed_source(scope.catalog, relation, to_others=not mine):
                raise denied(closed)


def require_on(scope: NameScope, item: Relation, privileges: Iterable[str]) -> None:
    """Refuse who lacks one of these privileges; one's own local temporary tables are one's own."""
    if isinstance(item, Table | View) and item.scope == "local":
        return
    if not all(scope.holder.has(privilege, item.oid) for privilege in privileges):
        raise denied(item.name)


def require_statistics(scope: NameScope, table: Table) -> None:
    """Refuse to analyze a table to who may change nothing in it."""
    if not any(scope.holder.has(p, table.oid) for p in ("INSERT", "UPDATE", "DELETE")):
        require_on(scope, table, ("INSERT",))


def require_partitions(scope: NameScope, table: Table, also: tuple[str, ...] = ()) -> None:
    """Refuse to drop, move, copy or swap partitions: others than the owner need TRUNCATE."""
    if not _owns(scope, table):
        require_on(scope, table, ("TRUNCATE", *also))


def require_owner(scope: NameScope, item: Relation, *, or_with: str = "") -> None:
    """Refuse who owns neither a relation nor its schema and lacks the privilege given instead."""
    if _owns(scope, item) or (or_with and scope.holder.has(or_with, item.oid)):
        return
    raise not_owner("sequence" if isinstance(item, Sequence) else "relation", item.name)


def require_lock(scope: NameScope, table: Table, mode: str) -> None:
    """Refuse LOCK TABLE to who could not do what the lock is for."""
    require_on(scope, table, LOCKS[mode])


def require_copy(session: "EngineSession", statement: "CopyStatement", table: Table) -> None:
    """Refuse a COPY: it needs INSERT, and files on the server are the superuser's alone."""
    scope = session.scope()
    require_on(scope, table, ("INSERT",))
    if constraints.enforced_keys(table):
        require_on(scope, table, ("SELECT",))
    _require_files(session, statement)
    rejects = statement.rejection.table
    existing = rejects and scope.find_relation(rejects.schema, rejects.name)
    if existing:
        require_on(scope, existing, ("INSERT",))
    elif rejects and statement.no_commit:
        _require_database(scope, "TEMP")
    elif rejects:
        _require_create(scope, rejects.schema)


def _require_files(session: "EngineSession", statement: "CopyStatement") -> None:
    """Refuse files on the server; objects on S3 may be read with keys of one's own."""
    if session.holder().is_super:
        return
    rejection, source = statement.rejection, statement.source
    writes = not statement.needs_client and (rejection.data_path or rejection.exceptions_path)
    own_keys = any(name.lower() == "awsauth" for name in session.state.settings)
    reads = source.kind == "server" and not (
        own_keys and all(path.text.startswith("s3://") for path in source.paths)
    )
    if reads or writes:
        raise superuser_only("COPY from or to files on the server")


# ---- objects


def require_definition(scope: NameScope, statement: nodes.Statement) -> None:
    """Refuse a statement of data definition for which rights are missing."""
    NEEDS[type(statement)](scope, statement)


def require_query_of(scope: NameScope, translated: Translated) -> None:
    """Refuse the query of a view, a table or a projection for which rights are missing."""
    _require_reads(scope, translated.reads)


def require_superuser(scope: NameScope, what: str) -> None:
    """Refuse what configures the database to all but superusers."""
    if not scope.holder.is_super:
        raise superuser_only(what)


def _require_admin(what: str) -> Callable[[NameScope, Any], None]:
    """Return a check that refuses a statement to all but administrators."""

    def check(scope: NameScope, _statement: nodes.Statement) -> None:
        if not scope.holder.is_admin:
            raise superuser_only(what)

    return check


def _create_schema(scope: NameScope, statement: nodes.CreateSchema) -> None:
    _require_database(scope, "CREATE")
    if statement.owner is not None and not scope.holder.is_admin:
        raise superuser_only("CREATE SCHEMA … AUTHORIZATION")


def _create(
    scope: NameScope, statement: nodes.CreateTable | nodes.CreateView | nodes.CreateSequence
) -> None:
    kind = "" if isinstance(statement, nodes.CreateSequence) else statement.scope
    if kind:
        _require_database(scope, "TEMP")
    if kind != "local":
        _require_create(scope, statement.name[0])
    if isinstance(statement, nodes.CreateView) and statement.or_replace and not kind:
        existing = scope.find_relation(*statement.name)
        if existing is not None:
            require_owner(scope, existing, or_with="DROP")
    if isinstance(statement, nodes.CreateTable):
        model = statement.like and scope.find_relation(*statement.like)
        if model:
            require_on(scope, model, ("SELECT",))
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
        require_on(scope, table, ("REFERENCES",))


def _create_projection(scope: NameScope, statement: nodes.CreateProjection) -> None:
    _require_create(scope, statement.name[0])


def _alter_table(scope: NameScope, statement: nodes.AlterTable) -> None:
    table = scope.find_relation(*statement.name)
    if table is None:
        return
    require_owner(scope, table, or_with="ALTER")
    for action in statement.actions:
        if isinstance(action, nodes.SetSchema):
            _require_create(scope, action.schema)
        elif isinstance(action, nodes.SetOwner):
            require_owner(scope, table)
        elif isinstance(action, nodes.AddConstraint):
            if action.constraint.references is not None:
                require_on(scope, table, ("REFERENCES",))
            _require_references(scope, action.constraint.references, but_for=table.name)


def _rename(scope: NameScope, statement: nodes.Rename) -> None:
    for name, _new in statement.pairs:
        item = scope.find_relation(*name)
        if item is not None:  # else it is a name that an earlier pair gives
            require_owner(scope, item, or_with="ALTER")
            if item.schema != TEMP_SCHEMA:
                _require_create(scope, item.schema)


def _alter_sequence(scope: NameScope, statement: nodes.AlterSequence) -> None:
    sequence = scope.find_relation(*statement.name)
    if sequence is not None:
        require_owner(scope, sequence, or_with="ALTER")


def _hand_over(scope: NameScope, statement: nodes.HandOver) -> None:
    item = scope.find_relation(*statement.name)
    if item is None:
        return
    if isinstance(statement.to, nodes.SetOwner):
        require_owner(scope, item)
    else:
        require_owner(scope, item, or_with="ALTER")
        _require_create(scope, statement.to.schema)


def _drop(scope: NameScope, statement: nodes.Drop) -> None:
    if statement.kind in ("USER", "ROLE"):
        _require_admin(f"DROP {statement.kind}")(scope, statement)
        return
    for name in statement.names:
        item = _found(scope, statement, name)
        if isinstance(item, Table | View | Sequence):
            require_owner(scope, item, or_with="DROP")
        elif isinstance(item, Schema) and not scope.holder.owns(item):
            raise not_owner("schema", item.name)


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
    if table is None or _owns(scope, table):
        return
    require_on(scope, table, ("TRUNCATE",))


def _comment(scope: NameScope, statement: nodes.CommentOn) -> None:
    if statement.kind == "SCHEMA":
        schema = scope.catalog.require_schema(statement.name[1])
        if not scope.holder.owns(schema):
            raise not_owner("schema", schema.name)
        return
    item = scope.find_relation(*statement.name)
    if item is not None:
        require_owner(scope, item)


def _alter_user(scope: NameScope, statement: nodes.AlterUser) -> None:
    """One's own password and default roles are one's own; the password with the one before it."""
    mine = statement.name.lower() == scope.holder.user.name.lower()
    if scope.holder.is_admin:
        return
    if not mine or statement.expires or statement.algorithm is not None:
        raise superuser_only("ALTER USER")
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
    nodes.AlterUser: _alter_user,
    nodes.Drop: _drop,
    nodes.Truncate: _truncate,
    nodes.CommentOn: _comment,
    nodes.CreateUser: _require_admin("CREATE USER or CREATE ROLE"),
    nodes.CreateAuthentication: _require_admin("CREATE AUTHENTICATION"),
    nodes.DropSecret: _require_admin("DROP AUTHENTICATION, KEY or CERTIFICATE"),
    nodes.CreateKey: _require_admin("CREATE KEY"),
    nodes.CreateCertificate: _require_admin("CREATE CERTIFICATE"),
    nodes.ConfigureTls: lambda scope, _: require_superuser(scope, "ALTER TLS CONFIGURATION"),
    nodes.GiveRight: _give_right,
}


# ---- the questions asked above


def _owns(scope: NameScope, item: Relation) -> bool:
    """Say whether a relation is one's own, or lies in a schema that is."""
    if isinstance(item, Table | View) and item.scope == "local":
        return True
    schema = scope.catalog.schemas.get(item.schema.lower())
    return scope.holder.owns(item) or (schema is not None and scope.holder.owns(schema))


def _require_create(scope: NameScope, schema: str | None) -> None:
    """Refuse to make or move something into a schema without CREATE on it."""
    found = scope.catalog.require_schema(scope.creation_schema(schema))
    if not scope.holder.has("CREATE", found.oid):
        message = f"Permission denied for schema [{found.name}]"
        raise VerticaError("42501", message, 4368, severity="ROLLBACK")


def _require_database(scope: NameScope, privilege: str) -> None:
    """Refuse what needs a privilege on the database."""
    if not scope.holder.has(privilege, DATABASE_OID):
        message = f"Permission denied for database [{scope.values['current_database']}]"
        raise VerticaError("42501", message, 4368, severity="ROLLBACK")


def denied(name: str) -> VerticaError:
    """Return the refusal for want of a privilege on a relation."""
    return VerticaError("42501", f"Permission denied for relation {name}", 4367)


def not_owner(noun: str, name: str) -> VerticaError:
    """Return the refusal for want of ownership."""
    message = f"Must be owner of {noun} {name}"
    return VerticaError("42501", message, 3989, severity="ROLLBACK")


def superuser_only(what: str) -> VerticaError:
    """Return the refusal of what only a superuser may; its number in Vertica is not documented."""
    return VerticaError("42501", f"Must be superuser: {what}")
