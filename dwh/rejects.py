"""Write refused records with all their reasons, in the format of the `_rej` tables' COPY."""

from collections import Counter
from collections.abc import Sequence
from typing import BinaryIO, Literal

import polars as pl

from dwh.copy_format import encode_raws, write_records
from dwh.spots import Spots

Stage = Literal["file", "record", "contract"]

REJECT_COLUMNS = (
    "stage",
    "record_no",
    "line_no",
    "byte_offset",
    "raw_record",
    "raw_encoding",
    "raw_octets",
    "reasons",
)
BETWEEN_REASONS = "; "


class RejectFile:
    """The rejected file of one source file, with the count of every reason in it."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.count = 0
        self.rules = Counter[str]()

    def add(self, stage: Stage, spots: Spots, raws: Sequence[bytes], reasons: pl.Series) -> None:
        """Write refused records, each once, with all its reasons joined by `; `."""
        texts, encodings = encode_raws(raws)
        rejects = pl.DataFrame(
            {
                "stage": pl.repeat(stage, len(spots), eager=True),
                "record_no": spots.numbers,
                "line_no": spots.lines,
                "byte_offset": spots.offsets,
                "raw_record": texts,
                "raw_encoding": encodings,
                "raw_octets": spots.octets,
                "reasons": reasons,
            }
        )
        write_records(rejects.select(REJECT_COLUMNS), self._out)
        self.count += rejects.height
        for joined, count in reasons.value_counts().rows():
            for reason in joined.split(BETWEEN_REASONS):
                self.rules[reason] += count
