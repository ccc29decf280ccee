"""From the declaration to Vertica's SQL: which pattern makes which statement of which table.

Nothing here knows a table's name, and no pattern knows more of a table than its declaration says.
"""

import re
from collections.abc import Iterable, Iterator
from graphlib import TopologicalSorter

from social_vault.model.catalogue import Catalogue, Described
from social_vault.model.table import Column, Table
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
COPIES = ("lock", "accepted", "rejects", "count_rows", "move_copy_rejects")
VIEW = re.compile(r"\bvault\.(\w+)")  # in a text that was rendered with the schema `vault`


def creations(catalogue: Catalogue) -> list[Statement]:
    """List all that makes the schemas, in an order in which nothing refers to what is to come."""
    tables = catalogue.tables.values()
    return [
        *map(written, FOUNDATIONS),
        *(each for table in tables for each in (_create_staging(table), _create_rejects(table))),
        *(_create(catalogue, described) for described in catalogue.vault),
        *map(written, marts()),
    ]


def marts() -> list[str]:
    """List the views, each behind those that it reads."""
    files = {name.removeprefix("marts/create_"): name for name in names("marts")}
    texts = {view: written(name).text(vault="vault") for view, name in files.items()}
    read = {view: set(VIEW.findall(text)) & set(files) - {view} for view, text in texts.items()}
    # Vertica binds a view when it is made: what it reads must be there.
    return [files[view] for view in TopologicalSorter(read).static_order()]


def copying(step: str, table: Table) -> Statement:
    """Make a step of a table's staging, one of COPIES."""
    return Statement(f"copy/{step}.{table.name}", f"patterns/copy/{step}", {"table": table})


def rules_of_loads(table: Table) -> Statement:
    """Make the question which reasons the rejects of some loads of a table have."""
    name = f"answers/rules_of_loads.{table.name}"
    return Statement(name, "patterns/ask/rules_of_loads", {"table": table})


def unknown_references(catalogue: Catalogue) -> Statement:
    """Make the question how many keys of each hub were named and never delivered."""
    # A hub with one source cannot have any, and one without a satellite tells of none.
    described = [
        (hub, satellites[0])
        for hub in catalogue.hubs
        if len(catalogue.sources(hub)) > 1
        and (satellites := [each for each in catalogue.satellites if each.parent == hub])
    ]
    name = "answers/unknown_references"
    return Statement(name, "patterns/ask/unknown_references", {"described": described})


def load(catalogue: Catalogue, described: Described) -> Statement:
    """Make what brings a batch into one table of the vault: it binds batch_id and load_dt."""
    kind = "event_satellite" if _is_event(described) else _kind(described)
    return _statement("load", kind, described, _given(catalogue, described))


def audit(catalogue: Catalogue, described: Described) -> Statement:
    """Make what must find nothing in a table after a batch: rows of (audit, offenders)."""
    kind = "event_satellite" if _is_event(described) else _kind(described)
    return _statement("audit", kind, described, _given(catalogue, described))


def grants(catalogue: Catalogue) -> list[Statement]:
    """List what gives loader and reader their rights, in the order in which it is said."""
    given = {"tables": list(catalogue.tables.values()), "described": catalogue.vault}
    return [Statement(f"grant/{name}", f"patterns/grant/{name}", given) for name in GRANTS]


def everything(catalogue: Catalogue) -> Iterator[Statement]:
    """Yield every statement that can reach Vertica, for those who read them."""
    tables = catalogue.tables.values()
    yield from creations(catalogue)
    yield from (written(name) for name in names("ledgers") if name not in FOUNDATIONS)
    yield from (copying(step, table) for table in tables for step in COPIES)
    for statement in (load, audit):
        yield from (statement(catalogue, described) for described in catalogue.vault)
    yield from (rules_of_loads(table) for table in tables)
    yield unknown_references(catalogue)
    yield from map(written, names("answers"))
    yield from grants(catalogue)


def _create_staging(table: Table) -> Statement:
    return _statement("create", "staging", table, {"table": table})


def _create_rejects(table: Table) -> Statement:
    return Statement(f"create/{table.rejects}", "patterns/create/rejects", {"table": table})


def _create(catalogue: Catalogue, described: Described) -> Statement:
    return _statement("create", _kind(described), described, _given(catalogue, described))


def _statement(
    purpose: str, kind: str, named: Described | Table, given: dict[str, object]
) -> Statement:
    return Statement(f"{purpose}/{named.name}", f"patterns/{purpose}/{kind}", given)


def _kind(described: Described) -> str:
    return type(described).__name__.lower()


def _is_event(described: Described) -> bool:
    return isinstance(described, Satellite) and described.is_event


def _given(catalogue: Catalogue, described: Described) -> dict[str, object]:
    """Gather what the patterns of one table are filled with; StrictUndefined finds what lacks."""
    match described:
        case Hub():
            return {"hub": described, "sources": catalogue.sources(described)}
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
    columns = [source.column(name) for name in satellite.columns]
    renamed = dict(satellite.renamed)
    return {
        "satellite": satellite,
        "parent": parent,
        "is_small": isinstance(parent, Hub) and parent.is_small,
        "source": source,
        "entity": parent.entity if isinstance(parent, Hub) else parent.name,
        "key_columns": [column.name for column in catalogue.parent_columns(satellite)],
        "columns": [(renamed.get(column.name, column.name), column) for column in columns],
        "described": _kinds(columns, {}),
        "stored": _kinds(columns, renamed),
    }


def _kinds(columns: Iterable[Column], renamed: dict[str, str]) -> list[tuple[str, str]]:
    """Pair the columns of a hashdiff with their kinds."""
    return [(renamed.get(column.name, column.name), column.kind) for column in columns]
