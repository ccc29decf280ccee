"""Where records stand in their file."""

from collections.abc import Iterator
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

    @classmethod
    def of(cls, columns: Positions) -> "Spots":
        """Return the spots that `columns` was made of."""
        return cls(columns[:, 0], columns[:, 1], columns[:, 2], columns[:, 3])

    @property
    def columns(self) -> Positions:
        """Return the spots as one array, a row each."""
        return np.column_stack((self.numbers, self.lines, self.offsets, self.octets))

    def only(self, which: Flags | Positions | slice) -> "Spots":
        """Return some of the spots."""
        arrays = (self.numbers, self.lines, self.offsets, self.octets)
        return Spots(*(array[which] for array in arrays))

    def portions(self) -> Iterator[slice]:
        """Yield slices that cover the spots, none of them large."""
        return (slice(start, start + AT_ONCE) for start in range(0, len(self), AT_ONCE))
