"""Epochs: each commit closes one and opens the next."""

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime

KEPT = 1000


@dataclass(frozen=True)
class Epoch:
    """An epoch that is closed, and since when."""

    number: int
    closed_at: datetime = field(default_factory=lambda: datetime.now(UTC))


class Epochs:
    """The open epoch, the newest of those that are closed, and the Ancient History Mark.

    What a server that was killed has counted is not known to the next one, so it begins at the
    milliseconds of its clock: no number is given twice.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._closed = deque([Epoch(int(time.time() * 1000))], maxlen=KEPT)
        self.ancient = self._closed[-1]

    @property
    def current(self) -> int:
        """Return the number of the open epoch."""
        return self.last_good.number + 1

    @property
    def last_good(self) -> Epoch:
        """Return the epoch closed last: what it holds is on disk."""
        return self._closed[-1]

    def close(self, count: int = 1) -> None:
        """Close the open epoch, or so many."""
        with self._guard:
            self._closed.append(Epoch(self.current + count - 1))

    def make_ancient(self) -> Epoch:
        """Close the open epoch, and call ancient all that is closed."""
        self.close()
        self.ancient = self.last_good
        return self.ancient

    def closed(self) -> list[Epoch]:
        """Return the closed epochs that are kept, from the Ancient History Mark on."""
        with self._guard:
            return [epoch for epoch in self._closed if epoch.number >= self.ancient.number]
