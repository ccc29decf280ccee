"""One command at a time may own the local servers and the kept warehouse."""

import fcntl
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from local.paths import Paths


@contextmanager
def alone(paths: Paths) -> Iterator[None]:
    """Wait until no other command owns `.local`, and own it for as long as the block lasts.

    The system takes the lock back when a command dies, however it dies.
    """
    paths.make()
    with (paths.root / "lock").open("w") as door:
        try:
            fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Waiting for another command here to end …", file=sys.stderr, flush=True)
            fcntl.flock(door, fcntl.LOCK_EX)
        # Nothing unlocks it: closing the file does, and the file itself stays for the next one.
        yield
