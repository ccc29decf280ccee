"""SET and SHOW, and the configuration parameters of database and session."""

import re
from collections.abc import Callable, Iterator

from local_vertica.catalog.rights import OF_SUPERUSERS, role_list, roles_of
from local_vertica.catalog.system_tables import SYSTEM_SCHEMAS
from local_vertica.ddl.apply_users import chosen_roles
from local_vertica.ddl.lexer import syntax_error
from local_vertica.ddl.nodes import Configure
from local_vertica.ddl.pools import SIZE, bad_value
from local_vertica.ddl.reader import Reader
from local_vertica.ddl.user_nodes import Roles
from local_vertica.ddl.users import read_roles
from local_vertica.engine.database import KNOWN_SETTINGS
from local_vertica.engine.session import EngineSession
from local_vertica.engine.session_state import READ_COMMITTED, SERIALIZABLE
from local_vertica.engine.transactions import read_modes
from local_vertica.engine.zones import read_zone
from local_vertica.errors import VerticaError
from local_vertica.resolve import privileges, translation
from local_vertica.results import Done, Field, Rows
from local_vertica.types import VType

ANYTHING = re.compile(".*", re.DOTALL)
VALID = {
    "LockTimeout": re.compile("[0-9]+"),
    "TransactionIsolationLevel": re.compile(f"{READ_COMMITTED}|{SERIALIZABLE}", re.IGNORECASE),
}
DAY = 24 * 3600
# The longest times, in seconds, that a session can be limited to; the other limits are sizes.
TIMES = {"runtimecap": 366 * DAY, "idlesessiontimeout": 366 * DAY, "graceperiod": 20 * DAY}
CAPS = ("memorycap", "tempspacecap", *TIMES)
SHOW_FIELDS = (
    Field("name", VType("VARCHAR", length=128)),
    Field("setting", VType("VARCHAR", length=65000)),
)


def run(session: EngineSession, text: str) -> Done | Rows:
    """Run SET or SHOW."""
    reader = Reader(text)
    if reader.choose("SET", "SHOW") == "SHOW":
        return _show(session, reader)
    done = _set(session, reader)
    reader.end()
    session.report_parameters()
    return done


def _set(session: EngineSession, reader: Reader) -> Done:
    """Read one SET statement and carry it out."""
    for words, setter in SETTERS:
        if reader.accept(*words):
            setter(session, reader)
            return Done("SET")
    raise syntax_error(reader.token)


def _to_or_equals(reader: Reader) -> None:
    """Step over TO or =."""
    if not reader.accept("="):
        reader.expect("TO")


def _set_autocommit(session: EngineSession, reader: Reader) -> None:
    """SET SESSION AUTOCOMMIT TO ON | OFF."""
    _to_or_equals(reader)
    on = _on_off(reader)
    if on and session.transaction is not None and not session.is_explicit:
        session.commit()
    session.state.autocommit = on


def _on_off(reader: Reader) -> bool:
    """Read ON or OFF, quoted or not."""
    word = reader.string().upper() if reader.token.kind == "string" else reader.take().upper
    if word not in ("ON", "OFF", "TRUE", "FALSE"):
        raise syntax_error(reader.tokens[reader.at - 1])
    return word in ("ON", "TRUE")


def _set_path(session: EngineSession, reader: Reader) -> None:
    """SET SEARCH_PATH TO schema, …; DEFAULT is public."""
    _to_or_equals(reader)
    if reader.accept("DEFAULT"):
        session.names.set_path(("public",))
        return
    schemas = [_path_schema(session, reader)]
    while reader.accept(","):
        schemas.append(_path_schema(session, reader))
    session.names.set_path(tuple(schemas))


def _path_schema(session: EngineSession, reader: Reader) -> str:
    """Read a schema of the search path; refuse one that does not exist."""
    if reader.token.text == '"$user"':
        reader.take()
        return session.state.user
    name = reader.name()
    if name.lower() not in SYSTEM_SCHEMAS:
        session.catalog.require_schema(name)
    return name


def _set_timezone(session: EngineSession, reader: Reader) -> None:
    """SET TIME ZONE [TO] zone | offset | INTERVAL 'offset' | DEFAULT | LOCAL."""
    zone = read_zone(reader)
    session.state.timezone = zone
    escaped = zone.replace("'", "''")
    session.connection.execute(f"SET TimeZone='{escaped}'")


def _set_characteristics(session: EngineSession, reader: Reader) -> None:
    """SET SESSION CHARACTERISTICS AS TRANSACTION: the modes of those that begin later."""
    session.state.modes = read_modes(reader, session.state.modes)


def _set_datestyle(session: EngineSession, reader: Reader) -> None:
    """SET DATESTYLE TO ISO; the other styles are refused."""
    _to_or_equals(reader)
    style = reader.string() if reader.token.kind == "string" else reader.take().text
    if reader.accept(","):
        reader.take()
    if style.upper().split(",")[0] not in ("ISO", "DEFAULT"):
        raise VerticaError("0A000", f"DATESTYLE {style} is not supported", 4160)
    session.state.datestyle = "ISO, MDY"


def _set_intervalstyle(session: EngineSession, reader: Reader) -> None:
    """SET INTERVALSTYLE TO PLAIN; units are refused."""
    _to_or_equals(reader)
    style = reader.take().upper
    if style != "PLAIN":
        raise VerticaError("0A000", f"INTERVALSTYLE {style} is not supported", 4160)
    session.state.intervalstyle = "plain"


def _set_locale(session: EngineSession, reader: Reader) -> None:
    """SET LOCALE TO: kept and shown; texts are compared by octets whatever it says."""
    _to_or_equals(reader)
    session.state.locale = reader.string() if reader.token.kind == "string" else reader.take().text


def _set_strings(_session: EngineSession, reader: Reader) -> None:
    """SET STANDARD_CONFORMING_STRINGS TO ON; OFF is refused."""
    _to_or_equals(reader)
    if not _on_off(reader):
        raise VerticaError("0A000", "STANDARD_CONFORMING_STRINGS OFF is not supported", 4160)


def _set_warning(session: EngineSession, reader: Reader) -> None:
    """SET ESCAPE_STRING_WARNING TO ON | OFF."""
    _to_or_equals(reader)
    session.state.escape_string_warning = _on_off(reader)


def _set_role(session: EngineSession, reader: Reader) -> None:
    """SET ROLE: enable roles beside those that are; NONE disables all, DEFAULT means the user's."""
    state = session.state
    user = session.holder().user
    if reader.accept("DEFAULT"):
        state.roles |= set(user.default_roles)
        return
    roles = read_roles(reader)
    chosen = chosen_roles(session.catalog, user, roles)
    state.roles = state.roles | set(chosen) if roles != Roles() else frozenset()


def _set_pool(session: EngineSession, reader: Reader) -> None:
    """SET SESSION RESOURCE_POOL: a pool that is open to the user; DEFAULT is the user's own."""
    _to_or_equals(reader)
    if reader.accept("DEFAULT"):
        session.state.pool = None
        return
    name = reader.string() if reader.token.kind == "string" else reader.name()
    privileges.require_pool_usage(session.scope(), name)
    session.state.pool = name.lower()


def pool_of(session: EngineSession) -> str:
    """Return the pool of a session; a pool that was dropped, or is closed to it, is the general."""
    holder, pools = session.holder(), session.catalog.pools
    wanted = pools.get(session.state.pool or holder.user.pool)
    return wanted.name if wanted and holder.uses_pool(wanted) else "general"


def _cap(name: str) -> "Setter":
    """Return the setter of a limit of the session: it is checked, kept and shown, nothing else."""

    def setter(session: EngineSession, reader: Reader) -> None:
        if reader.token.upper in ("TO", "="):
            reader.take()
        if reader.token.kind == "string":
            session.state.caps[name] = _checked_cap(session, name, reader.string())
        else:
            reader.choose("NONE", "DEFAULT")
            session.state.caps.pop(name, None)

    return setter


def _checked_cap(session: EngineSession, name: str, value: str) -> str:
    """Return a size or a time that a session can be limited to, or refuse it."""
    if name not in TIMES:
        if not SIZE.fullmatch(value):
            raise bad_value(name.upper(), value)
        return value.upper()
    escaped = value.replace("'", "''")
    interval = translation.expression(f"INTERVAL '{escaped}'", {}, session.scope())
    row = session.connection.execute(f"SELECT epoch({interval})").fetchone()
    if row is None or not 0 < row[0] <= TIMES[name]:
        raise bad_value(name.upper(), value)
    return value


Setter = Callable[[EngineSession, Reader], None]
SETTERS: tuple[tuple[tuple[str, ...], Setter], ...] = (
    (("SESSION", "AUTOCOMMIT"), _set_autocommit),
    (("SESSION", "CHARACTERISTICS", "AS", "TRANSACTION"), _set_characteristics),
    (("SESSION", "RESOURCE_POOL"), _set_pool),
    *((("SESSION", name.upper()), _cap(name)) for name in CAPS),
    (("SEARCH_PATH",), _set_path),
    (("ROLE",), _set_role),
    (("TIME", "ZONE"), _set_timezone),
    (("TIMEZONE",), _set_timezone),
    (("DATESTYLE",), _set_datestyle),
    (("INTERVALSTYLE",), _set_intervalstyle),
    (("LOCALE",), _set_locale),
    (("STANDARD_CONFORMING_STRINGS",), _set_strings),
    (("ESCAPE_STRING_WARNING",), _set_warning),
)


def _show(session: EngineSession, reader: Reader) -> Rows:
    """Run SHOW parameter or SHOW ALL."""
    known = dict(_shown(session))
    if reader.accept("ALL"):
        rows = list(known.items())
    else:
        name = _shown_name(reader)
        if name not in known:
            raise VerticaError("42704", f'Unrecognized configuration parameter "{name}"', 5117)
        rows = [(name, known[name])]
    reader.end()
    return Rows(SHOW_FIELDS, iter([[tuple(row) for row in rows]]), "SHOW")


def _shown_name(reader: Reader) -> str:
    """Read the name of what SHOW is to show."""
    if reader.accept("TIME", "ZONE"):
        return "timezone"
    if reader.accept("TRANSACTION", "ISOLATION", "LEVEL"):
        return "transaction_isolation"
    for word in ("AVAILABLE", "ENABLED"):
        if reader.accept(word, "ROLES") or reader.accept(f"{word}_ROLES"):
            return f"{word.lower()} roles"
    if reader.accept("TRANSACTION"):
        return f"transaction_{reader.take().text.lower()}"
    return reader.name().lower()


def _shown(session: EngineSession) -> Iterator[tuple[str, str]]:
    """Go through what SHOW can show."""
    state = session.state
    yield "locale", state.locale
    yield "autocommit", "on" if state.autocommit else "off"
    yield "standard_conforming_strings", "on"
    yield "escape_string_warning", "on" if state.escape_string_warning else "off"
    yield "datestyle", state.datestyle
    yield "intervalstyle", state.intervalstyle
    yield "timezone", state.timezone
    yield "search_path", ", ".join(session.names.search_path)
    yield "transaction_isolation", state.modes.isolation
    yield "transaction_read_only", str(state.modes.read_only).lower()
    yield "resource_pool", pool_of(session)
    for name in CAPS:
        yield name, state.caps.get(name, "unlimited")
    yield "workload", ""  # there are no subclusters to route to
    yield "client_label", state.client_label
    user = session.holder().user
    available = roles_of(session.catalog, user)
    built_in = set(OF_SUPERUSERS if user.is_super else ())
    enabled = (state.roles | built_in) & available
    yield "available roles", role_list(session.catalog, user, available)
    yield "enabled roles", role_list(session.catalog, user, enabled)


def configure(session: EngineSession, statement: Configure) -> Done:
    """Run ALTER DATABASE or ALTER SESSION … SET or CLEAR."""
    settings = [(known_setting(name), setting) for name, setting in statement.settings]
    if statement.of_session:
        for name, setting in settings:
            if setting is None:
                session.state.settings.pop(name, None)
            else:
                session.state.settings[name] = setting
        return Done("ALTER SESSION")
    session.modes.require_write("ALTER DATABASE")
    configure_database(session, settings)
    return Done("ALTER DATABASE")


def configure_database(session: EngineSession, settings: list[tuple[str, str | None]]) -> None:
    """Write configuration parameters of the database; what was open is committed before it."""
    session.commit()
    privileges.require_superuser(session.scope(), "set a parameter of the database")
    database = session.database
    with database.drafting(session.is_cancelled, session.lock_timeout()) as draft:
        for name, setting in settings:
            if setting is not None and not VALID.get(name, ANYTHING).fullmatch(setting):
                raise VerticaError("22023", f"Invalid value for parameter {name}", 3762)
            draft.configure(name, setting)
        with session.undisturbed:
            session.connection.begin()
            draft.write(session.connection)
            database.commit(session.connection, set(), draft)


def known_setting(name: str) -> str:
    """Return a configuration parameter's name as it is written; refuse an unknown one."""
    found = next((known for known in KNOWN_SETTINGS if known.lower() == name.lower()), None)
    if found is None:
        raise VerticaError("42704", f'Unrecognized configuration parameter "{name}"', 5117)
    return found
