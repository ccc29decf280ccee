"""Account for the records of loads, old ones too: read back from the warehouse."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from social_vault.landing.objects import ObjectVersion
from social_vault.loading.staging import Staged, find_load
from social_vault.stores.vertica import Warehouse


@dataclass(frozen=True)
class Account:
    """One load and how many of its records broke each rule; a record may break several."""

    load: Staged
    rules: Mapping[str, int]


def account(warehouse: Warehouse, wanted: ObjectVersion) -> Account | None:
    """Return the row accounting of an object version's load, if it was loaded."""
    with warehouse.transaction():
        load = find_load(warehouse, wanted)
        return None if load is None else Account(load, broken_rules(warehouse, load))


def broken_rules(warehouse: Warehouse, load: Staged) -> dict[str, int]:
    """Return how many records of a load break each rule."""
    rules: Counter[str] = Counter()
    binds: Mapping[str, object] = {"load_id": load.load_id}
    for reasons, records in warehouse.query("accounting/rules_of_load", binds, table=load.table):
        for rule in str(reasons).split("; "):
            rules[rule] += int(str(records))
    return dict(rules)


def unknown_references(warehouse: Warehouse) -> dict[str, int]:
    """Return how many users and groups are named somewhere and came in no file of their own."""
    with warehouse.transaction():
        rows = warehouse.query("accounting/unknown_references")
    return {str(hub): int(str(count)) for hub, count in rows}
