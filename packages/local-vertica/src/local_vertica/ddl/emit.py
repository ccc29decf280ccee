"""Write a table's definition in DuckDB's SQL."""

from local_vertica.catalog.model import Column, Sequence, Table, duck_table, quoted
from local_vertica.ddl.context import Definition
from local_vertica.types import VType, parse_type


def create_table(definition: Definition, table: Table) -> None:
    """Make a table in DuckDB: types, NOT NULL, lengths in octets, defaults and CHECKs."""
    types = {column.name.lower(): parse_type(column.type) for column in table.columns}
    parts = [column_sql(definition, table, column) for column in table.columns]
    parts += [check for column in table.columns if (check := length_check(column))]
    for constraint in table.constraints:
        if constraint.kind == "check" and constraint.is_enforced:
            parts.append(f"CHECK ({definition.check(constraint.expression, types)})")
    temporary = "TEMP " if table.scope else ""
    definition.run(f"CREATE {temporary}TABLE {table.duck_name} ({', '.join(parts)})")


def column_sql(definition: Definition, table: Table, column: Column) -> str:
    """Return one column in DuckDB's SQL."""
    parts = [quoted(column.name.lower()), parse_type(column.type).duck]
    if column.identity is not None:
        sequence = identity_sequence(table, column)
        parts.append(f"DEFAULT nextval('{sequence.duck_name}')")
    elif column.default is not None:
        duck = parse_type(column.type).duck
        parts.append(f"DEFAULT CAST({definition.default(column.default)} AS {duck})")
    if not column.nullable:
        parts.append("NOT NULL")
    return " ".join(parts)


def length_check(column: Column) -> str:
    """Return the CHECK of a string's or binary value's octets, or nothing."""
    vtype: VType = parse_type(column.type)
    name = quoted(column.name.lower())
    if vtype.is_string:
        return f"CHECK (strlen({name}) <= {vtype.length})"
    if vtype.is_binary or vtype.is_spatial:
        return f"CHECK (octet_length({name}) <= {vtype.length})"
    return ""


def identity_sequence(table: Table, column: Column) -> Sequence:
    """Return the sequence an IDENTITY column draws from."""
    start, increment = column.identity or (1, 1)
    name = f"{table.name}_{column.name}_seq"
    return Sequence(
        schema=table.schema,
        name=name,
        start=start,
        increment=increment,
        owner=table.owner,
        created=table.created,
        identity_of=table.name,
    )


def create_sequence(definition: Definition, sequence: Sequence) -> None:
    """Make a sequence in DuckDB."""
    cycle = "CYCLE" if sequence.cycles else "NO CYCLE"
    name = duck_table(sequence.schema, sequence.name)
    definition.run(
        f"CREATE SEQUENCE {name} INCREMENT BY {sequence.increment} MINVALUE {sequence.minimum} "
        f"MAXVALUE {sequence.maximum} START WITH {sequence.start} {cycle}"
    )


def next_value(definition: Definition, sequence: Sequence) -> int:
    """Return what a sequence would give next."""
    row = definition.connection.execute(
        "SELECT coalesce(last_value + increment_by, start_value) FROM duckdb_sequences() "
        "WHERE schema_name || '.' || sequence_name = ?",
        [sequence.duck_name.replace('"', "")],
    ).fetchone()
    return int(row[0]) if row else sequence.start
