"""Find the objects that a run asks for, and which table each of them feeds."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from social_vault.errors import MissingObjectError, SourceError
from social_vault.landing.objects import ObjectRequest, ObjectVersion, uri
from social_vault.model.catalogue import Catalogue
from social_vault.model.table import Table

PINNING_THREADS = 8  # keys given by name: no listing tells of them, and a HEAD is a round trip


class Listing(Protocol):
    """What is asked of a store of objects to find some."""

    def listed(self, bucket: str, prefix: str, after: str = "") -> Iterator[ObjectVersion]:
        """Yield what lies under a prefix, in the order of keys, behind one of them."""
        ...

    def pin(self, bucket: str, key: str) -> ObjectVersion | None:
        """Return the version that an object has now, or None when there is no object."""
        ...


def find_objects(
    store: Listing, request: ObjectRequest, catalogue: Catalogue
) -> Iterator[ObjectVersion]:
    """Yield what is asked for as the store tells of it, in the order of keys.

    A prefix is listed, a thousand objects a request; keys given by name are asked for one by one.
    Raises MissingObjectError if one of these keys, or, at the end, a table asked for by name has no
    object, SourceError for a key that feeds no table.
    """
    if request.keys:
        found = _named(store, request, catalogue)
    else:
        found = store.listed(request.bucket, request.prefix)
    absent = set(request.tables)
    for each in found:
        table = catalogue.table_of(each.key)
        if table is not None and _is_wanted(table, request):
            absent.discard(table.name)
            yield each
    _demand_tables(absent, request)


def in_order(found: Iterable[ObjectVersion], request: ObjectRequest) -> tuple[ObjectVersion, ...]:
    """Put objects into the order in which they are loaded: later loads are newer truth.

    Files go by age; several may have one second of upload, and the key makes their order the same
    each time. A chain goes by its numbers, whatever the clocks say.
    """
    if request.source:
        return tuple(sorted(found, key=lambda each: each.key))
    return tuple(sorted(found, key=lambda each: (each.last_modified, each.key)))


def _named(store: Listing, request: ObjectRequest, catalogue: Catalogue) -> Iterator[ObjectVersion]:
    keys = tuple(dict.fromkeys(request.keys))  # one that is given twice is still one object
    wanted = [key for key in keys if _is_wanted(_fed(key, request, catalogue), request)]
    with ThreadPoolExecutor(PINNING_THREADS) as threads:
        pinned = list(threads.map(lambda key: store.pin(request.bucket, key), wanted))
    lost = [uri(request.bucket, k) for k, v in zip(wanted, pinned, strict=True) if not v]
    if lost:
        raise MissingObjectError(f"There is no object {', '.join(lost)}.")
    return (each for each in pinned if each is not None)


def _fed(key: str, request: ObjectRequest, catalogue: Catalogue) -> Table:
    table = catalogue.table_of(key)
    if table is None:
        raise SourceError(
            f"{uri(request.bucket, key)} feeds no table: expected a file named "
            f"{', '.join(catalogue.file_names)}."
        )
    return table


def _is_wanted(table: Table, request: ObjectRequest) -> bool:
    is_its = table.source == request.source
    return is_its and (not request.tables or table.name in request.tables)


def _demand_tables(absent: set[str], request: ObjectRequest) -> None:
    if absent:
        raise MissingObjectError(
            f"{uri(request.bucket, request.prefix)} holds no object for the tables "
            f"{', '.join(each for each in request.tables if each in absent)}, "
            f"which were asked for by name."
        )
