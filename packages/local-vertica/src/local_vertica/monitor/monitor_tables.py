"""The v_monitor tables: what happens now and what happened lately."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from local_vertica.catalog.system_tables import Row, system_table
from local_vertica.engine.locks import Held
from local_vertica.engine.session import EngineSession

# A secret, and what the server itself adds to the settings that a client sends.
UNSAID = frozenset({"oauth_access_token", "ssl_state", "authentication_method"})
SESSION_COLUMNS = (
    "node_name user_name client_hostname client_pid:i login_timestamp:t session_id "
    "idle_session_timeout grace_period client_label transaction_start:t transaction_id:i "
    "transaction_description:l statement_start:t statement_id:i last_statement_duration_us:i "
    "current_statement:l last_statement:l client_type client_version client_os "
    "client_os_user_name client_os_hostname autocommit:b ssl_state authentication_method"
)


@system_table("v_monitor.sessions", SESSION_COLUMNS)
def sessions(session: EngineSession) -> Iterator[Row]:
    """Give the open sessions."""
    for other in session.seen_sessions():
        yield session_row(other)


@system_table("v_monitor.current_session", SESSION_COLUMNS)
def current_session(session: EngineSession) -> Iterator[Row]:
    """Give the session that asks."""
    yield session_row(session)


def session_row(session: EngineSession) -> Row:
    """Return one row of v_monitor.sessions; statements that are forgotten by now are NULL."""
    state, client, transaction = session.state, session.state.client, session.transaction
    requests = session.database.history.requests()
    mine = [each for each in requests if each.session_id == state.session_id]
    running = next((each for each in mine if each.is_executing), None)
    last = next((each for each in reversed(mine) if not each.is_executing), None)
    described = transaction and f"user {state.user} ({transaction.record.description})"
    return (
        state.node_name, state.user, client.get("client_os_hostname", ""),
        _number(client.get("client_pid")), state.login, state.session_id,
        state.caps.get("idlesessiontimeout", "unlimited"),
        state.caps.get("graceperiod", "unlimited"), state.client_label,
        session.transaction_started, session.transaction_id, described,
        running and running.started, state.statement_id, last and last.duration_ms * 1000,
        running.request if running else "", last.request if last else "",
        client.get("client_type", ""), client.get("client_version", ""),
        client.get("client_os", ""), client.get("client_os_user_name", ""),
        client.get("client_os_hostname", ""), state.autocommit, client.get("ssl_state", "None"),
        client.get("authentication_method", ""),
    )  # fmt: skip


@system_table(
    "v_monitor.user_sessions",
    "node_name user_name session_id transaction_id:i statement_id:i session_start_timestamp:t "
    "session_end_timestamp:t is_active:b client_hostname client_pid:i client_label "
    "client_os_user_name client_os_hostname",
)
def user_sessions(session: EngineSession) -> Iterator[Row]:
    """Give the open sessions; those that have ended are forgotten."""
    for other in session.seen_sessions():
        state, client = other.state, other.state.client
        yield (
            state.node_name, state.user, state.session_id, other.transaction_id,
            state.statement_id, state.login, None, True, client.get("client_os_hostname", ""),
            _number(client.get("client_pid")), state.client_label,
            client.get("client_os_user_name", ""), client.get("client_os_hostname", ""),
        )  # fmt: skip


@system_table(
    "v_internal.dc_session_starts",
    "time:t node_name session_id user_name client_hostname client_pid:i client_label "
    "client_os_user_name client_os_hostname",
)
def session_starts(session: EngineSession) -> Iterator[Row]:
    """Give when the open sessions began."""
    for other in session.seen_sessions():
        state, client = other.state, other.state.client
        yield (
            state.login, state.node_name, state.session_id, state.user,
            client.get("client_os_hostname", ""), _number(client.get("client_pid")),
            state.client_label, client.get("client_os_user_name", ""),
            client.get("client_os_hostname", ""),
        )  # fmt: skip


@system_table(
    "v_internal.dc_client_server_messages",
    "time:t node_name session_id user_name message_type contents:l",
)
def client_server_messages(session: EngineSession) -> Iterator[Row]:
    """Give what the open sessions said at their start; what they say later is not kept."""
    for other in session.seen_sessions():
        state = other.state
        for name, value in sorted(state.client.items()):
            if name not in UNSAID:
                said = (state.login, state.node_name, state.session_id, state.user)
                yield (*said, "^+", f"{name}: {value}")


def _number(text: str | None) -> int | None:
    """Return a number that a client sent as text."""
    return int(text) if text and text.isdigit() else None


@system_table(
    "v_monitor.locks",
    "node_names object_name object_id:i transaction_id:i transaction_description:m lock_mode "
    "lock_scope request_timestamp:t grant_timestamp:t",
)
def locks(session: EngineSession) -> Iterator[Row]:
    """Give the locks that are held or wanted."""
    own = not session.holder().monitors
    for request in session.database.locks.requests():
        if own and request.owner.user != session.state.user:
            continue
        granted = request.granted_at
        found = session.catalog.relations.get(tuple(request.table.lower().split(".", 1)))  # type: ignore[arg-type] # two parts
        yield (
            session.database.node_name, f"Table:{request.table}", found.oid if found else 0,
            request.owner.transaction_id, f"Txn: {request.owner.transaction_id:x}",
            request.mode, "REQUESTED" if granted is None else "TRANSACTION",
            datetime.fromtimestamp(request.since, UTC),
            None if granted is None else datetime.fromtimestamp(granted, UTC),
        )  # fmt: skip


@system_table(
    "v_monitor.lock_usage",
    "node_name session_id object_name mode avg_hold_time:d max_hold_time:d hold_count:i "
    "avg_wait_time:d max_wait_time:d wait_count:i",
)
def lock_usage(session: EngineSession) -> Iterator[Row]:
    """Give how long the newest locks that were given back had been held and waited for."""
    history, monitors = session.database.history, session.holder().monitors
    sessions = {each.transaction_id: each.session_id for each in history.transactions()}
    groups: dict[tuple[str | None, str, str], list[Held]] = {}
    for lock in session.database.locks.given_back():
        if monitors or lock.user == session.state.user:
            key = (sessions.get(lock.transaction_id), f"Table:{lock.table}", lock.mode)
            groups.setdefault(key, []).append(lock)
    for (of, name, mode), locks in groups.items():
        held = [lock.held for lock in locks]
        waited = [lock.waited for lock in locks if lock.waited]
        yield (
            session.database.node_name, of, name, mode, *_average_and_most(held), len(held),
            *_average_and_most(waited), len(waited),
        )  # fmt: skip


def _average_and_most(seconds: list[float]) -> tuple[timedelta, timedelta]:
    """Return the average and the longest of some times; none take no time."""
    most = max(seconds, default=0.0)
    average = sum(seconds) / len(seconds) if seconds else 0.0
    return timedelta(seconds=average), timedelta(seconds=most)


@system_table(
    "v_monitor.query_requests",
    "node_name user_name session_id request_id:i transaction_id:i statement_id:i request_type "
    "request:l request_label search_path:m memory_acquired_mb:f success:b error_count:i "
    "start_timestamp:t end_timestamp:t request_duration_ms:i is_executing:b",
)
def query_requests(session: EngineSession) -> Iterator[Row]:
    """Give the newest requests."""
    own = not session.holder().monitors
    for record in session.database.history.requests():
        if own and record.user != session.state.user:
            continue
        yield (
            session.database.node_name, record.user, record.session_id, record.statement_id,
            record.transaction_id, record.statement_id, record.kind, record.request,
            record.label, "", None, record.success, 0 if record.success else 1, record.started,
            None, record.duration_ms, record.is_executing,
        )  # fmt: skip


@system_table(
    "v_monitor.load_streams",
    "session_id transaction_id:i statement_id:i stream_name schema_name table_id:i table_name "
    "load_start:m load_duration_ms:i is_executing:b accepted_row_count:i rejected_row_count:i",
)
def load_streams(session: EngineSession) -> Iterator[Row]:
    """Give the newest loads."""
    seen = {other.state.session_id for other in session.seen_sessions()}
    own = not session.holder().monitors
    for record in session.database.history.loads():
        if own and record.session_id not in seen:
            continue
        key = (record.schema.lower(), record.table.lower())
        found = session.catalog.relations.get(key)
        yield (
            record.session_id, record.transaction_id, record.statement_id, record.stream_name,
            record.schema, found.oid if found else 0, record.table,
            record.started.isoformat(sep=" "), record.duration_ms, record.is_executing,
            record.accepted, record.rejected,
        )  # fmt: skip


@system_table(
    "v_monitor.configuration_parameters",
    "node_name parameter_name current_value:m default_value:m current_level description:m",
)
def configuration_parameters(session: EngineSession) -> Iterator[Row]:
    """Give the configuration parameters this database knows, but no secret of them."""
    for name, setting, default in session.database.settings():
        level = "DATABASE" if setting != default else "DEFAULT"
        shown = "********" if name == "AWSAuth" and setting else setting
        yield ("ALL", name, shown, default, level, "")


@system_table("v_monitor.node_states", "event_timestamp:t node_id:i node_name node_state")
def node_states(session: EngineSession) -> Iterator[Row]:
    """Give when the node came up."""
    yield (session.database.started, 1, session.database.node_name, "UP")


@system_table(
    "v_monitor.projection_storage",
    "node_name projection_id:i projection_name projection_schema projection_column_count:i "
    "row_count:i used_bytes:i ros_count:i anchor_table_name anchor_table_schema anchor_table_id:i",
)
def projection_storage(session: EngineSession) -> Iterator[Row]:
    """Give how many rows each table holds; how many octets they take is unknown."""
    node = session.database.node_name
    for table in filter(session.sees, session.catalog.tables()):
        if not table.scope:
            head = (table.oid + 1, f"{table.name}_super", table.schema, len(table.columns))
            yield (node, *head, session.row_count(table), 0, 0, table.name, table.schema, table.oid)
