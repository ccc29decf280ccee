"""Part the records of a file into accepted and rejected ones, in one stream and flat memory.

Framing cuts the file into records and refuses what is none (`framing`); polars reads the columns of
the rest as text; conversion is strict (`conversion`); every rule that a record breaks becomes one
of its reasons (`rules`); repeated keys are taken out at the end (`duplicates`). Each record of the
file is then in exactly one of the two files, once.
"""

import os
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import numpy as np
import polars as pl

from social_vault.disk import on_disk
from social_vault.model.table import Table
from social_vault.records.duplicates import KeySpill
from social_vault.records.framing import Layout, Position, frames
from social_vault.records.header import Header, read_header
from social_vault.records.parallel import in_parallel
from social_vault.records.positions import Positions, gathered
from social_vault.records.rejects import BETWEEN_REASONS, RejectFile, encode_rejects
from social_vault.records.splitting import Splitter


@dataclass(frozen=True)
class Validated:
    """The two files that one source file became, and its row accounting."""

    accepted: Path
    rejected: Path
    read: int
    accepted_count: int
    rejected_count: int
    blank: int
    rules: Mapping[str, int]
    refusal: str | None


def validate_file(
    source: Path, table: Table, folder: Path, layout: Layout | None = None
) -> Validated:
    """Part a file by its contract; read = accepted + rejected + blank holds for the result."""
    with on_disk("The records cannot be parted", folder):
        return _validate(source, table, folder, layout or Layout(len(table.columns)))


def _validate(source: Path, table: Table, folder: Path, layout: Layout) -> Validated:
    accepted, rejected = (folder / f"{source.name}.{part}" for part in ("accepted", "rejected"))
    accepted.write_bytes(b"")  # there is such a file also where nothing is accepted
    with source.open("rb") as stream, rejected.open("wb") as out:
        rejects = RejectFile(out)
        header = read_header(stream, table)
        split = _Source(stream, header, table, layout)
        kept, blank = (0, 0) if header.refusals else _split(split, accepted, rejects)
        if header.refusals:
            position = Positions(*np.array([[0], [1], [0], [len(header.raw)]]))
            named = pl.Series([BETWEEN_REASONS.join(header.refusals)])
            rejects.add(encode_rejects("file", position, [header.raw], named))
    return Validated(
        accepted=accepted,
        rejected=rejected,
        read=kept + rejects.count + blank,
        accepted_count=kept,
        rejected_count=rejects.count,
        blank=blank,
        rules=dict(rejects.rules),
        refusal=BETWEEN_REASONS.join(header.refusals) or None,
    )


@dataclass(frozen=True)
class _Source:
    """A file whose header is read."""

    stream: BinaryIO
    header: Header
    table: Table
    layout: Layout


def _split(source: _Source, accepted: Path, rejects: RejectFile) -> tuple[int, int]:
    """Part the records after the header; return how many were accepted and how many are blank."""
    kept = blank = 0
    # In the spool, which has the room; where temporary files lie may be memory.
    with TemporaryDirectory(dir=accepted.parent) as folder, closing(KeySpill(Path(folder))) as keys:
        splitter = Splitter(source.table, source.header.names)
        found = frames(source.stream, source.layout, Position(source.stream.tell(), 2, 0))
        with accepted.open("wb") as out, closing(in_parallel(splitter.part, found)) as parts:
            for parted in parts:
                out.write(parted.accepted)
                keys.add(parted.keys, len(parted.accepted))
                for some in parted.rejects:
                    rejects.add(some)
                kept += len(parted.keys.positions)
                blank += parted.blank
        keys.close()
        dropped = _refuse_repeats(source, accepted, keys, rejects)
    return kept - dropped, blank


def _refuse_repeats(source: _Source, accepted: Path, keys: KeySpill, rejects: RejectFile) -> int:
    """Move all but the first record of each key to the rejects; return how many."""
    repeats = keys.repeats()
    if repeats is None:
        return 0
    count, file = rejects.count, source.stream.fileno()
    for some in gathered(keys.drop(accepted, repeats)):
        places = zip(some.octets.tolist(), some.offsets.tolist(), strict=True)
        # The accepted file has only values; what was refused is kept as it stood in the source.
        raws = [os.pread(file, octets, offset) for octets, offset in places]
        named = pl.repeat(source.table.duplicate_reason, len(some), eager=True)
        rejects.add(encode_rejects("contract", some, raws, named))
    return rejects.count - count
