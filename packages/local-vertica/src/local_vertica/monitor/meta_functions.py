"""Functions that act on the database: SELECT function('argument', …) alone in a statement."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from local_vertica.catalog import rights
from local_vertica.catalog.model import Table, User, View
from local_vertica.ddl.lexer import Token, string_value, tokenize
from local_vertica.engine import partitions, queries, settings
from local_vertica.engine.partitions import named_table
from local_vertica.engine.session import EngineSession
from local_vertica.errors import VerticaError
from local_vertica.monitor import audit, maintenance
from local_vertica.monitor.export import export_objects, export_tables
from local_vertica.resolve import constraints, privileges
from local_vertica.results import Field, Row, Rows
from local_vertica.sql.words import word_set
from local_vertica.types import VType

INTEGER = VType("INTEGER")
TEXT = VType("LONG VARCHAR", length=1048576)
Body = Callable[[EngineSession, Sequence[str]], list[Row]]


@dataclass(frozen=True)
class MetaFunction:
    """A function, how many arguments it takes and what it gives."""

    body: Body
    least: int
    most: int
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Call:
    """A call of a function, with its arguments as text."""

    function: MetaFunction
    arguments: tuple[str, ...]
    fields: tuple[Field, ...]


def find_call(text: str) -> Call | None:
    """Return the call a statement is, or None if it is anything else."""
    head = tokenize(text, 3)
    if len(head) < 4 or head[0].upper != "SELECT" or head[2].text != "(":
        return None
    function = FUNCTIONS.get(head[1].upper)
    if function is None:
        if head[1].upper in ABSENT:
            raise VerticaError("0A000", f"Function {head[1].text} is not supported", 4160)
        return None
    tokens = tokenize(text)
    close = next((i for i, token in enumerate(tokens) if token.text == ")"), 0)
    if not close:
        return None
    arguments = _arguments(tokens[3:close])
    alias = _alias(tokens[close + 1 : -1])
    if arguments is None or alias is None:
        return None
    if not function.least <= len(arguments) <= function.most:
        message = f"Function {tokens[1].text} with {len(arguments)} arguments does not exist"
        raise VerticaError("42883", message, 3457)
    return Call(function, arguments, _fields(function, alias or tokens[1].text))


def run(session: EngineSession, call: Call) -> Rows:
    """Run a function, for what it does and for the rows that it gives."""

    def action() -> Rows:
        return Rows(call.fields, iter([call.function.body(session, call.arguments)]), "SELECT")

    return queries.read_again(session, action)


def _arguments(tokens: Sequence[Token]) -> tuple[str, ...] | None:
    """Return literal arguments as text, or None if there is anything but literals."""
    found: list[str] = []
    for number, token in enumerate(tokens):
        if number % 2:
            if token.text != ",":
                return None
        elif token.kind == "string":
            found.append(string_value(token))
        elif token.kind == "number" or token.upper in ("TRUE", "FALSE", "NULL"):
            found.append("" if token.upper == "NULL" else token.text)
        else:
            return None
    return tuple(found) if len(tokens) % 2 or not tokens else None


def _alias(tokens: Sequence[Token]) -> str | None:
    """Return the alias behind the call, "" if there is none, None for anything else."""
    if tokens and tokens[-1].text == ";":
        tokens = tokens[:-1]
    if tokens and tokens[0].upper == "AS":
        tokens = tokens[1:]
    if not tokens:
        return ""
    is_name = len(tokens) == 1 and tokens[0].kind in ("word", "quoted")
    return tokens[0].text.strip('"') if is_name else None


def _fields(function: MetaFunction, name: str) -> tuple[Field, ...]:
    """Return the fields; a single one bears the function's name or the alias."""
    if len(function.fields) > 1:
        return function.fields
    return (Field(name, function.fields[0].vtype),)


def _analyze_statistics(session: EngineSession, arguments: Sequence[str]) -> list[Row]:
    """Check table and columns and answer 0: DuckDB keeps its own statistics."""
    if arguments[0]:
        table = named_table(session, arguments[0])
        privileges.require_statistics(session.scope(), table)
        columns = arguments[1].split(",") if len(arguments) > 1 else []
        for column in filter(None, (c.strip() for c in columns)):
            if not column[0].isdigit() and table.column(column) is None:
                raise VerticaError("42703", f'Column "{column}" does not exist', 2624)
    return [(0,)]


def _analyze_constraints(session: EngineSession, arguments: Sequence[str]) -> list[Row]:
    """Return what violates a key, enabled or not, of one table or of all."""
    tables = [named_table(session, arguments[0])] if arguments[0] else session.catalog.tables()
    if not arguments[0]:
        tables = [table for table in tables if session.holder().has("SELECT", table.oid)]
    for table in tables:
        privileges.require_on(session.scope(), table, ("SELECT",))
    rows: list[Row] = []
    for table in tables:
        source = session.source(table)
        for key in table.constraints:
            if key.kind not in ("primary", "unique"):
                continue
            for values in constraints.duplicates(session.connection, source, key, limit=1000):
                names, shown = ", ".join(key.columns), ", ".join(f"'{v}'" for v in values)
                kind = "PRIMARY" if key.kind == "primary" else "UNIQUE"
                rows.append((table.schema, table.name, names, key.name, kind, f"({shown})"))
    return rows


def _export_objects(session: EngineSession, arguments: Sequence[str]) -> list[Row]:
    """Return the statements that make the objects."""
    _refuse_file(*arguments[:1])
    wanted = arguments[1] if len(arguments) > 1 else ""
    return [(export_objects(session.catalog, session.scope(), wanted),)]


def _export_catalog(session: EngineSession, arguments: Sequence[str]) -> list[Row]:
    """Return the statements that make all objects, or all tables."""
    _refuse_file(*arguments[:1])
    wanted = arguments[1].upper() if len(arguments) > 1 else "DESIGN"
    if wanted not in ("DESIGN", "DESIGN_ALL", "TABLES", "DIRECTED_QUERIES"):
        raise VerticaError("22023", f'"{arguments[1]}" is nothing that can be exported')
    if wanted == "DIRECTED_QUERIES":
        return [("",)]  # none can be made
    export = export_tables if wanted == "TABLES" else export_objects
    return [(export(session.catalog, session.scope(), ""),)]


def _export_tables(session: EngineSession, arguments: Sequence[str]) -> list[Row]:
    """Return the statements that make the tables."""
    _refuse_file(*arguments[:1])
    wanted = arguments[1] if len(arguments) > 1 else ""
    return [(export_tables(session.catalog, session.scope(), wanted),)]


def _refuse_file(destination: str = "") -> None:
    """Refuse to write a file on the server."""
    if destination:
        raise VerticaError("0A000", "Exporting into a file is not supported; give ''", 4160)


def _set_parameter(session: EngineSession, arguments: Sequence[str]) -> list[Row]:
    """Set a configuration parameter of the database."""
    settings.configure_database(session, [(settings.known_setting(arguments[0]), arguments[1])])
    return [("Parameter set successfully",)]


def _get_parameter(session: EngineSession, arguments: Sequence[str]) -> list[Row]:
    """Return a configuration parameter of the database."""
    name = settings.known_setting(arguments[0])
    setting = session.database.setting(name)
    return [("********" if name == "AWSAuth" and setting else setting,)]


def _set_load_balance_policy(session: EngineSession, arguments: Sequence[str]) -> list[Row]:
    """Say how clients that ask for it are spread; there is but one node to spread them to."""
    privileges.require_superuser(session.scope(), "SET_LOAD_BALANCE_POLICY")
    policy = arguments[0].upper()
    if policy not in ("NONE", "ROUNDROBIN", "RANDOM"):
        message = f'Invalid load balance policy "{arguments[0]}"'
        raise VerticaError("22023", message, 3852)
    session.database.load_balance_policy = policy
    return [(f"Successfully changed the client initiator load balancing policy to: {policy}",)]


def _set_client_label(session: EngineSession, arguments: Sequence[str]) -> list[Row]:
    """Give the session a label."""
    session.state.client["client_label"] = arguments[0]
    return [(f"client_label set to {arguments[0]}",)]


def _get_client_label(session: EngineSession, _arguments: Sequence[str]) -> list[Row]:
    """Return the session's label."""
    return [(session.state.client_label,)]


def _sleep(session: EngineSession, arguments: Sequence[str]) -> list[Row]:
    """Wait some seconds, but not for a statement that is cancelled."""
    deadline = time.monotonic() + maintenance.whole_number(arguments[0])
    while (left := deadline - time.monotonic()) > 0:
        if session.is_cancelled():
            raise VerticaError("57014", "Execution canceled by operator", 3326)
        time.sleep(min(left, 0.05))
    return [(0,)]


def _other_session(session: EngineSession, wanted: str) -> EngineSession:
    """Return the open session of that identifier."""
    for other in session.closable_sessions():
        if other.state.session_id == wanted and other is not session:
            return other
    raise VerticaError("42704", f'Session "{wanted}" does not exist', 4745)


def _close_session(session: EngineSession, arguments: Sequence[str]) -> list[Row]:
    """Close another session: it rolls back and gives back its locks."""
    _other_session(session, arguments[0]).close()
    return [("Session close command sent. Check v_monitor.sessions for progress.",)]


def _close_all_sessions(session: EngineSession, _arguments: Sequence[str]) -> list[Row]:
    """Close every other session that the user may close."""
    for other in session.closable_sessions():
        if other is not session:
            other.close()
    return [("Close all sessions command sent. Check v_monitor.sessions for progress.",)]


def _close_user_sessions(session: EngineSession, arguments: Sequence[str]) -> list[Row]:
    """Close a user's sessions, but for one's own."""
    if not session.holder().is_admin:
        raise privileges.superuser_only("CLOSE_USER_SESSIONS")
    user = _user(session, arguments[0])
    for other in session.closable_sessions():
        if other is not session and other.state.user == user.name:
            other.close()
    sent = f"Close all sessions for user {user.name} sent."
    return [(f"{sent} Check v_monitor.sessions for progress.",)]


def _interrupt_statement(session: EngineSession, arguments: Sequence[str]) -> list[Row]:
    """Stop the statement another session runs."""
    other = _other_session(session, arguments[0])
    if other.state.statement_id == maintenance.whole_number(arguments[1]):
        other.cancel()
    return [("Statement interrupt sent. Check SESSIONS for progress.",)]


def _storage_task(task: str) -> Body:
    """Return the body of a function that sees to storage, where there is nothing to see to."""

    def body(session: EngineSession, arguments: Sequence[str]) -> list[Row]:
        tables = [named_table(session, name) for name in arguments[:1]]
        for table in tables:
            privileges.require_owner(session.scope(), table)
        return [("\n".join([f"Task: {task}", *(f"(Table: {t.schema}.{t.name})" for t in tables)]),)]

    return body


def _user(session: EngineSession, wanted: str) -> User:
    """Return the user of that name or identifier: oneself, or anybody for an administrator."""
    users = session.catalog.users.values()
    found = next((u for u in users if wanted.lower() in (u.name.lower(), str(u.oid))), None)
    if found is None:
        raise VerticaError("42704", f'User "{wanted}" does not exist', 5227)
    if found.name.lower() != session.state.user.lower() and not session.holder().is_admin:
        raise privileges.superuser_only("look at the rights of others")
    return found


def _has_table_privilege(session: EngineSession, arguments: Sequence[str]) -> list[Row]:
    """Say whether a user has a privilege on a table or view."""
    *who, name, privilege = arguments
    holder = session.holder()
    relations = session.catalog.relations.values()
    item = next((r for r in relations if name == str(r.oid)), None)
    if item is None:
        *schema, last = (part.strip('"') for part in name.split("."))
        item = session.scope().find_relation(schema[-1] if schema else None, last)
    if not isinstance(item, Table | View) or not session.sees(item):
        raise VerticaError("42V01", f'Relation "{name}" does not exist', 4566)
    if privilege.upper() not in rights.GRANTABLE["TABLE"]:
        raise VerticaError("0LV01", f"Invalid privilege type {privilege} for relation", 3730)
    if who and (user := _user(session, who[0])) != holder.user:
        holder = rights.by_default(session.catalog, user.name)
    implied = privilege.upper() in rights.EXTENDED and holder.owns(item)
    return [(implied or holder.has(privilege.upper(), item.oid),)]


def _has_role(session: EngineSession, arguments: Sequence[str]) -> list[Row]:
    """Say whether a role is granted to a user, itself or through other roles."""
    *who, role = arguments
    if role.lower() not in session.catalog.roles:
        raise VerticaError("42704", f'Role "{role}" does not exist', 5227)
    user = _user(session, who[0]) if who else session.holder().user
    return [(role.lower() in rights.roles_of(session.catalog, user) | {"public"},)]


def _throw_error(_session: EngineSession, arguments: Sequence[str]) -> list[Row]:
    """Fail with the text given."""
    raise VerticaError("22V23", f"USER GENERATED ERROR: {arguments[0]}", 7137)


def _one(vtype: VType) -> tuple[Field, ...]:
    """Return one field of a type."""
    return (Field("", vtype),)


VIOLATION_FIELDS = tuple(
    Field(name, VType("VARCHAR", length=8192))
    for name in (
        "Schema Name", "Table Name", "Column Names", "Constraint Name", "Constraint Type",
        "Column Values",
    )
)  # fmt: skip
FUNCTIONS: dict[str, MetaFunction] = {
    "ANALYZE_STATISTICS": MetaFunction(_analyze_statistics, 1, 3, _one(INTEGER)),
    "ANALYZE_HISTOGRAM": MetaFunction(_analyze_statistics, 1, 3, _one(INTEGER)),
    "DROP_STATISTICS": MetaFunction(_analyze_statistics, 1, 3, _one(INTEGER)),
    "ANALYZE_CONSTRAINTS": MetaFunction(_analyze_constraints, 1, 1, VIOLATION_FIELDS),
    "EXPORT_OBJECTS": MetaFunction(_export_objects, 0, 3, _one(TEXT)),
    "EXPORT_CATALOG": MetaFunction(_export_catalog, 0, 2, _one(TEXT)),
    "EXPORT_TABLES": MetaFunction(_export_tables, 0, 2, _one(TEXT)),
    "COPY_TABLE": MetaFunction(partitions.copy_table, 2, 2, _one(TEXT)),
    "AUDIT": MetaFunction(audit.audit, 1, 4, _one(TEXT)),
    "GET_CURRENT_EPOCH": MetaFunction(maintenance.get_current_epoch, 0, 0, _one(INTEGER)),
    "GET_LAST_GOOD_EPOCH": MetaFunction(maintenance.get_last_good_epoch, 0, 0, _one(INTEGER)),
    "GET_AHM_EPOCH": MetaFunction(maintenance.get_ahm_epoch, 0, 0, _one(TEXT)),
    "GET_AHM_TIME": MetaFunction(maintenance.get_ahm_time, 0, 0, _one(TEXT)),
    "MAKE_AHM_NOW": MetaFunction(maintenance.make_ahm_now, 0, 1, _one(TEXT)),
    "ADVANCE_EPOCH": MetaFunction(maintenance.advance_epoch, 0, 1, _one(TEXT)),
    "DO_TM_TASK": MetaFunction(maintenance.do_tm_task, 1, 2, _one(TEXT)),
    "REFRESH": MetaFunction(maintenance.refresh, 0, 1, _one(TEXT)),
    "START_REFRESH": MetaFunction(maintenance.start_refresh, 0, 0, _one(TEXT)),
    "CANCEL_REFRESH": MetaFunction(maintenance.cancel_refresh, 0, 0, _one(TEXT)),
    "CLEAR_PROJECTION_REFRESHES": MetaFunction(maintenance.clear_refreshes, 0, 0, _one(TEXT)),
    "MARK_DESIGN_KSAFE": MetaFunction(maintenance.mark_design_ksafe, 1, 1, _one(TEXT)),
    "CLEAR_CACHES": MetaFunction(maintenance.clear_caches, 0, 0, _one(TEXT)),
    "DROP_PARTITIONS": MetaFunction(partitions.drop_partitions, 3, 4, _one(TEXT)),
    "MOVE_PARTITIONS_TO_TABLE": MetaFunction(partitions.move_partitions, 4, 5, _one(TEXT)),
    "COPY_PARTITIONS_TO_TABLE": MetaFunction(partitions.copy_partitions, 4, 5, _one(TEXT)),
    "SWAP_PARTITIONS_BETWEEN_TABLES": MetaFunction(partitions.swap_partitions, 4, 5, _one(TEXT)),
    "PARTITION_TABLE": MetaFunction(_storage_task("partition operation"), 1, 1, _one(TEXT)),
    "PURGE": MetaFunction(_storage_task("purge operation"), 0, 0, _one(TEXT)),
    "PURGE_PARTITION": MetaFunction(_storage_task("purge operation"), 2, 2, _one(TEXT)),
    "PURGE_TABLE": MetaFunction(_storage_task("purge operation"), 1, 1, _one(TEXT)),
    "SET_CONFIG_PARAMETER": MetaFunction(_set_parameter, 2, 2, _one(TEXT)),
    "GET_CONFIG_PARAMETER": MetaFunction(_get_parameter, 1, 1, _one(TEXT)),
    "CLOSE_SESSION": MetaFunction(_close_session, 1, 1, _one(TEXT)),
    "CLOSE_ALL_SESSIONS": MetaFunction(_close_all_sessions, 0, 0, _one(TEXT)),
    "CLOSE_USER_SESSIONS": MetaFunction(_close_user_sessions, 1, 1, _one(TEXT)),
    "INTERRUPT_STATEMENT": MetaFunction(_interrupt_statement, 2, 2, _one(TEXT)),
    "SET_LOAD_BALANCE_POLICY": MetaFunction(_set_load_balance_policy, 1, 1, _one(TEXT)),
    "SET_CLIENT_LABEL": MetaFunction(_set_client_label, 1, 1, _one(TEXT)),
    "GET_CLIENT_LABEL": MetaFunction(_get_client_label, 0, 0, _one(TEXT)),
    "THROW_ERROR": MetaFunction(_throw_error, 1, 1, _one(INTEGER)),
    "HAS_TABLE_PRIVILEGE": MetaFunction(_has_table_privilege, 2, 3, _one(VType("BOOLEAN"))),
    "HAS_ROLE": MetaFunction(_has_role, 1, 2, _one(VType("BOOLEAN"))),
    "SLEEP": MetaFunction(_sleep, 1, 1, _one(INTEGER)),
}
# Functions that Vertica documents and the stand-in has not: refused as such, not as unknown.
ABSENT = word_set(
    """ANALYZE_EXTERNAL_ROW_COUNT ANALYZE_STATISTICS_PARTITION DISPLAY_LICENSE DUMP_CATALOG
    DUMP_LOCKTABLE DUMP_PARTITION_KEYS DUMP_PROJECTION_PARTITION_KEYS DUMP_TABLE_PARTITION_KEYS
    DROP_EXTERNAL_ROW_COUNT DROP_STATISTICS_PARTITION EXPORT_STATISTICS GET_COMPLIANCE_STATUS
    GET_PROJECTIONS GET_PROJECTION_STATUS IMPORT_STATISTICS INFER_TABLE_DDL REBALANCE_CLUSTER
    REBALANCE_TABLE REFRESH_COLUMNS RESET_SESSION SET_AHM_EPOCH SET_AHM_TIME SHUTDOWN"""
)
