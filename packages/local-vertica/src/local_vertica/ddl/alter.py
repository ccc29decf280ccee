"""Read ALTER TABLE, VIEW and SEQUENCE in their common forms; the others are refused."""

from collections.abc import Callable
from typing import Literal

from local_vertica.ddl.columns import (
    is_table_constraint,
    read_column,
    read_encoding,
    read_expression,
    read_table_constraint,
)
from local_vertica.ddl.lexer import syntax_error
from local_vertica.ddl.nodes import (
    AddColumn,
    AddConstraint,
    AlterAction,
    AlterColumn,
    AlterConstraint,
    AlterSequence,
    AlterTable,
    DropColumn,
    DropConstraint,
    HandOver,
    Name,
    Physical,
    RemovePartitioning,
    Rename,
    RenameColumn,
    SetOwner,
    SetPartition,
    SetSchema,
)
from local_vertica.ddl.objects import read_counting
from local_vertica.ddl.physical import read_partition
from local_vertica.ddl.reader import Reader


def read_alter_table(reader: Reader) -> AlterTable | Rename:
    """Read what follows ALTER TABLE: a name and actions parted by commas, or names to change."""
    names = reader.qualified_list()
    if len(names) > 1 or reader.is_next("RENAME", "TO"):
        return _read_new_names(reader, "TABLE", names)
    actions = [_read_action(reader)]
    while reader.accept(","):
        actions.append(_read_action(reader))
    reader.end()
    return AlterTable(names[0], tuple(actions))


def read_alter_view(reader: Reader) -> Rename | HandOver:
    """Read what follows ALTER VIEW."""
    names = reader.qualified_list()
    if len(names) > 1 or reader.is_next("RENAME"):
        return _read_new_names(reader, "VIEW", names)
    return _read_hand_over(reader, "VIEW", names[0])


def read_alter_sequence(reader: Reader) -> AlterSequence | Rename | HandOver:
    """Read what follows ALTER SEQUENCE: how it counts, or its name, schema or owner."""
    name = reader.qualified()
    if reader.is_next("RENAME"):
        return _read_new_names(reader, "SEQUENCE", (name,))
    if reader.is_next("SET") or reader.is_next("OWNER"):
        return _read_hand_over(reader, "SEQUENCE", name)
    return read_counting(reader, name)


def _read_hand_over(reader: Reader, kind: Literal["VIEW", "SEQUENCE"], name: Name) -> HandOver:
    """Read SET SCHEMA or OWNER TO."""
    if reader.choose("SET", "OWNER") == "SET":
        reader.expect("SCHEMA")
        found = HandOver(kind, name, SetSchema(reader.name()))
    else:
        reader.expect("TO")
        found = HandOver(kind, name, SetOwner(reader.name()))
    reader.end()
    return found


def _read_new_names(
    reader: Reader, kind: Literal["TABLE", "VIEW", "SEQUENCE"], names: tuple[Name, ...]
) -> Rename:
    """Read RENAME TO with a new name for each."""
    reader.expect("RENAME", "TO")
    new = reader.qualified_list()
    if len(new) != len(names):
        raise syntax_error(reader.token)
    reader.end()
    return Rename(kind, tuple((old, name) for old, (_, name) in zip(names, new, strict=True)))


def _read_action(reader: Reader) -> AlterAction:
    """Read one action."""
    word = reader.choose(*ACTIONS)
    return ACTIONS[word](reader)


def _read_add(reader: Reader) -> AlterAction:
    """Read ADD [COLUMN] or ADD constraint."""
    if is_table_constraint(reader):
        return AddConstraint(read_table_constraint(reader))
    reader.expect("COLUMN")
    if_not_exists = reader.accept("IF", "NOT", "EXISTS")
    column, constraints = read_column(reader)
    if reader.accept("PROJECTIONS") and not reader.accept("ALL", "PROJECTIONS"):
        reader.qualified_list()
    return AddColumn(column, constraints, if_not_exists)


def _read_drop(reader: Reader) -> AlterAction:
    """Read DROP [COLUMN] or DROP CONSTRAINT."""
    if reader.accept("CONSTRAINT"):
        name = reader.name()
        reader.accept("CASCADE") or reader.accept("RESTRICT")
        return DropConstraint(name)
    reader.accept("COLUMN")
    if_exists = reader.accept("IF", "EXISTS")
    name = reader.name()
    cascade = reader.accept("CASCADE")
    if not cascade:
        reader.accept("RESTRICT")
    return DropColumn(name, if_exists, cascade)


def _read_alter(reader: Reader) -> AlterAction:
    """Read ALTER COLUMN or ALTER CONSTRAINT."""
    if reader.accept("CONSTRAINT"):
        name = reader.name()
        return AlterConstraint(name, reader.choose("ENABLED", "DISABLED") == "ENABLED")
    reader.expect("COLUMN")
    name = reader.name()
    if reader.accept("DROP"):
        if reader.accept("NOT", "NULL"):
            return AlterColumn(name, "null")
        reader.expect("DEFAULT")
        return AlterColumn(name, "drop default")
    if reader.accept("ENCODING"):
        return AlterColumn(name, "encoding", read_encoding(reader))
    reader.expect("SET")
    if reader.accept("NOT", "NULL"):
        return AlterColumn(name, "not null")
    if reader.accept("DATA", "TYPE"):
        return AlterColumn(name, "type", str(reader.type()))
    reader.expect("DEFAULT")
    return AlterColumn(name, "default", read_expression(reader))


def _read_rename(reader: Reader) -> AlterAction:
    """Read RENAME [COLUMN] old TO new."""
    reader.accept("COLUMN")
    old = reader.name()
    reader.expect("TO")
    return RenameColumn(old, reader.name())


def _read_set(reader: Reader) -> AlterAction:
    """Read SET SCHEMA or SET ACTIVEPARTITIONCOUNT."""
    if reader.accept("SCHEMA"):
        return SetSchema(reader.name())
    reader.expect("ACTIVEPARTITIONCOUNT")
    return SetPartition(Physical(active_partitions=reader.integer()))


def _read_partition(reader: Reader) -> AlterAction:
    """Read PARTITION BY … [REORGANIZE]."""
    reader.expect("BY")
    physical = read_partition(reader, Physical())
    reader.accept("REORGANIZE")
    return SetPartition(physical)


def _read_owner(reader: Reader) -> AlterAction:
    """Read OWNER TO."""
    reader.expect("TO")
    return SetOwner(reader.name())


def _read_remove(reader: Reader) -> AlterAction:
    """Read REMOVE PARTITIONING."""
    reader.expect("PARTITIONING")
    return RemovePartitioning()


def _read_reorganize(_reader: Reader) -> AlterAction:
    """Read REORGANIZE: nothing is stored by partition here."""
    return SetPartition(Physical())


ACTIONS: dict[str, Callable[[Reader], AlterAction]] = {
    "ADD": _read_add,
    "DROP": _read_drop,
    "ALTER": _read_alter,
    "RENAME": _read_rename,
    "SET": _read_set,
    "OWNER": _read_owner,
    "PARTITION": _read_partition,
    "REMOVE": _read_remove,
    "REORGANIZE": _read_reorganize,
}
