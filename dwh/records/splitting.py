"""Part the records of a frame by the rules of a contract; frames may be parted side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from dwh.contract import Column, Contract
from dwh.errors import PipelineError
from dwh.records.conversion import convert, typed
from dwh.records.copy_format import encode_records
from dwh.records.duplicates import Keys, keys_of
from dwh.records.framing import DAMAGED, Frame, reasons
from dwh.records.rejects import BETWEEN_REASONS, Rejects, Stage, encode_rejects
from dwh.records.rules import rules
from dwh.records.spots import Spots


@dataclass(frozen=True)
class Parted:
    """What became of a frame: accepted records and their keys, refused ones, empty lines."""

    accepted: bytes
    keys: Keys
    rejects: tuple[Rejects, ...]
    blank: int


class Splitter:
    """How the frames of one file are parted; it keeps nothing from frame to frame."""

    def __init__(self, contract: Contract, header: Sequence[str]) -> None:
        staging_names = dict(zip(contract.headers, contract.names, strict=True))
        self._schema = {staging_names[name]: pl.String for name in header}
        self._contract = contract
        self._rules = rules(contract)
        fired = [pl.when(broken).then(pl.lit(rule)) for rule, broken in self._rules.items()]
        self._reasons = pl.concat_str(fired, separator=BETWEEN_REASONS, ignore_nulls=True)
        key = (column for column in contract.columns if column.name in contract.key)
        self._keys = [_key_part(column) for column in key]
        self._values = [_written(column) for column in contract.columns]

    def part(self, frame: Frame) -> Parted:
        """Put every record of a frame where it belongs."""
        offsets = frame.place.offset + frame.starts
        spots = Spots(frame.numbers, frame.lines, offsets, frame.octets)
        damaged = (frame.causes & DAMAGED) != 0
        # Damaged octets are encoded one by one, so they go by themselves.
        torn = [
            rejects
            for some in ((frame.causes != 0) & ~damaged, damaged)
            for rejects in _refused("record", frame, spots.only(some), _named(frame.causes[some]))
        ]
        found, kept, wrong = self._judged(frame, spots.only(frame.good))
        numbered = found.select(pl.Series("record_no", kept.numbers), *self._values)
        keys = keys_of(found.select(self._keys), kept)
        blank = int(np.count_nonzero(frame.blank))
        return Parted(encode_records(numbered), keys, (*torn, *wrong), blank)

    def _judged(
        self, frame: Frame, spots: Spots
    ) -> tuple[pl.DataFrame, Spots, tuple[Rejects, ...]]:
        """Return the records that break no rule, where they stand, and the others as rejects."""
        found = convert(self._texts(frame, len(spots)), self._contract)
        is_broken = pl.any_horizontal(self._rules.values()).fill_null(value=False)
        broken = found.select(is_broken).to_series()
        if not broken.any():
            return found, spots, ()
        named = found.filter(broken).select(self._reasons).to_series()
        wrong = tuple(_refused("contract", frame, spots.only(broken.to_numpy()), named))
        return found.filter(~broken), spots.only(~broken.to_numpy()), wrong

    def _texts(self, frame: Frame, count: int) -> pl.DataFrame:
        """Return the columns of the good records as text; null is what was empty and unquoted."""
        if not count:
            return pl.DataFrame(schema=self._schema)
        texts = pl.read_csv(
            frame.good_bytes(), has_header=False, schema=self._schema, infer_schema=False
        )
        if texts.height != count:
            raise PipelineError(
                f"The records from line {frame.place.line} on: polars read {texts.height}, "
                f"expected {count}, as many as framing found."
            )
        return texts


def _refused(stage: Stage, frame: Frame, spots: Spots, reasons: pl.Series) -> Iterator[Rejects]:
    """Yield refused records of a frame, not too many at once."""
    for part in spots.portions():
        some = spots.only(part)
        raws = frame.raws(some.offsets, some.octets)
        yield encode_rejects(stage, some, raws, reasons[part])


def _named(causes: npt.NDArray[np.uint8]) -> pl.Series:
    """Return the reasons of records that framing refuses."""
    kinds, which = np.unique(causes, return_inverse=True)
    names = [BETWEEN_REASONS.join(reasons(kind)) for kind in kinds.tolist()]
    return pl.Series(names, dtype=pl.String).gather(which)


def _written(column: Column) -> pl.Expr:
    """Return what stands in the accepted file: numbers plain, texts and times as they were."""
    is_plain = column.kind in {"integer", "boolean"}
    return pl.col(typed(column.name) if is_plain else column.name)


def _key_part(column: Column) -> pl.Expr:
    """Return what must be equal in two records for their keys to be equal in this column."""
    text = pl.col(column.name)
    if column.kind == "text":
        return text
    if column.kind != "timestamp":
        return pl.col(typed(column.name))
    # One moment may be written with a fraction of any length.
    fraction = text.str.strip_chars_end("0").str.strip_chars_end(".")
    return pl.when(text.str.len_bytes() > len("2020-01-01 00:00:00")).then(fraction).otherwise(text)
