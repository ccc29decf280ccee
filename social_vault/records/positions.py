"""Where records stand in their file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# So many records are turned into Python objects at once, lest a frame of tiny ones fill memory.
AT_ONCE = 20_000


@dataclass(frozen=True)
class Positions:
    """Record numbers, lines, offsets and lengths; the arrays run side by side."""

    numbers: Integers
    lines: Integers
    offsets: Integers
    octets: Integers

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def arrays(self) -> tuple[Integers, Integers, Integers, Integers]:
        """List the four arrays in the order in which they are kept on disk."""
        return self.numbers, self.lines, self.offsets, self.octets

    def only(self, which: Flags | Integers | slice) -> "Positions":
        """Take some of the positions, in their order: by flags, by places or as a slice."""
        return Positions(*(array[which] for array in self.arrays))

    def portions(self) -> Iterator[slice]:
        """Yield slices that cover the positions, none of them large."""
        return (slice(start, start + AT_ONCE) for start in range(0, len(self), AT_ONCE))


def gathered(found: Iterable[Positions]) -> Iterator[Positions]:
    """Yield the same positions in fewer portions, none of them large."""
    waiting, count = list[Positions](), 0
    for some in found:
        waiting.append(some)
        count += len(some)
        if count >= AT_ONCE:
            yield from _portions(waiting)
            waiting, count = [], 0
    yield from _portions(waiting)


def _portions(some: list[Positions]) -> Iterator[Positions]:
    if some:
        joined = Positions(*map(np.concatenate, zip(*(each.arrays for each in some), strict=True)))
        yield from (joined.only(part) for part in joined.portions())
