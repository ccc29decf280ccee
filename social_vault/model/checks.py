"""What a declaration must be, beyond what its types say; `make check` asks.

Each fault is one sentence that names the table and what was expected of it. What is wrong here
would otherwise be found by Vertica, at night, or by nobody.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from social_vault.model.catalogue import Catalogue
from social_vault.model.table import OP, SOURCE_AT, ChangeLog, Column, Staging, Table, Variant
from social_vault.model.vault import Hub, Link, Satellite

PLAIN = re.compile(r"[a-z_][a-z0-9_]{0,119}")  # Vertica takes 128 octets; ours get endings
# Single letters and classes of them: no such pattern lets the parts of a key run together.
SAFE = re.compile(r"(?:(?:\[[A-Za-z0-9_-]+\]|[A-Za-z0-9_-])(?:\{\d+(?:,\d+)?\}|\+)?)+")
MOST_DIGITS = 38  # what a decimal of the contract's frames holds; Vertica's takes more
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
    staging = [part.name for part in catalogue.parts]
    staging += [table.rejects for table in catalogue.declared]
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
    # The columns of a table with variants are no staging table's, but they are its contract.
    for part in dict.fromkeys((table, *table.parts)):
        yield from _columns(part)
        if not part.sorted_by and part in table.parts:
            yield f"{part.name} is sorted by nothing: expected spread, as it has no key."
    yield from _key(table)
    if bool(table.source) != bool(table.origin):
        yield f"{table.name} has a source or an origin alone: expected both, or neither."
    if not any(part.hubs or part.links or part.satellites for part in table.parts):
        yield f"{table.name} feeds nothing in the vault: its loads would be taken for nothing."
    yield from _documents(table)
    yield from _variants(table)
    yield from _log(table)


def _columns(part: Staging) -> Iterator[str]:
    names = dict.fromkeys(part.names)
    yield from (f"{part.name} has the column {name} twice." for name in _twice(part.names))
    yield from (f"{part.name} may not have a column {name}." for name in names if name in OURS)
    yield from (
        f"{part.name}: {name} is not a plain lower-case name." for name in names if not _plain(name)
    )
    yield from (
        f"{part.name} names the column {name}, which it does not have."
        for name in dict.fromkeys(part.sorted_by)
        if name not in names
    )
    for column in part.columns:
        yield from (f"{part.name}.{column.name} {fault}" for fault in _column(column))


def _key(table: Table) -> Iterator[str]:
    yield from (
        f"{table.name} names the column {name}, which it does not have."
        for name in table.key
        if name not in table.names
    )
    alone = [name for name in table.key if len(table.key) == 1 and name in table.names]
    yield from (
        f"{table.name} has the key {name}, which may be missing: expected a required column."
        for name in alone
        if not table.column(name).required
    )


def _column(column: Column) -> Iterator[str]:
    yield from _kind(column)
    if not all(column.steps):
        yield f"is read at {column.path}: expected names with a point between them."
    if column.hub and column.hub.kind != column.kind:
        yield f"is of kind {column.kind}, the key of {column.hub.name} is {column.hub.kind}."
    # Parts of a key have no length before them: a ; in one could be taken for the end of it.
    if column.hub and column.kind == "text" and not SAFE.fullmatch(column.pattern or ""):
        yield f"is a text key: expected a pattern without ;, found {column.pattern}."
    if column.hub and (column.max_octets or 0) > (column.hub.max_octets or 0):
        yield f"holds keys longer than {column.hub.name} has room for."


def _kind(column: Column) -> Iterator[str]:
    if column.kind == "text":
        longest = max((len(each.encode()) for each in column.choices), default=0)
        if column.max_octets is None:
            yield "is a text without max_octets: staging needs its width."
        elif longest > column.max_octets:
            yield f"has a choice of {longest} octets, max_octets is {column.max_octets}."
    elif column.max_octets is not None or column.choices:
        yield f"is of kind {column.kind}: max_octets and choices are for texts."
    if (column.kind == "decimal") != (column.digits is not None):
        yield f"is of kind {column.kind} and has digits {column.digits}: decimals alone have some."
    elif column.digits and not 0 <= column.digits[1] <= column.digits[0] <= MOST_DIGITS:
        yield f"has the digits {column.digits}: expected {MOST_DIGITS} or fewer, some behind."


def _documents(table: Table) -> Iterator[str]:
    """Look at what is read from arrays: of a document, or of the JSON of a variant."""
    if table.children and table.form == "csv":
        yield f"{table.name} has children: expected documents or changes, a csv has no arrays."
    of_variants = ((each, each.children) for each in table.variants)
    for whole, children in ((table, table.children), *of_variants):
        names = [child.name for child in children]
        yield from (
            f"{child.name} is read at {child.path!r}: expected names with a point between them."
            for child in children
            if not all(child.path.split("."))
        )
        yield from (
            f"{whole.name}.{column.name} is a digest of {column.digest_of}, which is no child."
            for column in whole.columns
            if column.digest_of and column.digest_of not in names
        )
        yield from (
            f"{whole.name}.{column.name} is a digest: expected a text of 32 octets or more."
            for column in whole.columns
            if column.digest_of and (column.kind, (column.max_octets or 0) >= 32) != ("text", True)
        )


def _variants(table: Table) -> Iterator[str]:
    if not table.variants:
        if table.kind_in or table.value_in:
            yield f"{table.name} says where the kinds of its records stand, and has no variants."
        return
    if table.links or table.satellites or table.children or table.log:
        yield f"{table.name} has variants and no staging table: they feed the vault, it cannot."
    named = {column.name: column for column in table.columns}
    yield from (
        f"{table.name} reads its variants from {name!r}, which it does not have."
        for name in (table.kind_in, table.value_in)
        if name not in named
    )
    kinds = [variant.kind for variant in table.variants]
    yield from (f"{table.name} has two variants of the kind {kind}." for kind in _twice(kinds))
    if table.kind_in in named:
        choices = named[table.kind_in].choices
        yield from (
            f"{table.name} has a variant of the kind {kind}, which is no choice of {table.kind_in}."
            for kind in dict.fromkeys(kinds)
            if kind not in choices
        )
        # Accepted and in no table: the record would be lost.
        yield from (
            f"{table.name} has no variant for the choice {choice} of {table.kind_in}."
            for choice in choices
            if choice not in kinds
        )


def _log(table: Table) -> Iterator[str]:
    if (table.form == "changes") != (table.log is not None):
        found = "a log" if table.log else "no log"
        yield f"{table.name} is of the form {table.form} and has {found}: changes have one."
    if table.log is None:
        return
    yield from (
        f"{table.log.name} has no column {column.name}: expected what a line of changes says."
        for column in (OP, SOURCE_AT)
        if column not in table.log.columns
    )
    keys = [column.name for column in table.log.columns if column.hub]
    if len(keys) != 1:
        yield f"{table.log.name} has {len(keys)} columns that name a hub, expected the key alone."


def _hub(catalogue: Catalogue, hub: Hub) -> Iterator[str]:
    if hub.kind not in ("integer", "text"):
        yield f"{hub.name}: a business key is an integer or a text, not a {hub.kind}."
    owned = any(source.column.required for source in catalogue.namings(hub))
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
    if not satellite.columns and not satellite.is_presence:
        yield f"{satellite.name} has no column: a hub or a link alone tells as much."
    if satellite.is_event + satellite.is_presence + (satellite.follows is not None) > 1:
        yield f"{satellite.name} is of two kinds: expected events, presence or parts."
    if satellite.is_presence:
        yield from _presence(catalogue, satellite)
    if satellite.follows:
        yield from _following(catalogue, satellite, satellite.follows)


def _presence(catalogue: Catalogue, satellite: Satellite) -> Iterator[str]:
    source = catalogue.source(satellite)
    table = catalogue.table_filling(source)
    if satellite.columns:
        yield f"{satellite.name} tells presence: expected no columns of its own."
    if isinstance(satellite.parent, Link):
        yield f"{satellite.name} tells presence of {satellite.parent.name}: expected a hub."
    if not (isinstance(source, ChangeLog) or (source is table and table.is_whole)):
        yield (
            f"{satellite.name} tells presence from {source.name}: expected a log of changes, or a "
            "table that is read whole."
        )


def _following(catalogue: Catalogue, part: Satellite, leading: Satellite) -> Iterator[str]:
    """Look whether a satellite's rows are parts of the versions that it follows."""
    if leading not in catalogue.satellites or leading.is_event or leading.is_presence:
        yield f"{part.name} follows {leading.name}, which is no satellite of versions."
        return
    if leading.parent != part.parent:
        yield f"{part.name} follows {leading.name}, which describes {leading.parent.name}."
    child, whole = catalogue.source(part), catalogue.source(leading)
    if child not in (whole.children if isinstance(whole, Table | Variant) else ()):
        yield f"{part.name} follows {leading.name}, of which {child.name} is no child."
    # Without it a change of a part alone would make no version, and be lost.
    digests = [whole.column(name).digest_of for name in leading.columns if name in whole.names]
    if child.name not in digests:
        yield f"{part.name} follows {leading.name}, which holds no digest of {child.name}."
