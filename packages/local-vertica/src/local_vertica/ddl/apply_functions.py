"""Carry out the statements for user-defined SQL functions."""

from dataclasses import replace

from local_vertica.catalog.model import Function
from local_vertica.catalog.rights import forget_object, own
from local_vertica.catalog.store import function_key
from local_vertica.ddl.context import Definition
from local_vertica.ddl.nodes import (
    AlterFunction,
    CreateFunction,
    DropFunction,
    Name,
    SetOwner,
    SetSchema,
)
from local_vertica.ddl.owners import given
from local_vertica.errors import VerticaError
from local_vertica.resolve.names import function_info, unknown_user_function
from local_vertica.sql.bind_functions import check_definition, is_built_in

NOTHING_DROPPED = "Nothing was dropped"


def create_function(definition: Definition, statement: CreateFunction) -> None:
    """Make a function, or put another expression in the place of its own."""
    draft, name = definition.draft, statement.name[1]
    _refuse_built_in(name)
    names = [argument.lower() for argument, _ in statement.arguments]
    if len(set(names)) < len(names):
        message = "Can't have more than one parameters with the same name"
        raise VerticaError("VP000", message, 2315)
    schema = definition.scope.creation_schema(statement.name[0])
    key = function_key(schema, name, (vtype for _, vtype in statement.arguments))
    before = draft.functions.get(key)
    if before is not None and statement.if_not_exists:
        definition.notices.append(f'Function "{name}" already exists; nothing was done')
        return
    if before is not None and not statement.or_replace:
        raise already_there(name)
    made = Function(
        schema,
        name,
        statement.arguments,
        statement.returns,
        statement.body,
        before.oid if before else draft.new_oid(),
        before.owner if before else definition.user,
        definition.created(),
    )
    if before is not None:
        draft.remove(before)  # so that it cannot call itself
    volatility, is_strict = check_definition(function_info(made), definition.scope)
    draft.put(replace(made, volatility=volatility, is_strict=is_strict))
    if before is None:
        own(draft, made)


def _refuse_built_in(name: str) -> None:
    """Refuse the name of a function that every database has."""
    if is_built_in(name.upper()):
        message = f"Built-in function with the same name already exists: {name}"
        raise VerticaError("42723", message, 2278)


def already_there(name: str) -> VerticaError:
    """Return the refusal of a function that is there already."""
    message = f"Function with same name and number of parameters already exists: {name}"
    return VerticaError("42723", message, 3472)


def alter_function(definition: Definition, statement: AlterFunction) -> None:
    """Give a function another name, schema or owner."""
    found = definition.scope.find_function(statement.name, statement.types)
    if found is None:
        raise unknown_user_function(statement.name, statement.types)
    if isinstance(statement.to, SetOwner):
        definition.draft.put(given(definition, found, statement.to.owner))
        return
    if isinstance(statement.to, SetSchema):
        moved = replace(found, schema=definition.scope.creation_schema(statement.to.schema))
    else:
        _refuse_built_in(statement.to.new)
        moved = replace(found, name=statement.to.new)
    if function_key(moved.schema, moved.name, statement.types) in definition.draft.functions:
        raise already_there(moved.name)
    definition.draft.remove(found)
    definition.draft.put(moved)


def drop_function(definition: Definition, statement: DropFunction) -> None:
    """Drop functions; what calls them fails when it is used."""
    for name in statement.names:
        found = _found(definition, name, statement)
        if found is None:
            definition.notices.append(NOTHING_DROPPED)
        else:
            forget_function(definition, found)


def _found(definition: Definition, name: Name, statement: DropFunction) -> Function | None:
    """Return the function to drop; refuse a missing one unless IF EXISTS is said."""
    try:
        found = definition.scope.find_function(name, statement.types)
    except VerticaError as error:
        if statement.if_exists and error.sqlstate == "3F000":
            return None
        raise
    if found is None and not statement.if_exists:
        raise unknown_user_function(name, statement.types)
    return found


def forget_function(definition: Definition, function: Function) -> None:
    """Take a function out, with what is granted on it."""
    definition.draft.remove(function)
    forget_object(definition.draft, function.oid)
