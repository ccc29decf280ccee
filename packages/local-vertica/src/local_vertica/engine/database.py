"""The database: one DuckDB file of one process, its catalogue, locks and sessions."""

import itertools
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import duckdb

from local_vertica.catalog.model import DBADMIN, Schema, User, duck_schema
from local_vertica.catalog.rights import open_to_all
from local_vertica.catalog.store import BOOTSTRAP, FIRST_OID, Catalog, Draft, load
from local_vertica.engine.epochs import Epochs
from local_vertica.engine.history import History
from local_vertica.engine.locks import TableLocks
from local_vertica.errors import VerticaError
from local_vertica.sql.macros import register_macros

log = logging.getLogger(__name__)
VERSION = "Vertica Analytic Database v24.4.0-0"
DEFAULT_SETTINGS = {"LockTimeout": "300", "TransactionIsolationLevel": "READ COMMITTED"}
KNOWN_SETTINGS = frozenset(
    [
        "LockTimeout",
        "AWSAuth",
        "AWSEndpoint",
        "AWSRegion",
        "AWSSessionToken",
        "AWSEnableHttps",
        "AWSCAFile",
        "EnableNewPrimaryKeysByDefault",
        "EnableNewUniqueKeysByDefault",
        "EnableNewCheckConstraintsByDefault",
        "CopyFaultTolerantExpressions",
        "MaxClientSessions",
        "Timezone",
        "TransactionIsolationLevel",
    ]
)


class DatabaseInUseError(RuntimeError):
    """The database file is open in another process."""


class OpenSession(Protocol):
    """What the database asks of its sessions: to end when it is closed."""

    def close(self) -> None:
        """End it."""
        ...


class Database:
    """Everything the sessions share; safe to use from their threads."""

    def __init__(self, path: Path, *, user: str = DBADMIN) -> None:
        self.path = path
        self.name = path.stem
        self.user = user
        self.started = datetime.now(UTC)
        self.locks = TableLocks()
        self.history = History()
        self.epochs = Epochs()
        self.load_balance_policy = "NONE"
        self.has_certificate = False  # the server says so when it was started with one
        self.spool_folder = path.parent / f"{path.name}.spool"
        self.sessions: dict[int, OpenSession] = {}
        self.commits = 0
        self.committing = threading.Lock()  # held while DuckDB commits and it is noted
        self._changed: dict[str, int] = {}
        self._defined: dict[str, int] = {}
        self._guard = threading.Lock()
        self._drafting = threading.Lock()
        self._session_numbers = itertools.count(1)
        self._transactions = itertools.count(int(time.time() * 1000) % 10**9 + FIRST_OID + 10**9)
        self._root = _connect(path)
        self._empty_spool_folder()
        self.catalog = self._load()

    @property
    def node_name(self) -> str:
        """The one node's name, as Vertica would call it after the database."""
        return f"v_{self.name.lower()}_node0001"

    @property
    def lock_timeout(self) -> float:
        """Return how many seconds a statement waits for a lock."""
        return float(self.setting("LockTimeout") or 300)

    def setting(self, name: str) -> str | None:
        """Return a configuration parameter of the database by name in any case."""
        wanted = name.lower()
        for source in (self.catalog.settings, DEFAULT_SETTINGS):
            for key, value in source.items():
                if key.lower() == wanted:
                    return value
        return None

    def settings(self) -> Iterator[tuple[str, str | None, str | None]]:
        """Go through the configuration parameters: name, setting, default."""
        for name in sorted(KNOWN_SETTINGS):
            yield name, self.setting(name), DEFAULT_SETTINGS.get(name)

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Return a new DuckDB connection to the file."""
        with self._guard:
            return self._root.cursor()

    def new_session_number(self) -> int:
        """Return a number that no session has had since the database was opened."""
        return next(self._session_numbers)

    def enter_session(self, number: int, session: OpenSession) -> None:
        """Put a session on the list of those that are open."""
        with self._guard:
            self.sessions[number] = session

    def forget_session(self, number: int) -> None:
        """Take a closed session off the list."""
        with self._guard:
            self.sessions.pop(number, None)

    def open_sessions(self) -> list[OpenSession]:
        """Return a copy of the list: sessions come and go while one looks at it."""
        with self._guard:
            return list(self.sessions.values())

    def new_transaction_id(self) -> int:
        """Return an identifier no transaction has had."""
        return next(self._transactions)

    def changed_since(self, table: str, snapshot: int) -> bool:
        """Say whether somebody committed to a table after a snapshot was taken."""
        return self._changed.get(table, 0) > snapshot

    def defined_since(self, relation: str, snapshot: int) -> bool:
        """Say whether somebody defined or dropped a relation after a snapshot was taken."""
        return self._defined.get(relation, 0) > snapshot

    def commit(
        self, connection: duckdb.DuckDBPyConnection, tables: set[str], draft: Draft | None = None
    ) -> None:
        """Commit in DuckDB and remember which tables changed; a draft becomes the catalogue."""
        with self.committing:
            connection.commit()
            self.commits += 1
            self.epochs.close()
            defined = self._defined_by(draft) if draft is not None else set()
            self._defined |= dict.fromkeys(defined, self.commits)
            self._changed |= dict.fromkeys(tables | defined, self.commits)
            if draft is not None:
                self.catalog = draft.settled()

    def _defined_by(self, draft: Draft) -> set[str]:
        """Return the relations that a draft has and the catalogue has not, or the other way."""
        before, after = self.catalog.relations, draft.relations
        names = before.keys() | after.keys()
        items = (
            after.get(name) or before[name]
            for name in names
            if before.get(name) is not after.get(name)
        )
        return {f"{item.schema}.{item.name}" for item in items}

    def new_draft(self, is_cancelled: Callable[[], bool], timeout: float) -> Draft:
        """Return a copy of the catalogue to change; only one at a time, until it is released."""
        deadline = time.monotonic() + timeout
        while not self._drafting.acquire(timeout=0.05):
            if is_cancelled():
                raise VerticaError("57014", "Execution canceled by operator", 3326)
            if time.monotonic() > deadline:
                message = "Locking failure: Timed out X locking Global Catalog"
                raise VerticaError("55V03", f"Unavailable: {message}", 5156)
        return self.catalog.draft()

    def release_draft(self) -> None:
        """Let the next one change the catalogue."""
        self._drafting.release()

    @contextmanager
    def drafting(self, is_cancelled: Callable[[], bool], timeout: float) -> Iterator[Draft]:
        """Hand out a draft and release it in the end; taking it over is the caller's part."""
        draft = self.new_draft(is_cancelled, timeout)
        try:
            yield draft
        finally:
            self.release_draft()

    def close(self) -> None:
        """End all sessions and close the file."""
        for session in self.open_sessions():
            session.close()
        with self._guard:
            self._root.close()

    def _empty_spool_folder(self) -> None:
        """Delete what a server that was killed has left; the file's lock says we are alone."""
        self.spool_folder.mkdir(parents=True, exist_ok=True)
        for path in self.spool_folder.iterdir():
            path.unlink()

    def _load(self) -> Catalog:
        """Read the catalogue; a new file gets the schemas and the user every database has."""
        for statement in (*BOOTSTRAP, *_views_to_drop(self._root)):
            self._root.execute(statement)
        catalog = load(self._root)
        if "public" not in catalog.schemas or self.user.lower() not in catalog.users:
            self._found(catalog)
            catalog = load(self._root)
        self._register_macros()
        return catalog

    def _found(self, catalog: Catalog) -> None:
        """Write what every database has."""
        draft = catalog.draft()
        created = self.started.isoformat(sep=" ")
        if "public" not in catalog.schemas:
            draft.put(Schema("public", draft.new_oid(), self.user, created))
            open_to_all(draft, self.user)
        if self.user.lower() not in catalog.users:
            draft.put(User(self.user, draft.new_oid(), is_super=True))
        self._root.begin()
        self._root.execute(f"CREATE SCHEMA IF NOT EXISTS {duck_schema('public')}")
        draft.write(self._root)
        self._root.commit()

    def _register_macros(self) -> None:
        """Give DuckDB the functions that translated SQL calls."""
        register_macros(self._root)


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    """Open the file, alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        connection = duckdb.connect(str(path))
    except duckdb.IOException as error:
        if "lock" not in str(error).lower():
            raise
        message = f"{path}: the database is open in another process; stop that one first"
        raise DatabaseInUseError(message) from error
    # Parser, binder and catalogue errors then leave an open transaction as it was.
    connection.execute(
        "SET GLOBAL default_transaction_invalidation_policy='SYNTACTIC_ERRORS_DO_NOT_INVALIDATE'"
    )
    connection.execute("SET GLOBAL preserve_insertion_order=true")
    connection.execute("SET GLOBAL TimeZone='UTC'")
    # To look for them costs a bulk insert a tenth of its time; the file grows by a seventh.
    connection.execute("SET GLOBAL disabled_compression_methods='bitpacking,rle'")
    return connection


def _views_to_drop(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return what drops the views that files written before have in DuckDB, too."""
    query = "SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal"
    views = connection.execute(query).fetchall()
    return [f'DROP VIEW "{schema}"."{name}"' for schema, name in views]
