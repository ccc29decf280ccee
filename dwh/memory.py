"""Give memory back as soon as it is free.

glibc raises the size from which it maps an array by itself each time a larger one is freed, up to
32 MiB; arrays below it then come from heaps of the threads, which never shrink. In a worker whose
threads fetch, check and stage side by side that kept 700 MB where 300 MB are in use.
"""

import ctypes
import sys
from functools import cache

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8
MAPPED_FROM = 1 << 20  # octets


@cache
def give_back_at_once() -> None:
    """Let glibc map large arrays alone, and threads share one heap; elsewhere do nothing."""
    if not sys.platform.startswith("linux"):
        return
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):  # musl has none, and no need of it
        library.mallopt(M_MMAP_THRESHOLD, MAPPED_FROM)
        library.mallopt(M_ARENA_MAX, 1)
