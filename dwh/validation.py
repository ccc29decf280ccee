"""Part the records of a file into accepted and rejected ones, in one stream and flat memory.

Framing cuts the file into records and refuses what is none (`dwh.framing`); polars reads the
columns of the rest as text; conversion is strict (`dwh.conversion`); every rule that a record
breaks becomes one of its reasons (`dwh.rules`); repeated keys are taken out at the end
(`dwh.duplicates`). Each record of the file is then in exactly one of the two files, once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from dwh.contract import Contract
from dwh.duplicates import KeySpill
from dwh.framing import Layout, Place, ahead, frames
from dwh.header import Header, read_header
from dwh.rejects import RejectFile, Spot
from dwh.splitting import Outputs, Splitter


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
    source: Path, contract: Contract, folder: Path, layout: Layout | None = None
) -> Validated:
    """Part a file by its contract; read = accepted + rejected + blank holds for the result."""
    accepted, rejected = (folder / f"{source.name}.{part}" for part in ("accepted", "rejected"))
    accepted.touch()
    with source.open("rb") as stream, rejected.open("wb") as out:
        rejects = RejectFile(out)
        header = read_header(stream, contract)
        split = _Source(stream, header, contract, layout or Layout(len(contract.columns)))
        kept, blank = (0, 0) if header.refusals else _split(split, accepted, rejects)
        if header.refusals:
            rejects.add("file", Spot(0, 1, 0, len(header.raw)), header.raw, header.refusals)
    return Validated(
        accepted=accepted,
        rejected=rejected,
        read=kept + rejects.count + blank,
        accepted_count=kept,
        rejected_count=rejects.count,
        blank=blank,
        rules=dict(rejects.rules),
        refusal="; ".join(header.refusals) or None,
    )


@dataclass(frozen=True)
class _Source:
    """A file whose header is read."""

    stream: BinaryIO
    header: Header
    contract: Contract
    layout: Layout


def _split(source: _Source, accepted: Path, rejects: RejectFile) -> tuple[int, int]:
    """Part the records after the header; return how many were accepted and how many are blank."""
    with TemporaryDirectory(dir=accepted.parent) as folder:
        keys = KeySpill(Path(folder))
        with accepted.open("wb") as out:
            splitter = Splitter(source.contract, source.header.names, Outputs(out, rejects, keys))
            start = Place(source.stream.tell(), 2, 0)
            for frame in ahead(frames(source.stream, source.layout, start)):
                splitter.take(frame)
        keys.close()
        repeats = keys.repeats()
        dropped = 0
        if repeats is not None:
            for spot in keys.drop(accepted, repeats):
                source.stream.seek(spot.byte_offset)
                raw = source.stream.read(spot.octets)
                rejects.add("contract", spot, raw, (source.contract.duplicate_reason,))
                dropped += 1
    return splitter.accepted - dropped, splitter.blank
