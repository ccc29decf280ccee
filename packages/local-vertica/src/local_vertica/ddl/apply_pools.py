"""Carry out the statements for resource pools and profiles, and hold passwords to a profile."""

from collections.abc import Iterable
from dataclasses import replace

from local_vertica.catalog.model import DEFAULT_PROFILE, GENERAL, Profile, ResourcePool, User
from local_vertica.catalog.rights import forget_object, limit_of
from local_vertica.catalog.store import Catalog
from local_vertica.ddl.context import Definition, already_exists
from local_vertica.ddl.pools import bad_value
from local_vertica.ddl.user_nodes import DefinePool, DefineProfile, DropPool, DropProfile
from local_vertica.errors import VerticaError

BUILT_IN = frozenset(
    ("general", "blobdata", "dbd", "jvm", "metadata", "recovery", "refresh", "sysquery", "tm")
)
INTERVALS = ("QUEUETIMEOUT", "RUNTIMECAP")
YEAR = 366 * 24 * 3600
NOTHING_DROPPED = "Nothing was dropped"


def require_pool(catalog: Catalog, name: str) -> ResourcePool:
    """Return the resource pool of that name, or refuse."""
    found = catalog.pools.get(name.lower())
    if found is None:
        raise VerticaError("42704", f'Resource pool "{name}" does not exist')
    return found


def require_profile(catalog: Catalog, name: str) -> Profile:
    """Return the profile of that name, or refuse."""
    found = catalog.profiles.get(name.lower())
    if found is None:
        raise VerticaError("42704", f'Profile "{name}" does not exist')
    return found


def define_pool(definition: Definition, statement: DefinePool) -> None:
    """Make a pool or set its parameters; none of them is executed."""
    draft = definition.draft
    if statement.is_new:
        if statement.name in draft.pools or statement.name in BUILT_IN:
            raise already_exists(statement.name)
        found = ResourcePool(statement.name, oid=draft.new_oid())
    else:
        found = require_pool(draft, statement.name)
    checked = [
        (name, value if value is None else _checked(definition, found, name, value))
        for name, value in statement.settings
    ]
    draft.put(replace(found, settings=_changed(found.settings, checked)))


def _changed(
    kept: Iterable[tuple[str, str]], changes: Iterable[tuple[str, str | None]]
) -> tuple[tuple[str, str], ...]:
    """Return parameters with their changes; None takes one back to its default."""
    found = dict(kept)
    for name, value in changes:
        found.pop(name, None)
        if value is not None:
            found[name] = value
    return tuple(found.items())


def _checked(definition: Definition, pool: ResourcePool, parameter: str, value: str) -> str:
    """Return a parameter's value as it is kept; intervals in seconds."""
    if parameter == "CASCADE" and require_pool(definition.draft, value).name == pool.name:
        raise bad_value("CASCADE TO", value)
    if parameter == "MEMORYSIZE" and pool.name == GENERAL.name:
        raise VerticaError("0A000", "MEMORYSIZE of the pool general cannot be set")
    if parameter not in INTERVALS or value == "NONE" or value.isdigit():
        return value
    escaped = value.replace("'", "''")
    interval = definition.value(f"INTERVAL '{escaped}'")
    row = definition.connection.execute(f"SELECT epoch({interval})").fetchone()
    seconds = int(row[0]) if row else 0
    if seconds < 0 or (parameter == "RUNTIMECAP" and seconds > YEAR):
        raise bad_value(parameter, value)
    return str(seconds)


def drop_pool(definition: Definition, statement: DropPool) -> None:
    """Drop a pool; its users go over to the general one."""
    draft = definition.draft
    found = require_pool(draft, statement.name)
    if found.name in BUILT_IN:
        raise VerticaError("42501", f'Resource pool "{found.name}" is built-in: it stays')
    primary = [p.name for p in draft.pools.values() if ("CASCADE", found.name) in p.settings]
    if primary:
        detail = f"Resource pools that cascade to it: {', '.join(sorted(primary))}"
        raise VerticaError("2BV01", "DROP failed due to dependencies", 3128, detail)
    moved = [user for user in draft.users.values() if user.pool == found.name]
    for user in moved:
        draft.put(replace(user, pool=GENERAL.name))
    if moved:
        names = ", ".join(user.name for user in moved)
        definition.notices.append(f"Switched the following users to the General pool: {names}")
    draft.remove(found)
    forget_object(draft, found.oid)


def define_profile(definition: Definition, statement: DefineProfile) -> None:
    """Make a profile or set its limits; what the default profile does not say is unlimited."""
    draft = definition.draft
    if statement.is_new:
        if statement.name.lower() in draft.profiles:
            raise already_exists(statement.name)
        found = Profile(statement.name, oid=draft.new_oid())
    else:
        found = require_profile(draft, statement.name)
    draft.put(replace(found, limits=_changed(found.limits, statement.limits)))


def drop_profile(definition: Definition, statement: DropProfile) -> None:
    """Drop profiles; with CASCADE their users go over to the default one."""
    for name in statement.names:
        if statement.if_exists and name.lower() not in definition.draft.profiles:
            definition.notices.append(NOTHING_DROPPED)
        else:
            _drop_profile(definition, require_profile(definition.draft, name), statement)


def _drop_profile(definition: Definition, profile: Profile, statement: DropProfile) -> None:
    """Drop one profile."""
    if profile.name == DEFAULT_PROFILE.name:
        raise VerticaError("42501", "The default profile cannot be dropped")
    draft = definition.draft
    users = [user for user in draft.users.values() if user.profile.lower() == profile.name.lower()]
    if users and not statement.cascade:
        detail = f"{len(users)} users have Profile {profile.name}"
        raise VerticaError("2BV01", "DROP failed due to dependencies", 3128, detail)
    for user in users:
        draft.put(replace(user, profile=DEFAULT_PROFILE.name))
    draft.remove(profile)


def check_password(catalog: Catalog, user: User, password: str) -> None:
    """Refuse a new password that is not made as its user's profile wants it."""
    profile = require_profile(catalog, user.profile)
    counted = {
        "PASSWORD_MIN_LENGTH": len(password),
        "PASSWORD_MIN_LETTERS": sum(map(str.isalpha, password)),
        "PASSWORD_MIN_UPPERCASE_LETTERS": sum(map(str.isupper, password)),
        "PASSWORD_MIN_LOWERCASE_LETTERS": sum(map(str.islower, password)),
        "PASSWORD_MIN_DIGITS": sum(map(str.isdigit, password)),
        "PASSWORD_MIN_SYMBOLS": sum(not character.isalnum() for character in password),
    }
    for parameter, count in counted.items():
        limit = limit_of(catalog, profile, parameter)
        if limit.isdigit() and count < int(limit):
            raise VerticaError("22023", f"The password breaks {parameter} {limit} of its profile")
    longest = limit_of(catalog, profile, "PASSWORD_MAX_LENGTH")
    if longest.isdigit() and len(password) > int(longest):
        raise VerticaError("22023", f"The password breaks PASSWORD_MAX_LENGTH {longest}")
