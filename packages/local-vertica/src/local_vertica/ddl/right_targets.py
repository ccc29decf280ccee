"""Find what GRANT and REVOKE are about."""

from collections.abc import Iterator
from dataclasses import dataclass

from local_vertica.catalog import rights
from local_vertica.catalog.model import DATABASE_OID, Function, Sequence, Table, View
from local_vertica.ddl.apply_pools import require_pool
from local_vertica.ddl.context import Definition
from local_vertica.ddl.nodes import GiveRight, Name
from local_vertica.errors import VerticaError
from local_vertica.resolve.names import unknown_relation, unknown_user_function

NOUNS = {  # else relation
    "DATABASE": "database",
    "SCHEMA": "schema",
    "SEQUENCE": "sequence",
    "FUNCTION": "function",
    "RESOURCE POOL": "resource pool",
}


@dataclass(frozen=True)
class Target:
    """An object that rights are given on."""

    kind: str
    oid: int
    name: str
    owner: str
    schema: str = ""

    @property
    def noun(self) -> str:
        """Return what Vertica's errors call it."""
        return NOUNS.get(self.kind, "relation")

    def denied(self) -> VerticaError:
        """Return the refusal of who may not pass a right on it."""
        if self.kind in ("TABLE", "VIEW", "SEQUENCE"):
            return VerticaError("42501", f"Permission denied for relation {self.name}", 4367)
        message = f"Permission denied for {self.kind.lower()} [{self.name}]"
        return VerticaError("42501", message, 4368, severity="ROLLBACK")


def targets(definition: Definition, statement: GiveRight) -> Iterator[Target]:
    """Go through the objects; refuse what does not exist or may not be named."""
    for name, types in zip(statement.targets, statement.types, strict=False):
        yield _function(definition, name, types)
    for name in statement.targets[len(statement.types) :]:
        if statement.in_schemas:
            yield from _in_schema(definition, statement.kind, name[1])
        else:
            yield FINDERS.get(statement.kind, _relation)(definition, name)


def _in_schema(definition: Definition, kind: str, name: str) -> Iterator[Target]:
    """Go through the tables and views, or the sequences, that a schema holds now."""
    schema = definition.draft.require_schema(name)
    definition.scope.require_usage(schema.name)
    if kind == "FUNCTION":
        yield from map(_as_target, definition.draft.functions_of(name))
        return
    classes = (Sequence,) if kind == "SEQUENCE" else (Table, View)
    for (of, _), item in sorted(definition.draft.relations.items()):
        if of == schema.name.lower() and isinstance(item, classes):
            yield _as_target(item)


def _relation(definition: Definition, name: Name) -> Target:
    """Return the table, view or sequence meant; a local temporary one is nobody else's."""
    found = definition.scope.find_relation(*name)
    if found is None:
        raise unknown_relation(*name)
    if not isinstance(found, Sequence) and found.scope == "local":
        message = "Privileges on local temporary objects cannot be granted"
        raise VerticaError("0A000", message, 4160)
    return _as_target(found)


def _function(definition: Definition, name: Name, types: tuple[str, ...]) -> Target:
    """Return the SQL function meant."""
    found = definition.scope.find_function(name, types)
    if found is None:
        raise unknown_user_function(name, types)
    return _as_target(found)


def _as_target(item: Table | View | Sequence | Function) -> Target:
    """Return a relation or function as what rights are given on."""
    return Target(rights.KINDS[type(item)], item.oid, item.name, item.owner, item.schema)


def _schema(definition: Definition, name: Name) -> Target:
    """Return the schema meant."""
    found = definition.draft.require_schema(name[1])
    return Target("SCHEMA", found.oid, found.name, found.owner)


def _database(definition: Definition, name: Name) -> Target:
    """Return the database; there is but this one."""
    here = str(definition.scope.values["current_database"])
    if name[1] not in ("", here):
        raise VerticaError("3D000", f'Database "{name[1]}" does not exist', 2983)
    return Target("DATABASE", DATABASE_OID, here, "")


def _role(definition: Definition, name: Name) -> Target:
    """Return the role meant."""
    found = definition.draft.roles.get(name[1].lower())
    if found is None:
        raise VerticaError("42704", f'Role "{name[1]}" does not exist', 5227)
    return Target("ROLE", found.oid, found.name, "")


def _authentication(definition: Definition, name: Name) -> Target:
    """Return the way in that is meant."""
    found = definition.draft.authentications.get(name[1].lower())
    if found is None:
        raise VerticaError("42704", f'Authentication "{name[1]}" does not exist', 5227)
    return Target("AUTHENTICATION", found.oid, found.name, "")


def _pool(definition: Definition, name: Name) -> Target:
    """Return the resource pool meant; it has no owner."""
    found = require_pool(definition.draft, name[1])
    return Target("RESOURCE POOL", found.oid, found.name, "")


FINDERS = {
    "RESOURCE POOL": _pool,
    "SCHEMA": _schema,
    "DATABASE": _database,
    "ROLE": _role,
    "AUTHENTICATION": _authentication,
}
