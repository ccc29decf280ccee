"""Who may do what: a holder of rights, and what is granted to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from local_vertica.catalog.model import (
    DATABASE_OID,
    DEFAULT_PROFILE,
    GENERAL,
    Function,
    Grant,
    Profile,
    ResourcePool,
    Schema,
    Sequence,
    Table,
    User,
    View,
)
from local_vertica.catalog.store import Catalog, Draft, key_of

Owned = Schema | Table | View | Sequence | Function
KINDS: Mapping[type[Owned], str] = {
    Schema: "SCHEMA",
    Table: "TABLE",
    View: "VIEW",
    Sequence: "SEQUENCE",
    Function: "FUNCTION",
}
OF_TABLES = ("INSERT", "SELECT", "UPDATE", "DELETE", "REFERENCES", "TRUNCATE")
# What ALL means; ALTER and DROP are given only by name or by EXTEND.
ORDINARY: Mapping[str, tuple[str, ...]] = {
    "DATABASE": ("CREATE", "TEMP"),
    "SCHEMA": ("CREATE", "USAGE"),
    "TABLE": OF_TABLES,
    "VIEW": ("SELECT",),
    "SEQUENCE": ("SELECT",),
    "FUNCTION": ("EXECUTE",),
    "RESOURCE POOL": ("USAGE",),
}
EXTENDED = ("ALTER", "DROP")
UNSAID = {"PASSWORD_MIN_LIFE_TIME": "0", "PASSWORD_MIN_CHAR_CHANGE": "0"}  # else unlimited
OF_SUPERUSERS = ("dbadmin", "dbduser", "pseudosuperuser")  # roles no superuser is without
# What a schema holds beside its own is for the tables and views that inherit it.
GRANTABLE: Mapping[str, tuple[str, ...]] = {
    **{kind: (*ORDINARY[kind], *EXTENDED) for kind in ("TABLE", "VIEW", "SEQUENCE", "FUNCTION")},
    "SCHEMA": (*ORDINARY["SCHEMA"], *OF_TABLES, *EXTENDED),
    "DATABASE": ORDINARY["DATABASE"],
    "RESOURCE POOL": ORDINARY["RESOURCE POOL"],
}


@dataclass(frozen=True)
class Holder:
    """A user with the roles that are enabled, and all that is granted to them."""

    user: User
    names: frozenset[str]
    granted: Mapping[int, frozenset[str]]

    @property
    def is_super(self) -> bool:
        """Say whether nothing is forbidden."""
        return self.user.is_super or "pseudosuperuser" in self.names

    @property
    def is_admin(self) -> bool:
        """Say whether every object is open; the role DBADMIN does not configure the database."""
        return self.is_super or "dbadmin" in self.names

    @property
    def monitors(self) -> bool:
        """Say whether the sessions of others may be seen."""
        return self.is_admin or "sysmonitor" in self.names

    def owns(self, item: Owned) -> bool:
        """Say whether the user made an object, or may do as if."""
        return self.is_admin or item.owner.lower() == self.user.name.lower()

    def has(self, privilege: str, oid: int) -> bool:
        """Say whether a privilege on an object is granted."""
        given = self.granted.get(oid, frozenset())
        return self.is_admin or privilege in given or f"{privilege}*" in given

    def may_pass_on(self, privilege: str, oid: int) -> bool:
        """Say whether a privilege on somebody else's object may be granted to others."""
        return self.is_admin or f"{privilege}*" in self.granted.get(oid, frozenset())

    def uses(self, catalog: Catalog, schema: str) -> bool:
        """Say whether what a schema holds may be named."""
        found = catalog.schemas.get(schema.lower())
        return found is None or self.has("USAGE", found.oid)

    def uses_pool(self, pool: ResourcePool) -> bool:
        """Say whether queries may run in a resource pool; in the general one all may."""
        return pool.name == GENERAL.name or self.has("USAGE", pool.oid)

    def sees(self, catalog: Catalog, item: Table | View | Sequence) -> bool:
        """Say whether the catalogue shows an object: some right on it, and USAGE of its schema."""
        if self.is_admin or (isinstance(item, Table | View) and item.scope == "local"):
            return True
        known = self.owns(item) or bool(self.granted.get(item.oid))
        return known and self.uses(catalog, item.schema)


def holder(catalog: Catalog, user: User, enabled: Iterable[str]) -> Holder:
    """Return a user with those of the roles that are still granted; PUBLIC always is."""
    available = roles_of(catalog, user)
    names = {user.name.lower(), "public"}
    for role in enabled:
        if role in available:
            names |= {role, *roles_of(catalog, catalog.roles[role])}
    granted: dict[int, frozenset[str]] = {}
    for grant in catalog.grants.values():
        if grant.grantee.lower() in names and grant.kind not in ("ROLE", "AUTHENTICATION"):
            granted[grant.target] = granted.get(grant.target, frozenset()) | set(grant.privileges)
    for item in catalog.relations.values():
        if isinstance(item, Table | View) and item.inherits:
            of_schema = granted.get(catalog.schemas[item.schema.lower()].oid, frozenset())
            inherited = {p for p in of_schema if p.rstrip("*") in (*OF_TABLES, *EXTENDED)}
            granted[item.oid] = granted.get(item.oid, frozenset()) | inherited
    return Holder(user, frozenset(names), granted)


def by_default(catalog: Catalog, name: str) -> Holder:
    """Return a user as it is when it connects: what its views may read."""
    user = catalog.users.get(name.lower()) or User(name)
    return holder(catalog, user, user.default_roles)


def closed_source(catalog: Catalog, view: View, *, to_others: bool) -> str:
    """Return the name of what a view reads and its owner may not, or may not show others."""
    owner = by_default(catalog, view.owner)
    for schema, name in view.reads:
        item = catalog.relations.get(key_of(schema, name))
        if not isinstance(item, Table | View):
            continue  # a system table, or dropped meanwhile: the query itself will say so
        shows = not to_others or owner.owns(item) or owner.may_pass_on("SELECT", item.oid)
        if not (shows and owner.has("SELECT", item.oid) and owner.uses(catalog, schema)):
            return item.name
        beneath = isinstance(item, View) and closed_source(
            catalog, item, to_others=not owner.owns(item)
        )
        if beneath:
            return beneath
    return ""


def roles_of(catalog: Catalog, grantee: User) -> frozenset[str]:
    """Return the roles a user or role can enable: granted to it, to PUBLIC, or to one of them."""
    names = {role.oid: name for name, role in catalog.roles.items()}
    given: dict[str, set[str]] = {}
    for grant in catalog.grants.values():
        if grant.kind == "ROLE" and grant.target in names:
            given.setdefault(grant.grantee.lower(), set()).add(names[grant.target])
    found = set(OF_SUPERUSERS if grantee.is_super else ())
    waiting = [grantee.name.lower(), "public"]
    while waiting:
        new = given.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return frozenset(found)


def role_list(catalog: Catalog, grantee: User, names: Iterable[str]) -> str:
    """Return roles parted by commas, with an asterisk those the grantee may pass on."""
    passed_on = {
        grant.target
        for grant in catalog.grants.values()
        if grant.grantee.lower() == grantee.name.lower() and grant.privileges == ("*",)
    }
    roles = [catalog.roles[name] for name in sorted(names)]
    return ", ".join(
        f"{role.name}*" if grantee.is_super or role.oid in passed_on else role.name
        for role in roles
    )


def assigned_roles(catalog: Catalog, grantee: User) -> list[str]:
    """Return the roles granted to a user or role itself."""
    built_in = OF_SUPERUSERS if grantee.is_super else ()
    targets = {
        grant.target
        for grant in catalog.grants.values()
        if grant.kind == "ROLE" and grant.grantee.lower() == grantee.name.lower()
    }
    return sorted(
        name for name, role in catalog.roles.items() if role.oid in targets or name in built_in
    )


def own(draft: Draft, item: Owned) -> None:
    """Give the owner what it may take away from itself; a superuser needs no grant."""
    user = draft.users.get(item.owner.lower())
    if user is None or user.is_super:
        return
    kind = KINDS[type(item)]
    privileges = tuple(f"{privilege}*" for privilege in ORDINARY[kind])
    draft.put(Grant(kind, item.oid, user.name, user.name, privileges, draft.new_oid()))


def limit_of(catalog: Catalog, profile: Profile, parameter: str) -> str:
    """Return a limit of passwords as it holds: the profile's own, else that of the default one."""
    for each in (profile, catalog.profiles[DEFAULT_PROFILE.name]):
        if (found := dict(each.limits).get(parameter)) is not None:
            return found
    return UNSAID.get(parameter, "unlimited")


def forget_object(draft: Draft, oid: int) -> None:
    """Take out the grants on an object that is dropped."""
    for grant in list(draft.grants.values()):
        if grant.target == oid:
            draft.remove(grant)


def open_to_all(draft: Draft, owner: str) -> None:
    """Give PUBLIC what every user of a new database has: temporary tables."""
    oid = draft.new_oid()
    draft.put(Grant("DATABASE", DATABASE_OID, "public", owner, ("TEMP",), oid))


def without(grant: Grant, privileges: Iterable[str], *, option_only: bool) -> Grant:
    """Return a grant less some privileges, or less the right to pass them on."""
    names = set(privileges)
    kept = tuple(
        privilege.rstrip("*") if option_only and privilege.rstrip("*") in names else privilege
        for privilege in grant.privileges
        if option_only or privilege.rstrip("*") not in names
    )
    return replace(grant, privileges=kept)
