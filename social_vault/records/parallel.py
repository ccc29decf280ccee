"""Work on several things at once, in their order and in bounded memory.

Why threads do: polars and numpy give the interpreter free while they work.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Thing = TypeVar("Thing")
Result = TypeVar("Result")

AT_ONCE = 2  # each holds a frame in memory; polars itself uses the other cores


def in_parallel(work: Callable[[Thing], Result], things: Iterable[Thing]) -> Generator[Result]:
    """Yield what became of each thing, in their order; no more than a few wait to be taken."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        pending = deque[Future[Result]]()
        for thing in things:
            pending.append(threads.submit(work, thing))
            if len(pending) > AT_ONCE:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


def taken_ahead(things: Iterable[Thing]) -> Generator[Thing]:
    """Yield things in their order; the next one is on its way while the caller works on one."""
    source: Iterator[Thing] = iter(things)
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, source, None)
        while (thing := coming.result()) is not None:
            coming = thread.submit(next, source, None)
            yield thing
