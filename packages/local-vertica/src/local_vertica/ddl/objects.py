"""Read the statements for schemas, views, projections and sequences, and parameters."""

from dataclasses import replace

from local_vertica.catalog.model import Scope
from local_vertica.ddl.columns import read_encoding
from local_vertica.ddl.lexer import syntax_error
from local_vertica.ddl.nodes import (
    AlterSequence,
    CommentOn,
    Configure,
    CreateProjection,
    CreateSchema,
    CreateSequence,
    CreateView,
    Drop,
    Name,
    Truncate,
)
from local_vertica.ddl.physical import read_physical, read_privileges
from local_vertica.ddl.reader import Reader
from local_vertica.ddl.tables import read_if_not_exists
from local_vertica.ddl.user_nodes import DropSecret
from local_vertica.ddl.users import read_drop_secret

DROP_KINDS = ("SCHEMA", "TABLE", "VIEW", "PROJECTION", "SEQUENCE", "USER", "ROLE")
SECRET_KINDS = ("AUTHENTICATION", "KEY", "CERTIFICATE")
CASCADING = ("SCHEMA", "TABLE", "VIEW", "PROJECTION", "USER", "ROLE")
RESTRICTING = ("SCHEMA", "PROJECTION")
COMMENT_KINDS = ("SCHEMA", "TABLE", "VIEW", "SEQUENCE")


def read_create_schema(reader: Reader) -> CreateSchema:
    """Read what follows CREATE SCHEMA."""
    if_not_exists = read_if_not_exists(reader)
    name = reader.qualified()[1]
    owner = reader.name() if reader.accept("AUTHORIZATION") else None
    includes = reader.accept("DEFAULT") and bool(read_privileges(reader))
    reader.end()
    return CreateSchema(name, if_not_exists, owner, includes)


def read_create_view(reader: Reader, scope: Scope, *, or_replace: bool) -> CreateView:
    """Read what follows CREATE [OR REPLACE] VIEW."""
    name = reader.qualified()
    columns = reader.names() if reader.is_next("(") else ()
    includes = read_privileges(reader)
    reader.expect("AS")
    query = reader.balanced()
    reader.end()
    return CreateView(name, or_replace, scope, columns, query, includes)


def read_create_projection(reader: Reader) -> CreateProjection:
    """Read what follows CREATE PROJECTION."""
    if_not_exists = read_if_not_exists(reader)
    name = reader.qualified()
    columns = _projection_columns(reader) if reader.is_next("(") else ()
    reader.expect("AS")
    query = reader.balanced("SEGMENTED", "UNSEGMENTED", "KSAFE", "ORDER")
    physical = read_physical(reader, partitions=False)
    reader.end()
    return CreateProjection(name, if_not_exists, columns, query, physical)


def _projection_columns(reader: Reader) -> tuple[str, ...]:
    """Read (column [ENCODING e] [ACCESSRANK n], …)."""
    reader.expect("(")
    columns: list[str] = []
    while True:
        columns.append(reader.name())
        if reader.accept("ENCODING"):
            read_encoding(reader)
        if reader.accept("ACCESSRANK"):
            reader.integer()
        if not reader.accept(","):
            break
    reader.expect(")")
    return tuple(columns)


def read_create_sequence(reader: Reader) -> CreateSequence:
    """Read what follows CREATE SEQUENCE; an option said twice is refused."""
    if_not_exists = read_if_not_exists(reader)
    found = CreateSequence(reader.qualified(), if_not_exists)
    said: set[str] = set()
    while reader.token.kind == "word":
        option, value = _sequence_option(reader)
        if option in said:
            raise syntax_error(reader.token)
        said.add(option)
        if value is not None:
            found = replace(found, **{option: value})  # type: ignore[arg-type] # by field name
    reader.end()
    return found


def _sequence_option(reader: Reader) -> tuple[str, int | bool | None]:
    """Read one option of a sequence; return the field it sets."""
    word = reader.take().upper
    if word == "NO":
        option = reader.choose("MINVALUE", "MAXVALUE", "CACHE", "CYCLE")
        return _NO_OPTIONS[option]
    if word in ("INCREMENT", "START"):
        reader.accept("BY" if word == "INCREMENT" else "WITH")
        return word.lower(), reader.integer()
    if word == "CYCLE":
        return "cycles", True
    if word in ("MINVALUE", "MAXVALUE", "CACHE"):
        return {"MINVALUE": "minimum", "MAXVALUE": "maximum", "CACHE": "cache"}[
            word
        ], reader.integer()
    raise syntax_error(reader.tokens[reader.at - 1])


_NO_OPTIONS: dict[str, tuple[str, int | bool | None]] = {
    "MINVALUE": ("minimum", None),
    "MAXVALUE": ("maximum", None),
    "CACHE": ("cache", 1),
    "CYCLE": ("cycles", False),
}


def read_counting(reader: Reader, name: Name) -> AlterSequence:
    """Read how a sequence shall count from now on."""
    found = AlterSequence(name)
    while reader.token.kind == "word":
        word = reader.choose("RESTART", "INCREMENT", "CACHE", "NO")
        if word == "RESTART":
            reader.accept("WITH")
            found = replace(found, restart=reader.integer())
        elif word == "INCREMENT":
            reader.accept("BY")
            found = replace(found, increment=reader.integer())
        elif word == "NO":
            reader.expect("CACHE")
            found = replace(found, cache=1)
        else:
            found = replace(found, cache=reader.integer())
    reader.end()
    return found


def read_drop(reader: Reader) -> Drop | DropSecret:
    """Read what follows DROP."""
    kind = reader.choose(*DROP_KINDS, *SECRET_KINDS)
    if kind in SECRET_KINDS:
        return read_drop_secret(reader, kind)
    if_exists = reader.accept("IF", "EXISTS")
    names = reader.qualified_list()
    cascade = kind in CASCADING and reader.accept("CASCADE")
    if kind in RESTRICTING and not cascade:
        reader.accept("RESTRICT")
    reader.end()
    return Drop(kind, names, if_exists, cascade)  # type: ignore[arg-type] # one of DROP_KINDS


def read_truncate(reader: Reader) -> Truncate:
    """Read what follows TRUNCATE."""
    reader.expect("TABLE")
    name = reader.qualified()
    reader.end()
    return Truncate(name)


def read_comment(reader: Reader) -> CommentOn:
    """Read what follows COMMENT."""
    reader.expect("ON")
    kind = reader.choose(*COMMENT_KINDS)
    name = reader.qualified()
    reader.expect("IS")
    text = "" if reader.accept("NULL") else reader.string()
    reader.end()
    return CommentOn(kind, name, text)


def read_configure(reader: Reader, *, of_session: bool) -> Configure:
    """Read what follows ALTER DATABASE or ALTER SESSION: SET or CLEAR parameters."""
    if not of_session:
        reader.accept("DEFAULT") or reader.name()
    clears = reader.choose("SET", "CLEAR") == "CLEAR"
    reader.accept("PARAMETER")
    settings = [_setting(reader, clears=clears)]
    while reader.accept(","):
        settings.append(_setting(reader, clears=clears))
    reader.end()
    return Configure(tuple(settings), of_session)


def _setting(reader: Reader, *, clears: bool) -> tuple[str, str | None]:
    """Read name = value, or a name alone where parameters are cleared."""
    name = reader.name()
    if clears:
        return name, None
    reader.expect("=")
    if reader.token.kind == "string":
        return name, reader.string()
    if reader.token.kind == "number" or reader.is_next("-"):
        return name, str(reader.integer())
    return name, reader.take().text
