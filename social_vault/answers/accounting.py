"""Account for the records of loads: read back from the warehouse, not from memory."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from social_vault.loading.ledger import number
from social_vault.loading.loads import Load
from social_vault.model.catalogue import catalogue
from social_vault.records.rejects import rules_in
from social_vault.schema.statements import rules_of_loads
from social_vault.schema.statements import unknown_references as named_and_absent
from social_vault.stores.vertica import Warehouse

Rules = Mapping[str, int]  # by rule, how many records broke it; a record may break several


def broken_rules(warehouse: Warehouse, loads: Iterable[Load]) -> Mapping[int, Rules]:
    """Count by load the records that broke each rule; loads without rejects are left out.

    One question a source table, however many of its loads are asked for.
    """
    by_table = defaultdict[str, list[int]](list)
    for load in loads:
        if load.rejected:
            by_table[load.table].append(load.load_id)
    found = defaultdict[int, Counter[str]](Counter)
    for table, load_ids in by_table.items():
        question = rules_of_loads(catalogue().tables[table])
        # What comes back are the distinct sets of reasons, which are few, and not the records.
        for load_id, reasons, records in warehouse.query(question, {"load_ids": tuple(load_ids)}):
            for rule in rules_in(str(reasons)):
                found[number(load_id)][rule] += number(records)
    return found


def unknown_references(warehouse: Warehouse, world: str = "social_network") -> dict[str, int]:
    """Count by entity the keys that are named somewhere and came in no file of their own."""
    rows = warehouse.query(named_and_absent(world))
    return {str(entity): number(count) for entity, count in rows}
