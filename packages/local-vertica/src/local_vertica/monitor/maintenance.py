"""Functions that see to epochs and storage.

Rows that are deleted are gone at once and projections hold nothing, so that there is never
anything to merge, to refresh or to purge: arguments and privileges are checked, and that is all.
"""

from collections.abc import Iterator, Sequence

from local_vertica.catalog.model import Table
from local_vertica.catalog.store import key_of
from local_vertica.engine.partitions import name_parts, named_table
from local_vertica.engine.session import EngineSession
from local_vertica.errors import VerticaError
from local_vertica.resolve import privileges
from local_vertica.results import Row

TASKS = {
    "mergeout": "mergeout",
    "analyze_row_count": "row count analyze",
    "update_storage_catalog": "update storage catalog",
}
REFRESH_HEADER = """Refresh completed with the following outcomes:

Projection Name: [Anchor Table] [Status] [Refresh Method] [Error Count] [Duration (sec)]
----------------------------------------------------------------------------------------
"""


def whole_number(text: str) -> int:
    """Return an argument that must be a whole number."""
    if not text.isdigit():
        raise VerticaError("22023", f'"{text}" is no whole number')
    return int(text)


def truth(text: str) -> bool:
    """Return an argument that must be true or false."""
    if text.lower() not in ("true", "t", "1", "false", "f", "0"):
        raise VerticaError("22023", f'"{text}" is neither true nor false')
    return text.lower() in ("true", "t", "1")


def get_current_epoch(session: EngineSession, _arguments: Sequence[str]) -> list[Row]:
    """Return the number of the open epoch."""
    return [(session.database.epochs.current,)]


def get_last_good_epoch(session: EngineSession, _arguments: Sequence[str]) -> list[Row]:
    """Return the number of the epoch closed last; a database without projections has none."""
    if all(table.scope for table in session.catalog.tables()):
        raise VerticaError("55000", "Last good epoch not set: there are no projections")
    return [(session.database.epochs.last_good.number,)]


def get_ahm_epoch(session: EngineSession, _arguments: Sequence[str]) -> list[Row]:
    """Tell the number of the Ancient History Mark's epoch."""
    return [(f"Current AHM epoch: {session.database.epochs.ancient.number}",)]


def get_ahm_time(session: EngineSession, _arguments: Sequence[str]) -> list[Row]:
    """Tell when the Ancient History Mark's epoch was closed, in the session's time zone."""
    moment = session.database.epochs.ancient.closed_at
    shown = session.connection.execute("SELECT ?::TIMESTAMPTZ::VARCHAR", [moment]).fetchone()
    return [(f"Current AHM Time: {shown[0] if shown else ''}",)]


def make_ahm_now(session: EngineSession, arguments: Sequence[str]) -> list[Row]:
    """Close the epoch and set the Ancient History Mark there; no node is ever down."""
    privileges.require_superuser(session.scope(), "MAKE_AHM_NOW")
    for argument in arguments:
        truth(argument)
    session.commit()
    return [(f"AHM set (New AHM Epoch: {session.database.epochs.make_ancient().number})",)]


def advance_epoch(session: EngineSession, arguments: Sequence[str]) -> list[Row]:
    """Close the epoch, or as many as are told."""
    privileges.require_superuser(session.scope(), "ADVANCE_EPOCH")
    count = whole_number(arguments[0]) if arguments else 1
    if count < 1:
        raise VerticaError("22023", "ADVANCE_EPOCH advances by one epoch at least")
    session.commit()
    session.database.epochs.close(count)
    return [(f"New Epoch:{session.database.epochs.current}",)]


def do_tm_task(session: EngineSession, arguments: Sequence[str]) -> list[Row]:
    """Name what a task of the tuple mover would look at, and commit."""
    task = TASKS.get(arguments[0].lower())
    if task is None:
        raise VerticaError("22023", f'Invalid task name "{arguments[0]}"')
    if any(arguments[1:]):
        chosen = list(_named(session, arguments[1]))
        privileges.require_statistics(session.scope(), chosen[0][0])
    else:
        chosen = [pair for table in _changeable(session) for pair in projections_of(session, table)]
    session.commit()
    lines = (
        f"(Table: {table.schema}.{table.name}) (Projection: {table.schema}.{projection})"
        for table, projection in chosen
    )
    return [("\n".join([f"Task: {task}", *lines]),)]


def _changeable(session: EngineSession) -> list[Table]:
    """Return the tables whose rows the user may change in some way."""
    holder = session.holder()
    return [
        table
        for table in session.catalog.tables()
        if not table.scope and any(holder.has(p, table.oid) for p in privileges.WRITES["merge"])
    ]


def projections_of(session: EngineSession, table: Table) -> Iterator[tuple[Table, str]]:
    """Go through the projections of a table: the one it always has, and those made by hand."""
    yield table, f"{table.name}_super"
    anchor = key_of(table.schema, table.name)
    for projection in session.catalog.projections.values():
        if projection.anchor == anchor:
            yield table, projection.name


def _named(session: EngineSession, name: str) -> Iterator[tuple[Table, str]]:
    """Go through what a name means: a projection, or else a table with all its projections."""
    schema, last = name_parts(name)
    scope = session.scope()
    schemas = scope.names.search_path if schema is None else (schema,)
    for table in session.catalog.tables():
        if table.schema.lower() in (s.lower() for s in schemas):
            for _, projection in projections_of(session, table):
                if projection.lower() == last.lower():
                    scope.require_usage(table.schema)
                    yield table, projection
                    return
    yield from projections_of(session, named_table(session, name))


def refresh(session: EngineSession, arguments: Sequence[str]) -> list[Row]:
    """Check the tables, and tell that no projection of theirs was to be refreshed."""
    for name in arguments[0].split(",") if arguments else ():
        privileges.require_owner(session.scope(), named_table(session, name.strip()))
    return [(REFRESH_HEADER,)]


def start_refresh(_session: EngineSession, _arguments: Sequence[str]) -> list[Row]:
    """Say what Vertica says: the refresh, which finds nothing, is over when this is read."""
    return [("Starting refresh background process.",)]


def cancel_refresh(_session: EngineSession, _arguments: Sequence[str]) -> list[Row]:
    """Say what Vertica says; no refresh runs."""
    return [("Stopping background refresh process.",)]


def clear_refreshes(session: EngineSession, _arguments: Sequence[str]) -> list[Row]:
    """Leave v_monitor.projection_refreshes empty, as it always is."""
    privileges.require_superuser(session.scope(), "CLEAR_PROJECTION_REFRESHES")
    return [("CLEAR",)]


def mark_design_ksafe(session: EngineSession, arguments: Sequence[str]) -> list[Row]:
    """Refuse K-safety beyond 0: there is one node, which has no buddies."""
    privileges.require_superuser(session.scope(), "MARK_DESIGN_KSAFE")
    wanted = whole_number(arguments[0])
    if wanted > 2:
        raise VerticaError("22023", f"K-safety is 0, 1 or 2, not {wanted}")
    if wanted:
        message = f"The schema does not meet requirements for K={wanted}: there is one node"
        raise VerticaError("55000", message)
    return [("Marked design 0-safe",)]


def clear_caches(session: EngineSession, _arguments: Sequence[str]) -> list[Row]:
    """Say what Vertica says; no answer of this server depends on a cache."""
    privileges.require_superuser(session.scope(), "CLEAR_CACHES")
    return [("Cleared",)]
