"""Find repeated keys in a file of any size, and take their records out of the accepted file.

The keys of accepted records are spilled to partition files while the file is read, each with its
record's number, and compared one partition at a time afterwards; memory stays flat. One integer is
compared itself; a text, or a key of several columns, by two 64-bit hashes, so that two different
keys pass for one in less than one of 10^20 files of a billion records.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import polars as pl

from social_vault.records.copy_format import FIELD, RECORD
from social_vault.records.parallel import in_parallel
from social_vault.records.positions import Flags, Integers, Positions

Bits = npt.NDArray[np.uint8]

PARTITIONS = 64
# So many octets of keys are compared at once; a larger partition is read in several passes.
AT_ONCE = 16 << 20
BLOCK = 4 << 20
# Multiplying by it spreads consecutive keys over the high bits.
SPREAD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Keys:
    """The keys of some accepted records with their numbers, by partition, and their positions."""

    rows: Integers
    bounds: Integers
    positions: Positions


def keys_of(parts: pl.DataFrame, positions: Positions) -> Keys:
    """Sort the keys of some records by partition; `parts` are the columns of the keys."""
    columns = (*_comparable(parts), positions.numbers)
    # The highest six bits name one of 64 partitions.
    partition = (_spread(columns[0]) >> np.uint64(58)).astype(np.uint8)
    rows = np.column_stack(columns)[np.argsort(partition, kind="stable")]
    ends = np.cumsum(np.bincount(partition, minlength=PARTITIONS))
    return Keys(rows, np.concatenate(([0], ends)), positions)


class KeySpill:
    """The keys and positions of the accepted records of one file, kept in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self._paths = [folder / f"keys.{part}" for part in range(PARTITIONS)]
        self._files = [path.open("wb", buffering=1 << 17) for path in self._paths]
        self._positions_path = folder / "positions"
        self._positions = self._positions_path.open("wb")
        self._blocks: list[_Block] = []
        self._width = 0
        self._highest = 0

    def add(self, keys: Keys, octets: int) -> None:
        """Keep the keys of records that fill so many octets of the accepted file, in its order."""
        if not len(keys.positions):
            return
        bounds = zip(keys.bounds[:-1], keys.bounds[1:], strict=True)
        for file, (first, last) in zip(self._files, bounds, strict=True):
            file.write(keys.rows[first:last].data)
        for array in keys.positions.arrays:
            self._positions.write(np.ascontiguousarray(array).data)
        self._blocks.append(_Block(len(keys.positions), octets))
        self._width, self._highest = keys.rows.shape[1], int(keys.positions.numbers[-1])

    def close(self) -> None:
        """End the writing; only then can repeats be found."""
        with ExitStack() as stack:  # what a full disk refuses of one must not leave others open
            for file in (*self._files, self._positions):
                stack.callback(file.close)

    def repeats(self) -> Bits | None:
        """Set one bit a record number where an earlier record has the same key; None if nowhere."""
        bits: Bits | None = None
        for later in in_parallel(self._repeats_of, self._paths):
            if len(later):
                bits = np.zeros(self._highest // 8 + 1, np.uint8) if bits is None else bits
                np.bitwise_or.at(bits, later >> 3, (1 << (later & 7)).astype(np.uint8))
        return bits

    def _repeats_of(self, path: Path) -> Integers:
        found = [_later(rows) for rows in _portions(path, self._width)]
        return np.concatenate(found) if found else np.empty(0, np.int64)

    def drop(self, accepted: Path, repeats: Bits) -> Iterator[Positions]:
        """Take the repeats out of the accepted file; yield where they stand."""
        # In place: what is kept is never longer than what was read before it.
        read = written = 0
        with self._positions_path.open("rb") as positions, accepted.open("r+b") as file:
            for block in self._blocks:
                standing = Positions(*_columns(positions, block.records))
                repeated = standing.only(_is_set(repeats, standing.numbers))
                file.seek(read)
                kept = _without(file.read(block.octets), repeated.numbers.tolist())
                file.seek(written)
                read, written = read + block.octets, written + file.write(kept)
                yield repeated
            file.truncate(written)


@dataclass(frozen=True)
class _Block:
    """Records that were accepted together, and how long they are in the accepted file."""

    records: int
    octets: int


def _is_set(bits: Bits, numbers: Integers) -> Flags:
    found: Flags = (bits[numbers >> 3] >> (numbers & 7)) & 1 == 1
    return found


def _comparable(keys: pl.DataFrame) -> tuple[Integers, ...]:
    """Stand for keys by numbers: a single integer by itself, others by two hashes of all parts."""
    if keys.width == 1 and keys.dtypes[0].is_integer():
        single: Integers = keys.to_series().to_numpy()
        return (single,)
    first, second = (keys.hash_rows(seed).to_numpy().view(np.int64) for seed in (1, 2))
    return first, second


def _spread(keys: Integers) -> npt.NDArray[np.uint64]:
    spread: npt.NDArray[np.uint64] = keys.view(np.uint64) * SPREAD
    return spread


def _portions(path: Path, width: int) -> Iterator[Integers]:
    """Yield the rows of a partition, all rows of one key together, some megabytes at a time."""
    # Chosen by other bits of the hash than the partition was: those are alike in here.
    passes = -(-path.stat().st_size // AT_ONCE)
    if passes == 1:
        yield np.fromfile(path, np.int64).reshape(-1, width)
        return
    for turn in range(passes):
        chosen = [
            rows[(_spread(rows[:, 0]) >> np.uint64(20)) % np.uint64(passes) == turn]
            for rows in _rows(path, width)
        ]
        yield np.concatenate(chosen)


def _rows(path: Path, width: int) -> Iterator[Integers]:
    with path.open("rb") as file:
        while block := file.read(8 * width * (BLOCK // (8 * width))):
            yield np.frombuffer(block, np.int64).reshape(-1, width)


def _later(rows: Integers) -> Integers:
    """Find the numbers of the records whose key a record before them has."""
    # Most partitions have no repeat, which a sort of one column tells.
    in_order = np.sort(rows[:, 0])
    suspect: Integers = in_order[1:][in_order[1:] == in_order[:-1]]
    if not len(suspect):
        return suspect
    rows = rows[np.isin(rows[:, 0], suspect)]
    # By key and then by number: of equal ones the first stays.
    rows = rows[np.lexsort(rows.T[::-1])]
    same = (rows[1:, :-1] == rows[:-1, :-1]).all(axis=1)
    later: Integers = rows[1:, -1][same]
    return later


def _columns(positions: BinaryIO, records: int) -> Integers:
    fields = len(Positions.__dataclass_fields__)
    found = np.frombuffer(positions.read(8 * fields * records), np.int64)
    return found.reshape(fields, records)


def _without(block: bytes, numbers: Sequence[int]) -> bytes:
    """Leave out the records of these numbers, which stand in the block in this order."""
    # A record begins with its number, so that one search finds it and nothing else.
    end, field = RECORD.encode(), FIELD.encode()
    marked, last, pieces = end + block, 0, list[bytes]()
    for number in numbers:
        before = marked.index(b"%b%d%b" % (end, number, field), last)
        pieces.append(marked[last + 1 : before + 1])
        last = marked.index(end, before + 1)
    return b"".join((*pieces, marked[last + 1 :]))
