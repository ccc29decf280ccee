"""Carry out ALTER TABLE: the table is made anew with its rows, in the same transaction."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from local_vertica.catalog.model import Column, Constraint, Sequence, Table, quoted
from local_vertica.catalog.store import key_of
from local_vertica.ddl.apply_move import NAMED, move
from local_vertica.ddl.apply_table import complete_constraint
from local_vertica.ddl.columns import check_encoding
from local_vertica.ddl.context import Definition, already_exists
from local_vertica.ddl.emit import (
    create_sequence,
    create_table,
    identity_sequence,
    next_value,
)
from local_vertica.ddl.nodes import (
    AddColumn,
    AddConstraint,
    AlterAction,
    AlterColumn,
    AlterConstraint,
    AlterTable,
    DropColumn,
    DropConstraint,
    RemovePartitioning,
    Rename,
    RenameColumn,
    RenameTable,
    SetOwner,
    SetPartition,
    SetSchema,
)
from local_vertica.ddl.owners import give_dependents, given
from local_vertica.ddl.partition_rules import check_partition
from local_vertica.ddl.physical import check_columns
from local_vertica.ddl.tables import check_key_types
from local_vertica.errors import VerticaError
from local_vertica.resolve.constraints import check_key, enforced_keys
from local_vertica.types import parse_type

KEEP = "temp.main._v_kept"


@dataclass
class Change:
    """A table on its way to its new form; `sources` gives each new column its old value."""

    table: Table
    sources: dict[str, str]


def apply_alter_table(definition: Definition, statement: AlterTable) -> None:
    """Change a table; nothing is changed if one of the actions is refused."""
    old = definition.require_table(statement.name)
    if old.scope:
        raise VerticaError("0A000", "ALTER TABLE of temporary tables is not supported", 4160)
    change = Change(old, {c.name.lower(): quoted(c.name.lower()) for c in old.columns})
    for action in statement.actions:
        ACTIONS[type(action)](definition, change, action)
    change.table = replace(change.table, ddl="")  # what was written no longer makes this table
    _rebuild(definition, old, change)
    if (old.schema, old.name) != (change.table.schema, change.table.name):
        definition.remove(old)
    definition.put(change.table)


def apply_rename(definition: Definition, statement: Rename) -> None:
    """Give objects other names, one after the other, so that two can be swapped."""
    for name, new in statement.pairs:
        if statement.kind == "TABLE":
            apply_alter_table(definition, AlterTable(name, (RenameTable(new),)))
        else:
            move(definition, NAMED[statement.kind](definition, name), name=new)


def _rebuild(definition: Definition, old: Table, change: Change) -> None:
    """Make the table anew in DuckDB and bring its rows over."""
    names = ", ".join(quoted(c.name.lower()) for c in change.table.columns)
    values = ", ".join(
        f"{change.sources[c.name.lower()]} AS {quoted(c.name.lower())}"
        for c in change.table.columns
    )
    definition.run(f"CREATE TEMP TABLE {KEEP} AS SELECT {values} FROM {old.duck_name}")
    definition.run(f"DROP TABLE {old.duck_name}")
    _move_sequence(definition, old, change.table)
    create_table(definition, change.table)
    definition.run(f"INSERT INTO {change.table.duck_name} ({names}) SELECT {names} FROM {KEEP}")
    definition.run(f"DROP TABLE {KEEP}")
    for key in enforced_keys(change.table):
        check_key(definition.connection, change.table, key)
    _drop_unused_sequence(definition, old, change.table)


def _move_sequence(definition: Definition, old: Table, new: Table) -> None:
    """Make the sequence of an IDENTITY column under its new name, where it stopped."""
    sequence, moved = _identity_sequence(old), _identity_sequence(new)
    if sequence and moved and key_of(moved.schema, moved.name) not in definition.draft.relations:
        create_sequence(definition, replace(moved, start=next_value(definition, sequence)))
        definition.put(replace(moved, oid=definition.draft.new_oid()))


def _drop_unused_sequence(definition: Definition, old: Table, new: Table) -> None:
    """Drop the sequence of an IDENTITY column that is gone or has another name."""
    sequence, kept = _identity_sequence(old), _identity_sequence(new)
    if sequence and (kept is None or kept.duck_name != sequence.duck_name):
        definition.run(f"DROP SEQUENCE {sequence.duck_name}")
        definition.draft.remove(definition.draft.relations[key_of(old.schema, sequence.name)])


def _identity_sequence(table: Table) -> Sequence | None:
    """Return the sequence of the table's IDENTITY column, of which there is one at most."""
    return next((identity_sequence(table, c) for c in table.columns if c.identity), None)


def _add_column(definition: Definition, change: Change, action: AddColumn) -> None:
    """Add a column; its rows get the default."""
    name = action.column.name
    if change.table.column(name) is not None:
        if action.if_not_exists:
            definition.notices.append(f'Column "{name}" already exists; nothing was done')
            return
        raise VerticaError("42701", f'Column "{name}" already exists', 2623)
    vtype = parse_type(action.column.type)
    if action.column.identity is not None:
        sequence = identity_sequence(change.table, action.column)
        create_sequence(definition, sequence)
        definition.put(replace(sequence, oid=definition.draft.new_oid()))
        source = f"nextval('{sequence.duck_name}')"
    elif action.column.default is not None:
        source = f"CAST({definition.value(action.column.default)} AS {vtype.duck})"
    else:
        source = f"CAST(NULL AS {vtype.duck})"
    change.sources[name.lower()] = source
    change.table = replace(change.table, columns=(*change.table.columns, action.column))
    for constraint in action.constraints:
        _add_constraint(definition, change, AddConstraint(constraint))


def _drop_column(definition: Definition, change: Change, action: DropColumn) -> None:
    """Drop a column nothing else stands on."""
    if change.table.column(action.name) is None and action.if_exists:
        definition.notices.append("Nothing was dropped")
        return
    column = _require(change.table, action.name)
    wanted = column.name.lower()
    users = [c for c in change.table.constraints if wanted in {n.lower() for n in c.columns}]
    if users and not action.cascade:
        raise VerticaError("2BV01", "DROP failed due to dependencies", 3128, severity="ROLLBACK")
    if len(change.table.columns) == 1:
        raise VerticaError("42V16", "A table must keep one column", 2448)
    change.table = replace(
        change.table,
        columns=tuple(c for c in change.table.columns if c is not column),
        constraints=tuple(c for c in change.table.constraints if c not in users),
    )


def _rename_column(_definition: Definition, change: Change, action: RenameColumn) -> None:
    """Give a column another name, in its constraints and physical clauses too."""
    column = _require(change.table, action.old)
    if change.table.column(action.new) is not None:
        raise VerticaError("42701", f'Column "{action.new}" already exists', 2623)
    old = column.name.lower()
    change.sources[action.new.lower()] = change.sources.pop(old)

    def renamed(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(action.new if name.lower() == old else name for name in names)

    change.table = replace(
        change.table,
        columns=tuple(
            replace(c, name=action.new) if c is column else c for c in change.table.columns
        ),
        constraints=tuple(replace(c, columns=renamed(c.columns)) for c in change.table.constraints),
        order_by=renamed(change.table.order_by),
    )


def _rename_table(definition: Definition, change: Change, action: RenameTable) -> None:
    """Give the table another name."""
    if definition.scope.is_taken(change.table.schema, action.new):
        raise already_exists(action.new)
    change.table = replace(change.table, name=action.new)


def _set_schema(definition: Definition, change: Change, action: SetSchema) -> None:
    """Move the table to another schema."""
    schema = definition.draft.require_schema(action.schema).name
    if definition.scope.is_taken(schema, change.table.name):
        raise already_exists(change.table.name)
    change.table = replace(change.table, schema=schema)


def _alter_column(_definition: Definition, change: Change, action: AlterColumn) -> None:
    """Change a column's type, default, NOT NULL or encoding."""
    column = _require(change.table, action.name)
    changed = _altered(column, action)
    if action.change == "type":
        duck = parse_type(action.text).duck
        name = column.name.lower()
        change.sources[name] = f"CAST({change.sources[name]} AS {duck})"
    change.table = replace(
        change.table,
        columns=tuple(changed if c is column else c for c in change.table.columns),
    )


def _altered(column: Column, action: AlterColumn) -> Column:
    """Return the column with the change."""
    match action.change:
        case "type":
            return replace(column, type=action.text)
        case "default":
            return replace(column, default=action.text)
        case "drop default":
            return replace(column, default=None)
        case "encoding":
            return check_encoding(replace(column, encoding=action.text))
        case _:
            return replace(column, nullable=action.change == "null")


def _add_constraint(definition: Definition, change: Change, action: AddConstraint) -> None:
    """Add a constraint; a second primary key or a taken name is refused."""
    table = change.table
    constraint = complete_constraint(definition, action.constraint, (table.schema, table.name))
    for name in constraint.columns:
        _require(table, name)
    check_key_types(constraint, table.columns)
    if constraint.kind == "primary" and any(c.kind == "primary" for c in table.constraints):
        message = f'Primary constraint for relation "{table.name}" already exists'
        raise VerticaError("42V16", message, 4413)
    if action.constraint.name and _constraint(table, constraint.name) is not None:
        message = f'Constraint "{constraint.name}" for relation "{table.name}" already exists'
        raise VerticaError("42V16", message, 2712)
    keys = {name.lower() for name in constraint.columns if constraint.kind == "primary"}
    columns = tuple(
        replace(c, nullable=c.nullable and c.name.lower() not in keys) for c in table.columns
    )
    change.table = replace(table, columns=columns, constraints=(*table.constraints, constraint))


def _drop_constraint(_definition: Definition, change: Change, action: DropConstraint) -> None:
    """Drop a constraint."""
    found = _require_constraint(change.table, action.name)
    left = tuple(c for c in change.table.constraints if c is not found)
    change.table = replace(change.table, constraints=left)


def _alter_constraint(_definition: Definition, change: Change, action: AlterConstraint) -> None:
    """Enable or disable a constraint."""
    found = _require_constraint(change.table, action.name)
    changed = replace(found, enabled=action.enabled)
    constraints = tuple(changed if c is found else c for c in change.table.constraints)
    change.table = replace(change.table, constraints=constraints)


def _set_partition(_definition: Definition, change: Change, action: SetPartition) -> None:
    """Keep another partition clause."""
    physical = action.physical
    check_columns(physical, {c.name.lower() for c in change.table.columns})
    check_partition(physical, change.table.columns)
    change.table = replace(
        change.table,
        partition_by=physical.partition_by or change.table.partition_by,
        group_by=physical.group_by or change.table.group_by,
        active_partitions=physical.active_partitions or change.table.active_partitions,
    )


def _remove_partitioning(
    _definition: Definition, change: Change, _action: RemovePartitioning
) -> None:
    """Keep no partition clause any more."""
    change.table = replace(change.table, partition_by="", group_by="", active_partitions=None)


def _set_owner(definition: Definition, change: Change, action: SetOwner) -> None:
    """Give the table to another user."""
    change.table = given(definition, change.table, action.owner)
    give_dependents(definition, change.table)


def _require(table: Table, name: str) -> Column:
    """Return a column of the table, or refuse."""
    found = table.column(name)
    if found is None:
        raise VerticaError("42703", f'Column "{name}" does not exist', 2624)
    return found


def _constraint(table: Table, name: str) -> Constraint | None:
    """Return the constraint of that name, or None."""
    return next((c for c in table.constraints if c.name.lower() == name.lower()), None)


def _require_constraint(table: Table, name: str) -> Constraint:
    """Return the constraint of that name, or refuse."""
    found = _constraint(table, name)
    if found is None:
        raise VerticaError("42704", f'Constraint "{name}" does not exist', 2711)
    return found


ACTIONS: dict[type[AlterAction], Callable[[Definition, Change, Any], None]] = {
    AddColumn: _add_column,
    DropColumn: _drop_column,
    RenameColumn: _rename_column,
    RenameTable: _rename_table,
    SetSchema: _set_schema,
    SetOwner: _set_owner,
    RemovePartitioning: _remove_partitioning,
    AlterColumn: _alter_column,
    AddConstraint: _add_constraint,
    DropConstraint: _drop_constraint,
    AlterConstraint: _alter_constraint,
    SetPartition: _set_partition,
}
