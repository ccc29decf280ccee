"""What the load ledger knows: which object versions were loaded, and what is still to come.

It is asked by set, some thousands of objects in one statement, so that a run costs what is new and
not what was ever delivered.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from social_vault.errors import SettingsError, WarehouseError, WarehouseSetupError
from social_vault.landing.objects import ObjectVersion
from social_vault.loading.loads import Load, Totals, added_up
from social_vault.model.catalogue import catalogue
from social_vault.stores.vertica import Warehouse

# Their ETags are written into the statement, some 40 octets each: it stays near 100 KB.
OBJECTS_AT_ONCE = 2_500


@dataclass(frozen=True)
class News:
    """What a run has to do: the objects that no load brought in, and the loads not in the vault."""

    new: tuple[ObjectVersion, ...]
    known: Totals
    pending: int

    @property
    def is_none(self) -> bool:
        """Tell whether there is nothing to do."""
        return not self.new and not self.pending


def find_news(warehouse: Warehouse, listed: Sequence[ObjectVersion]) -> News:
    """Part what was listed into new and known; raise SettingsError where there are no ledgers."""
    with warehouse.transaction():
        pending = count_pending(warehouse)
        loads = known_loads(warehouse, listed)
    new = tuple(each for each in listed if each not in loads)
    return News(new, added_up(loads.values()), pending)


def count_pending(warehouse: Warehouse) -> int:
    """Count the loads that are staged and not yet in the vault; both ledgers are read."""
    try:
        rows = warehouse.query("ledgers/count_pending", {"tables": tuple(catalogue().tables)})
    except (WarehouseError, WarehouseSetupError) as error:
        schemas = " and ".join(warehouse.schemas.values())
        raise SettingsError(
            f"The tables of {schemas} cannot be read; the flow apply-schema creates them. {error}"
        ) from None
    return number(rows[0][0])


def known_loads(
    warehouse: Warehouse, objects: Sequence[ObjectVersion]
) -> dict[ObjectVersion, Load]:
    """Find the loads of listed objects; an object that is absent from the result is not known.

    A listing tells no version ids, so an object is known by its ETag and time of upload.
    """
    found = dict[tuple[object, ...], Load]()
    for some in _portions(objects):
        binds = {
            "source": some[0].source,
            "bucket": some[0].bucket,
            "oldest": min(each.last_modified for each in some).replace(tzinfo=None),
            "newest": max(each.last_modified for each in some).replace(tzinfo=None),
            "etags": tuple(sorted({each.etag for each in some})),
        }
        for key, etag, uploaded, *row in warehouse.query("ledgers/find_loads", binds):
            found[key, etag, uploaded] = _load(row)
    return {each: load for each in objects if (load := found.get(_listed_as(each))) is not None}


def find_load(warehouse: Warehouse, wanted: ObjectVersion, table: str) -> Load | None:
    """Find the load of an object version into a table; one that is under way is not there yet."""
    rows = warehouse.query("ledgers/find_load", identity(wanted, table))
    return _load(rows[0]) if rows else None


def identity(wanted: ObjectVersion, table: str) -> dict[str, object]:
    """Give the binds that tell the load of an object version into a table from every other."""
    return {
        "source": wanted.source,
        "bucket": wanted.bucket,
        "object_key": wanted.key,
        "object_version": wanted.version,
        # The ledger's TIMESTAMP knows no zone; everything in it is UTC.
        "last_modified": wanted.last_modified.replace(tzinfo=None),
        "table_name": table,
    }


def _portions(objects: Sequence[ObjectVersion]) -> Iterator[Sequence[ObjectVersion]]:
    """Yield the objects of one bucket and source together, some thousands at a time."""
    for _, group in groupby(objects, key=lambda each: (each.source, each.bucket)):
        some = list(group)
        yield from (some[n : n + OBJECTS_AT_ONCE] for n in range(0, len(some), OBJECTS_AT_ONCE))


def _listed_as(each: ObjectVersion) -> tuple[str, str, datetime]:
    return each.key, each.etag, each.last_modified.replace(tzinfo=None)


def _load(row: Sequence[object]) -> Load:
    load_id, table, status, *counts = row
    read, accepted, rejected, blank = map(number, counts)
    named = (number(load_id), str(table), str(status))
    return Load(*named, read, accepted, rejected, blank, already=True)


def number(value: object) -> int:
    """Read a whole number from a row, whose values have no type; raise ValueError for another."""
    return value if isinstance(value, int) else int(str(value))
