"""Give tables, views, sequences and functions to another user, with what hangs on them."""

from dataclasses import replace
from typing import TypeVar

from local_vertica.catalog.model import Function, Sequence, Table, View
from local_vertica.catalog.rights import own
from local_vertica.catalog.store import key_of
from local_vertica.ddl.context import Definition
from local_vertica.ddl.emit import identity_sequence

Given = TypeVar("Given", bound=Table | View | Sequence | Function)


def given(definition: Definition, item: Given, name: str) -> Given:
    """Return an object as its new owner's; what the old one granted, and held, is gone."""
    owner = definition.require_user(name).name
    if owner == item.owner:
        return item
    for grant in list(definition.draft.grants.values()):
        old = item.owner.lower() in {grant.grantor.lower(), grant.grantee.lower()}
        if grant.target == item.oid and old:
            definition.draft.remove(grant)
    changed = replace(item, owner=owner)
    own(definition.draft, changed)
    return changed


def give_dependents(definition: Definition, table: Table) -> None:
    """Give the table's projections and IDENTITY sequences to the table's owner."""
    anchor = key_of(table.schema, table.name)
    for projection in list(definition.draft.projections.values()):
        if projection.anchor == anchor:
            definition.draft.put(replace(projection, owner=table.owner))
    for column in table.columns:
        if column.identity:
            name = identity_sequence(table, column).name
            sequence = definition.draft.relations[key_of(table.schema, name)]
            definition.put(replace(sequence, owner=table.owner))
