"""Read GRANT and REVOKE: privileges on objects, roles, ways in."""

from dataclasses import replace

from local_vertica.ddl.functions import read_argument_types
from local_vertica.ddl.lexer import syntax_error
from local_vertica.ddl.nodes import GiveRight, Name
from local_vertica.ddl.reader import Reader

PRIVILEGES = frozenset(
    {
        "SELECT", "INSERT", "UPDATE", "DELETE", "REFERENCES", "TRUNCATE", "ALTER", "DROP", "USAGE",
        "CREATE", "EXECUTE", "TEMP",
    }
)  # fmt: skip
KINDS = ("TABLE", "SCHEMA", "SEQUENCE", "VIEW", "DATABASE", "FUNCTION")
PLURALS = {"TABLES": "TABLE", "SEQUENCES": "SEQUENCE", "FUNCTIONS": "FUNCTION"}


def read_right(reader: Reader, *, revokes: bool) -> GiveRight:
    """Read what follows GRANT or REVOKE."""
    option = _option_for(reader) if revokes else ""
    found = _read_given(reader)
    reader.expect("FROM" if revokes else "TO")
    found = replace(found, grantees=_names(reader), revokes=revokes)
    expected = "ADMIN" if found.kind == "ROLE" else "GRANT"
    if not revokes and found.kind != "AUTHENTICATION" and reader.accept("WITH"):
        reader.expect(expected, "OPTION")
        option = expected
    if option not in ("", expected):
        raise syntax_error(reader.tokens[1])
    cascade = revokes and reader.accept("CASCADE")
    reader.end()
    return replace(found, with_option=bool(option), cascade=cascade)


def _read_given(reader: Reader) -> GiveRight:
    """Read a way in, privileges on objects, or roles."""
    if reader.accept("AUTHENTICATION"):
        return GiveRight("AUTHENTICATION", ((None, reader.name()),))
    if not _names_privileges(reader):
        return GiveRight("ROLE", tuple((None, name) for name in _names(reader)))
    privileges, extends = _privileges(reader)
    if reader.accept("ON", "RESOURCE", "POOL"):
        pools = tuple((None, name) for name in _names(reader))
        return GiveRight("RESOURCE POOL", pools, privileges, extends)
    kind, in_schemas = _kind(reader)
    if kind == "FUNCTION" and not in_schemas:
        return _functions(reader, privileges, extends=extends)
    return GiveRight(kind, _targets(reader, kind), privileges, extends, in_schemas)


def _functions(reader: Reader, privileges: tuple[str, ...], *, extends: bool) -> GiveRight:
    """Read functions, each with the types of its arguments."""
    names, types = [reader.qualified()], [read_argument_types(reader)]
    while reader.accept(","):
        names.append(reader.qualified())
        types.append(read_argument_types(reader))
    return GiveRight("FUNCTION", tuple(names), privileges, extends, types=tuple(types))


def _option_for(reader: Reader) -> str:
    """Read GRANT OPTION FOR or ADMIN OPTION FOR if it comes next."""
    for word in ("GRANT", "ADMIN"):
        if reader.accept(word, "OPTION", "FOR"):
            return word
    return ""


def _names_privileges(reader: Reader) -> bool:
    """Say whether privileges on something are meant, not roles."""
    ahead = 0
    while reader.peek(ahead).upper not in ("ON", "TO", "FROM", ""):
        ahead += 1
    return reader.peek(ahead).upper == "ON"


def _privileges(reader: Reader) -> tuple[tuple[str, ...], bool]:
    """Read privileges; none of them means ALL, and whether that is EXTENDed."""
    if reader.accept("ALL"):
        reader.accept("PRIVILEGES")
        return (), reader.accept("EXTEND")
    found = [reader.choose(*PRIVILEGES)]
    while reader.accept(","):
        found.append(reader.choose(*PRIVILEGES))
    return tuple(dict.fromkeys(found)), False


def _kind(reader: Reader) -> tuple[str, bool]:
    """Read ON and what kind of object comes, or ALL of a kind IN SCHEMA."""
    reader.expect("ON")
    if reader.accept("ALL"):
        kind = PLURALS[reader.choose(*PLURALS)]
        reader.expect("IN", "SCHEMA")
        return kind, True
    return (reader.take().upper if reader.token.upper in KINDS else "TABLE"), False


def _targets(reader: Reader, kind: str) -> tuple[Name, ...]:
    """Read what the privileges are on; the database is DEFAULT or has a name."""
    if kind == "DATABASE" and reader.accept("DEFAULT"):
        return ((None, ""),)
    return reader.qualified_list()


def _names(reader: Reader) -> tuple[str, ...]:
    """Read names parted by commas."""
    found = [reader.name()]
    while reader.accept(","):
        found.append(reader.name())
    return tuple(found)
