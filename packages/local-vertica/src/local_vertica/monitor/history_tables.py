"""The tables of what is over: transactions, errors, profiles of queries, audits.

Only the newest are kept; one sees one's own, and who monitors sees all.
"""

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

from local_vertica.catalog.model import DATABASE_OID
from local_vertica.catalog.system_tables import Row, system_table
from local_vertica.engine.session import EngineSession
from local_vertica.engine.session_state import SERIALIZABLE


class OfUser(Protocol):
    """A record that knows whose it is."""

    @property
    def user(self) -> str:
        """Return the user's name."""


Record = TypeVar("Record", bound=OfUser)


def _seen(session: EngineSession, records: Iterable[Record]) -> Iterator[Record]:
    """Go through the records that the user may see."""
    monitors = session.holder().monitors
    return (record for record in records if monitors or record.user == session.state.user)


def _user_id(session: EngineSession, name: str) -> int | None:
    """Return the identifier of a user that may have been dropped."""
    found = session.catalog.users.get(name.lower())
    return found.oid if found else None


@system_table(
    "v_monitor.transactions",
    "start_timestamp:t end_timestamp:t node_name user_id:i user_name session_id transaction_id:i "
    "description:l start_epoch:i end_epoch:i number_of_statements:i isolation is_read_only:b "
    "is_committed:b is_local:b is_initiator:b is_ddl:b",
)
def transactions(session: EngineSession) -> Iterator[Row]:
    """Give the newest transactions; of one that is open, the end and how it ended are NULL."""
    for record in _seen(session, session.database.history.transactions()):
        yield (
            record.started, record.ended, session.database.node_name,
            _user_id(session, record.user), record.user, record.session_id,
            record.transaction_id, record.description, None, None, record.statements,
            SERIALIZABLE if record.is_ddl else record.modes.isolation, record.modes.read_only,
            None if record.ended is None else record.is_committed, False, True, record.is_ddl,
        )  # fmt: skip


@system_table(
    "v_monitor.error_messages",
    "event_timestamp:t node_name user_id:i user_name session_id request_id:i transaction_id:i "
    "statement_id:i error_level error_code:i message:l detail:l hint:l",
)
def error_messages(session: EngineSession) -> Iterator[Row]:
    """Give the newest errors; notices and warnings are not kept."""
    for record in _seen(session, session.database.history.errors()):
        error, request = record.error, record.request
        yield (
            record.at, session.database.node_name, _user_id(session, record.user), record.user,
            record.session_id, request.statement_id if request else None,
            (request.transaction_id or None) if request else None,
            request.statement_id if request else None, error.severity, error.number,
            error.message, error.detail, error.hint,
        )  # fmt: skip


@system_table(
    "v_monitor.query_profiles",
    "session_id transaction_id:i statement_id:i identifier node_name query:l query_search_path:m "
    "schema_name table_name query_duration_us:n query_start_epoch:i query_start query_type "
    "error_code:i user_name processed_row_count:i reserved_extra_memory_b:i is_executing:b",
)
def query_profiles(session: EngineSession) -> Iterator[Row]:
    """Give the newest requests but those about transactions; rows and memory are not measured."""
    loads = {
        (load.session_id, load.statement_id): (load.schema, load.table)
        for load in session.database.history.loads()
    }
    for record in _seen(session, session.database.history.requests()):
        if record.kind == "TRANSACTION":
            continue
        loaded = loads.get((record.session_id, record.statement_id), ("", ""))
        yield (
            record.session_id, record.transaction_id, record.statement_id, record.label,
            session.database.node_name, record.request, "", *loaded, record.duration_ms * 1000,
            None, record.started.isoformat(sep=" "), record.kind, record.error_code or 0,
            record.user, None, None, record.is_executing,
        )  # fmt: skip


@system_table(
    "v_catalog.user_audits",
    "size_bytes:i user_id:i user_name object_id:i object_type object_schema object_name "
    "audited_schema_name audited_object_name license_name audit_start_timestamp:t "
    "audit_end_timestamp:t confidence_level_percent:f error_tolerance_percent:f used_sampling:b "
    "confidence_interval_lower_bound_bytes:i confidence_interval_upper_bound_bytes:i "
    "sample_count:i cell_count:i",
)
def user_audits(session: EngineSession) -> Iterator[Row]:
    """Give what AUDIT measured lately; of what was dropped since, the name it had then."""
    oids = {item.oid for item in session.catalog.objects()} | {DATABASE_OID}
    for record in _seen(session, session.database.history.audits()):
        there = (record.schema, record.name) if record.oid in oids else (None, None)
        yield (
            record.size, _user_id(session, record.user), record.user, record.oid, record.kind,
            *there, record.schema, record.name, "vertica", record.started, record.ended,
            record.confidence, record.tolerance, False, record.size, record.size, 0, 0,
        )  # fmt: skip
