"""What sessions did lately, for v_monitor: requests and loads, without their values."""

import re
import threading
from collections import deque
from dataclasses import dataclass
from datetime import datetime

KEPT = 1000
SECRET = re.compile(
    r"(\b(?:IDENTIFIED\s+BY|AWSAuth\s*=|CREATE\s+KEY\s+\S+\s+TYPE\s+\S+\s+AS)\s*)"
    r"(?:[eE]?'(?:[^'\\]|''|\\.)*'?)",
    re.IGNORECASE,
)


def without_secrets(text: str) -> str:
    """Return a statement with its passwords and keys masked."""
    return SECRET.sub(r"\1'********'", text)


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


class History:
    """The newest requests and loads; older ones are forgotten."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._requests: deque[RequestRecord] = deque(maxlen=KEPT)
        self._loads: deque[LoadRecord] = deque(maxlen=KEPT)

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
