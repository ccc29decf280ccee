"""Read CREATE TABLE in all its forms."""

from collections.abc import Sequence
from dataclasses import replace

from local_vertica.catalog.model import Column, Constraint, Scope
from local_vertica.ddl.columns import (
    is_table_constraint,
    read_column,
    read_encoding,
    read_table_constraint,
)
from local_vertica.ddl.lexer import syntax_error
from local_vertica.ddl.nodes import CreateTable, Physical
from local_vertica.ddl.physical import check_columns, read_physical, read_privileges
from local_vertica.ddl.reader import Reader
from local_vertica.errors import VerticaError
from local_vertica.types import parse_type


def read_scope(reader: Reader) -> Scope:
    """Read [GLOBAL|LOCAL] TEMP[ORARY]; a temporary table is global if it is not said."""
    said = reader.choose("GLOBAL", "LOCAL") if reader.token.upper in ("GLOBAL", "LOCAL") else ""
    if reader.accept("TEMP") or reader.accept("TEMPORARY"):
        return "local" if said == "LOCAL" else "global"
    if said:
        raise syntax_error(reader.token)
    return ""


def read_if_not_exists(reader: Reader) -> bool:
    """Read IF NOT EXISTS if it comes next."""
    return reader.accept("IF", "NOT", "EXISTS")


def read_create_table(reader: Reader, scope: Scope) -> CreateTable:
    """Read what follows CREATE [TEMP] TABLE."""
    if_not_exists = read_if_not_exists(reader)
    head = CreateTable(reader.qualified(), if_not_exists, scope, keeps_rows=not scope)
    if reader.accept("LIKE"):
        return _read_like(reader, head)
    if reader.is_next("(") and not _is_name_list(reader):
        return _read_definition(reader, head)
    if reader.is_next("("):
        head = replace(head, query_columns=reader.names())
    head = read_on_commit(reader, head)
    head = replace(head, includes=read_privileges(reader))
    reader.expect("AS")
    return _read_query(reader, head)


def _is_name_list(reader: Reader) -> bool:
    """Say whether the parentheses hold names only, as before AS."""
    return reader.peek(2).text in (",", ")") and not is_constraint_word(reader)


def is_constraint_word(reader: Reader) -> bool:
    """Say whether the first word in the parentheses begins a table constraint."""
    return reader.peek().upper in ("CONSTRAINT", "PRIMARY", "FOREIGN", "UNIQUE", "CHECK")


def _read_definition(reader: Reader, head: CreateTable) -> CreateTable:
    """Read the columns, the constraints and the physical clauses."""
    columns, constraints = _read_items(reader)
    head = read_on_commit(reader, replace(head, columns=columns, constraints=constraints))
    if head.scope:
        reader.accept("NO", "PROJECTION")
    physical = read_physical(reader, partitions=not head.scope)
    reader.end()
    statement = replace(head, physical=physical, includes=physical.includes)
    check_definition(statement)
    return statement


def _read_items(reader: Reader) -> tuple[tuple[Column, ...], tuple[Constraint, ...]]:
    """Read what stands in the parentheses: columns first, then constraints."""
    columns: list[Column] = []
    constraints: list[Constraint] = []
    table_constraints: list[Constraint] = []
    reader.expect("(")
    while True:
        if is_table_constraint(reader):
            table_constraints.append(read_table_constraint(reader))
        elif table_constraints:
            raise syntax_error(reader.token)
        else:
            column, own = read_column(reader)
            columns.append(column)
            constraints.extend(own)
        if not reader.accept(","):
            break
    reader.expect(")")
    if not columns:
        raise syntax_error(reader.token)
    return tuple(columns), (*constraints, *table_constraints)


def read_on_commit(reader: Reader, head: CreateTable) -> CreateTable:
    """Read ON COMMIT {DELETE|PRESERVE} ROWS of a temporary table."""
    if not head.scope or not reader.accept("ON", "COMMIT"):
        return head
    keeps = reader.choose("DELETE", "PRESERVE") == "PRESERVE"
    reader.expect("ROWS")
    return replace(head, keeps_rows=keeps)


def _read_like(reader: Reader, head: CreateTable) -> CreateTable:
    """Read LIKE table [{INCLUDING|EXCLUDING} PROJECTIONS]."""
    model = reader.qualified()
    including = reader.accept("INCLUDING", "PROJECTIONS")
    if not including:
        reader.accept("EXCLUDING", "PROJECTIONS")
    includes = read_privileges(reader)
    reader.end()
    return replace(head, like=model, with_projections=including, includes=includes)


def _read_query(reader: Reader, head: CreateTable) -> CreateTable:
    """Read the query of CREATE TABLE … AS, then ENCODED BY and physical clauses."""
    reader.accept("AT", "EPOCH", "LATEST")
    query = reader.balanced("ENCODED", "SEGMENTED", "UNSEGMENTED")
    if reader.accept("ENCODED", "BY"):
        _read_encoded(reader)
    physical = read_physical(reader)
    reader.end()
    return replace(head, query=query, physical=physical)


def _read_encoded(reader: Reader) -> None:
    """Read column [ENCODING e] [ACCESSRANK n], … of ENCODED BY."""
    while True:
        reader.name()
        if reader.accept("ENCODING"):
            read_encoding(reader)
        if reader.accept("ACCESSRANK"):
            reader.integer()
        if not reader.accept(","):
            return


def check_definition(statement: CreateTable) -> None:
    """Refuse a definition that contradicts itself."""
    known: set[str] = set()
    for column in statement.columns:
        if column.name.lower() in known:
            raise VerticaError("42701", f'Column "{column.name}" specified more than once', 2663)
        known.add(column.name.lower())
    if len(statement.columns) > 9800:
        raise VerticaError("54011", f"Table has {len(statement.columns)} columns, limit 9800", 5056)
    check_columns(statement.physical, known)
    check_constraints(statement, known)
    _check_identity(statement)
    _check_physical(statement.physical)


def check_constraints(statement: CreateTable, known: set[str]) -> None:
    """Refuse constraints on unknown columns, of one name, or two primary keys."""
    names: set[str] = set()
    for constraint in statement.constraints:
        for column in constraint.columns:
            if column.lower() not in known:
                message = f'Column "{column}" referenced in constraint does not exist'
                raise VerticaError("42703", message, 2624)
        check_key_types(constraint, statement.columns)
        if constraint.name and constraint.name.lower() in names:
            message = (
                f'Constraint "{constraint.name}" for relation "{statement.name[1]}" already exists'
            )
            raise VerticaError("42V16", message, 2712)
        names.add(constraint.name.lower())
    if sum(c.kind == "primary" for c in statement.constraints) > 1:
        message = f'Multiple primary keys for table "{statement.name[1]}" are not allowed'
        raise VerticaError("42V16", message, 3987)


def check_key_types(constraint: Constraint, columns: Sequence[Column]) -> None:
    """Refuse a primary key of spatial objects."""
    keys = {name.lower() for name in constraint.columns if constraint.kind == "primary"}
    for column in columns:
        if column.name.lower() in keys and parse_type(column.type).is_spatial:
            message = f'Column "{column.name}" of type {column.type} cannot be a primary key'
            raise VerticaError("0A000", message, 4160)


def _check_identity(statement: CreateTable) -> None:
    """Refuse two IDENTITY columns, nothing else but one, or one in a temporary table."""
    count = sum(c.identity is not None for c in statement.columns)
    if count > 1:
        message = (
            f'More than one IDENTITY/AUTO_INCREMENT column defined for table "{statement.name[1]}"'
        )
        raise VerticaError("42V17", message, 3968)
    if count and statement.scope:
        message = "IDENTITY/AUTO-INCREMENT columns are not allowed in temporary tables"
        raise VerticaError("42V16", message, 3508)
    if count and len(statement.columns) == 1:
        message = "A table cannot have only IDENTITY/AUTO-INCREMENT columns"
        raise VerticaError("42V16", message, 2104)


def _check_physical(physical: Physical) -> None:
    """Refuse a K-safety this database of one node cannot have said of it."""
    if physical.ksafe is not None and not 0 <= physical.ksafe <= 2:
        raise VerticaError("22023", f"Invalid K-safety {physical.ksafe}", 3747)
