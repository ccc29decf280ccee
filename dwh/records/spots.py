"""Where records stand in their file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Positions = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# So many records are turned into Python objects at once, lest a frame of tiny ones fill memory.
AT_ONCE = 20_000


@dataclass(frozen=True)
class Spots:
    """Record numbers, lines, offsets and lengths; the arrays run side by side."""

    numbers: Positions
    lines: Positions
    offsets: Positions
    octets: Positions

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def arrays(self) -> tuple[Positions, Positions, Positions, Positions]:
        """Return the four arrays."""
        return self.numbers, self.lines, self.offsets, self.octets

    def only(self, which: Flags | Positions | slice) -> "Spots":
        """Return some of the spots."""
        return Spots(*(array[which] for array in self.arrays))

    def portions(self) -> Iterator[slice]:
        """Yield slices that cover the spots, none of them large."""
        return (slice(start, start + AT_ONCE) for start in range(0, len(self), AT_ONCE))


def gathered(found: Iterable[Spots]) -> Iterator[Spots]:
    """Yield the same spots in fewer portions, none of them large."""
    waiting, count = list[Spots](), 0
    for some in found:
        waiting.append(some)
        count += len(some)
        if count >= AT_ONCE:
            yield from _portions(waiting)
            waiting, count = [], 0
    yield from _portions(waiting)


def _portions(some: list[Spots]) -> Iterator[Spots]:
    if some:
        joined = Spots(*map(np.concatenate, zip(*(each.arrays for each in some), strict=True)))
        yield from (joined.only(part) for part in joined.portions())
