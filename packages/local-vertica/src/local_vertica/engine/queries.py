"""Run translated SELECT, INSERT, UPDATE, DELETE and MERGE."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import duckdb

from local_vertica.catalog import system_tables
from local_vertica.catalog.model import Table
from local_vertica.catalog.store import key_of
from local_vertica.ddl.emit import identity_sequence
from local_vertica.engine import temporary
from local_vertica.engine.kept import KeptRows
from local_vertica.engine.newer import Sources
from local_vertica.engine.session import EngineSession
from local_vertica.engine.transaction import SYNTACTIC, Transaction, Write
from local_vertica.errors import VerticaError
from local_vertica.resolve import constraints, privileges, translation
from local_vertica.resolve.names import NameScope
from local_vertica.results import Field, Row, Rows
from local_vertica.sql.bound import DRAWING
from local_vertica.sql.translate import Translated
from local_vertica.types import VType

BATCH = 20_000
COUNT_FIELDS = (Field("OUTPUT", VType("INTEGER")),)
LOCK_MODES = {"insert": "I", "update": "X", "delete": "X", "merge": "X"}


def run(session: EngineSession, text: str, params: Sequence[object] | None) -> Rows:
    """Run one query or one statement that changes rows."""
    return read_again(session, lambda: _run(session, text, params))


def read_again(session: EngineSession, action: Callable[[], Rows]) -> Rows:
    """Run what reads by names, and again if they were defined anew after it looked them up."""
    before = session.catalog.version
    try:
        return action()
    except (VerticaError, *SYNTACTIC) as error:
        cause = error.__cause__ if isinstance(error, VerticaError) else error
        if not isinstance(cause, SYNTACTIC) or session.catalog.version == before:
            raise
        return read_again(session, action)


def _run(session: EngineSession, text: str, params: Sequence[object] | None) -> Rows:
    translated = allowed(session, text, params)
    if _lock(session, translated):
        translated = allowed(session, text, params)
    statement = Statement(text, params, session.scope(), translated)
    newer, reads = _newer(session, statement)
    if translated.kind == "select":
        return _select(session, statement.reading(newer))
    count = _change_rows(session, statement, newer, reads)
    return Rows(COUNT_FIELDS, iter([[(count,)]]), translated.kind.upper())


def allowed(session: EngineSession, text: str, params: Sequence[object] | None) -> Translated:
    """Return the translation of a statement that the user may run."""
    translated = translation.statement(text, session.scope(), params)
    privileges.require_query(session.scope(), translated)
    return translated


@dataclass(frozen=True)
class Statement:
    """A statement as it was said, and what its names and the clock meant then."""

    text: str
    params: Sequence[object] | None
    scope: NameScope
    translated: Translated

    def reading(self, newer: Sources) -> Translated:
        """Return its translation that reads other sources instead of some tables."""
        if newer is None:
            return self.translated
        scope = replace(self.scope, newer=newer, ask_values=lambda: self.scope.values)
        return translation.statement(self.text, scope, self.params)


def _newer(session: EngineSession, statement: Statement) -> tuple[Sources, tuple[Table, ...]]:
    """Return the copies that show a statement what others have committed until now.

    With them come the tables that it reads from the transaction's snapshot.
    """
    transaction, translated = session.begin(), statement.translated
    for schema, name in translated.draws:
        transaction.require_definition(f"{schema}.{name}")
    shared = tuple(_tables(statement.scope, statement.scope.beneath(translated.reads)))
    is_write = translated.writes is not None
    if is_write and shared:
        transaction.hold()
    newer = transaction.newer(shared, is_write=is_write, historical=translated.historical)
    if newer is None:
        return None, shared
    return newer, tuple(t for t in shared if (t.schema, t.name) not in newer)


def describe(
    session: EngineSession, text: str
) -> tuple[list[VType], tuple[Field, ...] | None, str]:
    """Return parameter types, fields and tag of a query."""
    translated = allowed(session, text, None)
    types = list(translated.parameters)
    if translated.kind != "select":
        return types, COUNT_FIELDS, translated.kind.upper()
    return types, with_sources(session, translated.fields), "SELECT"


def _select(session: EngineSession, translated: Translated) -> Rows:
    """Run a SELECT: inside the open writes if there are any, else on what is committed now."""
    transaction = session.begin()
    prepare(session, translated)
    transaction.note_read()
    try:
        cursor = session.connection.execute(translated.duck_sql, translated.params)
        first = cursor.fetchmany(BATCH)
    except duckdb.Error as error:
        raise transaction.read_failed(error) from error
    return Rows(translated.fields, _batches(session, transaction, first), "SELECT")


def _batches(
    session: EngineSession, transaction: Transaction, first: list[Row]
) -> Iterator[list[Row]]:
    """Hand out the rows in batches; an error on the way is said as Vertica says it."""
    batch = first
    while batch:
        yield batch
        if session.is_cancelled():
            raise VerticaError("57014", "Execution canceled by operator", 3326)
        if len(batch) < BATCH:
            return
        try:
            batch = session.connection.fetchmany(BATCH)
        except duckdb.Error as error:
            raise transaction.read_failed(error) from error


def prepare(session: EngineSession, translated: Translated) -> None:
    """Make what a statement names exist in DuckDB: system tables, global temporary tables."""
    reads = session.scope().beneath(translated.reads)
    targets = {translated.writes} if translated.writes else set()
    temporary.make_global_copies(session, reads | targets)
    system_tables.fill(session.connection, session, reads)


def _lock(session: EngineSession, translated: Translated) -> bool:
    """Take the locks of a statement; say whether anything was defined anew while we waited."""
    transaction, scope = session.begin(), session.scope()
    for table in _tables(scope, scope.beneath(translated.reads)):
        if transaction.is_serializable:
            transaction.lock(f"{table.schema}.{table.name}", "S")
    for table in _tables(scope, translated.reads):
        if translated.for_update:
            transaction.lock(f"{table.schema}.{table.name}", "X")
    if translated.writes:
        table = target_table(session, translated.writes)
        if not table.scope:
            session.modes.require_write(translated.kind.upper())
        if table.scope != "local":
            name = f"{table.schema}.{table.name}"
            transaction.lock(name, lock_mode(table, translated.kind))
    return session.scope().cache_key() != scope.cache_key()


def _tables(scope: NameScope, names: Iterable[tuple[str, str]]) -> Iterator[Table]:
    """Go through the tables that all sessions share, in the order in which they are locked."""
    for name in sorted(names):
        relation = scope.known(*name)
        if isinstance(relation, Table) and not relation.scope:
            yield relation


def _change_rows(
    session: EngineSession, statement: Statement, newer: Sources, reads: tuple[Table, ...]
) -> int:
    """Run INSERT, UPDATE, DELETE or MERGE in the transaction; return how many rows it touched."""
    translated = statement.translated
    table = target_table(session, translated.writes or ("", ""))
    transaction = session.begin()
    name = f"{table.schema}.{table.name}"
    keys = constraints.enforced_keys(table)
    defaults = session_defaults(session, table)
    draws = bool(DRAWING.search(translated.duck_sql)) or draws_numbers(session, table)
    kept = None
    if draws and translated.kind == "insert" and not table.scope:
        kept = KeptRows(session.connection, table)

    def action(newer: Sources) -> int:
        prepare(session, translated)
        session.connection.execute(defaults)
        if kept is not None:
            kept.note_before()
        run = statement.reading(newer)
        row = session.connection.execute(run.duck_sql, run.params).fetchone()
        for key in keys:
            constraints.check_key(session.connection, table, key)
        return int(str(row[0])) if row else 0

    temporary.note_write(transaction, table)
    count = transaction.write(Write(action, (name,), not keys, draws, reads, newer, kept))
    if count and translated.kind == "insert":
        note_identity(session, table)
    return count


def draws_numbers(session: EngineSession, table: Table) -> bool:
    """Say whether new rows of a table may draw numbers from a sequence or by chance."""
    return any(
        column.identity is not None
        or (column.default is not None and _draws(column.default, session.scope()))
        for column in table.columns
    )


def _draws(default: str, scope: NameScope) -> bool:
    """Say whether a DEFAULT draws numbers, in whatever words and through whatever functions.

    One that names what is gone since, or lies on another path, is taken for one that does.
    """
    try:
        return bool(DRAWING.search(translation.default_expression(default, scope)))
    except VerticaError:
        return True


def note_identity(session: EngineSession, table: Table) -> None:
    """Remember the number last drawn for the table's IDENTITY column, for LAST_INSERT_ID."""
    for column in table.columns:
        if column.identity is not None:
            drawn = identity_sequence(table, column).duck_name
            row = session.connection.execute(f"SELECT currval('{drawn}')").fetchone()
            session.state.last_identity = int(row[0]) if row else None


def session_defaults(session: EngineSession, table: Table) -> str:
    """Return what DuckDB is told before a write that may fill defaults in."""
    if any(column.default is not None for column in table.columns):
        return translation.session_variable(session.values())
    return ""


def lock_mode(table: Table, kind: str) -> str:
    """Return the lock a change takes: an INSERT that checks keys validates alone."""
    if kind == "insert" and constraints.enforced_keys(table):
        return "IV"
    return LOCK_MODES[kind]


def target_table(session: EngineSession, name: tuple[str, str]) -> Table:
    """Return the table a statement writes; nothing writes a reject table but COPY."""
    relation = session.scope().find_relation(*name)
    if not isinstance(relation, Table):
        raise VerticaError("42809", f'Relation "{name[1]}" cannot be written to', 4883)
    if relation.is_reject:
        message = f'Table "{relation.name}" holds rejected data: it can only be read and dropped'
        raise VerticaError("0A000", message, 5768)
    return relation


def with_sources(session: EngineSession, fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Return the fields with the identity mark their table columns have."""
    return tuple(_with_source(session, field) for field in fields)


def _with_source(session: EngineSession, field: Field) -> Field:
    """Return one field, marked if it shows an IDENTITY column."""
    relation = session.catalog.relations.get(key_of(field.schema, field.table))
    column = relation.column(field.name) if isinstance(relation, Table) else None
    return replace(field, is_identity=True) if column and column.identity else field
