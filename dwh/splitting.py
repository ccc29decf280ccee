"""Part the records of one frame after another by the rules of a contract."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import polars as pl

from dwh.contract import Column, Contract
from dwh.conversion import convert, typed
from dwh.copy_format import FIELD, MISSING, RECORD
from dwh.duplicates import KeySpill, Spots
from dwh.errors import PipelineError
from dwh.framing import Frame, reasons
from dwh.rejects import RejectFile, Spot
from dwh.rules import rules


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
        self._keys = [part for column in contract.columns for part in _key_parts(column, contract)]
        self._values = [_written(column) for column in contract.columns]
        self._outputs = outputs
        self.accepted = 0
        self.blank = 0

    def take(self, frame: Frame) -> None:
        """Put every record of a frame where it belongs."""
        self.blank += int(np.count_nonzero(frame.blank))
        self._refuse_framing(frame)
        good = frame.good
        if not good.any():
            return
        numbers, offsets = frame.numbers, frame.place.offset + frame.starts
        spots = Spots(numbers, frame.lines, offsets, frame.octets).only(good)
        found = convert(self._texts(frame, len(spots.numbers)), self._contract)
        is_broken = pl.any_horizontal(self._rules.values()).fill_null(value=False)
        broken = found.select(is_broken).to_series()
        if broken.any():
            self._refuse_rows(frame, found.filter(broken), spots.only(broken.to_numpy()))
            found, spots = found.filter(~broken), spots.only(~broken.to_numpy())
        self._accept(found, spots)

    def _refuse_framing(self, frame: Frame) -> None:
        """Refuse what is no record of the file's form."""
        which = np.flatnonzero(frame.causes)
        if not len(which):
            return
        named = {cause: tuple(reasons(cause)) for cause in np.unique(frame.causes).tolist()}
        arrays = (frame.numbers, frame.lines, frame.place.offset + frame.starts, frame.octets)
        places = zip(*(array[which].tolist() for array in arrays), strict=True)
        causes = frame.causes[which].tolist()
        for record, place, cause in zip(which.tolist(), places, causes, strict=True):
            self._outputs.rejects.add("record", Spot(*place), frame.raw(record), named[cause])

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

    def _refuse_rows(self, frame: Frame, found: pl.DataFrame, spots: Spots) -> None:
        """Refuse rows that break rules, each with all the rules it breaks."""
        fired = (pl.when(broken).then(pl.lit(rule)) for rule, broken in self._rules.items())
        joined = found.select(pl.concat_str(list(fired), separator="; ", ignore_nulls=True))
        for index, named in enumerate(joined.to_series().to_list()):
            spot = spots[index]
            start = spot.byte_offset - frame.place.offset
            raw = frame.data[start : start + spot.octets]
            self._outputs.rejects.add("contract", spot, raw, tuple(named.split("; ")))

    def _accept(self, found: pl.DataFrame, spots: Spots) -> None:
        numbered = found.select(pl.Series("record_no", spots.numbers), *self._values)
        numbered.write_csv(
            self._outputs.accepted,
            include_header=False,
            separator=FIELD,
            line_terminator=RECORD,
            quote_style="never",
            null_value=MISSING,
        )
        self._outputs.keys.add(found.select(self._keys), spots)
        self.accepted += found.height


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
