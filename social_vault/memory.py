"""Keep freed memory from piling up in the heaps of threads, and from going back page by page.

glibc gives each thread a heap of its own, which hardly shrinks. Where threads fetch, check and
stage side by side, they kept 740 MB of which 310 MB were in use (five million messages).
It also takes every large array from the kernel and gives it back, and each time the kernel clears
its pages.

Python's own collector of cycles is held back where millions of objects live for a moment.
"""

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
# The largest that glibc takes, and how much of the heap's end may stay free.
LARGE, SPARE = 32 << 20, 64 << 20


def tame_heap() -> None:
    """Let threads share one heap, and keep some of what is freed; outside glibc do nothing."""
    if not sys.platform.startswith("linux"):
        return
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):  # musl has none, and no need of it
        library.mallopt(M_ARENA_MAX, 1)
        library.mallopt(M_MMAP_THRESHOLD, LARGE)
        library.mallopt(M_TRIM_THRESHOLD, SPARE)


class _Pause:
    """How many threads hold the collector back, and whether it ran before the first of them."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.holders = 0
        self.was_on = False


_PAUSE = _Pause()


@contextmanager
def without_collector() -> Iterator[None]:
    """Search for no cycles meanwhile; for a moment's work with many objects that hold none.

    Decoded documents are trees: looking at each of their objects again and again finds nothing,
    and took a quarter of the time. Several threads may ask for it at once.
    """
    with _PAUSE.lock:
        _PAUSE.holders += 1
        if _PAUSE.holders == 1:
            _PAUSE.was_on = gc.isenabled()
            gc.disable()
    try:
        yield
    finally:
        with _PAUSE.lock:
            _PAUSE.holders -= 1
            if not _PAUSE.holders and _PAUSE.was_on:
                gc.enable()
