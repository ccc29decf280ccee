"""Read one statement of data definition, or refuse it."""

from collections.abc import Callable

from local_vertica.ddl.alter import read_alter_sequence, read_alter_table, read_alter_view
from local_vertica.ddl.functions import (
    read_alter_function,
    read_create_function,
    read_drop_function,
)
from local_vertica.ddl.lexer import syntax_error
from local_vertica.ddl.nodes import Statement
from local_vertica.ddl.objects import (
    read_comment,
    read_configure,
    read_create_projection,
    read_create_schema,
    read_create_sequence,
    read_create_view,
    read_drop,
    read_truncate,
)
from local_vertica.ddl.pools import (
    read_define_pool,
    read_define_profile,
    read_drop_pool,
    read_drop_profile,
)
from local_vertica.ddl.reader import Reader
from local_vertica.ddl.rights import read_right
from local_vertica.ddl.select_into import read_select_into
from local_vertica.ddl.tables import read_create_table, read_scope
from local_vertica.ddl.tls import read_alter_tls, read_create_certificate, read_create_key
from local_vertica.ddl.users import (
    read_alter_user,
    read_create_authentication,
    read_create_user,
)
from local_vertica.errors import VerticaError
from local_vertica.sql.words import word_set


def parse_ddl(sql: str) -> Statement:
    """Return what a statement of data definition says; raise 42601 for anything else."""
    reader = Reader(sql)
    word = reader.choose(*STATEMENTS)
    return STATEMENTS[word](reader)


def _read_create(reader: Reader) -> Statement:
    """Read what follows CREATE."""
    or_replace = reader.accept("OR", "REPLACE")
    start = reader.at
    if reader.token.upper in UNSUPPORTED:
        message = f"CREATE {reader.token.upper} is not supported here"
        raise VerticaError("0A000", message, 4160)
    scope = read_scope(reader)
    word = reader.choose(*(("VIEW", "FUNCTION") if or_replace else CREATABLE))
    if scope and word not in ("TABLE", "VIEW"):
        raise syntax_error(reader.tokens[start])
    if word == "TABLE":
        return read_create_table(reader, scope)
    if word == "VIEW":
        if scope == "global":  # TEMP alone means that, too
            raise syntax_error(reader.tokens[start])
        return read_create_view(reader, scope, or_replace=or_replace)
    if word == "FUNCTION":
        return read_create_function(reader, or_replace=or_replace)
    return CREATABLE[word](reader)


def _read_drop(reader: Reader) -> Statement:
    """Read what follows DROP."""
    for word, read in DROPPABLE.items():
        if reader.accept(word):
            return read(reader)
    return read_drop(reader)


def _read_alter(reader: Reader) -> Statement:
    """Read what follows ALTER."""
    return ALTERABLE[reader.choose(*ALTERABLE)](reader)


# What Vertica can make, and this server cannot.
UNSUPPORTED = word_set(
    """ACCESS EXTERNAL FAULT FLEX FLEXIBLE HCATALOG LIBRARY LOCATION NOTIFIER PROCEDURE
    ROUTING SUBNET TEXT TRIGGER"""
)
CREATABLE: dict[str, Callable[[Reader], Statement]] = {
    "TABLE": lambda reader: read_create_table(reader, ""),
    "VIEW": lambda reader: read_create_view(reader, "", or_replace=False),
    "SCHEMA": read_create_schema,
    "PROJECTION": read_create_projection,
    "SEQUENCE": read_create_sequence,
    "FUNCTION": lambda reader: read_create_function(reader, or_replace=False),
    "RESOURCE": lambda reader: read_define_pool(reader, is_new=True),
    "PROFILE": lambda reader: read_define_profile(reader, is_new=True),
    "USER": lambda reader: read_create_user(reader, is_role=False),
    "ROLE": lambda reader: read_create_user(reader, is_role=True),
    "AUTHENTICATION": read_create_authentication,
    "KEY": read_create_key,
    "CERTIFICATE": lambda reader: read_create_certificate(reader, is_ca=False),
    "CA": lambda reader: read_create_certificate(reader, is_ca=True),
}
ALTERABLE: dict[str, Callable[[Reader], Statement]] = {
    "TABLE": read_alter_table,
    "VIEW": read_alter_view,
    "SEQUENCE": read_alter_sequence,
    "FUNCTION": read_alter_function,
    "RESOURCE": lambda reader: read_define_pool(reader, is_new=False),
    "PROFILE": lambda reader: read_define_profile(reader, is_new=False),
    "DATABASE": lambda reader: read_configure(reader, of_session=False),
    "SESSION": lambda reader: read_configure(reader, of_session=True),
    "USER": read_alter_user,
    "TLS": read_alter_tls,
}
DROPPABLE: dict[str, Callable[[Reader], Statement]] = {  # the rest by `read_drop`
    "FUNCTION": read_drop_function,
    "RESOURCE": read_drop_pool,
    "PROFILE": read_drop_profile,
}
STATEMENTS: dict[str, Callable[[Reader], Statement]] = {
    "CREATE": _read_create,
    "ALTER": _read_alter,
    "DROP": _read_drop,
    "TRUNCATE": read_truncate,
    "COMMENT": read_comment,
    "GRANT": lambda reader: read_right(reader, revokes=False),
    "REVOKE": lambda reader: read_right(reader, revokes=True),
    "SELECT": read_select_into,
    "WITH": read_select_into,
}
