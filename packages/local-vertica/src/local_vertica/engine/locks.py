"""Table locks as Vertica documents them: modes, queues, timeout, deadlock.

The matrix follows the "Lock modes" page of Vertica's documentation: U and T belong to the
Tuple Mover and stand beside most others, X stands beside U only, O beside nothing.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from local_vertica.errors import VerticaError

KEPT = 1000
# granted mode -> the modes another transaction may have beside it
COMPATIBLE: dict[str, frozenset[str]] = {
    "S": frozenset({"S", "T", "U", "D"}),
    "I": frozenset({"I", "IV", "T", "U", "D"}),
    "IV": frozenset({"I", "T", "U", "D"}),
    "SI": frozenset({"T", "U", "D"}),
    "X": frozenset({"U"}),
    "T": frozenset({"S", "I", "IV", "SI", "T", "U"}),
    "U": frozenset({"S", "I", "IV", "SI", "X", "T", "U"}),
    "D": frozenset({"S", "I", "IV", "SI"}),
    "O": frozenset(),
}
STRENGTH = ("U", "T", "D", "S", "I", "IV", "SI", "X", "O")
PROMOTED = {frozenset({"S", "I"}): "SI", frozenset({"S", "IV"}): "SI", frozenset({"D", "T"}): "X"}
MODE_NAMES = {
    "SHARE": "S",
    "INSERT": "I",
    "INSERT VALIDATE": "IV",
    "SHARE INSERT": "SI",
    "EXCLUSIVE": "X",
    "NOT DELETE": "T",
    "USAGE": "U",
    "OWNER": "O",
}


def promoted(held: str | None, wanted: str) -> str:
    """Return the mode that grants both."""
    if held is None or held == wanted:
        return wanted
    joint = PROMOTED.get(frozenset({held, wanted}))
    return joint or max(held, wanted, key=STRENGTH.index)


@dataclass(eq=False)
class Owner:
    """A transaction as the locks know it."""

    transaction_id: int
    user: str
    statement: str = ""
    is_cancelled: Callable[[], bool] = lambda: False
    isolation: str = "READ COMMITTED"


@dataclass(eq=False)
class Request:
    """A wish for a lock, granted or waiting."""

    owner: Owner
    table: str
    mode: str
    since: float = field(default_factory=time.time)
    granted_at: float | None = None
    has_waited: bool = False


@dataclass(frozen=True)
class Held:
    """A lock that was given back: how long it was waited for and held, in seconds."""

    transaction_id: int
    user: str
    table: str
    mode: str
    waited: float
    held: float


class TableLocks:
    """Who holds which table; a request waits in line behind those it cannot stand beside."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._granted: dict[str, dict[Owner, Request]] = {}
        self._waiting: dict[str, list[Request]] = {}
        self._given_back: deque[Held] = deque(maxlen=KEPT)

    def acquire(self, owner: Owner, table: str, mode: str, timeout: float) -> bool:
        """Take a lock, waiting `timeout` seconds at most; say whether it is new or stronger.

        Raise 55V03 when the time is over and 40V01 for a deadlock.
        """
        with self._changed:
            held = self._granted.get(table, {}).get(owner)
            request = Request(owner, table, promoted(held.mode if held else None, mode))
            if held is not None and held.mode == request.mode:
                return False
            self._wait(request, timeout)
            request.granted_at = time.time()
            self._granted.setdefault(table, {})[owner] = request
            return True

    def release(self, owner: Owner) -> None:
        """Give back every lock of a transaction."""
        with self._changed:
            for table, holders in list(self._granted.items()):
                if request := holders.pop(owner, None):
                    self._note(request)
                if not holders:
                    del self._granted[table]
            self._changed.notify_all()

    def _note(self, request: Request) -> None:
        """Remember a lock that is given back."""
        granted, owner = request.granted_at or request.since, request.owner
        waited = granted - request.since if request.has_waited else 0.0
        times = (waited, time.time() - granted)
        held = Held(owner.transaction_id, owner.user, request.table, request.mode, *times)
        self._given_back.append(held)

    def given_back(self) -> list[Held]:
        """Return the newest locks that were given back, oldest first."""
        with self._changed:
            return list(self._given_back)

    def wake(self) -> None:
        """Let those who wait look whether they were cancelled."""
        with self._changed:
            self._changed.notify_all()

    def requests(self) -> list[Request]:
        """Return what is granted, then what waits."""
        with self._changed:
            granted = [r for holders in self._granted.values() for r in holders.values()]
            return granted + [r for line in self._waiting.values() for r in line]

    def _wait(self, request: Request, timeout: float) -> None:
        """Return when the request may be granted."""
        line = self._waiting.setdefault(request.table, [])
        line.append(request)
        deadline = time.monotonic() + timeout
        try:
            while blockers := self._blockers(request):
                request.has_waited = True
                if self._is_deadlocked(request):
                    raise _deadlock(request, blockers[0])
                if request.owner.is_cancelled():
                    raise VerticaError("57014", "Execution canceled by operator", 3326)
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    raise _timed_out(request, blockers[0])
                self._changed.wait(remaining)
        finally:
            line.remove(request)
            if not line:
                del self._waiting[request.table]
            self._changed.notify_all()

    def _blockers(self, request: Request) -> list[Request]:
        """Return who is in the way: holders, then those ahead in the line.

        A stronger lock for one who holds the table already goes ahead of the line: it would
        otherwise wait for those who wait for it.
        """
        holders = self._granted.get(request.table, {})
        ahead: Iterable[Request] = ()
        if request.owner not in holders:
            line = self._waiting.get(request.table, [])
            ahead = line[: line.index(request)]
        others = [r for r in (*holders.values(), *ahead) if r.owner is not request.owner]
        return [r for r in others if request.mode not in COMPATIBLE[r.mode]]

    def _is_deadlocked(self, request: Request) -> bool:
        """Say whether somebody the request waits for waits, in the end, for its owner."""
        waiting = {r.owner: r for line in self._waiting.values() for r in line}
        to_see = [blocker.owner for blocker in self._blockers(request)]
        seen: set[Owner] = set()
        while to_see:
            owner = to_see.pop()
            if owner is request.owner:
                return True
            if owner in seen or owner not in waiting:
                continue
            seen.add(owner)
            to_see.extend(blocker.owner for blocker in self._blockers(waiting[owner]))
        return False


def _timed_out(request: Request, blocker: Request) -> VerticaError:
    """Return the refusal for a lock that did not come in time."""
    message = (
        f"Unavailable: initiator locks for query - Locking failure: Timed out {request.mode} "
        f"locking Table:{request.table}. {blocker.mode} held by [user {blocker.owner.user} "
        f"({_verb(blocker.owner)})]. "
        f"Your current transaction isolation level is {request.owner.isolation}"
    )
    return VerticaError("55V03", message, 5156)


def _deadlock(request: Request, blocker: Request) -> VerticaError:
    """Return the refusal for a request that would wait for itself."""
    message = (
        f"Deadlock: initiator locks for query - Locking failure: Deadlock {request.mode} "
        f"locking Table:{request.table}. {blocker.mode} held by [user {blocker.owner.user} "
        f"({_verb(blocker.owner)})]"
    )
    return VerticaError("40V01", message, 3010)


def _verb(owner: Owner) -> str:
    """Return the statement's first words: its values are nobody else's affair."""
    return " ".join(owner.statement.split()[:3])
