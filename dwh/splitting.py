"""Part the records of one frame after another by the rules of a contract."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import polars as pl

from dwh.contract import Column, Contract
from dwh.conversion import convert, typed
from dwh.copy_format import write_records
from dwh.duplicates import KeySpill
from dwh.errors import PipelineError
from dwh.framing import DAMAGED, Frame, reasons
from dwh.rejects import BETWEEN_REASONS, RejectFile, Stage
from dwh.rules import rules
from dwh.spots import Spots


@dataclass(frozen=True)
class Outputs:
    """Where records go: accepted ones, refused ones, and the keys of the accepted."""

    accepted: BinaryIO
    rejects: RejectFile
    keys: KeySpill


class Splitter:
    """The parting of one file's records, with the counts so far."""

    def __init__(self, contract: Contract, header: Sequence[str], outputs: Outputs) -> None:
        staging_names = dict(zip(contract.headers, contract.names, strict=True))
        self._schema = {staging_names[name]: pl.String for name in header}
        self._contract = contract
        self._rules = rules(contract)
        fired = [pl.when(broken).then(pl.lit(rule)) for rule, broken in self._rules.items()]
        self._reasons = pl.concat_str(fired, separator=BETWEEN_REASONS, ignore_nulls=True)
        self._keys = [part for column in contract.columns for part in _key_parts(column, contract)]
        self._values = [_written(column) for column in contract.columns]
        self._outputs = outputs
        self.accepted = 0
        self.blank = 0

    def take(self, frame: Frame) -> None:
        """Put every record of a frame where it belongs."""
        self.blank += int(np.count_nonzero(frame.blank))
        offsets = frame.place.offset + frame.starts
        spots = Spots(frame.numbers, frame.lines, offsets, frame.octets)
        damaged = (frame.causes & DAMAGED) != 0
        # Damaged octets are encoded one by one, so they go by themselves.
        for part in ((frame.causes != 0) & ~damaged, damaged):
            named = _named(frame.causes[part])
            self._refuse("record", frame, spots.only(part), named)
        if frame.good.any():
            self._judge(frame, spots.only(frame.good))

    def _judge(self, frame: Frame, spots: Spots) -> None:
        """Accept or refuse the records whose columns can be read."""
        found = convert(self._texts(frame, len(spots)), self._contract)
        is_broken = pl.any_horizontal(self._rules.values()).fill_null(value=False)
        broken = found.select(is_broken).to_series()
        if broken.any():
            named = found.filter(broken).select(self._reasons).to_series()
            self._refuse("contract", frame, spots.only(broken.to_numpy()), named)
            found, spots = found.filter(~broken), spots.only(~broken.to_numpy())
        numbered = found.select(pl.Series("record_no", spots.numbers), *self._values)
        write_records(numbered, self._outputs.accepted)
        self._outputs.keys.add(found.select(self._keys), spots)
        self.accepted += found.height

    def _refuse(self, stage: Stage, frame: Frame, spots: Spots, reasons: pl.Series) -> None:
        for part in spots.portions():
            some = spots.only(part)
            raws = frame.raws(some.offsets, some.octets)
            self._outputs.rejects.add(stage, some, raws, reasons[part])

    def _texts(self, frame: Frame, count: int) -> pl.DataFrame:
        """Return the columns of the good records as text; null is what was empty and unquoted."""
        texts = pl.read_csv(
            frame.good_bytes(), has_header=False, schema=self._schema, infer_schema=False
        )
        if texts.height != count:
            raise PipelineError(
                f"The records from line {frame.place.line} on: polars read {texts.height}, "
                f"expected {count}, as many as framing found."
            )
        return texts


def _named(causes: npt.NDArray[np.uint8]) -> pl.Series:
    """Return the reasons of records that framing refuses."""
    kinds, which = np.unique(causes, return_inverse=True)
    names = [BETWEEN_REASONS.join(reasons(kind)) for kind in kinds.tolist()]
    return pl.Series(names, dtype=pl.String).gather(which)


def _written(column: Column) -> pl.Expr:
    """Return what stands in the accepted file: numbers plain, texts and times as they were."""
    is_plain = column.kind in {"integer", "boolean"}
    return pl.col(typed(column.name) if is_plain else column.name)


def _key_parts(column: Column, contract: Contract) -> Iterator[pl.Expr]:
    """Yield what must be equal in two records for their keys to be equal in this column."""
    if column.name not in contract.key:
        return
    yield pl.col(column.name if column.kind == "text" else typed(column.name))
    if column.kind == "timestamp":
        yield pl.col(column.name).str.slice(20).str.strip_chars_end("0")
