"""What each statement needs: its rights are looked up here, once the names in it are known.

USAGE of a schema is asked for where names are resolved (`names.NameScope`), everything else in one
function for each kind of statement. Which rights a statement needs follows Vertica's pages on the
statements and "Privileges required for common database operations".
"""

from collections.abc import Iterable

from local_vertica.catalog import rights
from local_vertica.catalog.model import (
    DATABASE_OID,
    Function,
    Sequence,
    Table,
    View,
)
from local_vertica.copy.options import CopyStatement
from local_vertica.errors import VerticaError
from local_vertica.resolve import constraints
from local_vertica.resolve.names import NameScope
from local_vertica.sql.translate import Translated

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
    if not owns(scope, table):
        require_on(scope, table, ("TRUNCATE", *also))


def require_owner(scope: NameScope, item: Relation | Function, *, or_with: str = "") -> None:
    """Refuse who owns neither an object nor its schema and lacks the privilege given instead."""
    if owns(scope, item) or (or_with and scope.holder.has(or_with, item.oid)):
        return
    nouns = {Sequence: "sequence", Function: "function"}
    raise not_owner(nouns.get(type(item), "relation"), item.name)


def require_lock(scope: NameScope, table: Table, mode: str) -> None:
    """Refuse LOCK TABLE to who could not do what the lock is for."""
    require_on(scope, table, LOCKS[mode])


def require_copy(
    scope: NameScope, statement: CopyStatement, table: Table, *, own_keys: bool
) -> None:
    """Refuse a COPY: it needs INSERT, and files on the server are the superuser's alone.

    Objects on S3 may be read with keys of one's own.
    """
    require_on(scope, table, ("INSERT",))
    if constraints.enforced_keys(table):
        require_on(scope, table, ("SELECT",))
    _require_files(scope, statement, own_keys=own_keys)
    rejects = statement.rejection.table
    existing = rejects and scope.find_relation(rejects.schema, rejects.name)
    if existing:
        require_on(scope, existing, ("INSERT",))
    elif rejects and statement.no_commit:
        require_database(scope, "TEMP")
    elif rejects:
        require_create(scope, rejects.schema)


def _require_files(scope: NameScope, statement: CopyStatement, *, own_keys: bool) -> None:
    """Refuse files on the server, and objects on S3 that are read with the server's keys."""
    if scope.holder.is_super:
        return
    rejection, source = statement.rejection, statement.source
    writes = not statement.needs_client and (rejection.data_path or rejection.exceptions_path)
    reads = source.kind == "server" and not (
        own_keys and all(path.text.startswith("s3://") for path in source.paths)
    )
    if reads or writes:
        raise superuser_only("COPY from or to files on the server")


# ---- objects


def require_query_of(scope: NameScope, translated: Translated) -> None:
    """Refuse the query of a view, a table or a projection for which rights are missing."""
    _require_reads(scope, translated.reads)


def require_superuser(scope: NameScope, what: str) -> None:
    """Refuse what configures the database to all but superusers."""
    if not scope.holder.is_super:
        raise superuser_only(what)


def require_pool_usage(scope: NameScope, name: str) -> None:
    """Refuse a resource pool that is unknown, or that the user's queries may not run in."""
    pool = scope.catalog.pools.get(name.lower())
    if pool is None:
        raise VerticaError("42704", f'Resource pool "{name}" does not exist')
    if not scope.holder.uses_pool(pool):
        raise VerticaError("42501", f"Permission denied for resource pool [{pool.name}]", 4368)


# ---- the questions asked above


def owns(scope: NameScope, item: Relation | Function) -> bool:
    """Say whether an object is one's own, or lies in a schema that is."""
    if isinstance(item, Table | View) and item.scope == "local":
        return True
    schema = scope.catalog.schemas.get(item.schema.lower())
    return scope.holder.owns(item) or (schema is not None and scope.holder.owns(schema))


def require_create(scope: NameScope, schema: str | None) -> None:
    """Refuse to make or move something into a schema without CREATE on it."""
    found = scope.catalog.require_schema(scope.creation_schema(schema))
    if not scope.holder.has("CREATE", found.oid):
        message = f"Permission denied for schema [{found.name}]"
        raise VerticaError("42501", message, 4368, severity="ROLLBACK")


def require_database(scope: NameScope, privilege: str) -> None:
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
