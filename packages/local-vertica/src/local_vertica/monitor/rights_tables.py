"""The v_catalog tables of users, roles and grants, as far as one may see them."""

from collections.abc import Iterator

from local_vertica.catalog.model import DEFAULT_PROFILE, Grant, Profile
from local_vertica.catalog.rights import (
    OF_SUPERUSERS,
    UNSAID,
    assigned_roles,
    limit_of,
    role_list,
    roles_of,
)
from local_vertica.catalog.system_tables import Row, system_table
from local_vertica.engine.session import EngineSession

HIDDEN = "********"
REUSE = ("PASSWORD_REUSE_MAX", "PASSWORD_REUSE_TIME")
SHOWN_LIMITS = (
    "PASSWORD_LIFE_TIME", "PASSWORD_MIN_LIFE_TIME", "PASSWORD_MIN_CHAR_CHANGE",
    "PASSWORD_GRACE_TIME", *REUSE, "FAILED_LOGIN_ATTEMPTS", "PASSWORD_LOCK_TIME",
    "PASSWORD_MAX_LENGTH", "PASSWORD_MIN_LENGTH", "PASSWORD_MIN_LETTERS",
    "PASSWORD_MIN_LOWERCASE_LETTERS", "PASSWORD_MIN_UPPERCASE_LETTERS", "PASSWORD_MIN_DIGITS",
    "PASSWORD_MIN_SYMBOLS",
)  # fmt: skip


@system_table(
    "v_catalog.users",
    "user_id:i user_name is_super_user:b profile_name is_locked:b lock_time:t resource_pool "
    "search_path:m all_roles:m default_roles:m",
)
def users(session: EngineSession) -> Iterator[Row]:
    """Give the users; whose roles they have only their own and an administrator sees."""
    catalog, holder = session.catalog, session.holder()
    for user in catalog.users.values():
        shown = ("", "")
        if holder.is_admin or user.name == holder.user.name:
            built_in = OF_SUPERUSERS if user.is_super else ()
            lists = (assigned_roles(catalog, user), (*user.default_roles, *built_in))
            shown = tuple(role_list(catalog, user, names) for names in lists)  # type: ignore[assignment] # two
        path = ", ".join(user.search_path)
        named = (user.profile, bool(user.locked_at), user.locked_at or None, user.pool, path)
        yield (user.oid, user.name, user.is_super, *named, *shown)


@system_table("v_catalog.roles", "role_id:i name assigned_roles:m")
def roles(session: EngineSession) -> Iterator[Row]:
    """Give the roles one can enable, with the roles granted to them."""
    catalog, holder = session.catalog, session.holder()
    for name, role in catalog.roles.items():
        if holder.is_admin or name == "public" or name in roles_of(catalog, holder.user):
            assigned = role_list(catalog, role, assigned_roles(catalog, role))
            yield (role.oid, role.name, assigned)


@system_table(
    "v_catalog.grants",
    "grantor_id:i grantor privileges_description:m object_schema object_name object_id:i "
    "object_type grantee_id:i grantee grant_id:i",
)
def grants(session: EngineSession) -> Iterator[Row]:
    """Give what is granted by or to oneself, or on what is one's own."""
    catalog, holder = session.catalog, session.holder()
    objects = {item.oid: item for item in catalog.objects() if not isinstance(item, Grant)}
    people = {**catalog.roles, **catalog.users}
    for grant in catalog.grants.values():
        item = objects.get(grant.target)
        owner = str(getattr(item, "owner", ""))
        concerned = {grant.grantee.lower(), grant.grantor.lower(), owner.lower()}
        if not (holder.is_admin or concerned & holder.names):
            continue
        name = item.name if item is not None else session.database.name
        yield (
            people[grant.grantor.lower()].oid, grant.grantor, ", ".join(grant.privileges),
            str(getattr(item, "schema", "")), name, grant.target, grant.kind,
            people[grant.grantee.lower()].oid, grant.grantee, grant.oid,
        )  # fmt: skip


@system_table(
    "v_catalog.profiles",
    "profile_id:i profile_name password_life_time password_min_life_time "
    "password_min_char_change password_grace_time password_reuse_max password_reuse_time "
    "failed_login_attempts password_lock_time password_max_length password_min_length "
    "password_min_letters password_min_lowercase_letters password_min_uppercase_letters "
    "password_min_digits password_min_symbols",
)
def profiles(session: EngineSession) -> Iterator[Row]:
    """Give the profiles; what one takes from the default profile is shown as default."""
    for profile in session.catalog.profiles.values():
        yield (profile.oid, profile.name, *(_limit(profile, name) for name in SHOWN_LIMITS))


def _limit(profile: Profile, parameter: str) -> str:
    """Return a limit as a profile has it."""
    if profile.name == DEFAULT_PROFILE.name:
        unsaid = UNSAID.get(parameter, "unlimited")
    else:
        unsaid = "default"
    return dict(profile.limits).get(parameter, unsaid)


@system_table(
    "v_catalog.passwords",
    "user_id:i user_name password:m password_create_time:w is_current_password:b profile_id:i "
    "profile_name password_reuse_max password_reuse_time salt",
)
def passwords(session: EngineSession) -> Iterator[Row]:
    """Give the superuser who has a password; the hashes and their salts are kept to the server."""
    catalog = session.catalog
    for user in catalog.users.values() if session.holder().is_super else ():
        if user.password_hash:
            profile = catalog.profiles[user.profile.lower()]
            reuse = (limit_of(catalog, profile, name) for name in REUSE)
            limits = (profile.oid, profile.name, *reuse)
            yield (user.oid, user.name, HIDDEN, None, True, *limits, HIDDEN)
