"""From the declaration to Vertica's SQL: which pattern makes which statement of which table.

Nothing here knows a table's name, and no pattern knows more of a table than its declaration says.
"""

import re
from collections.abc import Iterable, Iterator
from graphlib import TopologicalSorter

from social_vault.model.catalogue import Catalogue, Described, worlds
from social_vault.model.table import BEGIN, DELETE, SOURCE_AT, ChangeLog, Column, Staging, Table
from social_vault.model.vault import Hub, Link, Satellite
from sql import Statement, names, written

# Before any table: the schemas, the numbers of loads, and the two ledgers.
FOUNDATIONS = (
    "ledgers/create_staging_schema",
    "ledgers/create_vault_schema",
    "ledgers/create_load_ids",
    "ledgers/create_load_ledger",
    "ledgers/create_vault_ledger",
)
# USAGE comes first, as Vertica warns of a privilege in a schema that is closed.
GRANTS = (
    "loader_schemas",
    "loader_tables",
    "loader_locks",
    "loader_load_ids",
    "loader_marts",
    "loader_temp",
    "reader_schema",
    "reader_marts",
)
PART_COPIES = ("lock", "accepted")  # once for each staging table that a source table fills
COPIES = (*PART_COPIES, "rejects", "count_rows", "move_copy_rejects")
# A presence satellite has these in place of columns of its own; when it was so is not compared.
IS_DELETED = Column("is_deleted", "boolean", required=True)
PRESENCE = (IS_DELETED, SOURCE_AT)
VIEW = re.compile(r"\bvault\.(\w+)")  # in a text that was rendered with the schema `vault`


def creations(catalogue: Catalogue) -> list[Statement]:
    """List all that makes the schemas, in an order in which nothing refers to what is to come."""
    tables = catalogue.tables.values()
    return [
        *map(written, FOUNDATIONS),
        *(each for table in tables for each in _create_staging(table)),
        *(_create(catalogue, described) for described in catalogue.vault),
        *map(written, marts(catalogue)),
    ]


def marts(catalogue: Catalogue) -> list[str]:
    """List the views that the tables of a catalogue feed, each behind those that it reads."""
    files = {name.removeprefix("marts/create_"): name for name in names("marts")}
    texts = {view: written(name).text(vault="vault") for view, name in files.items()}
    read = {view: set(VIEW.findall(text)) & set(files) - {view} for view, text in texts.items()}
    tables = {described.name for described in catalogue.vault}
    made = list[str]()
    # Vertica binds a view when it is made: what it reads must be there.
    for view in TopologicalSorter(read).static_order():
        if set(VIEW.findall(texts[view])) - {view} <= tables | set(made):
            made.append(view)
    return [files[view] for view in made]


def copying(step: str, table: Table, part: Staging | None = None) -> Statement:
    """Make a step of a table's staging, one of COPIES; some are taken for each part of it."""
    target = part or table
    given = {"table": table, "part": target}
    return Statement(f"copy/{step}.{target.name}", f"patterns/copy/{step}", given)


def _copyings(table: Table) -> Iterator[Statement]:
    """Make all steps that a table's staging can take."""
    yield from (copying(step, table, part) for part in table.parts for step in PART_COPIES)
    yield from (copying(step, table) for step in COPIES if step not in PART_COPIES)


def rules_of_loads(table: Table) -> Statement:
    """Make the question which reasons the rejects of some loads of a table have."""
    name = f"answers/rules_of_loads.{table.name}"
    return Statement(name, "patterns/ask/rules_of_loads", {"table": table})


def unknown_references(world: str) -> Statement:
    """Make the question how many keys of each hub of a world were named and never delivered."""
    catalogue = worlds()[world]
    # A hub with one source cannot have any, and one without a satellite tells of none.
    described = [
        (hub, satellites)
        for hub in catalogue.hubs
        if len(catalogue.namings(hub)) > 1 and (satellites := _delivering(catalogue, hub))
    ]
    name = f"answers/unknown_references.{world}"
    return Statement(name, "patterns/ask/unknown_references", {"described": described})


def _delivering(catalogue: Catalogue, hub: Hub) -> list[Satellite]:
    """Find by what it shows that a key was delivered: a satellite of each source table is enough.

    Events and parts are told of a key by those who name it, and so is no delivery.
    """
    found = dict[str, Satellite]()
    for each in catalogue.satellites:
        if each.parent == hub and not (each.is_event or each.follows):
            table = catalogue.table_filling(catalogue.source(each))
            found.setdefault(table.name, each)
    return list(found.values())


def load(catalogue: Catalogue, described: Described) -> Statement:
    """Make what brings a batch into one table of the vault: it binds batch_id and load_dt."""
    return _statement("load", _way(described), described, _given(catalogue, described))


def audit(catalogue: Catalogue, described: Described) -> Statement:
    """Make what must find nothing in a table after a batch: rows of (audit, offenders)."""
    return _statement("audit", _way(described), described, _given(catalogue, described))


def grants(catalogue: Catalogue) -> list[Statement]:
    """List what gives loader and reader their rights, in the order in which it is said."""
    given = {
        "tables": list(catalogue.tables.values()),
        "described": catalogue.vault,
        "marts": [name.removeprefix("marts/create_") for name in marts(catalogue)],
    }
    return [Statement(f"grant/{name}", f"patterns/grant/{name}", given) for name in GRANTS]


def everything(catalogue: Catalogue) -> Iterator[Statement]:
    """Yield every statement that can reach Vertica, for those who read them."""
    tables = catalogue.tables.values()
    yield from creations(catalogue)
    yield from (written(name) for name in names("ledgers") if name not in FOUNDATIONS)
    yield from (each for table in tables for each in _copyings(table))
    for statement in (load, audit):
        yield from (statement(catalogue, described) for described in catalogue.vault)
    yield from (rules_of_loads(table) for table in tables)
    yield from map(unknown_references, worlds())
    yield from map(written, names("answers"))
    yield from grants(catalogue)


def _create_staging(table: Table) -> Iterator[Statement]:
    """Make the staging tables that a source table fills, and the one of what was refused of it."""
    for part in table.parts:
        yield _statement("create", "staging", part, {"table": part})
    yield Statement(f"create/{table.rejects}", "patterns/create/rejects", {"table": table})


def _create(catalogue: Catalogue, described: Described) -> Statement:
    return _statement("create", _kind(described), described, _given(catalogue, described))


def _statement(
    purpose: str, kind: str, named: Described | Staging, given: dict[str, object]
) -> Statement:
    return Statement(f"{purpose}/{named.name}", f"patterns/{purpose}/{kind}", given)


def _kind(described: Described) -> str:
    return type(described).__name__.lower()


def _way(described: Described) -> str:
    """Name the pattern by which a table is loaded and audited: satellites have four."""
    if isinstance(described, Satellite):
        if described.is_event:
            return "event_satellite"
        if described.follows:
            return "child_satellite"
        if described.is_presence:
            return "presence_satellite"
    return _kind(described)


def _given(catalogue: Catalogue, described: Described) -> dict[str, object]:
    """Gather what the patterns of one table are filled with; StrictUndefined finds what lacks."""
    match described:
        case Hub():
            return {"hub": described, "sources": catalogue.namings(described)}
        case Link():
            return _of_link(catalogue, described)
        case Satellite():
            return _of_satellite(catalogue, described)


def _of_link(catalogue: Catalogue, link: Link) -> dict[str, object]:
    ends = catalogue.ends(link)
    return {
        "link": link,
        "source": catalogue.source(link),
        "ends": ends,
        "business_keys": [hub.business_key for hub, _ in ends],
    }


def _of_satellite(catalogue: Catalogue, satellite: Satellite) -> dict[str, object]:
    source, parent = catalogue.source(satellite), satellite.parent
    table = catalogue.table_filling(source)
    columns = [source.column(name) for name in satellite.columns]
    compared = [IS_DELETED] if satellite.is_presence else columns
    renamed = dict(satellite.renamed)
    return {
        "satellite": satellite,
        "parent": parent,
        "is_small": isinstance(parent, Hub) and parent.is_small,
        "source": source,
        "entity": parent.entity if isinstance(parent, Hub) else parent.name,
        "key_columns": [column.name for column in catalogue.parent_columns(satellite)],
        "columns": [
            (renamed.get(column.name, column.name), column)
            for column in (PRESENCE if satellite.is_presence else columns)
        ],
        "described": _kinds(compared, {}),
        "stored": _kinds(compared, renamed),
        # A load of a table without a key may hold several versions of one: their place tells them.
        "is_numbered": not table.key and not satellite.is_event,
        **({"table": table, **_of_log(source)} if satellite.is_presence else {}),
    }


def _of_log(source: Staging) -> dict[str, object]:
    return {"is_log": isinstance(source, ChangeLog), "begin": BEGIN, "delete": DELETE}


def _kinds(columns: Iterable[Column], renamed: dict[str, str]) -> list[tuple[str, str]]:
    """Pair the columns of a hashdiff with their kinds."""
    return [(renamed.get(column.name, column.name), column.kind) for column in columns]
