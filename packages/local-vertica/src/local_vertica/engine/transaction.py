"""One session's transaction: statement-level rollback, redo, snapshots that follow locks.

DuckDB aborts a whole transaction on an execution error and has no savepoints; Vertica takes
back the failed statement only. So every write is kept as an action that can be run again: after
an error the DuckDB transaction is rolled back and the good actions are replayed. What a write has
read is held by a second transaction of the same snapshot: if others have changed it since, the
replay reads copies of what it was. An INSERT that has drawn numbers from a sequence or by chance
is replayed by its rows, if they are not too many. A replay that does not touch as many rows as it
did before ends the transaction, since the client was told otherwise. The good path costs nothing
but the memory of the actions.

READ COMMITTED: each statement sees what is committed when it starts. Until the session has
written, DuckDB does so by itself; from then on it reads the snapshot of the first write. What
others have committed since is read from copies (`newer`). For a table that is locked against
other writers, or has been defined anew, the snapshot itself is renewed, by doing the work again.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from local_vertica.catalog.model import Table, quoted
from local_vertica.catalog.store import Draft
from local_vertica.engine.database import Database
from local_vertica.engine.history import TransactionRecord
from local_vertica.engine.kept import MOST_VALUES, KeptRows
from local_vertica.engine.locks import COMPATIBLE, Owner
from local_vertica.engine.newer import Copies, Sources, Wanted, take_snapshot
from local_vertica.engine.session_state import SERIALIZABLE, TransactionModes
from local_vertica.errors import VerticaError
from local_vertica.sql.duck_errors import vertica_error

SYNTACTIC = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)
Action = Callable[[Sources], int]


@dataclass(frozen=True)
class Redo:
    """A write of the transaction that can be run again, and how many rows it touched.

    It read some tables from the snapshot, and of others the `newer` copies.
    """

    action: Action
    count: int
    draws: bool = False  # numbers of a sequence or of chance: they would be others next time
    reads: tuple[Table, ...] = ()
    newer: Sources = None


@dataclass(frozen=True)
class Write:
    """A write that is to be done.

    `single` says that it is one DuckDB statement: a syntactic error then leaves the transaction
    as it was.
    """

    action: Action
    tables: tuple[str, ...] = ()
    single: bool = True
    draws: bool = False
    reads: tuple[Table, ...] = ()
    newer: Sources = None
    kept: KeptRows | None = None  # of an INSERT, which is then done again by its rows


@dataclass(eq=False)
class Transaction:
    """What has been done since the last COMMIT or ROLLBACK."""

    database: Database
    connection: duckdb.DuckDBPyConnection
    owner: Owner
    record: TransactionRecord
    log: list[Redo] = field(default_factory=list)
    savepoints: dict[str, int] = field(default_factory=dict)
    spools: list[Path] = field(default_factory=list)  # input of COPY, kept to be read again
    new_locals: list[str] = field(default_factory=list)  # reject tables made on the way
    forget_local: Callable[[str], None] = lambda _name: None
    lock_timeout: Callable[[], float] = lambda: 300.0
    undisturbed: AbstractContextManager[object] = field(default_factory=nullcontext)
    written: set[str] = field(default_factory=set)
    to_empty: set[str] = field(default_factory=set)  # temporary tables: ON COMMIT DELETE ROWS
    draft: Draft | None = None  # reject tables that the COMMIT will enter into the catalogue
    kept: list[KeptRows] = field(default_factory=list)
    room: int = MOST_VALUES  # for rows to be kept
    is_writing: bool = False
    has_shown_numbers: bool = False
    snapshot: int = 0
    held: duckdb.DuckDBPyConnection | None = None  # has the same snapshot, whatever fails

    def __post_init__(self) -> None:
        """Have a place for the copies."""
        self.copies = Copies(self.database)

    def set_modes(self, modes: TransactionModes) -> None:
        """Set isolation level and access mode, before the first statement."""
        self.record.modes = modes
        self.owner.isolation = modes.isolation

    @property
    def is_serializable(self) -> bool:
        """Say whether what the transaction reads stays as it is until its end."""
        return self.record.modes.isolation == SERIALIZABLE

    def lock(self, table: str, mode: str, *, wait: bool = True) -> None:
        """Take a table lock; the snapshot then holds the table as the lock keeps it.

        An INSERT that only adds rows may stand beside others', unless it looks for its keys.
        """
        timeout = self.lock_timeout() if wait else 0.0
        self.database.locks.acquire(self.owner, table, mode, timeout)
        needs_rows = mode == "IV" or mode not in COMPATIBLE["I"]
        if needs_rows and self.is_writing and self.database.changed_since(table, self.snapshot):
            self.restore()
        else:
            self.require_definition(table)

    def require_definition(self, relation: str) -> None:
        """Renew the snapshot if somebody has defined a relation since."""
        if self.is_writing and self.database.defined_since(relation, self.snapshot):
            self.restore()

    def newer(self, tables: Sequence[Table], *, is_write: bool, historical: bool) -> Sources:
        """Return what to read instead of what the snapshot has, or None if it will do.

        A `historical` query leaves out what the transaction itself has written.
        """

        def is_stale(name: str) -> bool:
            mine = historical and name in self.written
            return mine or self.database.changed_since(name, self.snapshot)

        if not self.is_writing or not any(is_stale(f"{t.schema}.{t.name}") for t in tables):
            return None
        own: frozenset[str] = frozenset() if historical else frozenset(self.written)
        sources = self.copies.sources(Wanted(tables, is_stale, own, is_write))
        if self.owner.is_cancelled():
            raise VerticaError("57014", "Execution canceled by operator", 3326)
        return sources

    def write(self, write: Write) -> int:
        """Run an action that writes; if it fails, only what it did is taken back."""
        self.open()
        try:
            count = self._attempt(write)
            redo = self._redo(write, count)
        except duckdb.Error as error:
            if not (write.single and isinstance(error, SYNTACTIC)):
                self.restore()
            raise vertica_error(error) from error
        except BaseException:
            self.restore()
            raise
        self.log.append(redo)
        self.written.update(write.tables)
        return count

    def _redo(self, write: Write, count: int) -> Redo:
        """Return how a write is done again: by its rows, if they are few, else by its action."""
        if write.kept is None or write.kept.values(count) > self.room:
            return Redo(write.action, count, write.draws, write.reads, write.newer)
        self.room -= write.kept.values(count)
        self.kept.append(write.kept)
        write.kept.keep(count)
        return Redo(write.kept.put_back, count)

    def note_read(self) -> None:
        """Remember that the client may have seen the numbers its writes have drawn."""
        self.has_shown_numbers |= any(redo.draws for redo in self.log)

    def read_failed(self, error: duckdb.Error) -> VerticaError:
        """Make the transaction usable again after a query failed in it; return Vertica's error."""
        if self.is_writing and not isinstance(error, SYNTACTIC):
            self.restore()
        return vertica_error(error)

    def open(self) -> None:
        """Begin DuckDB's transaction, if it has not begun: its snapshot is taken here."""
        if not self.is_writing:
            self.snapshot = self.database.commits
            with self.undisturbed:
                self.connection.begin()
            self.is_writing = True

    def hold(self) -> None:
        """Keep what the snapshot has, for a replay after a failure to read."""
        if self.held is None:
            self.held = self.database.connect()
            with self.undisturbed, self.database.committing:
                self.open()
                take_snapshot(self.connection)
                self.held.begin()
                take_snapshot(self.held)

    def require_draft(self) -> Draft:
        """Return the catalogue's draft that the COMMIT will make true."""
        if self.draft is None:
            self.draft = self.database.new_draft(self.owner.is_cancelled, self.lock_timeout())
        return self.draft

    def savepoint(self, name: str) -> None:
        """Remember how far the transaction has come."""
        self.savepoints[name.lower()] = len(self.log)

    def roll_back_to(self, name: str) -> None:
        """Take back what was written after a savepoint."""
        at = self._savepoint(name)
        self.savepoints = {n: i for n, i in self.savepoints.items() if i <= at}
        if len(self.log) > at:
            del self.log[at:]
            self.restore()

    def release_savepoint(self, name: str) -> None:
        """Forget a savepoint."""
        self._savepoint(name)
        del self.savepoints[name.lower()]

    def _savepoint(self, name: str) -> int:
        """Return where a savepoint stands."""
        if name.lower() not in self.savepoints:
            raise VerticaError("3B001", f'Savepoint "{name}" does not exist', 4645)
        return self.savepoints[name.lower()]

    def commit(self) -> None:
        """Make everything durable and give back the locks."""
        try:
            if self.is_writing:
                self._commit_writes()
            self.record.is_committed = self.record.ended is None
        finally:
            self._finish()

    def roll_back(self) -> None:
        """Take everything back and give back the locks."""
        try:
            if self.is_writing:
                with self.undisturbed:
                    self.connection.rollback()
            self._forget_objects()
        finally:
            self._finish()

    def restore(self) -> None:
        """Begin anew from what is committed now and do the good actions again.

        A cancel waits for the end: it is meant for one statement, not for all before it.
        """
        with self.undisturbed:
            self.connection.rollback()
            self.is_writing = False
            self._forget_objects()
            held, self.held, since = self.held, None, self.snapshot
            try:
                if self.log:
                    self._replay(held, since)
            except (duckdb.Error, VerticaError) as error:
                self.roll_back()
                raise _not_repeatable() from error
            finally:
                if held is not None:
                    held.close()

    def _replay(self, held: duckdb.DuckDBPyConnection | None, since: int) -> None:
        """Do the good actions again; what others have changed is read as it was held."""
        self.open()
        if held is not None:
            self.hold()
            self.log = self._with_copies(held, since)
        for redo in self.log:
            if redo.draws and self.has_shown_numbers:
                raise _not_repeatable()
            if redo.action(redo.newer) != redo.count:
                raise _not_repeatable()

    def _with_copies(self, held: duckdb.DuckDBPyConnection, since: int) -> list[Redo]:
        """Return the log; what it read and others have changed is copied from what was held."""

        def is_stale(name: str) -> bool:
            return self.database.changed_since(name, since)

        read = {table for redo in self.log for table in redo.reads}
        stale = {t for t in read if is_stale(f"{t.schema}.{t.name}")}
        if not stale:
            return self.log
        own = frozenset(self.written)
        old = self.copies.of_old(held, Wanted(list(stale), is_stale, own, is_write=True))
        return [_reading(redo, old) if stale & set(redo.reads) else redo for redo in self.log]

    def _attempt(self, write: Write) -> int:
        """Run a write; a conflict with a newer commit means an old snapshot: renew it once."""
        try:
            return write.action(write.newer)
        except duckdb.TransactionException as error:
            if "onflict" not in str(error):
                raise
            self.restore()
            self.open()
            if write.reads:
                self.hold()
            return write.action(write.newer)

    def _let_go(self) -> None:
        """End the transaction that held the snapshot."""
        if self.held is not None:
            self.held.close()
            self.held = None

    def _commit_writes(self) -> None:
        """Commit in DuckDB: data, emptied temporary tables and catalogue at once."""
        self._let_go()  # as long as somebody reads, DuckDB writes no checkpoint
        try:
            self._empty_temporary_tables()
            if self.draft is not None:
                self.draft.write(self.connection)
            with self.undisturbed:
                self.database.commit(self.connection, self.written, self.draft)
        except duckdb.Error as error:
            with self.undisturbed:
                self.connection.rollback()
            self._forget_objects()
            refusal = vertica_error(error)
            refusal.severity = "ROLLBACK"
            raise refusal from error

    def _empty_temporary_tables(self) -> None:
        """Do what ON COMMIT DELETE ROWS says; a table made by a failed statement is gone."""
        if not self.to_empty:
            return
        query = "SELECT table_name FROM duckdb_tables() WHERE temporary"
        for (name,) in self.connection.execute(query).fetchall():
            if name in self.to_empty:
                self.connection.execute(f"DELETE FROM temp.main.{quoted(name)}")

    def _forget_objects(self) -> None:
        """Forget the reject tables that a rollback took away."""
        for name in self.new_locals:
            self.forget_local(name)
        self.new_locals.clear()
        if self.draft is not None:
            self.draft = None
            self.database.release_draft()

    def _finish(self) -> None:
        """Forget the work and let the waiting ones go on."""
        if self.draft is not None:
            self.database.release_draft()
        for path in self.spools:
            path.unlink(missing_ok=True)
        self.spools.clear()
        with self.undisturbed:
            for rows in self.kept:
                rows.forget()
        self.kept.clear()
        self.new_locals.clear()
        self.log.clear()
        self.savepoints.clear()
        self.written.clear()
        self.to_empty.clear()
        self.draft = None
        self.is_writing = False
        self.has_shown_numbers = False
        self.copies.close()
        self._let_go()
        self.record.ended = datetime.now(UTC)
        self.database.locks.release(self.owner)


def _reading(redo: Redo, old: Mapping[tuple[str, str], str]) -> Redo:
    """Return a write that reads copies of what it has read before."""
    reads = tuple(r for r in redo.reads if (r.schema, r.name) not in old)
    return replace(redo, reads=reads, newer={**old, **(redo.newer or {})})


def _not_repeatable() -> VerticaError:
    """Return the error for a transaction whose work would now have another result."""
    message = (
        "Transaction rolled back: a statement failed, and the earlier ones of the transaction "
        "could not be done again with the same result"
    )
    return VerticaError("40001", message, 5157, severity="ROLLBACK")
