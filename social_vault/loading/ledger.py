"""What the load ledger knows: which object versions were loaded, and what is still to come.

It is asked by set, some thousands of objects in one statement, so that a run costs what is new and
not what was ever delivered.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from social_vault.errors import SettingsError, WarehouseError, WarehouseSetupError
from social_vault.landing.finding import Listing
from social_vault.landing.objects import LISTED_FROM, ObjectRequest, ObjectVersion
from social_vault.loading.loads import NOTHING, Load, Totals, added_up, sum_of
from social_vault.model.catalogue import catalogue
from social_vault.model.table import Table
from social_vault.records.parallel import taken_ahead
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


def find_news(warehouse: Warehouse, listed: Iterable[ObjectVersion]) -> News:
    """Part a listing of one bucket into new and known; raise SettingsError without the ledgers.

    The ledger is asked for some while the next are being listed.
    """
    new, known = list[ObjectVersion](), list[Load]()
    with warehouse.transaction():
        pending = count_pending(warehouse)
        for some in taken_ahead(_portions(listed)):
            loads = known_loads(warehouse, some)
            known += loads.values()
            new += (each for each in some if each not in loads)
    return News(tuple(new), added_up(known), pending)


def find_chain_news(warehouse: Warehouse, request: ObjectRequest, listing: Listing) -> News:
    """Find what a source system's chains hold behind the last object that is loaded of each.

    A chain is loaded in its order and without a gap, so that its older objects are not listed.
    """
    new, totals = list[ObjectVersion](), list[Totals]()
    with warehouse.transaction():
        pending = count_pending(warehouse)
        chains = _chains(warehouse, request)
        for table in _tables_of(request):
            folder = f"{request.prefix}{table.name}/"
            last_key, known = chains.get(table.name, ("", NOTHING))
            found = listing.listed(request.bucket, folder, last_key)
            new += (each for each in found if catalogue().table_of(each.key) == table)
            totals.append(known)
    return News(tuple(new), sum_of(totals), pending)


def _tables_of(request: ObjectRequest) -> list[Table]:
    named = request.tables
    return [
        each for each in catalogue().of_source(request.source) if not named or each.name in named
    ]


def _chains(warehouse: Warehouse, request: ObjectRequest) -> dict[str, tuple[str, Totals]]:
    binds = {
        "source": LISTED_FROM,
        "bucket": request.bucket,
        "prefix": request.prefix,
        "prefix_length": len(request.prefix),
        "tables": tuple(table.name for table in _tables_of(request)),
    }
    return {
        str(table): (str(last_key), Totals(*map(number, counts)))
        for table, last_key, *counts in warehouse.query("ledgers/find_chains", binds)
    }


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
    """Find the loads of some listed objects of one bucket; those that are absent are not known.

    A listing tells no version ids, so an object is known by its ETag and time of upload.
    """
    binds = {
        "source": objects[0].source,
        "bucket": objects[0].bucket,
        "oldest": min(each.last_modified for each in objects).replace(tzinfo=None),
        "newest": max(each.last_modified for each in objects).replace(tzinfo=None),
        "etags": tuple(sorted({each.etag for each in objects})),
    }
    rows = warehouse.query("ledgers/find_loads", binds)
    found = {(key, etag, uploaded): _load(row) for key, etag, uploaded, *row in rows}
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


def _portions(objects: Iterable[ObjectVersion]) -> Iterator[list[ObjectVersion]]:
    """Yield the objects some thousands at a time."""
    listed = iter(objects)
    while some := list(islice(listed, OBJECTS_AT_ONCE)):
        yield some


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
