"""What a declaration must be, beyond what its types say; `make check` asks.

Each fault is one sentence that names the table and what was expected of it. What is wrong here
would otherwise be found by Vertica, at night, or by nobody.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from social_vault.model.catalogue import Catalogue
from social_vault.model.table import Column, Table
from social_vault.model.vault import Hub, Link, Satellite

PLAIN = re.compile(r"[a-z_][a-z0-9_]{0,119}")  # Vertica takes 128 octets; ours get endings
# Single letters and classes of them: no such pattern lets the parts of a key run together.
SAFE = re.compile(r"(?:(?:\[[A-Za-z0-9_-]+\]|[A-Za-z0-9_-])(?:\{\d+(?:,\d+)?\}|\+)?)+")
# What staging and the vault add to each table; a column of the same name would hide it.
OURS = {"load_id", "staged_at", "record_no", "load_dt", "load_src", "hashdiff"}


def faults(catalogue: Catalogue) -> list[str]:
    """List all that is wrong with a declaration; nothing, if it can be used."""
    return [
        *_names(catalogue),
        *(fault for table in catalogue.tables.values() for fault in _table(table)),
        *(fault for hub in catalogue.hubs for fault in _hub(catalogue, hub)),
        *(fault for link in catalogue.links for fault in _link(catalogue, link)),
        *(fault for each in catalogue.satellites for fault in _satellite(catalogue, each)),
    ]


def _names(catalogue: Catalogue) -> Iterator[str]:
    staging = [name for table in catalogue.declared for name in (table.name, table.rejects)]
    vault = [each.name for each in catalogue.vault]
    keys = [each.key for each in catalogue.hubs + catalogue.links]
    for names in (staging, vault, keys):
        yield from (f"The name {name} is not unique." for name in _twice(names))
        yield from (f"{name} is not a plain lower-case name." for name in names if not _plain(name))
    # The entity begins the canonical text: two hubs with one would share hash keys.
    entities = _twice(hub.entity for hub in catalogue.hubs)
    yield from (f"Two hubs have the entity {name}." for name in entities)


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _plain(name: str) -> bool:
    return PLAIN.fullmatch(name) is not None


def _table(table: Table) -> Iterator[str]:
    names = dict.fromkeys(table.names)
    yield from (f"{table.name} has the column {name} twice." for name in _twice(table.names))
    yield from (f"{table.name} may not have a column {name}." for name in names if name in OURS)
    yield from (
        f"{table.name}: {name} is not a plain lower-case name."
        for name in names
        if not _plain(name)
    )
    yield from (
        f"{table.name} names the column {name}, which it does not have."
        for name in (*table.key, *table.sorted_by)
        if name not in names
    )
    alone = [name for name in table.key if len(table.key) == 1 and name in names]
    yield from (
        f"{table.name} has the key {name}, which may be missing: expected a required column."
        for name in alone
        if not table.column(name).required
    )
    if not (table.hubs or table.links or table.satellites):
        yield f"{table.name} feeds nothing in the vault: its loads would be taken for nothing."
    for column in table.columns:
        yield from (f"{table.name}.{column.name} {fault}" for fault in _column(column))


def _column(column: Column) -> Iterator[str]:
    if column.kind == "text":
        longest = max((len(each.encode()) for each in column.choices), default=0)
        if column.max_octets is None:
            yield "is a text without max_octets: staging needs its width."
        elif longest > column.max_octets:
            yield f"has a choice of {longest} octets, max_octets is {column.max_octets}."
    elif column.max_octets is not None or column.choices:
        yield f"is of kind {column.kind}: max_octets and choices are for texts."
    if column.hub and column.hub.kind != column.kind:
        yield f"is of kind {column.kind}, the key of {column.hub.name} is {column.hub.kind}."
    # Parts of a key have no length before them: a ; in one could be taken for the end of it.
    if column.hub and column.kind == "text" and not SAFE.fullmatch(column.pattern or ""):
        yield f"is a text key: expected a pattern without ;, found {column.pattern}."
    if column.hub and (column.max_octets or 0) > (column.hub.max_octets or 0):
        yield f"holds keys longer than {column.hub.name} has room for."


def _hub(catalogue: Catalogue, hub: Hub) -> Iterator[str]:
    if hub.kind not in ("integer", "text"):
        yield f"{hub.name}: a business key is an integer or a text, not a {hub.kind}."
    owned = any(source.column.required for source in catalogue.sources(hub))
    if not owned:
        yield f"{hub.name} is named by no required column: it may never get a row."


def _link(catalogue: Catalogue, link: Link) -> Iterator[str]:
    table = catalogue.source(link)
    for name in link.ends:
        if name not in table.names:
            yield f"{link.name} joins {table.name}.{name}, which is not there."
        elif table.column(name).hub is None:
            yield f"{link.name} joins {table.name}.{name}, which names no hub."
    if len(link.ends) < 2:
        yield f"{link.name} joins {len(link.ends)} hub, expected two or more."
    joined = [table.column(name).hub for name in link.ends if name in table.names]
    for name in _twice(hub.name for hub in joined if hub):
        yield f"{link.name} joins {name} twice: its columns would have one name."
    if link.joined_by and link.joined_by not in joined:
        yield f"{link.name} is to lie as {link.joined_by.name} does, which it does not join."


def _satellite(catalogue: Catalogue, satellite: Satellite) -> Iterator[str]:
    table, parent = catalogue.source(satellite), satellite.parent
    if isinstance(parent, Link) and parent not in table.links:
        yield f"{satellite.name} describes {parent.name}, which {table.name} does not feed."
    if isinstance(parent, Hub) and len(table.naming(parent)) != 1:
        count = len(table.naming(parent))
        yield f"{satellite.name}: {count} columns of {table.name} name {parent.name}, expected one."
    wanted = (*satellite.columns, *(name for name, _ in satellite.renamed))
    yield from (
        f"{satellite.name} describes by {table.name}.{name}, which is not there."
        for name in wanted
        if name not in table.names
    )
    if not satellite.columns:
        yield f"{satellite.name} has no column: a hub or a link alone tells as much."
