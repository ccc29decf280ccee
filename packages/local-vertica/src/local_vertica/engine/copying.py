"""Run COPY: in the session's transaction, repeatable from its spool until that ends."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import duckdb

from local_vertica.catalog import rights
from local_vertica.catalog.model import Column, Table
from local_vertica.copy.context import CopyIds, CopyOutcome, SpooledSource
from local_vertica.copy.exchange import exchange_on_arrival
from local_vertica.copy.grammar import parse_copy
from local_vertica.copy.options import CopyStatement
from local_vertica.copy.rejects import REJECT_COLUMNS
from local_vertica.copy.run import run_copy
from local_vertica.engine import queries, temporary
from local_vertica.engine.history import LoadRecord
from local_vertica.engine.kept import KeptRows
from local_vertica.engine.newer import Sources
from local_vertica.engine.session import EngineSession
from local_vertica.engine.transaction import Write
from local_vertica.errors import VerticaError
from local_vertica.resolve import constraints, privileges, translation
from local_vertica.resolve.names import TEMP_SCHEMA, unknown_relation
from local_vertica.results import CopyNeeded, Field, Rows
from local_vertica.sql.scope import TableInfo
from local_vertica.types import VType

LOADED = (Field("Rows Loaded", VType("INTEGER")),)
CopyResult = CopyOutcome


@dataclass(frozen=True)
class SessionCopy:
    """The session as a COPY sees it."""

    session: EngineSession

    @property
    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return the session's connection, in its write transaction."""
        return self.session.connection

    @property
    def ids(self) -> CopyIds:
        """Return the identifiers for reject rows."""
        state = self.session.state
        transaction = self.session.begin()
        return CopyIds(
            state.node_name, state.session_id, transaction.owner.transaction_id, state.statement_id
        )

    @property
    def spool_folder(self) -> Path:
        """Return the folder for working files."""
        return self.session.database.spool_folder

    def resolve_table(self, schema: str | None, name: str) -> TableInfo:
        """Return the table meant."""
        return self.session.scope().resolve_table(schema, name)

    def find_reject_table(self, schema: str | None, name: str) -> TableInfo | None:
        """Return the table of that name, or None; the COPY will write to it."""
        found = self.session.scope().find_table(schema, name)
        if found is not None:
            self.session.begin().written.add(f"{found.schema}.{found.name}")
        return found

    def create_reject_table(self, schema: str | None, name: str, temporary: bool) -> TableInfo:
        """Make an empty reject table in the open transaction."""
        transaction = self.session.begin()
        draft = None if temporary else transaction.require_draft()
        scope = self.session.scope()
        table = Table(
            schema=TEMP_SCHEMA if temporary else scope.creation_schema(schema),
            name=name,
            columns=tuple(Column(c.name, str(c.vtype)) for c in REJECT_COLUMNS),
            oid=draft.new_oid() if draft else 0,
            owner=self.session.state.user,
            created=datetime.now(UTC).isoformat(sep=" "),
            scope="local" if temporary else "",
            is_reject=True,
        )
        columns = ", ".join(f'"{c.name}" {c.vtype.duck}' for c in REJECT_COLUMNS)
        self.cursor.execute(
            f"CREATE {'TEMP ' if temporary else ''}TABLE {table.duck_name} ({columns})"
        )
        if draft is not None:
            draft.put(table)
            rights.own(draft, table)
        else:
            self.session.names.put_local(table)
            transaction.new_locals.append(name)
        return self.resolve_table(table.schema, name)

    def translate_expression(self, text: str, columns: Mapping[str, VType]) -> str:
        """Return the DuckDB SQL of an expression over columns of these names."""
        return translation.expression(text, columns, self.session.scope())

    def parameter(self, name: str) -> str | None:
        """Return a parameter of the session, else of the database."""
        wanted = name.lower()
        own = self.session.state.settings.items()
        found = next((value for key, value in own if key.lower() == wanted), None)
        return found if found is not None else self.session.database.setting(name)


def run(session: EngineSession, text: str) -> CopyNeeded | Rows:
    """Read a COPY and lock its table; run it at once if its files lie on the server."""
    statement = parse_copy(text)
    table = _target(session, statement)
    own_keys = any(name.lower() == "awsauth" for name in session.state.settings)
    privileges.require_copy(session.scope(), statement, table, own_keys=own_keys)
    if not table.scope:
        session.modes.require_write("COPY")
    if table.scope != "local":
        mode = "IV" if constraints.enforced_keys(table) else "I"
        session.begin().lock(f"{table.schema}.{table.name}", mode)
    if statement.needs_client:
        return CopyNeeded(
            statement,
            statement.local_files,
            is_local=statement.source.kind != "stdin",
            reject_file=statement.rejection.data_path or "",
            exception_file=statement.rejection.exceptions_path or "",
            exchange=exchange_on_arrival(statement),
        )
    outcome = _load(session, statement, ())
    return Rows(LOADED, iter([[(outcome.accepted,)]]), "COPY")


def run_needed(
    session: EngineSession, needed: CopyNeeded, sources: Sequence[SpooledSource]
) -> CopyOutcome:
    """Run a COPY whose input the client has sent."""
    if not isinstance(needed.spec, CopyStatement):
        raise TypeError("the wire hands back another COPY than the engine gave it")
    return _load(session, needed.spec, [_kept(session, source) for source in sources])


def _kept(session: EngineSession, source: SpooledSource) -> SpooledSource:
    """Give a spooled file a second name, which stays until the transaction ends.

    A later statement that fails makes DuckDB forget this COPY's rows; they are then loaded again.
    """
    kept = source.path.with_name(f"kept-{uuid4().hex}")
    os.link(source.path, kept)
    session.begin().spools.append(kept)
    return replace(source, path=kept)


def _target(session: EngineSession, statement: CopyStatement) -> Table:
    """Return the table a COPY fills."""
    relation = session.scope().find_relation(statement.schema, statement.table)
    if not isinstance(relation, Table):
        raise unknown_relation(statement.schema, statement.table)
    if relation.is_reject:
        message = f'Table "{relation.name}" holds rejected data: it can only be read and dropped'
        raise VerticaError("0A000", message, 5768)
    return relation


def _load(
    session: EngineSession, statement: CopyStatement, sources: Sequence[SpooledSource]
) -> CopyOutcome:
    """Load in the transaction; commit it unless the statement says NO COMMIT."""
    table = _target(session, statement)
    transaction = session.begin()
    outcomes: list[CopyOutcome] = []
    keys = constraints.enforced_keys(table)
    defaults = queries.session_defaults(session, table)
    draws = queries.draws_numbers(session, table)
    kept = KeptRows(session.connection, table) if draws and _is_kept(statement, table) else None

    def action(_newer: Sources) -> int:
        session.connection.execute(defaults)
        temporary.make_global_copies(session, [(table.schema, table.name)])
        if kept is not None:
            kept.note_before()
        outcomes.append(run_copy(SessionCopy(session), statement, sources))
        for key in keys:
            constraints.check_key(session.connection, table, key)
        return outcomes[-1].accepted

    name = f"{table.schema}.{table.name}"
    write = Write(action, (name,), single=False, draws=draws, kept=kept)
    with _recorded(session, statement, table) as record:
        temporary.note_write(transaction, table)
        transaction.write(write)
        outcome = outcomes[-1]
        record.accepted, record.rejected = outcome.accepted, outcome.rejected
    _note_outcome(session, table, outcome)
    if outcome.commits:
        session.commit()
    return outcome


def _note_outcome(session: EngineSession, table: Table, outcome: CopyOutcome) -> None:
    """Remember what session functions tell of the last COPY."""
    session.state.accepted, session.state.rejected = outcome.accepted, outcome.rejected
    if outcome.accepted:
        queries.note_identity(session, table)


def _is_kept(statement: CopyStatement, table: Table) -> bool:
    """Say whether to do it again by its rows: they are all that it makes, and may have to be."""
    return statement.no_commit and not table.scope and statement.rejection.table is None


@contextmanager
def _recorded(
    session: EngineSession, statement: CopyStatement, table: Table
) -> Iterator[LoadRecord]:
    """Note a load in the history while it runs."""
    record = LoadRecord(
        session_id=session.state.session_id,
        transaction_id=session.begin().owner.transaction_id,
        statement_id=session.state.statement_id,
        stream_name=statement.stream_name or "",
        schema=table.schema,
        table=table.name,
        started=datetime.now(UTC),
    )
    session.database.history.add_load(record)
    started = time.monotonic()
    try:
        yield record
    finally:
        record.is_executing = False
        record.duration_ms = int((time.monotonic() - started) * 1000)
