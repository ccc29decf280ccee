"""Read CREATE, ALTER and DROP FUNCTION, for functions that are an SQL expression."""

from local_vertica.ddl.lexer import syntax_error
from local_vertica.ddl.nodes import (
    AlterFunction,
    CreateFunction,
    DropFunction,
    RenameTable,
    SetOwner,
    SetSchema,
)
from local_vertica.ddl.reader import Reader
from local_vertica.ddl.tables import read_if_not_exists
from local_vertica.errors import VerticaError


def read_create_function(reader: Reader, *, or_replace: bool) -> CreateFunction:
    """Read what follows CREATE [OR REPLACE] FUNCTION."""
    start = reader.token
    if_not_exists = read_if_not_exists(reader)
    if if_not_exists and or_replace:
        raise syntax_error(start)
    name = reader.qualified()
    if reader.is_next("AS"):
        raise VerticaError("0A000", "A function of a library is not supported here", 4160)
    arguments = _parameters(reader)
    reader.expect("RETURN")
    returns = str(reader.type())
    reader.expect("AS", "BEGIN", "RETURN")
    body = reader.balanced()
    reader.expect(";", "END")
    reader.end()
    return CreateFunction(name, or_replace, if_not_exists, arguments, returns, body)


def _parameters(reader: Reader) -> tuple[tuple[str, str], ...]:
    """Read (name type, …), which may be empty."""
    found: list[tuple[str, str]] = []
    reader.expect("(")
    while not reader.accept(")"):
        if found:
            reader.expect(",")
        found.append((reader.name(), str(reader.type())))
    return tuple(found)


def read_argument_types(reader: Reader) -> tuple[str, ...]:
    """Read ([name] type, …), which may be empty, and return the types."""
    found: list[str] = []
    reader.expect("(")
    while not reader.accept(")"):
        if found:
            reader.expect(",")
        found.append(_argument_type(reader))
    return tuple(found)


def _argument_type(reader: Reader) -> str:
    """Read a type, perhaps behind a name."""
    start = reader.at
    try:
        found = reader.type()
    except VerticaError:
        found = None
    if found is None or reader.token.text not in (",", ")"):
        reader.at = start
        reader.name()
        found = reader.type()
    return str(found)


def read_alter_function(reader: Reader) -> AlterFunction:
    """Read what follows ALTER FUNCTION."""
    name = reader.qualified()
    types = read_argument_types(reader)
    to: RenameTable | SetSchema | SetOwner
    if reader.accept("RENAME", "TO"):
        to = RenameTable(reader.name())
    elif reader.accept("OWNER", "TO"):
        to = SetOwner(reader.name())
    else:
        reader.expect("SET", "SCHEMA")
        to = SetSchema(reader.name())
    reader.end()
    return AlterFunction(name, types, to)


def read_drop_function(reader: Reader) -> DropFunction:
    """Read what follows DROP FUNCTION."""
    if_exists = reader.accept("IF", "EXISTS")
    names = reader.qualified_list()
    types = read_argument_types(reader)
    reader.end()
    return DropFunction(names, types, if_exists)
