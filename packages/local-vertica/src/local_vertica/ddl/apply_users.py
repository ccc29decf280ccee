"""Carry out the statements for users and how they come in."""

import hashlib
import secrets
from dataclasses import replace

from local_vertica.catalog.model import Authentication, User
from local_vertica.catalog.rights import roles_of
from local_vertica.catalog.store import Catalog
from local_vertica.catalog.system_tables import SYSTEM_SCHEMAS
from local_vertica.ddl.apply_pools import check_password, require_pool, require_profile
from local_vertica.ddl.context import Definition, already_exists
from local_vertica.ddl.user_nodes import AlterUser, CreateAuthentication, CreateUser, Roles
from local_vertica.errors import VerticaError

NOTHING_DROPPED = "Nothing was dropped"


def create_user(definition: Definition, statement: CreateUser) -> None:
    """Make a user or role; only a user can connect."""
    name = statement.name.lower()
    if name in definition.draft.users or name in definition.draft.roles:
        if not statement.if_not_exists:
            raise already_exists(statement.name)
        definition.notices.append(f'Object "{statement.name}" already exists; nothing was done')
        return
    user = User(statement.name, definition.draft.new_oid(), is_role=statement.is_role)
    definition.draft.put(_with_options(definition, user, statement.options))


def _with_options(definition: Definition, user: User, options: AlterUser) -> User:
    """Return the user with what is set; the profile judges the password."""
    draft = definition.draft
    if options.pool is not None:
        user = replace(user, pool=require_pool(draft, options.pool).name)
    if options.profile is not None:
        user = replace(user, profile=require_profile(draft, options.profile).name)
    if options.locks is not None:
        user = replace(user, locked_at=definition.created() if options.locks else "")
    if options.search_path is not None:
        for schema in options.search_path:
            if schema.lower() not in SYSTEM_SCHEMAS:
                draft.require_schema(schema)
        user = replace(user, search_path=options.search_path)
    if options.password:
        check_password(draft, user, options.password)
    return changed(user, options)


def alter_user(definition: Definition, statement: AlterUser) -> None:
    """Change a user's password or what is said of it."""
    user = definition.draft.users.get(statement.name.lower())
    if user is None:
        raise VerticaError("42704", f'User "{statement.name}" does not exist', 5227)
    said = (statement.password, statement.algorithm, statement.roles, statement.locks)
    if user.is_super and (said != (None,) * len(said) or statement.expires):
        message = "The superuser's password is given when the server starts, its roles are all"
        raise VerticaError("0A000", message, 4160)
    if statement.replaces is not None and not definition.scope.holder.is_admin:
        _check_password(user, statement.replaces)
    if statement.roles is not None:
        roles = chosen_roles(definition.draft, user, statement.roles)
        user = replace(user, default_roles=roles)
    definition.draft.put(_with_options(definition, user, statement))


def chosen_roles(catalog: Catalog, user: User, roles: Roles) -> tuple[str, ...]:
    """Return the roles meant; refuse one that is not granted to the user."""
    available = roles_of(catalog, user)
    for name in roles.names:
        if name not in catalog.roles:
            raise VerticaError("42704", f'Role "{name}" does not exist', 5227)
        if name not in available:
            raise VerticaError("42501", f'Role "{name}" is not granted to user "{user.name}"')
    if roles.all_but:
        return tuple(sorted(available - set(roles.names)))
    return roles.names


def _check_password(user: User, password: str) -> None:
    """Refuse a wrong password in REPLACE."""
    wanted = user.password_hash
    if not password or not wanted or _hashed(password, user, user.salt) != wanted:
        raise VerticaError("28000", f'Invalid username or password for user "{user.name}"', 2248)


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
    salt = "" if user.algorithm == "MD5" else secrets.token_bytes(16).hex()
    return salt, _hashed(password, user, salt)


def _hashed(password: str, user: User, salt: str) -> str:
    """Return the hash of a password; only SHA-512 has a salt."""
    if not salt:
        text = (password + user.name).encode()
        return hashlib.md5(text, usedforsecurity=False).hexdigest()
    return hashlib.sha512(password.encode() + bytes.fromhex(salt)).hexdigest()


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
    grants = [grant for grant in definition.draft.grants.values() if grant.target == found.oid]
    if grants and not cascade:
        message = f'Authentication "{found.name}" is granted: use CASCADE to drop it'
        raise VerticaError("2BV01", message, 3128)
    for grant in grants:
        definition.draft.remove(grant)
    definition.draft.remove(found)
