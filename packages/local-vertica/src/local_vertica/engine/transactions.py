"""BEGIN, COMMIT, ROLLBACK, savepoints and LOCK TABLE."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import duckdb

from local_vertica.catalog.model import Table
from local_vertica.ddl.lexer import syntax_error
from local_vertica.ddl.reader import Reader
from local_vertica.engine.locks import MODE_NAMES
from local_vertica.engine.session import EngineSession
from local_vertica.engine.session_state import READ_COMMITTED, SERIALIZABLE, TransactionModes
from local_vertica.errors import VerticaError
from local_vertica.resolve import privileges
from local_vertica.resolve.names import unknown_relation
from local_vertica.results import Done
from local_vertica.sql.duck_errors import vertica_error


def run(session: EngineSession, text: str) -> Done:
    """Run a statement that begins, ends or marks a transaction."""
    reader = Reader(text)
    word = reader.choose(
        "BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE"
    )
    if word in ("BEGIN", "START"):
        return _begin(session, reader, word)
    if word in ("SAVEPOINT", "RELEASE"):
        return _savepoint(session, reader, word)
    if word == "ROLLBACK" and _accept_to(reader):
        reader.accept("SAVEPOINT")
        name = reader.name()
        reader.end()
        session.begin().roll_back_to(name)
        return Done("ROLLBACK")
    if not reader.accept("WORK"):
        reader.accept("TRANSACTION")
    reader.end()
    return _end(session, word)


@contextmanager
def usable_afterwards(session: EngineSession) -> Iterator[None]:
    """Say DuckDB's errors as Vertica's; the transaction is as it was before the statement."""
    try:
        yield
    except duckdb.Error as error:
        if session.transaction is None:
            raise vertica_error(error) from error
        raise session.transaction.read_failed(error) from error


def _accept_to(reader: Reader) -> bool:
    """Step over [WORK | TRANSACTION] TO if it comes next."""
    if reader.is_next("WORK", "TO") or reader.is_next("TRANSACTION", "TO"):
        reader.take()
    return reader.accept("TO")


def _begin(session: EngineSession, reader: Reader, word: str) -> Done:
    """Begin a transaction; inside one it only earns a notice."""
    if word == "START":
        reader.expect("TRANSACTION")
    elif not reader.accept("WORK"):
        reader.accept("TRANSACTION")
    modes = read_modes(reader, session.state.modes)
    reader.end()
    was_open = session.is_explicit
    transaction = session.begin()
    session.is_explicit = True
    if not transaction.record.statements:  # later the level can no longer be changed
        transaction.set_modes(modes)
    notices = ("BEGIN: a transaction is already in progress",) if was_open else ()
    return Done(f"{word} TRANSACTION" if word == "START" else "BEGIN", notices)


def read_modes(reader: Reader, modes: TransactionModes) -> TransactionModes:
    """Read isolation level and access mode; what is not said stays."""
    while reader.token.kind == "word":
        if reader.accept("ISOLATION", "LEVEL"):
            modes = replace(modes, isolation=_read_isolation(reader))
        else:
            reader.expect("READ")
            modes = replace(modes, read_only=reader.choose("ONLY", "WRITE") == "ONLY")
        reader.accept(",")
    return modes


def _read_isolation(reader: Reader) -> str:
    """Read an isolation level: there are two, and two others mean one of them."""
    word = reader.choose("SERIALIZABLE", "REPEATABLE", "READ")
    if word == "READ":
        reader.choose("COMMITTED", "UNCOMMITTED")
        return READ_COMMITTED
    if word == "REPEATABLE":
        reader.expect("READ")
    return SERIALIZABLE


def _savepoint(session: EngineSession, reader: Reader, word: str) -> Done:
    """Set or release a savepoint."""
    if word == "RELEASE":
        reader.accept("SAVEPOINT")
    name = reader.name()
    reader.end()
    if word == "SAVEPOINT":
        session.begin().savepoint(name)
    else:
        session.begin().release_savepoint(name)
    return Done(word)


def _end(session: EngineSession, word: str) -> Done:
    """Commit or roll back."""
    if word in ("COMMIT", "END"):
        session.commit()
        return Done("COMMIT")
    session.roll_back()
    return Done("ROLLBACK")


def run_lock(session: EngineSession, text: str) -> Done:
    """Run LOCK [TABLE] table [, …] IN mode MODE [NOWAIT]."""
    reader = Reader(text)
    reader.expect("LOCK")
    reader.accept("TABLE")
    names = reader.qualified_list()
    reader.expect("IN")
    mode = MODE_NAMES[_read_mode(reader)]
    wait = not reader.accept("NOWAIT")
    reader.end()
    tables = []
    for schema, name in names:
        relation = session.scope().find_relation(schema, name)
        if not isinstance(relation, Table):
            raise unknown_relation(schema, name)
        if relation.scope == "local":
            raise VerticaError("0A000", "Local temporary tables cannot be locked", 4160)
        privileges.require_lock(session.scope(), relation, mode)
        tables.append(relation)
    transaction = session.begin()
    for table in tables:
        transaction.lock(f"{table.schema}.{table.name}", mode, wait=wait)
    return Done("LOCK TABLE")


def _read_mode(reader: Reader) -> str:
    """Read a lock type and MODE; refuse a type Vertica does not have."""
    start = reader.at
    words = []
    while reader.token.upper not in ("MODE", ""):
        words.append(reader.take().upper)
    name = " ".join(words)
    if name not in MODE_NAMES:
        raise syntax_error(reader.tokens[start])
    reader.expect("MODE")
    return name
