"""Work on several things at once, in their order and in bounded memory.

Why threads do: polars and numpy give the interpreter free while they work.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable
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
