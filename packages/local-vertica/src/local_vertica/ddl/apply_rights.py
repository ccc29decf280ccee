"""Carry out GRANT and REVOKE."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from local_vertica.catalog import rights
from local_vertica.catalog.model import PREDEFINED_ROLES, Grant, User
from local_vertica.ddl.context import Definition
from local_vertica.ddl.nodes import GiveRight
from local_vertica.ddl.right_targets import Target, targets
from local_vertica.errors import VerticaError

INVALID = {"database": 3726, "relation": 3730, "schema": 3732, "sequence": 3733}
PUBLIC = "public"


@dataclass(frozen=True)
class Deed:
    """What one GRANT or REVOKE does to one grantee's rights on one object."""

    definition: Definition
    statement: GiveRight
    target: Target
    grantee: User

    @property
    def whom(self) -> str:
        """Return the grantee as a notice names it."""
        return f'{"role" if self.grantee.is_role else "user"} "{self.grantee.name}"'

    def grants(self) -> Iterator[Grant]:
        """Go through what the grantee has of the object, from whomever."""
        for grant in list(self.definition.draft.grants.values()):
            mine = grant.grantee.lower() == self.grantee.name.lower()
            if mine and grant.target == self.target.oid:
                yield grant


def give_right(definition: Definition, statement: GiveRight) -> None:
    """Grant or revoke, to or from each grantee, on each object."""
    grantees = [definition.draft.grantee(name) for name in statement.grantees]
    for target in targets(definition, statement):
        privileges = _privileges(definition, statement, target)
        for grantee in grantees:
            deed = Deed(definition, statement, target, grantee)
            if statement.kind == "ROLE":
                _check_role(deed)
            if statement.revokes:
                _revoke(deed, set(privileges))
            else:
                _grant(deed, privileges)


def _privileges(definition: Definition, statement: GiveRight, target: Target) -> tuple[str, ...]:
    """Return the privileges meant; refuse what the object has not or the user cannot give."""
    holder = definition.scope.holder
    if target.kind in ("ROLE", "AUTHENTICATION"):
        if not (holder.is_super or _may_give(definition, target)):
            raise target.denied()
        return ("",)
    _check_known(statement.privileges, target)
    ordinary = rights.ORDINARY[target.kind]
    wanted = statement.privileges or (ordinary + rights.EXTENDED * statement.extends)
    owns = target.owner.lower() == holder.user.name.lower()
    givable = tuple(p for p in wanted if owns or holder.may_pass_on(p, target.oid))
    if not givable or (statement.privileges and len(givable) < len(wanted)):
        raise target.denied()
    return givable


def _check_known(privileges: Iterable[str], target: Target) -> None:
    """Refuse a privilege that this kind of object does not have."""
    for privilege in privileges:
        if privilege not in rights.GRANTABLE[target.kind]:
            message = f"Invalid privilege type {privilege} for {target.noun}"
            raise VerticaError("0LV01", message, INVALID.get(target.noun, 0))


def _may_give(definition: Definition, target: Target) -> bool:
    """Say whether a role or a way in is the user's to give: DBADMIN cannot pass itself on."""
    holder = definition.scope.holder
    if holder.is_admin and target.name not in ("dbadmin", "pseudosuperuser"):
        return True
    return target.kind == "ROLE" and any(
        (grant.kind, grant.target, grant.privileges) == ("ROLE", target.oid, ("*",))
        and grant.grantee.lower() in holder.names
        for grant in definition.draft.grants.values()
    )


def _check_role(deed: Deed) -> None:
    """Refuse to change what is built in."""
    role, grantee = deed.target, deed.grantee
    predefined = {each.name for each in PREDEFINED_ROLES}
    if grantee.is_role and grantee.name in predefined - {PUBLIC}:
        message = f'Cannot alter predefined role "{grantee.name}"'
        raise VerticaError("42501", message, 2347, severity="ROLLBACK")
    if grantee.is_super and role.name in predefined:
        raise VerticaError("42501", "Cannot alter superuser roles", 2349)
    if role.name == PUBLIC:
        raise VerticaError("0LV01", f"Invalid role name {role.name}", 3745)


# ---- granting


def _grant(deed: Deed, privileges: Iterable[str]) -> None:
    """Add to what a grantee has from this grantor."""
    if deed.statement.with_option and deed.grantee.name == PUBLIC:
        raise _no_option_for_public(deed)
    if deed.target.kind == "ROLE" and not _is_new_role(deed):
        return
    given = [f"{p}*" if deed.statement.with_option else p for p in privileges]
    grantor = _grantor(deed)
    before = next((g for g in deed.grants() if g.grantor.lower() == grantor.lower()), None)
    merged = _merged(before.privileges if before else (), given)
    draft = deed.definition.draft
    oid = before.oid if before else draft.new_oid()
    draft.put(Grant(deed.target.kind, deed.target.oid, deed.grantee.name, grantor, merged, oid))
    _warn_of_usage(deed)


def _no_option_for_public(deed: Deed) -> VerticaError:
    """Return the refusal to let everybody pass something on."""
    if deed.target.kind == "ROLE":
        message = 'Admin option for a role cannot be granted to "public"'
        return VerticaError("0LV01", message, 2120)
    message = 'Grant option for a privilege cannot be granted to "public"'
    return VerticaError("0LV01", message, 3484)


def _grantor(deed: Deed) -> str:
    """Return who is written down: a superuser gives on behalf of the owner."""
    holder = deed.definition.scope.holder
    if not holder.is_admin:
        return holder.user.name
    founder = next(user for user in deed.definition.draft.users.values() if user.is_super)
    return deed.target.owner or founder.name


def _merged(before: Iterable[str], given: Iterable[str]) -> tuple[str, ...]:
    """Return both together; the right to pass on stays where it was given once."""
    together = (*before, *given)
    names = dict.fromkeys(privilege.rstrip("*") for privilege in together)
    return tuple(f"{name}*" if f"{name}*" in together else name for name in names)


def _is_new_role(deed: Deed) -> bool:
    """Say whether there is a role to give; a circle or a repetition only earns a notice."""
    draft, role, grantee = deed.definition.draft, deed.target, deed.grantee
    beneath = {role.name, *rights.roles_of(draft, draft.roles[role.name.lower()])}
    if grantee.is_role and grantee.name.lower() in {name.lower() for name in beneath}:
        deed.definition.notices.append("Circular assignation of roles is not allowed")
        return False
    if deed.statement.with_option or not any(deed.grants()):
        return True
    deed.definition.notices.append(f'Role "{role.name}" was already granted to {deed.whom}')
    return False


def _warn_of_usage(deed: Deed) -> None:
    """Say that a privilege is of no use yet without USAGE of the schema."""
    draft, schema, grantee = deed.definition.draft, deed.target.schema, deed.grantee
    if schema and not rights.holder(draft, grantee, ()).uses(draft, schema):
        deed.definition.notices.append(
            f'USAGE privilege on schema "{schema}" also needs to be granted to "{grantee.name}"'
        )


# ---- revoking


def _revoke(deed: Deed, names: set[str]) -> None:
    """Take from what a grantee has; with CASCADE also from those it passed it on to."""
    holder = deed.definition.scope.holder
    user = holder.user.name.lower()
    # An owner takes back what others gave, too; they themselves only what they gave.
    every = holder.is_admin or deed.target.owner.lower() == user
    found = [grant for grant in deed.grants() if every or grant.grantor.lower() == user]
    if not found and deed.target.kind == "ROLE":
        message = f'Role "{deed.target.name}" was not already granted to {deed.whom}'
        deed.definition.notices.append(message)
    for grant in found:
        _lessen(deed, grant, names, option_only=deed.statement.with_option)
    _take_back(deed, names)


def _lessen(deed: Deed, grant: Grant, names: set[str], *, option_only: bool) -> None:
    """Keep what is left of a grant, if anything is."""
    left = rights.without(grant, names, option_only=option_only)
    if left.privileges:
        deed.definition.draft.put(left)
    else:
        deed.definition.draft.remove(grant)


def _take_back(deed: Deed, names: set[str]) -> None:
    """Revoke what a grantee passed on and now could not; refuse if that was not asked for."""
    draft, grantee = deed.definition.draft, deed.grantee
    if grantee.is_super or deed.target.owner.lower() == grantee.name.lower():
        return
    held = {privilege for grant in deed.grants() for privilege in grant.privileges}
    for grant in list(draft.grants.values()):
        if grant.target != deed.target.oid or grant.grantor.lower() != grantee.name.lower():
            continue
        passed_on = {privilege.rstrip("*") for privilege in grant.privileges} & names
        lost = {privilege for privilege in passed_on if f"{privilege}*" not in held}
        if lost and not deed.statement.cascade:
            hint = "Use REVOKE … CASCADE to revoke them too"
            raise VerticaError("2BV01", "Dependent privileges exist", 0, "", hint, "ROLLBACK")
        if lost:
            _lessen(deed, grant, lost, option_only=False)
            _take_back(replace(deed, grantee=draft.grantee(grant.grantee)), lost)
