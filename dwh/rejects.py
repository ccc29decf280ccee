"""Write refused records with all their reasons, in the format of the `_rej` tables' COPY."""

from collections import Counter
from dataclasses import dataclass
from typing import BinaryIO, Literal

from dwh.copy_format import FIELD, RECORD, encode_raw

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


@dataclass(frozen=True)
class Spot:
    """Where a record stands in its file and how long it is there."""

    record_no: int
    line_no: int
    byte_offset: int
    octets: int


class RejectFile:
    """The rejected file of one source file, with the count of every reason in it."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.count = 0
        self.rules = Counter[str]()

    def add(self, stage: Stage, spot: Spot, raw: bytes, reasons: tuple[str, ...]) -> None:
        """Write one refused record, once, with all its reasons."""
        text, encoding = encode_raw(raw)
        fields = (
            f"{stage}{FIELD}{spot.record_no}{FIELD}{spot.line_no}{FIELD}{spot.byte_offset}",
            text,
            f"{encoding}{FIELD}{spot.octets}",
            "; ".join(reasons),
        )
        self._out.write((FIELD.join(fields) + RECORD).encode())
        self.count += 1
        self.rules.update(reasons)
