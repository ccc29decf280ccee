"""Measure how long a step takes."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Timed(Generic[T]):
    """What a step gave, and the seconds it took."""

    value: T
    seconds: float


def timed(step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Timed[T]:
    """Take a step and measure it."""
    start = time.perf_counter()
    value = step(*args, **kwargs)
    return Timed(value, time.perf_counter() - start)
