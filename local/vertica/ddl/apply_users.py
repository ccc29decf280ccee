"""Carry out the statements for users and how they come in."""

import hashlib
import secrets
from dataclasses import replace

from local.vertica.catalog.model import Authentication, User
from local.vertica.ddl.context import Definition, already_exists
from local.vertica.ddl.nodes import AlterUser, CreateAuthentication, CreateUser
from local.vertica.errors import VerticaError

NOTHING_DROPPED = "Nothing was dropped"


def create_user(definition: Definition, statement: CreateUser) -> None:
    """Make a user or role; only a user can connect."""
    if statement.name.lower() in definition.draft.users:
        if not statement.if_not_exists:
            raise already_exists(statement.name)
        definition.notices.append(f'Object "{statement.name}" already exists; nothing was done')
        return
    user = User(statement.name, definition.draft.new_oid(), is_role=statement.is_role)
    definition.draft.put(changed(user, statement.options))


def alter_user(definition: Definition, statement: AlterUser) -> None:
    """Change a user's password or what is said of it."""
    user = definition.draft.users.get(statement.name.lower())
    if user is None or user.is_role:
        raise VerticaError("42704", f'User "{statement.name}" does not exist', 5227)
    if user.is_super:
        message = "The superuser's password is given when the server starts"
        raise VerticaError("0A000", message, 4160)
    definition.draft.put(changed(user, statement))


def changed(user: User, options: AlterUser) -> User:
    """Return the user with another password; another algorithm makes the old one expire."""
    if options.algorithm is not None and options.algorithm != user.algorithm:
        user = replace(user, algorithm=options.algorithm, is_expired=bool(user.password_hash))
    if options.password is not None:
        salt, hashed = password_hash(options.password, user)
        user = replace(user, salt=salt, password_hash=hashed, is_expired=False)
    return replace(user, is_expired=True) if options.expires else user


def password_hash(password: str, user: User) -> tuple[str, str]:
    """Return what is kept of a password: a salt, and the hash of both; nothing of an empty one."""
    if not password:
        return "", ""
    if user.algorithm == "MD5":
        text = (password + user.name).encode()
        return "", hashlib.md5(text, usedforsecurity=False).hexdigest()
    salt = secrets.token_bytes(16)
    return salt.hex(), hashlib.sha512(password.encode() + salt).hexdigest()


def create_authentication(definition: Definition, statement: CreateAuthentication) -> None:
    """Make a way to come in; it holds for those to whom it is granted."""
    if statement.name.lower() in definition.draft.authentications:
        raise already_exists(statement.name)
    oid = definition.draft.new_oid()
    place = (statement.access, statement.address)
    definition.draft.put(Authentication(statement.name, statement.method, *place, oid))


def drop_authentication(definition: Definition, name: str, *, cascade: bool) -> None:
    """Drop a way to come in, with its grants if it is to."""
    found = definition.draft.authentications[name.lower()]
    grants = [
        grant
        for grant in definition.draft.grants.values()
        if grant.kind == "AUTHENTICATION" and grant.target.lower() == found.name.lower()
    ]
    if grants and not cascade:
        message = f'Authentication "{found.name}" is granted: use CASCADE to drop it'
        raise VerticaError("2BV01", message, 3128)
    for grant in grants:
        definition.draft.remove(grant)
    definition.draft.remove(found)
