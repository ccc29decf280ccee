"""Carry out CREATE TABLE."""

from dataclasses import replace

from local_vertica.catalog.model import Column, Constraint, Table, quoted
from local_vertica.catalog.rights import own
from local_vertica.ddl.context import Definition
from local_vertica.ddl.emit import create_sequence, create_table, identity_sequence
from local_vertica.ddl.nodes import CreateTable, Name, Physical
from local_vertica.ddl.partition_rules import check_partition
from local_vertica.ddl.physical import check_columns
from local_vertica.errors import VerticaError
from local_vertica.resolve.names import TEMP_SCHEMA, unknown_relation
from local_vertica.results import Field
from local_vertica.types import VType

CONSTRAINT_NAMES = {
    "primary": "C_PRIMARY",
    "unique": "C_UNIQUE",
    "foreign": "C_FOREIGN",
    "check": "C_CHECK",
}


def apply_create_table(definition: Definition, statement: CreateTable) -> None:
    """Make a table, empty or filled from a query."""
    schema = table_schema(definition, statement)
    if definition.refuse_existing(schema, statement.name[1], or_nothing=statement.if_not_exists):
        return
    if statement.like is not None:
        table = _like(definition, statement, _model(definition, statement.like))
    elif statement.query:
        _create_as(definition, statement, schema)
        return
    else:
        table = _as_declared(definition, statement, schema)
    add_table(definition, table)


def table_schema(definition: Definition, statement: CreateTable) -> str:
    """Return the schema a new table belongs to; LOCAL TEMP tables have one of their own."""
    schema, _ = statement.name
    if statement.scope != "local":
        return definition.scope.creation_schema(schema)
    if schema is not None and schema.lower() != TEMP_SCHEMA:
        message = "Local temporary objects may not specify a schema name"
        raise VerticaError("42V16", message, 5353)
    return TEMP_SCHEMA


def add_table(definition: Definition, table: Table) -> None:
    """Make a table with its sequences in DuckDB and enter them."""
    for column in table.columns:
        if column.identity is not None:
            sequence = identity_sequence(table, column)
            create_sequence(definition, sequence)
            definition.put(replace(sequence, oid=definition.draft.new_oid()))
    if table.scope != "global":  # each session makes its own copy when it first uses it
        create_table(definition, table)
    else:
        _try_table(definition, table)
    definition.put(table)
    if table.scope != "local":
        own(definition.draft, table)


def _try_table(definition: Definition, table: Table) -> None:
    """Make and drop a table, so that a wrong definition is refused when it is given."""
    create_table(definition, table)
    definition.run(f"DROP TABLE {table.duck_name}")


def _as_declared(definition: Definition, statement: CreateTable, schema: str) -> Table:
    """Return the table a column list declares."""
    constraints = name_constraints(definition, statement, schema)
    keys = {name.lower() for c in constraints if c.kind == "primary" for name in c.columns}
    columns = tuple(
        replace(column, nullable=column.nullable and column.name.lower() not in keys)
        for column in statement.columns
    )
    return _with_physical(
        _bare(definition, statement, schema, columns), statement.physical, constraints
    )


def _bare(
    definition: Definition, statement: CreateTable, schema: str, columns: tuple[Column, ...]
) -> Table:
    """Return a table without constraints and physical clauses."""
    return Table(
        schema=schema,
        name=statement.name[1],
        columns=columns,
        oid=definition.draft.new_oid(),
        owner=definition.user,
        created=definition.created(),
        scope=statement.scope,
        keeps_rows=statement.keeps_rows,
        inherits=definition.inherits(schema, f'Table "{statement.name[1]}"', statement.includes),
        ddl=definition.text,
    )


def _with_physical(table: Table, physical: Physical, constraints: tuple[Constraint, ...]) -> Table:
    """Return the table with its constraints and physical clauses."""
    check_partition(physical, table.columns)
    return replace(
        table,
        constraints=constraints,
        order_by=physical.order_by,
        segmented_by=physical.segmented_by,
        is_unsegmented=physical.is_unsegmented,
        ksafe=physical.ksafe,
        partition_by=physical.partition_by,
        group_by=physical.group_by,
        active_partitions=physical.active_partitions,
    )


def name_constraints(
    definition: Definition, statement: CreateTable, schema: str
) -> tuple[Constraint, ...]:
    """Give every constraint a name and an identifier; look up what foreign keys refer to."""
    return tuple(
        complete_constraint(definition, constraint, (schema, statement.name[1]))
        for constraint in statement.constraints
    )


def complete_constraint(
    definition: Definition, constraint: Constraint, table: tuple[str, str]
) -> Constraint:
    """Return a constraint with name, identifier and, for a foreign key, its target."""
    oid = definition.draft.new_oid()
    name = constraint.name or CONSTRAINT_NAMES[constraint.kind]
    found = replace(constraint, oid=oid, name=name)
    if constraint.references is None:
        return found
    schema, target_name = constraint.references
    if target_name.lower() == table[1].lower() and schema.lower() in ("", table[0].lower()):
        return replace(found, references=table, referenced_columns=constraint.columns)
    target = definition.scope.find_relation(schema or None, target_name)
    if not isinstance(target, Table):
        raise unknown_relation(schema or None, target_name)
    columns = constraint.referenced_columns or next(
        (c.columns for c in target.constraints if c.kind == "primary"), ()
    )
    if len(columns) != len(constraint.columns):
        message = f'Referenced primary key constraint does not exist in table "{target.name}"'
        raise VerticaError("42V16", message, 4550)
    return replace(found, references=(target.schema, target.name), referenced_columns=columns)


def _model(definition: Definition, name: Name) -> Table:
    """Return the table that LIKE names."""
    relation = definition.scope.find_relation(*name)
    if not isinstance(relation, Table):
        raise unknown_relation(*name)
    return relation


def _like(definition: Definition, statement: CreateTable, model: Table) -> Table:
    """Return a table like another: columns and NOT NULL; the physical design if asked for."""
    schema = table_schema(definition, statement)
    copied = ("check", "primary", "unique")
    table = replace(
        _bare(definition, statement, schema, model.columns),
        constraints=tuple(c for c in model.constraints if c.kind in copied),
    )
    if not statement.with_projections:
        return table
    return replace(
        table,
        order_by=model.order_by,
        segmented_by=model.segmented_by,
        is_unsegmented=model.is_unsegmented,
        ksafe=model.ksafe,
        partition_by=model.partition_by,
        group_by=model.group_by,
    )


def _create_as(definition: Definition, statement: CreateTable, schema: str) -> None:
    """Make a table of a query's columns and fill it."""
    query = definition.query(statement.query)
    columns = query_columns(query.fields, statement.query_columns)
    check_columns(statement.physical, {column.name.lower() for column in columns})
    table = _with_physical(_bare(definition, statement, schema, columns), statement.physical, ())
    add_table(definition, table)
    if table.scope != "global":
        names = ", ".join(quoted(column.name.lower()) for column in columns)
        definition.prepare(query)
        definition.run(f"INSERT INTO {table.duck_name} ({names}) {query.duck_sql}")


def query_columns(fields: tuple[Field, ...], names: tuple[str, ...]) -> tuple[Column, ...]:
    """Return the columns a query's fields make, by their own names or by those given."""
    if names and len(names) != len(fields):
        message = f"The query has {len(fields)} columns, and {len(names)} names are given"
        raise VerticaError("42601", message, 4856)
    columns = tuple(
        Column(name, str(storable(field.vtype)))
        for name, field in zip(names or [f.name for f in fields], fields, strict=True)
    )
    if len({column.name.lower() for column in columns}) != len(columns):
        raise VerticaError("42701", "A column name is specified more than once", 2663)
    return columns


def storable(vtype: VType) -> VType:
    """Return a type a column can have: an empty text still needs room for one octet."""
    if vtype.length == 0:
        return replace(vtype, length=1)
    return vtype
