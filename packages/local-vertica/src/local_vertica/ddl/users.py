"""Read the statements for users and how they come in."""

import ipaddress
from dataclasses import replace

from local_vertica.ddl.lexer import syntax_error
from local_vertica.ddl.reader import Reader
from local_vertica.ddl.tables import read_if_not_exists
from local_vertica.ddl.tls import one_of
from local_vertica.ddl.user_nodes import (
    AlterUser,
    CreateAuthentication,
    CreateUser,
    DropSecret,
    Roles,
)
from local_vertica.errors import VerticaError
from local_vertica.sql.words import word_set

ALGORITHMS = ("NONE", "MD5", "SHA512")
PARAMETERS = word_set(
    "ACCOUNT DEFAULT IDENTIFIED PASSWORD PROFILE RESOURCE SEARCH_PATH SECURITY_ALGORITHM"
)
METHODS = frozenset({"hash", "trust", "reject"})
OTHER_METHODS = frozenset({"gss", "ident", "ldap", "oauth", "tls"})


def read_create_user(reader: Reader, *, is_role: bool) -> CreateUser:
    """Read what follows CREATE USER or ROLE: a name, and a password for a user."""
    if_not_exists = read_if_not_exists(reader)
    name = reader.name()
    start = reader.token
    options = AlterUser(name) if is_role else read_user_options(reader, name)
    if options.roles is not None or options.replaces is not None:
        raise syntax_error(start)  # these are of ALTER USER alone
    reader.end()
    return CreateUser(name, is_role, if_not_exists, options)


def read_alter_user(reader: Reader) -> AlterUser:
    """Read what follows ALTER USER."""
    start = reader.at
    found = read_user_options(reader, reader.name())
    if reader.at == start + 1:
        raise syntax_error(reader.token)
    reader.end()
    return found


def read_user_options(reader: Reader, name: str) -> AlterUser:
    """Read the parameters of a user's account, parted by commas or not."""
    found = AlterUser(name)
    while reader.token.kind == "word":
        found = _read_user_option(reader, found)
        if reader.accept(",") and reader.token.kind != "word":
            raise syntax_error(reader.token)
    return found


def _read_user_option(reader: Reader, found: AlterUser) -> AlterUser:
    """Read one parameter of a user's account."""
    if reader.accept("IDENTIFIED", "BY"):
        found = replace(found, password=reader.string())
        if reader.accept("REPLACE"):
            found = replace(found, replaces=reader.string())
    elif reader.accept("SECURITY_ALGORITHM"):
        found = replace(found, algorithm=one_of(reader, ALGORITHMS))
    elif reader.accept("RESOURCE", "POOL"):
        found = replace(found, pool=reader.name().lower())
    elif reader.accept("PROFILE"):
        profile = "default" if reader.accept("DEFAULT") else reader.name()
        found = replace(found, profile=profile)
    elif reader.accept("DEFAULT", "ROLE"):
        found = replace(found, roles=read_roles(reader))
    else:
        found = _read_account_option(reader, found)
    return found


def _read_account_option(reader: Reader, found: AlterUser) -> AlterUser:
    """Read one of the parameters that say how and where a user's sessions begin."""
    if reader.accept("ACCOUNT"):
        found = replace(found, locks=reader.choose("LOCK", "UNLOCK") == "LOCK")
    elif reader.accept("SEARCH_PATH"):
        found = replace(found, search_path=_read_path(reader))
    else:
        reader.expect("PASSWORD", "EXPIRE")
        found = replace(found, expires=True)
    return found


def _read_path(reader: Reader) -> tuple[str, ...]:
    """Read DEFAULT, or schemas parted by commas, up to the next parameter."""
    if reader.accept("DEFAULT"):
        return ()
    found = [reader.name()]
    while reader.is_next(",") and reader.peek().upper not in PARAMETERS:
        reader.expect(",")
        found.append(reader.name())
    return tuple(found)


def read_roles(reader: Reader) -> Roles:
    """Read NONE, a list of roles, or ALL [EXCEPT a list]."""
    if reader.accept("NONE"):
        return Roles()
    all_but = reader.accept("ALL")
    if all_but and not reader.accept("EXCEPT"):
        return Roles(all_but=True)
    names = [reader.name()]
    while reader.accept(","):
        names.append(reader.name())
    return Roles(tuple(name.lower() for name in names), all_but)


def read_create_authentication(reader: Reader) -> CreateAuthentication:
    """Read what follows CREATE AUTHENTICATION."""
    name = reader.name()
    reader.expect("METHOD")
    token = reader.token
    method = reader.string().lower()
    if method in OTHER_METHODS:
        raise VerticaError("0A000", f'Authentication method "{method}" is not supported', 4160)
    if method not in METHODS:
        raise syntax_error(token)
    access, address = _read_access(reader)
    reader.end()
    return CreateAuthentication(name, method, access, address)


def _read_access(reader: Reader) -> tuple[str, str]:
    """Read LOCAL, or HOST [[NO] TLS] 'address'."""
    if reader.choose("LOCAL", "HOST") == "LOCAL":
        return "LOCAL", ""
    access = "HOST"
    if reader.accept("NO", "TLS"):
        access = "HOST NO TLS"
    elif reader.accept("TLS"):
        access = "HOST TLS"
    token = reader.token
    address = reader.string()
    try:
        ipaddress.ip_network(address, strict=False)
    except ValueError as error:
        raise syntax_error(token) from error
    return access, address


def read_drop_secret(reader: Reader, kind: str) -> DropSecret:
    """Read what follows DROP AUTHENTICATION, KEY or CERTIFICATE."""
    if_exists = reader.accept("IF", "EXISTS")
    names = [reader.name()]
    while kind != "AUTHENTICATION" and reader.accept(","):
        names.append(reader.name())
    cascade = reader.accept("CASCADE")
    reader.end()
    return DropSecret(kind, tuple(names), if_exists, cascade)
