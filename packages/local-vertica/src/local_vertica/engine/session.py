"""What the parts of the engine ask of the session that they work for."""

import threading
from collections.abc import Hashable, Mapping
from contextlib import suppress
from datetime import UTC, datetime

import duckdb

from local_vertica.catalog.model import Sequence as SequenceObject
from local_vertica.catalog.model import Table, User
from local_vertica.catalog.rights import Holder, holder
from local_vertica.catalog.store import Catalog, Relation
from local_vertica.engine.database import VERSION, Database
from local_vertica.engine.history import RequestRecord, TransactionRecord
from local_vertica.engine.locks import Owner
from local_vertica.engine.session_state import READ_COMMITTED, SessionState, TransactionModes
from local_vertica.engine.transaction import Transaction
from local_vertica.errors import VerticaError
from local_vertica.resolve.names import NameScope, names_of


class EngineSession:
    """One client's session over the database: its names, rights, settings and transaction."""

    def __init__(self, database: Database, number: int, user: User, client: dict[str, str]) -> None:
        self.database = database
        self.connection = database.connect()
        self.names = names_of(user)
        self.state = SessionState(number, user.name, database.node_name, client)
        self.state.roles = frozenset(user.default_roles)
        isolation = database.setting("TransactionIsolationLevel") or READ_COMMITTED
        self.state.modes = TransactionModes(isolation.upper())
        self.state.autocommit = client.get("autocommit", "off").lower() in ("on", "true", "1")
        self.parameters: dict[str, str] = {}
        self.current_statement = ""
        self.is_explicit = False  # BEGIN was said: autocommit waits for COMMIT
        self.global_copies: set[str] = set()  # global temporary tables this session has used
        self.cancelled = threading.Event()  # the client wants the statement stopped
        self.undisturbed = threading.RLock()  # held while DuckDB begins or ends a transaction
        self.busy = threading.RLock()  # held while a statement runs
        self.is_closed = False
        self._holder: tuple[Hashable, Holder] | None = None
        self.transaction: Transaction | None = None
        self.transaction_started: datetime | None = None
        self.request: RequestRecord | None = None  # that runs, or ran last; none is recorded yet
        self.report_parameters()

    @property
    def autocommit(self) -> bool:
        """Say whether every statement is a transaction of its own."""
        return self.state.autocommit

    @property
    def transaction_status(self) -> str:
        """Return I outside and T inside a transaction, as ReadyForQuery says it."""
        return "I" if self.transaction is None else "T"

    def cancel(self) -> None:
        """Stop the statement that runs; it ends with 57014. Called from another thread."""
        self.cancelled.set()
        self.database.locks.wake()
        with self.undisturbed:
            self.connection.interrupt()

    def close(self) -> None:
        """End the session: stop, roll back, give back the locks, drop its temporary tables."""
        if self.is_closed:
            return
        self.cancel()
        with self.busy, suppress(duckdb.Error):
            if not self.is_closed:
                self.is_closed = True
                self.roll_back()
                self.connection.close()
        self.database.forget_session(self.state.number)

    @property
    def catalog(self) -> Catalog:
        """The catalogue as it is now; a COPY that makes its reject table adds to a draft of it."""
        if self.transaction is not None and self.transaction.draft is not None:
            return self.transaction.draft
        return self.database.catalog

    @property
    def modes(self) -> TransactionModes:
        """Return the modes of the open transaction, or of the one to come."""
        return self.transaction.record.modes if self.transaction else self.state.modes

    @property
    def transaction_id(self) -> int | None:
        """The number of the open transaction; outside one, functions and tables show NULL."""
        return self.transaction.owner.transaction_id if self.transaction else None

    def begin(self) -> Transaction:
        """Return the open transaction; begin one if there is none."""
        if self.transaction is None:
            owner = Owner(
                self.database.new_transaction_id(),
                self.state.user,
                self.current_statement,
                self.cancelled.is_set,
            )
            record = TransactionRecord(
                self.state.session_id, self.state.user, owner.transaction_id, owner.statement
            )
            self.database.history.add_transaction(record)
            if self.request is not None and not self.request.transaction_id:
                self.request.transaction_id = owner.transaction_id
            self.transaction = Transaction(
                self.database,
                self.connection,
                owner,
                record,
                forget_local=self.names.remove_local,
                lock_timeout=self.lock_timeout,
                undisturbed=self.undisturbed,
            )
            self.transaction.set_modes(self.state.modes)
            self.transaction_started = record.started
        self.transaction.owner.statement = self.current_statement
        return self.transaction

    def commit(self) -> None:
        """End the transaction and keep its work."""
        self._end("commit")

    def roll_back(self) -> None:
        """End the transaction and drop its work."""
        self._end("roll_back")

    def scope(self, catalog: Catalog | None = None) -> NameScope:
        """Return what names and session functions mean for the statement at hand."""
        catalog = catalog or self.catalog
        return NameScope(catalog, self.names, self.values, self.holder(catalog))

    def holder(self, catalog: Catalog | None = None) -> Holder:
        """Return what the user may do now: grants count in open sessions, too."""
        catalog = catalog or self.catalog
        user = catalog.users.get(self.state.user.lower())
        if user is None:
            raise VerticaError("28000", f'User "{self.state.user}" was dropped', 2248)
        key = (catalog.version, user, self.state.roles)
        if self._holder is None or self._holder[0] != key:
            self._holder = key, holder(catalog, user, self.state.roles)
        return self._holder[1]

    def sees(self, item: Relation) -> bool:
        """Say whether the catalogue shows an object to the user."""
        return self.holder().sees(self.catalog, item)

    def all_sessions(self) -> list["EngineSession"]:
        """Everybody's open sessions; whoever shows or stops some asks for rights first."""
        return [s for s in self.database.open_sessions() if isinstance(s, EngineSession)]

    def closable_sessions(self) -> list["EngineSession"]:
        """Return the open sessions that the user may stop: its own, or an administrator's all."""
        admin, user = self.holder().is_admin, self.state.user
        return [s for s in self.all_sessions() if admin or s.state.user == user]

    def seen_sessions(self) -> list["EngineSession"]:
        """Return the open sessions that the user may look at: all of them, or its own."""
        monitors, user = self.holder().monitors, self.state.user
        return [s for s in self.all_sessions() if monitors or s.state.user == user]

    def values(self) -> Mapping[str, object]:
        """Return what session functions answer."""
        now = datetime.now(UTC)
        schemas = (s for s in self.names.search_path if s.lower() in self.catalog.schemas)
        return {
            "current_user": self.state.user,
            "session_user": self.state.user,
            "current_database": self.database.name,
            "current_schema": next(schemas, "public"),
            "version": VERSION,
            "current_session": self.state.session_id,
            "current_trans_id": self.transaction_id,
            "current_statement": self.state.statement_id,
            "last_insert_id": self.state.last_identity,
            "get_num_accepted_rows": self.state.accepted,
            "get_num_rejected_rows": self.state.rejected,
            "now": self.transaction_started or now,
            "statement_timestamp": now,
            "timezone": self.state.timezone,
        }

    def lock_timeout(self) -> float:
        """Return how many seconds a statement of this session waits for a lock."""
        own = self.state.settings.get("LockTimeout")
        return float(own) if own else self.database.lock_timeout

    def report_parameters(self) -> None:
        """Renew what the wire tells the client of the session's parameters."""
        self.parameters.update(
            auto_commit="on" if self.state.autocommit else "off",
            timezone=self.state.timezone,
            standard_conforming_strings="on" if self.state.standard_conforming_strings else "off",
            client_locale=self.state.locale,
        )

    def is_cancelled(self) -> bool:
        """Say whether the client wants the statement stopped."""
        return self.cancelled.is_set()

    def row_count(self, table: Table) -> int:
        """Return how many rows a table holds."""
        row = self.connection.execute(f"SELECT count(*) FROM {self.source(table)}").fetchone()
        return int(row[0]) if row else 0

    def source(self, table: Table) -> str:
        """Return what DuckDB reads a table's rows from, with those that others have committed."""
        if self.transaction is None or table.scope:
            return table.duck_name
        newer = self.transaction.newer([table], is_write=False, historical=False) or {}
        return newer.get((table.schema, table.name), table.duck_name)

    def sequence_value(self, sequence: SequenceObject) -> int:
        """Return the value a sequence gave last, or the one before its first."""
        row = self.connection.execute(
            "SELECT last_value FROM duckdb_sequences() "
            "WHERE schema_name || '.' || sequence_name = ?",
            [sequence.duck_name.replace('"', "")],
        ).fetchone()
        before = sequence.start - sequence.increment
        return int(row[0]) if row and row[0] is not None else before

    def _end(self, how: str) -> None:
        """End the transaction one way or the other."""
        transaction, self.transaction = self.transaction, None
        self.transaction_started = None
        self.is_explicit = False
        if transaction is None:
            return
        if how == "commit":
            transaction.commit()
        else:
            transaction.roll_back()
