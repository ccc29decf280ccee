"""Carry out DROP and TRUNCATE."""

from local_vertica.catalog.model import (
    PREDEFINED_ROLES,
    Certificate,
    Key,
    Projection,
    Sequence,
    Table,
    User,
    View,
    duck_schema,
)
from local_vertica.catalog.rights import forget_object
from local_vertica.catalog.store import key_of
from local_vertica.ddl.apply_functions import forget_function
from local_vertica.ddl.context import Definition
from local_vertica.ddl.nodes import Drop, Name, Truncate
from local_vertica.errors import VerticaError

NOTHING_DROPPED = "Nothing was dropped"
CLASSES: dict[str, type[Table | View | Sequence]] = {
    "TABLE": Table,
    "VIEW": View,
    "SEQUENCE": Sequence,
}


def apply_drop(definition: Definition, statement: Drop) -> None:
    """Drop what is named; with IF EXISTS what is missing only earns a notice."""
    for name in statement.names:
        if statement.kind == "SCHEMA":
            _drop_schema(definition, statement, name)
        elif statement.kind == "PROJECTION":
            _drop_projection(definition, statement, name)
        elif statement.kind in ("USER", "ROLE"):
            _drop_user(definition, statement, name)
        else:
            _drop_relation(definition, statement, name)


def apply_truncate(definition: Definition, statement: Truncate) -> None:
    """Empty a table."""
    table = definition.require_table(statement.name)
    definition.run(f"DELETE FROM {table.duck_name}")


def _drop_relation(definition: Definition, statement: Drop, name: Name) -> None:
    """Drop a table, view or sequence."""
    relation = _find(definition, statement, name)
    if not isinstance(relation, CLASSES[statement.kind]):
        _missing(definition, statement, name)
        return
    if isinstance(relation, Sequence) and relation.identity_of:
        raise VerticaError("2BV01", "DROP failed due to dependencies", 3128, severity="ROLLBACK")
    if isinstance(relation, Table):
        _check_references(definition, statement, relation)
    drop_relation(definition, relation)


def _find(definition: Definition, statement: Drop, name: Name) -> Table | View | Sequence | None:
    """Return the relation named; with IF EXISTS a missing schema is as good as a missing table."""
    try:
        return definition.scope.find_relation(*name)
    except VerticaError as error:
        if statement.if_exists and error.sqlstate == "3F000":
            return None
        raise


def drop_relation(definition: Definition, relation: Table | View | Sequence) -> None:
    """Drop a relation and what hangs on it: projections and the sequences of IDENTITY."""
    if isinstance(relation, Table):
        _drop_table(definition, relation)
    elif isinstance(relation, Sequence):
        definition.run(f"DROP SEQUENCE IF EXISTS {relation.duck_name}")
    definition.remove(relation)
    forget_object(definition.draft, relation.oid)


def _drop_table(definition: Definition, table: Table) -> None:
    """Drop a table in DuckDB, then its sequences, then forget its projections."""
    if table.scope != "local":
        definition.lock(f"{table.schema}.{table.name}")
    # A global temporary table exists in DuckDB only for the sessions that used it.
    definition.run(f"DROP TABLE IF EXISTS {table.duck_name}")
    key = key_of(table.schema, table.name)
    for sequence in definition.draft.sequences():
        if key_of(sequence.schema, sequence.identity_of) == key:
            definition.run(f"DROP SEQUENCE {sequence.duck_name}")
            definition.draft.remove(sequence)
    for projection in list(definition.draft.projections.values()):
        if projection.anchor == key:
            definition.draft.remove(projection)


def _check_references(definition: Definition, statement: Drop, table: Table) -> None:
    """Refuse to drop a table that foreign keys of others refer to, without CASCADE."""
    key = key_of(table.schema, table.name)
    for other in definition.draft.tables():
        if key_of(other.schema, other.name) == key or statement.cascade:
            continue
        if any(c.references and key_of(*c.references) == key for c in other.constraints):
            message = "DROP failed due to dependencies"
            detail = (
                f"Constraint of Table {other.schema}.{other.name} depends on Table {table.name}"
            )
            hint = "Use DROP … CASCADE to drop the dependent objects too"
            raise VerticaError("2BV01", message, 3128, detail, hint, "ROLLBACK")


def _drop_schema(definition: Definition, statement: Drop, name: Name) -> None:
    """Drop a schema; what it holds only with CASCADE."""
    schema = definition.draft.schemas.get(name[1].lower())
    if schema is None:
        if not statement.if_exists:
            raise VerticaError("3F000", f'Schema "{name[1]}" does not exist', 4650)
        definition.notices.append(NOTHING_DROPPED)
        return
    if name[1].lower() == "public":
        raise VerticaError("2BV01", "Schema public cannot be dropped", 3128, severity="ROLLBACK")
    key = schema.name.lower()
    held = [r for (of, _), r in definition.draft.relations.items() if of == key]
    functions = definition.draft.functions_of(key)
    if (held or functions) and not statement.cascade:
        detail = f"{len(held) + len(functions)} objects depend on Schema {schema.name}"
        hint = "Use DROP … CASCADE to drop the dependent objects too"
        message = "DROP failed due to dependencies"
        raise VerticaError("2BV01", message, 3128, detail, hint, "ROLLBACK")
    for relation in sorted(held, key=lambda r: isinstance(r, Sequence)):
        if (of := key_of(relation.schema, relation.name)) in definition.draft.relations:
            drop_relation(definition, definition.draft.relations[of])
    for function in functions:
        forget_function(definition, function)
    definition.run(f"DROP SCHEMA {duck_schema(schema.name)}")
    definition.draft.remove(schema)
    forget_object(definition.draft, schema.oid)


def _drop_projection(definition: Definition, statement: Drop, name: Name) -> None:
    """Forget a projection."""
    schema = definition.scope.creation_schema(name[0])
    found: Projection | None = definition.draft.projections.get(key_of(schema, name[1]))
    if found is not None:
        definition.draft.remove(found)
    elif statement.if_exists:
        definition.notices.append(NOTHING_DROPPED)
    else:
        raise VerticaError("42V21", f'Projection "{name[1]}" does not exist', 4452)


def _drop_user(definition: Definition, statement: Drop, name: Name) -> None:
    """Drop a user or role with its grants, but never the database's own."""
    draft = definition.draft
    found = (draft.users if statement.kind == "USER" else draft.roles).get(name[1].lower())
    if found is None:
        if not statement.if_exists:
            raise VerticaError("42704", f'{statement.kind} "{name[1]}" does not exist', 5227)
        definition.notices.append(NOTHING_DROPPED)
        return
    if found.is_super or found in PREDEFINED_ROLES:
        raise VerticaError("42501", f'{statement.kind} "{name[1]}" cannot be dropped', 3131)
    _drop_possessions(definition, statement, found)
    for grant in list(draft.grants.values()):
        if found.name.lower() in (grant.grantee.lower(), grant.grantor.lower()):
            draft.remove(grant)
    forget_object(draft, found.oid)
    draft.remove(found)


def _drop_possessions(definition: Definition, statement: Drop, user: User) -> None:
    """Drop what a user owns, or take a role from those who have it, but only with CASCADE."""
    draft, name = definition.draft, user.name.lower()
    schemas = [s for s in draft.schemas.values() if s.owner.lower() == name]
    owned = [r for r in draft.relations.values() if r.owner.lower() == name]
    functions = [f for f in draft.functions.values() if f.owner.lower() == name]
    secrets: list[Key | Certificate] = [
        *(key for key in draft.keys.values() if key.owner.lower() == name),
        *(each for each in draft.certificates.values() if each.owner.lower() == name),
    ]
    if user.is_role:
        schemas, owned, functions, secrets = [], [], [], []
    held = [grant for grant in draft.grants.values() if user.is_role and grant.target == user.oid]
    count = len(schemas) + len(owned) + len(functions) + len(secrets) + len(held)
    if count and not statement.cascade:
        detail = f"{count} objects depend on {user.name}"
        hint = "Use DROP … CASCADE to drop the dependent objects too"
        message = "DROP failed due to dependencies"
        raise VerticaError("2BV01", message, 3128, detail, hint, "ROLLBACK")
    for relation in sorted(owned, key=lambda r: isinstance(r, Sequence)):
        if key_of(relation.schema, relation.name) in draft.relations:
            drop_relation(definition, relation)
    for function in functions:
        forget_function(definition, function)
    for schema in schemas:
        _drop_schema(definition, statement, (None, schema.name))
    for secret in secrets:
        draft.remove(secret)


def _missing(definition: Definition, statement: Drop, name: Name) -> None:
    """Refuse a missing relation, or only note it."""
    if statement.if_exists:
        definition.notices.append(NOTHING_DROPPED)
        return
    numbers = {"TABLE": 4883, "VIEW": 5434, "SEQUENCE": 4711}
    kind, shown = statement.kind, name[1]
    message = f'{kind.title()} "{shown}" does not exist'
    raise VerticaError("42V01", message, numbers[kind], severity="ROLLBACK")
