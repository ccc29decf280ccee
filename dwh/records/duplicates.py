"""Find repeated keys in a file of any size, and take their records out of the accepted file.

The keys of accepted records are spilled to partition files while the file is read, each with its
record's number, and compared one partition at a time afterwards; memory stays flat. One integer is
compared itself; a key of several columns by two 64-bit hashes, so that two different keys
pass for one in less than one of 10^20 files of a billion records.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from dwh.records.copy_format import RECORD
from dwh.records.spots import Flags, Positions, Spots

Bits = npt.NDArray[np.uint8]

PARTITIONS = 64
# So many octets of keys are compared at once; a larger partition is read in several passes.
AT_ONCE = 16 << 20
BLOCK = 4 << 20
SPOT_FIELDS = 4
# Multiplying by it spreads consecutive keys over the high bits.
SPREAD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Keys:
    """The keys of some accepted records with their numbers, by partition, and their spots."""

    rows: Positions
    bounds: Positions
    spots: Spots


def keys_of(parts: pl.DataFrame, spots: Spots) -> Keys:
    """Return the keys of the records that stand at the spots; `parts` are their columns."""
    columns = (*_comparable(parts), spots.numbers)
    partition = (_spread(columns[0]) >> np.uint64(58)).astype(np.uint8)
    rows = np.column_stack(columns)[np.argsort(partition, kind="stable")]
    ends = np.cumsum(np.bincount(partition, minlength=PARTITIONS))
    return Keys(rows, np.concatenate(([0], ends)), spots)


class KeySpill:
    """The keys and spots of the accepted records of one file, kept in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self._paths = [folder / f"keys.{part}" for part in range(PARTITIONS)]
        self._files = [path.open("wb", buffering=1 << 17) for path in self._paths]
        self._spots_path = folder / "spots"
        self._spots = self._spots_path.open("wb")
        self._width = 0
        self._highest = 0

    def add(self, keys: Keys) -> None:
        """Keep the keys of some accepted records, and where they stand."""
        if not len(keys.spots):
            return
        bounds = zip(keys.bounds[:-1], keys.bounds[1:], strict=True)
        for file, (first, last) in zip(self._files, bounds, strict=True):
            file.write(keys.rows[first:last].data)
        self._spots.write(keys.spots.columns.data)
        self._width, self._highest = keys.rows.shape[1], int(keys.spots.numbers[-1])

    def close(self) -> None:
        """End the writing; only then can repeats be found."""
        for file in (*self._files, self._spots):
            file.close()

    def repeats(self) -> Bits | None:
        """Return one bit a record number, set where an earlier record has the same key."""
        bits: Bits | None = None
        for path in self._paths:
            for rows in _portions(path, self._width):
                later = _later(rows)
                if len(later):
                    bits = np.zeros(self._highest // 8 + 1, np.uint8) if bits is None else bits
                    np.bitwise_or.at(bits, later >> 3, (1 << (later & 7)).astype(np.uint8))
        return bits

    def drop(self, accepted: Path, repeats: Bits) -> Iterator[Spots]:
        """Take the repeats out of the accepted file; yield where they stand."""
        kept = accepted.with_name(f"{accepted.name}.kept")
        with self._spots_path.open("rb") as spots, kept.open("wb") as out:
            for block in _whole_records(accepted):
                ends = np.flatnonzero(np.frombuffer(block, np.uint8) == ord(RECORD)) + 1
                columns = np.frombuffer(spots.read(8 * SPOT_FIELDS * len(ends)), np.int64)
                standing = Spots.of(columns.reshape(-1, SPOT_FIELDS))
                repeated = _is_set(repeats, standing.numbers)
                out.writelines(_kept(block, ends, repeated))
                yield standing.only(repeated)
        kept.replace(accepted)


def _is_set(bits: Bits, numbers: Positions) -> Flags:
    found: Flags = (bits[numbers >> 3] >> (numbers & 7)) & 1 == 1
    return found


def _comparable(keys: pl.DataFrame) -> tuple[Positions, ...]:
    """Return what stands for keys: a single integer itself, else two hashes of all parts."""
    if keys.width == 1:
        single: Positions = keys.to_series().to_numpy()
        return (single,)
    parts = pl.struct(pl.all())
    hashes = keys.select(first=parts.hash(seed=1), second=parts.hash(seed=2))
    first, second = (column.to_numpy().view(np.int64) for column in hashes)
    return first, second


def _spread(keys: Positions) -> npt.NDArray[np.uint64]:
    spread: npt.NDArray[np.uint64] = keys.view(np.uint64) * SPREAD
    return spread


def _portions(path: Path, width: int) -> Iterator[Positions]:
    """Yield the rows of a partition, all rows of one key together, some megabytes at a time."""
    passes = -(-path.stat().st_size // AT_ONCE)
    for turn in range(passes):
        chosen = [
            rows[(_spread(rows[:, 0]) >> np.uint64(20)) % np.uint64(passes) == turn]
            for rows in _rows(path, width)
        ]
        yield np.concatenate(chosen)


def _rows(path: Path, width: int) -> Iterator[Positions]:
    with path.open("rb") as file:
        while block := file.read(8 * width * (BLOCK // (8 * width))):
            yield np.frombuffer(block, np.int64).reshape(-1, width)


def _later(rows: Positions) -> Positions:
    """Return the numbers of the records whose key a record before them has."""
    in_order = np.sort(rows[:, 0])
    suspect: Positions = in_order[1:][in_order[1:] == in_order[:-1]]
    if not len(suspect):
        return suspect
    rows = rows[np.isin(rows[:, 0], suspect)]
    rows = rows[np.lexsort(rows.T[::-1])]
    same = (rows[1:, :-1] == rows[:-1, :-1]).all(axis=1)
    later: Positions = rows[1:, -1][same]
    return later


def _whole_records(path: Path) -> Iterator[bytes]:
    """Yield a file in blocks that end with a record's end."""
    rest = b""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            head, mark, tail = block.rpartition(RECORD.encode())
            if mark:
                yield rest + head + mark
                rest = tail
            else:
                rest += block


def _kept(block: bytes, ends: Positions, repeated: Flags) -> Iterator[memoryview]:
    """Yield the stretches of a block between the repeated records."""
    edges = np.flatnonzero(np.diff(~repeated, prepend=False, append=False))
    bounds = np.concatenate(([0], ends))[edges].tolist()
    view = memoryview(block)
    return (view[a:b] for a, b in zip(bounds[::2], bounds[1::2], strict=True))
