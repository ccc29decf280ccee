"""Find the objects that a run asks for, and which table each of them feeds."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from social_vault.errors import MissingObjectError, SourceError
from social_vault.landing.objects import ObjectRequest, ObjectVersion, uri
from social_vault.model.catalogue import Catalogue

PINNING_THREADS = 8  # keys given by name: no listing tells of them, and a HEAD is a round trip


class ObjectStore(Protocol):
    """What is asked of a store of objects to find some."""

    def listed(self, bucket: str, prefix: str) -> Iterator[ObjectVersion]:
        """Yield what lies under a prefix."""
        ...

    def pin(self, bucket: str, key: str) -> ObjectVersion | None:
        """Return the version that an object has now, or None when there is no object."""
        ...


def find_objects(
    store: ObjectStore, request: ObjectRequest, catalogue: Catalogue
) -> tuple[ObjectVersion, ...]:
    """Find what is asked for, the oldest first, as later loads are newer truth.

    A prefix is listed, a thousand objects a request; keys given by name are asked for one by one.
    Raises MissingObjectError if one of these keys or a table asked for by name has no object,
    SourceError for a key that feeds no table.
    """
    if request.keys:
        found = _named(store, request, catalogue)
    else:
        found = store.listed(request.bucket, request.prefix)
    wanted = [each for each in found if _is_wanted(each.key, request, catalogue)]
    _demand_tables(wanted, request, catalogue)
    # Several objects may have one second of upload; the key makes their order the same each time.
    return tuple(sorted(wanted, key=lambda each: (each.last_modified, each.key)))


def _named(
    store: ObjectStore, request: ObjectRequest, catalogue: Catalogue
) -> Iterator[ObjectVersion]:
    keys = tuple(dict.fromkeys(request.keys))  # one that is given twice is still one object
    for key in keys:
        if catalogue.table_of(key) is None:
            raise SourceError(
                f"{uri(request.bucket, key)} feeds no table: expected a file named "
                f"{', '.join(catalogue.file_names)}."
            )
    wanted = [key for key in keys if _is_wanted(key, request, catalogue)]
    with ThreadPoolExecutor(PINNING_THREADS) as threads:
        pinned = list(threads.map(lambda key: store.pin(request.bucket, key), wanted))
    lost = [uri(request.bucket, k) for k, v in zip(wanted, pinned, strict=True) if not v]
    if lost:
        raise MissingObjectError(f"There is no object {', '.join(lost)}.")
    return (each for each in pinned if each is not None)


def _is_wanted(key: str, request: ObjectRequest, catalogue: Catalogue) -> bool:
    table = catalogue.table_of(key)
    return table is not None and (not request.tables or table.name in request.tables)


def _demand_tables(
    found: Iterable[ObjectVersion], request: ObjectRequest, catalogue: Catalogue
) -> None:
    fed = {table.name for each in found if (table := catalogue.table_of(each.key))}
    absent = [table for table in request.tables if table not in fed]
    if absent:
        raise MissingObjectError(
            f"{uri(request.bucket, request.prefix)} holds no object for the tables "
            f"{', '.join(absent)}, which were asked for by name."
        )
