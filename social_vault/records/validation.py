"""Part the records of a file into accepted and rejected ones, in one stream and flat memory.

Framing cuts the file into records and refuses what is none (`framing`); polars reads the columns of
the rest as text, or those of documents are picked (`documents`); conversion is strict
(`conversion`); every rule that a record breaks becomes one of its reasons (`rules`); repeated keys
are taken out at the end (`duplicates`). Each record of the file is then in exactly one of two
places, once: refused, or accepted with all the rows that it brings to the staging tables.
"""

import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import numpy as np
import polars as pl

from social_vault.disk import on_disk
from social_vault.errors import PipelineError
from social_vault.model.table import Table
from social_vault.records.documents.splitting import DocumentSplitter
from social_vault.records.documents.variants import VariantSplitter
from social_vault.records.duplicates import KeySpill
from social_vault.records.framing import Layout, Position, cut, cut_lines, frames
from social_vault.records.header import Header, read_header
from social_vault.records.parallel import in_parallel
from social_vault.records.positions import Positions, gathered
from social_vault.records.rejects import BETWEEN_REASONS, RejectFile, encode_rejects
from social_vault.records.splitting import Splitter

# Of documents so many octets are read at once: decoded they take about ten times as much.
DOCUMENTS = 4 << 20
NO_HEADER = Header(b"", (), ())


@dataclass(frozen=True)
class Part:
    """The rows that the accepted records of a file bring to one staging table."""

    name: str
    path: Path
    rows: int


@dataclass(frozen=True)
class Validated:
    """The files that one source file became, and the accounting of its records.

    There is a part for each staging table of the source table, in their order. The counts are those
    of records: a document with ten items is one of them.
    """

    parts: tuple[Part, ...]
    rejected: Path
    read: int
    accepted_count: int
    rejected_count: int
    blank: int
    rules: Mapping[str, int]
    refusal: str | None

    @property
    def accepted(self) -> Path:
        """Name the file of the first staging table; most source tables have no other."""
        return self.parts[0].path


def validate_file(
    source: Path, table: Table, folder: Path, layout: Layout | None = None
) -> Validated:
    """Part a file by its contract; read = accepted + rejected + blank holds for the result."""
    usual = Layout(len(table.columns)) if table.form == "csv" else Layout(1, chunk=DOCUMENTS)
    with on_disk("The records cannot be parted", folder):
        return _validate(source, table, folder, layout or usual)


def _validate(source: Path, table: Table, folder: Path, layout: Layout) -> Validated:
    accepted = _accepted_files(source, table, folder)
    rejected = folder / f"{source.name}.rejected"
    with source.open("rb") as stream, rejected.open("wb") as out:
        rejects = RejectFile(out)
        header = read_header(stream, table) if table.form == "csv" else NO_HEADER
        split = _Source(stream, header, table, layout)
        if header.refusals:
            counts = _refuse(header, rejects, len(accepted))
        else:
            counts = _split(split, accepted, rejects)
    return Validated(
        parts=tuple(map(Part, (part.name for part in table.parts), accepted, counts.rows)),
        rejected=rejected,
        read=counts.read,
        accepted_count=counts.accepted,
        rejected_count=rejects.count,
        blank=counts.blank,
        rules=dict(rejects.rules),
        refusal=BETWEEN_REASONS.join(header.refusals) or None,
    )


def _accepted_files(source: Path, table: Table, folder: Path) -> list[Path]:
    """Make the files of the accepted rows; there are such also where nothing is accepted."""
    names = [f".{part.name}" for part in table.parts] if len(table.parts) > 1 else [""]
    paths = [folder / f"{source.name}{name}.accepted" for name in names]
    for path in paths:
        path.write_bytes(b"")
    return paths


@dataclass
class _Counts:
    """What was counted while a file was parted: its records, and rows by staging table."""

    rows: list[int]
    read: int = 0
    accepted: int = 0
    blank: int = 0


@dataclass(frozen=True)
class _Source:
    """A file whose header is read, if it has one."""

    stream: BinaryIO
    header: Header
    table: Table
    layout: Layout


def _refuse(header: Header, rejects: RejectFile, parts: int) -> _Counts:
    """Refuse a whole file for its header: it counts as one record."""
    position = Positions(*np.array([[0], [1], [0], [len(header.raw)]]))
    named = pl.Series([BETWEEN_REASONS.join(header.refusals)])
    rejects.add(encode_rejects("file", position, [header.raw], named))
    return _Counts([0] * parts, read=1)


def _splitter(table: Table, header: Header) -> Splitter | DocumentSplitter | VariantSplitter:
    """Choose how the frames of a file are parted."""
    if table.key and (table.variants or table.form != "csv"):
        raise PipelineError(f"{table.name} has a key: expected none, each document is a state.")
    if table.variants:
        return VariantSplitter(table, header.names)
    return Splitter(table, header.names) if table.form == "csv" else DocumentSplitter(table)


def _split(source: _Source, accepted: Sequence[Path], rejects: RejectFile) -> _Counts:
    """Part the records after the header, and count them."""
    counts = _Counts([0] * len(accepted))
    splitter = _splitter(source.table, source.header)
    is_csv = source.table.form == "csv"
    position = Position(source.stream.tell(), 1 + is_csv, 0)
    found = frames(source.stream, source.layout, position, cut if is_csv else cut_lines)
    with ExitStack() as stack:
        # In the spool, which has the room; where temporary files lie may be memory.
        folder = Path(stack.enter_context(TemporaryDirectory(dir=accepted[0].parent)))
        keys = stack.enter_context(closing(KeySpill(folder)))
        with ExitStack() as files, closing(in_parallel(splitter.part, found)) as parts:
            outs = [files.enter_context(path.open("wb")) for path in accepted]
            for parted in parts:
                for place, (out, filled) in enumerate(zip(outs, parted.filled, strict=True)):
                    out.write(filled.octets)
                    counts.rows[place] += filled.rows
                for some in parted.rejects:
                    rejects.add(some)
                if parted.keys is not None:
                    keys.add(parted.keys, len(parted.filled[0].octets))
                counts.read += parted.read
                counts.accepted += parted.accepted
                counts.blank += parted.blank
        keys.close()
        dropped = _refuse_repeats(source, accepted[0], keys, rejects)
    counts.accepted -= dropped
    counts.rows[0] -= dropped
    return counts


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
