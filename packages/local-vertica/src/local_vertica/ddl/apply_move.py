"""Carry out ALTER VIEW and ALTER SEQUENCE: other names, schemas and owners, and counting anew."""

from collections.abc import Callable
from dataclasses import replace

import duckdb

from local_vertica.catalog.model import Sequence, View, spelled
from local_vertica.ddl.context import Definition, already_exists
from local_vertica.ddl.emit import create_sequence, next_value
from local_vertica.ddl.nodes import AlterSequence, HandOver, Name, SetOwner
from local_vertica.ddl.owners import given
from local_vertica.errors import VerticaError
from local_vertica.resolve.names import unknown_relation


def named_view(definition: Definition, name: Name) -> View:
    """Return the view of that name, or refuse."""
    found = definition.scope.find_relation(*name)
    if not isinstance(found, View):
        raise unknown_relation(*name)
    return found


def named_sequence(definition: Definition, name: Name) -> Sequence:
    """Return the sequence of that name, or refuse."""
    found = definition.scope.find_relation(*name)
    if not isinstance(found, Sequence):
        raise VerticaError("42V01", f'Sequence "{name[1]}" does not exist', 4711)
    return found


NAMED: dict[str, Callable[[Definition, Name], View | Sequence]] = {
    "VIEW": named_view,
    "SEQUENCE": named_sequence,
}


def apply_hand_over(definition: Definition, statement: HandOver) -> None:
    """Give a view or sequence to another user, or move it to another schema."""
    item = NAMED[statement.kind](definition, statement.name)
    if isinstance(item, View) and item.scope:
        message = "A temporary view has neither another schema nor another owner"
        raise VerticaError("0A000", message, 4160)
    if isinstance(statement.to, SetOwner):
        definition.put(given(definition, item, statement.to.owner))
    else:
        schema = definition.draft.require_schema(statement.to.schema).name
        move(definition, item, schema=schema)


def move(
    definition: Definition, item: View | Sequence, *, schema: str = "", name: str = ""
) -> None:
    """Give a view or sequence another schema or name; what was granted on it stays granted."""
    moved = replace(item, schema=schema or item.schema, name=name or item.name)
    if definition.scope.is_taken(moved.schema, moved.name):
        raise already_exists(moved.name)
    if isinstance(item, Sequence) and isinstance(moved, Sequence):
        _move_sequence(definition, item, moved)
        moved = replace(moved, ddl="")  # what was written makes another
    elif isinstance(item, View) and isinstance(moved, View):
        moved = replace(moved, ddl=_definition_of(moved))
    definition.remove(item)
    definition.put(moved)


def _definition_of(view: View) -> str:
    """Return the statement that makes a view under the name it has now."""
    columns = f" ({', '.join(spelled(column.name) for column in view.columns)})"
    temporary = f"{view.scope.upper()} TEMPORARY " if view.scope else ""
    shown = spelled(view.name) if view.scope else spelled(view.schema, view.name)
    return f"CREATE {temporary}VIEW {shown}{columns} AS {view.query}"


def _move_sequence(definition: Definition, sequence: Sequence, moved: Sequence) -> None:
    """Make a sequence anew in its other place, where it goes on counting."""
    if sequence.identity_of:
        message = f'Sequence "{sequence.name}" belongs to the table "{sequence.identity_of}"'
        raise VerticaError("0A000", message, 4160)
    _count_anew(definition, sequence, moved, next_value(definition, sequence))


def _count_anew(definition: Definition, old: Sequence, new: Sequence, start: int) -> None:
    """Make a sequence in place of another; one that a DEFAULT draws from must stay."""
    try:
        definition.run(f"DROP SEQUENCE {old.duck_name}")
    except duckdb.DependencyException as error:
        message = f'ALTER SEQUENCE of "{old.name}", which a DEFAULT draws from, is not supported'
        raise VerticaError("0A000", message, 4160) from error
    create_sequence(definition, replace(new, start=start))


def apply_alter_sequence(definition: Definition, statement: AlterSequence) -> None:
    """Change how a sequence counts; RESTART begins it anew."""
    found = named_sequence(definition, statement.name)
    changed = replace(
        found,
        increment=statement.increment or found.increment,
        cache=statement.cache or found.cache,
        ddl="",  # what was written makes another
    )
    if statement.restart is not None or statement.increment is not None:
        start = statement.restart
        start = next_value(definition, found) if start is None else start
        _count_anew(definition, found, changed, start)
    definition.put(changed)
