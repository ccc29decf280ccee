"""Run data definition: it commits, locks, changes the catalogue and DuckDB at once."""

import duckdb

from local_vertica.catalog.model import Table
from local_vertica.catalog.store import Draft
from local_vertica.ddl import definition_rights
from local_vertica.ddl.apply import apply_statement
from local_vertica.ddl.context import Definition
from local_vertica.ddl.lexer import Token, tokenize
from local_vertica.ddl.nodes import (
    AlterTable,
    Configure,
    CreateTable,
    Drop,
    Name,
    Rename,
    Statement,
    Truncate,
)
from local_vertica.ddl.parse import parse_ddl
from local_vertica.engine import queries, settings
from local_vertica.engine.session import EngineSession
from local_vertica.engine.words import FIRST, Kind, tag_of
from local_vertica.errors import VerticaError
from local_vertica.resolve.names import NameScope
from local_vertica.results import Done, Field
from local_vertica.sql.duck_errors import vertica_error


def described_fields(kind: Kind, tokens: tuple[Token, ...]) -> tuple[Field, ...] | None:
    """Return the fields of SHOW, the only one of its kind that gives rows."""
    if kind == "session" and tokens[0].upper == "SHOW":
        return settings.SHOW_FIELDS
    return None


def run(session: EngineSession, text: str) -> Done:
    """Run one statement of data definition; what was open is committed before it."""
    statement = parse_ddl(text)
    if isinstance(statement, Configure):
        return settings.configure(session, statement)
    session.modes.require_write(tag_of(tokenize(text, FIRST)))
    session.commit()
    definition_rights.require_definition(session.scope(), statement)
    before = dict(session.names.local)
    try:
        notices = _apply(session, statement, _as_written(statement, text))
    except VerticaError:
        session.names.local = before
        raise
    finally:
        session.roll_back()  # nothing is left to roll back; the locks are given back
    return Done(tag_of(tokenize(text, FIRST)), tuple(notices))


def _as_written(statement: Statement, text: str) -> str:
    """Return the definition to keep; that of a table made by a query is rendered later."""
    return "" if isinstance(statement, CreateTable) and statement.query else text


def _apply(session: EngineSession, statement: Statement, text: str) -> list[str]:
    """Apply a statement in a DuckDB transaction of its own, with the catalogue's change."""
    transaction = session.begin()
    transaction.record.is_ddl, transaction.record.statements = True, 1
    database = session.database
    for table in tables_to_lock(statement, session.scope()):
        transaction.lock(table, "O")  # before the draft, which others wait for
    with database.drafting(session.is_cancelled, session.lock_timeout()) as draft:
        definition = _definition(session, draft, text)
        with session.undisturbed:
            session.connection.begin()
        try:
            apply_statement(definition, statement)
            draft.write(session.connection)
            changed = {r.table for r in database.locks.requests() if r.owner is transaction.owner}
            with session.undisturbed:
                database.commit(session.connection, changed, draft)
            transaction.record.is_committed = True
        except duckdb.Error as error:
            _roll_back(session)
            raise vertica_error(error) from error
        except BaseException:
            _roll_back(session)
            raise
    return definition.notices


def tables_to_lock(statement: Statement, scope: NameScope) -> list[str]:
    """Return the tables a statement drops or changes."""
    names: tuple[Name, ...] = ()
    if isinstance(statement, AlterTable | Truncate):
        names = (statement.name,)
    elif isinstance(statement, Rename) and statement.kind == "TABLE":
        names = tuple(name for name, _ in statement.pairs)
    elif isinstance(statement, Drop) and statement.kind == "TABLE":
        names = statement.names
    elif isinstance(statement, Drop) and statement.kind == "SCHEMA":
        schemas = {name.lower() for _, name in statement.names}
        tables = [t for t in scope.catalog.tables() if t.schema.lower() in schemas]
        return [f"{t.schema}.{t.name}" for t in tables]
    found = (
        scope.names.local.get(name.lower()) is None and _table(scope, schema, name)
        for schema, name in names
    )
    return [f"{table.schema}.{table.name}" for table in found if table]


def _table(scope: NameScope, schema: str | None, name: str) -> Table | None:
    """Return a table that all sessions share, or None: what is missing is refused later."""
    if schema is not None and schema.lower() not in scope.catalog.schemas:
        return None
    relation = scope.find_relation(schema, name)
    return relation if isinstance(relation, Table) and relation.scope != "local" else None


def _roll_back(session: EngineSession) -> None:
    """Roll DuckDB's transaction back."""
    with session.undisturbed:
        session.connection.rollback()


def _definition(session: EngineSession, draft: Draft, text: str) -> Definition:
    """Return what applying a statement needs."""
    transaction = session.begin()
    return Definition(
        draft=draft,
        connection=session.connection,
        names=session.names,
        scope=session.scope(draft),
        user=session.state.user,
        text=text,
        lock=lambda table: transaction.lock(table, "O"),
        prepare=lambda query: queries.prepare(session, query),
        has_certificate=session.database.has_certificate,
    )
