"""Write refused records with all their reasons, in the format of the `_rej` tables' COPY."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, Literal

import polars as pl

from social_vault.records.copy_format import encode_raws, encode_records
from social_vault.records.positions import Positions

Stage = Literal["file", "record", "contract"]

# In the order of sql/patterns/copy/rejects.sql, which adds what is the same for all of a load.
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
_PLACE = re.compile(r"\[[0-9]+\]")


@dataclass(frozen=True)
class Rejects:
    """Refused records as COPY reads them, and how many of them give each reason."""

    octets: bytes
    count: int
    rules: Counter[str]


def encode_rejects(
    stage: Stage, positions: Positions, raws: Sequence[bytes], reasons: pl.Series
) -> Rejects:
    """Write refused records, each once, with all its reasons joined by `; `, and count these."""
    texts, encodings = encode_raws(raws)
    rejects = pl.DataFrame(
        {
            "stage": pl.repeat(stage, len(positions), eager=True),
            "record_no": positions.numbers,
            "line_no": positions.lines,
            "byte_offset": positions.offsets,
            "raw_record": texts,
            "raw_encoding": encodings,
            "raw_octets": positions.octets,
            "reasons": reasons,
        }
    )
    rules = Counter[str]()
    # Counted by distinct sets of reasons, which are few even in a file that is all wrong.
    for joined, count in reasons.value_counts().rows():
        for rule in rules_in(joined):
            rules[rule] += count
    return Rejects(encode_records(rejects.select(REJECT_COLUMNS)), rejects.height, rules)


def rules_in(reasons: str) -> list[str]:
    """List the rules in the reasons of a record, each once whichever elements break it.

    `order_items[2].quantity: not an integer` is one with that of any other item.
    """
    return list(dict.fromkeys(_PLACE.sub("[]", reasons).split(BETWEEN_REASONS)))


class RejectFile:
    """The rejected file of one source file, with the count of every reason in it."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.count = 0
        self.rules = Counter[str]()

    def add(self, rejects: Rejects) -> None:
        """Write refused records."""
        self._out.write(rejects.octets)
        self.count += rejects.count
        self.rules += rejects.rules
