"""A session as the wire calls it: statements in, results out, one at a time.

Each statement is handed to the part of the engine that knows its kind, noted in the history while
it runs, and its errors are said as Vertica says them.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from local_vertica.copy.context import CopyOutcome, SpooledSource
from local_vertica.ddl.lexer import Token, split_statements
from local_vertica.engine import (
    copying,
    definitions,
    explaining,
    profiling,
    queries,
    settings,
    transactions,
)
from local_vertica.engine.database import Database
from local_vertica.engine.history import (
    ErrorRecord,
    RequestRecord,
    told_without_secrets,
    without_secrets,
)
from local_vertica.engine.session import EngineSession
from local_vertica.engine.words import Kind, kind_of, tag_of
from local_vertica.errors import VerticaError
from local_vertica.monitor import (
    every_table,  # noqa: F401 - queries find what it has entered
    meta_functions,
)
from local_vertica.results import CopyNeeded, Field, Result, Rows
from local_vertica.types import VType

Described = tuple[list[VType], tuple[Field, ...] | None, str]  # parameters, fields, tag


class Session(EngineSession):
    """A client's session, which runs statements."""

    def statements(self, sql: str) -> list[str]:
        """Cut a text into its statements."""
        return split_statements(sql)

    def run(self, text: str, params: Sequence[object] | None = None) -> Result:
        """Run one statement; raise VerticaError if it is refused."""
        with self._recorded(text) as (kind, tokens):
            return self._dispatch(kind, tokens, text, params)

    def copy(self, needed: CopyNeeded, sources: Sequence[SpooledSource]) -> CopyOutcome:
        """Run a COPY on its spooled input; the spool must stay until the transaction ends."""
        with self._guarded():
            outcome = copying.run_needed(self, needed, sources)
            self._after_statement()
            return outcome

    def describe(self, text: str) -> Described:
        """Return a statement's parameter types, its fields if it gives rows, and its tag."""
        self.request = None
        with self._guarded(text):
            kind, tokens = kind_of(text)
            if kind == "query":
                return _describe_query(self, text)
            if kind == "profile":
                return _describe_query(self, profiling.statement_of(text))
            if kind == "explain":
                return explaining.describe(self, text), explaining.FIELDS, "EXPLAIN"
            return [], definitions.described_fields(kind, tokens), tag_of(tokens)

    def _dispatch(
        self, kind: Kind, tokens: tuple[Token, ...], text: str, params: Sequence[object] | None
    ) -> Result:
        """Hand the statement to the part that knows its kind."""
        if kind == "transaction":
            return transactions.run(self, text)
        if kind in WITH_VALUES:
            result = WITH_VALUES[kind](self, text, params)
        elif kind in PLAIN:
            result = PLAIN[kind](self, text)
        else:
            message = f"{tokens[0].upper or 'An empty statement'} is not supported"
            raise VerticaError("0A000", message, 4160)
        if not isinstance(result, CopyNeeded):
            self._after_statement()
        return result

    def _after_statement(self) -> None:
        """Commit by itself if the session does so."""
        if self.transaction is not None and self.state.autocommit and not self.is_explicit:
            self.commit()

    @contextmanager
    def _recorded(self, text: str) -> Iterator[tuple[Kind, tuple[Token, ...]]]:
        """Note a statement in the history while it runs."""
        self.request = None
        with self._guarded(text):
            kind, tokens = kind_of(text)
            self.state.statement_id += 1
            self.current_statement = without_secrets(text[:1000])
            record = RequestRecord(
                session_id=self.state.session_id,
                user=self.state.user,
                client_label=self.state.client_label,
                transaction_id=self._transaction_for(kind),
                statement_id=self.state.statement_id,
                kind={"ddl": "DDL", "transaction": "TRANSACTION"}.get(kind, "QUERY"),
                request=self.current_statement,
                started=datetime.now(UTC),
            )
            self.request = record
            self.database.history.add_request(record)
            started = time.monotonic()
            try:
                yield kind, tokens
            except BaseException:
                record.success = False
                raise
            finally:
                record.is_executing = False
                record.duration_ms = int((time.monotonic() - started) * 1000)

    def _transaction_for(self, kind: Kind) -> int:
        """Return the identifier of the transaction a statement runs in, 0 if it needs none.

        Data definition runs in one of its own, which it begins.
        """
        if kind in ("query", "profile", "lock", "copy"):
            transaction = self.begin()
            transaction.record.statements += 1
            return transaction.owner.transaction_id
        return 0 if kind == "ddl" else self.transaction_id or 0

    def _after_failure(self) -> None:
        """Leave no transaction behind a failed statement that was one by itself, or ended it."""
        ended = self.transaction is not None and self.transaction.record.ended is not None
        if ended or (self.state.autocommit and not self.is_explicit):
            self.roll_back()

    @contextmanager
    def _guarded(self, text: str = "") -> Iterator[None]:
        """Say DuckDB's errors as Vertica's, and note them; forget an old wish to cancel."""
        with self.busy:
            if self.is_closed:
                raise VerticaError("57V01", "The session was closed", 4149, severity="FATAL")
            self.cancelled.clear()
            try:
                with transactions.usable_afterwards(self):
                    yield
            except BaseException as error:
                self._after_failure()
                if isinstance(error, VerticaError):
                    self._noted(error, text)
                raise

    def _noted(self, error: VerticaError, text: str) -> None:
        """Keep an error in the history, with the request that failed."""
        request = self.request
        if request is not None:
            request.success = False
            request.error_code = error.number
        told = told_without_secrets(error, text)
        self.database.history.add_error(
            ErrorRecord(self.state.session_id, self.state.user, told, request)
        )


def open_session(database: Database, user: str, client: Mapping[str, str] | None = None) -> Session:
    """Begin a session; the caller has checked the password."""
    known = database.catalog.users.get(user.lower())
    if known is None:
        raise VerticaError("28000", f'Invalid username or password for user "{user}"', 2248)
    number = database.new_session_number()
    session = Session(database, number, known, dict(client or {}))
    database.enter_session(number, session)
    return session


def _query(session: EngineSession, text: str, params: Sequence[object] | None) -> Rows:
    """Run a query or a change of rows, or the meta-function that is called alone."""
    if call := meta_functions.find_call(text):
        return meta_functions.run(session, call)
    return queries.run(session, text, params)


def _describe_query(session: EngineSession, text: str) -> Described:
    """Return parameter types, fields and tag of a query."""
    if call := meta_functions.find_call(text):
        return [], call.fields, "SELECT"
    return queries.describe(session, text)


def _profile(session: EngineSession, text: str, params: Sequence[object] | None) -> Rows:
    """Run the statement behind PROFILE; a notice comes before its rows."""
    notice = profiling.notice_of(session)
    return replace(_query(session, profiling.statement_of(text), params), notices=(notice,))


WITH_VALUES: dict[Kind, Callable[[EngineSession, str, Sequence[object] | None], Result]] = {
    "query": _query,
    "explain": explaining.run,
    "profile": _profile,
}
PLAIN: dict[Kind, Callable[[EngineSession, str], Result]] = {
    "ddl": definitions.run,
    "session": settings.run,
    "lock": transactions.run_lock,
    "copy": copying.run,
}
