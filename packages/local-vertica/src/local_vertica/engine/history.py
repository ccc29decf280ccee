"""What sessions did lately, for v_monitor: transactions, requests, errors, loads, audits."""

import re
import threading
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from local_vertica.engine.session_state import USUAL, TransactionModes
from local_vertica.errors import VerticaError

KEPT = 1000
MASK = "'********'"
LITERAL = re.compile(r"[eE]?'(?:[^'\\]|''|\\.)*'?")
KEY_TYPES = ("'RSA'", "'AES'")
OF_SECRETS = re.compile(r"\s*(?:CREATE|ALTER)\s+(?:USER|KEY)\b", re.IGNORECASE)
SECRET = re.compile(rf"(\bAWSAuth\s*=?\s*)(?:{LITERAL.pattern})", re.IGNORECASE)


def without_secrets(text: str) -> str:
    """Return a statement with its passwords and keys masked."""
    if OF_SECRETS.match(text):
        return LITERAL.sub(lambda found: found[0] if found[0] in KEY_TYPES else MASK, text)
    return SECRET.sub(rf"\1{MASK}", text)


def told_without_secrets(error: VerticaError, text: str) -> VerticaError:
    """Return the error of a statement without what the statement keeps secret."""
    if without_secrets(text) == text:
        return error
    message = error.message
    for literal in LITERAL.findall(text):
        message = message.replace(literal, MASK)
    return replace(error, message=message)


@dataclass
class RequestRecord:
    """One statement a session ran."""

    session_id: str
    user: str
    client_label: str
    transaction_id: int
    statement_id: int
    kind: str
    request: str
    started: datetime
    label: str = ""
    duration_ms: int = 0
    success: bool = True
    is_executing: bool = True
    error_code: int | None = None


@dataclass
class TransactionRecord:
    """One transaction of a session."""

    session_id: str
    user: str
    transaction_id: int
    description: str
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    statements: int = 0
    ended: datetime | None = None
    is_committed: bool = False
    is_ddl: bool = False
    modes: TransactionModes = USUAL


@dataclass(frozen=True)
class ErrorRecord:
    """One error a session was told; without a request if none was begun."""

    session_id: str
    user: str
    error: VerticaError
    request: RequestRecord | None
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass
class LoadRecord:
    """One COPY."""

    session_id: str
    transaction_id: int
    statement_id: int
    stream_name: str
    schema: str
    table: str
    started: datetime
    accepted: int = 0
    rejected: int = 0
    duration_ms: int = 0
    is_executing: bool = True


@dataclass(frozen=True)
class AuditRecord:
    """One object that AUDIT measured."""

    user: str
    kind: str  # DATABASE, SCHEMA or TABLE
    oid: int
    schema: str
    name: str
    size: int
    confidence: float
    tolerance: float
    started: datetime
    ended: datetime = field(default_factory=lambda: datetime.now(UTC))


class History:
    """The newest of each kind; older ones are forgotten."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._requests: deque[RequestRecord] = deque(maxlen=KEPT)
        self._loads: deque[LoadRecord] = deque(maxlen=KEPT)
        self._transactions: deque[TransactionRecord] = deque(maxlen=KEPT)
        self._errors: deque[ErrorRecord] = deque(maxlen=KEPT)
        self._audits: deque[AuditRecord] = deque(maxlen=KEPT)

    def add_request(self, record: RequestRecord) -> None:
        """Keep a request."""
        with self._guard:
            self._requests.append(record)

    def add_load(self, record: LoadRecord) -> None:
        """Keep a load."""
        with self._guard:
            self._loads.append(record)

    def requests(self) -> list[RequestRecord]:
        """Return the requests kept, oldest first."""
        with self._guard:
            return list(self._requests)

    def loads(self) -> list[LoadRecord]:
        """Return the loads kept, oldest first."""
        with self._guard:
            return list(self._loads)

    def add_transaction(self, record: TransactionRecord) -> None:
        """Keep a transaction."""
        with self._guard:
            self._transactions.append(record)

    def add_error(self, record: ErrorRecord) -> None:
        """Keep an error."""
        with self._guard:
            self._errors.append(record)

    def transactions(self) -> list[TransactionRecord]:
        """Return the transactions kept, oldest first."""
        with self._guard:
            return list(self._transactions)

    def errors(self) -> list[ErrorRecord]:
        """Return the errors kept, oldest first."""
        with self._guard:
            return list(self._errors)

    def add_audit(self, record: AuditRecord) -> None:
        """Keep what an audit has measured."""
        with self._guard:
            self._audits.append(record)

    def audits(self) -> list[AuditRecord]:
        """Return the audits kept, oldest first."""
        with self._guard:
            return list(self._audits)
