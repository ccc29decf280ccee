"""Part the records of a frame by the rules of a contract; frames may be parted side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from social_vault.errors import PipelineError
from social_vault.model.table import Column, Table
from social_vault.records.conversion import convert, typed
from social_vault.records.copy_format import encode_records
from social_vault.records.duplicates import Keys, keys_of
from social_vault.records.framing import DAMAGED, Frame, reasons
from social_vault.records.positions import Positions
from social_vault.records.rejects import BETWEEN_REASONS, Rejects, Stage, encode_rejects
from social_vault.records.rules import rules

SECOND, LONGEST_MOMENT = len("2020-01-01 00:00:00"), len("2020-01-01 00:00:00.000000")


@dataclass(frozen=True)
class Filled:
    """Rows of one staging table, as COPY reads them, and how many they are."""

    octets: bytes
    rows: int


@dataclass(frozen=True)
class Parted:
    """What became of a frame: rows for each staging table, refused records, empty lines.

    `read` counts what framing found, empty lines among it; `keys` are there where they matter.
    """

    filled: tuple[Filled, ...]
    accepted: int
    rejects: tuple[Rejects, ...]
    read: int
    blank: int
    keys: Keys | None = None


class Splitter:
    """How the frames of one file are parted; it keeps nothing from frame to frame."""

    def __init__(self, table: Table, header: Sequence[str]) -> None:
        staging_names = dict(zip(table.headers, table.names, strict=True))
        self._schema = {staging_names[name]: pl.String for name in header}
        self._table = table
        self._rules = rules(table)
        fired = [pl.when(broken).then(pl.lit(rule)) for rule, broken in self._rules.items()]
        self._reasons = pl.concat_str(fired, separator=BETWEEN_REASONS, ignore_nulls=True)
        key = [column for column in table.columns if column.name in table.key]
        self._keys = [_key_part(column) for column in key]
        self._moments = [column.name for column in key if column.kind == "timestamp"]
        self._values = [written(column) for column in table.columns]

    def part(self, frame: Frame) -> Parted:
        """Put every record of a frame where it belongs."""
        found, kept, wrong = self.judged(frame)
        numbered = found.select(pl.Series("record_no", kept.numbers), *self._values)
        return Parted(
            filled=(Filled(encode_records(numbered), len(kept)),),
            accepted=len(kept),
            rejects=(*torn(frame), *wrong),
            read=len(frame.octets),
            blank=int(np.count_nonzero(frame.blank)),
            keys=keys_of(self._key_parts(found), kept) if self._keys else None,
        )

    def judged(self, frame: Frame) -> tuple[pl.DataFrame, Positions, tuple[Rejects, ...]]:
        """Part the records that framing lets through: the good ones, their places, the rest."""
        return self._judged(frame, places(frame).only(frame.good))

    def _judged(
        self, frame: Frame, positions: Positions
    ) -> tuple[pl.DataFrame, Positions, tuple[Rejects, ...]]:
        """Part the records by the rules: those that break none, where they stand, and the rest."""
        octets = frame.good_bytes()
        found = convert(self._texts(octets, positions), self._table, has_plus=b"+" in octets)
        is_broken = pl.any_horizontal(self._rules.values()).fill_null(value=False)
        # Reasons are written only for those that have one, which are few in a sound file.
        broken = found.select(is_broken).to_series()
        if not broken.any():
            return found, positions, ()
        named = found.filter(broken).select(self._reasons).to_series()
        wrong = tuple(refused("contract", frame, positions.only(broken.to_numpy()), named))
        return found.filter(~broken), positions.only(~broken.to_numpy()), wrong

    def _key_parts(self, found: pl.DataFrame) -> pl.DataFrame:
        """Make columns that are equal in two records when their keys are."""
        parts = found.select(self._keys)
        return parts.with_columns(_same_length(parts[moment]) for moment in self._moments)

    def _texts(self, records: bytes, positions: Positions) -> pl.DataFrame:
        """Read the columns of records as text; null is what was empty and unquoted."""
        if not len(positions):
            return pl.DataFrame(schema=self._schema)
        texts = pl.read_csv(records, has_header=False, schema=self._schema, infer_schema=False)
        # Two readers must see the same records: what one of them got wrong must not be loaded.
        if texts.height != len(positions):
            raise PipelineError(
                f"The records from line {positions.lines[0]} on: polars read {texts.height}, "
                f"expected {len(positions)}, as many as framing found."
            )
        return texts


def places(frame: Frame) -> Positions:
    """Tell where the records of a frame stand in their file, blank lines among them."""
    offsets = frame.position.offset + frame.starts
    return Positions(frame.numbers, frame.lines, offsets, frame.octets)


def torn(frame: Frame) -> Iterator[Rejects]:
    """Yield the records of a frame that framing refuses."""
    positions, damaged = places(frame), (frame.causes & DAMAGED) != 0
    # Damaged octets are encoded one by one, so they go by themselves.
    for some in ((frame.causes != 0) & ~damaged, damaged):
        yield from refused("record", frame, positions.only(some), _named(frame.causes[some]))


def refused(
    stage: Stage, frame: Frame, positions: Positions, reasons: pl.Series
) -> Iterator[Rejects]:
    """Yield refused records of a frame, not too many at once."""
    for part in positions.portions():
        some = positions.only(part)
        raws = frame.raws(some.offsets, some.octets)
        yield encode_rejects(stage, some, raws, reasons[part])


def _named(causes: npt.NDArray[np.uint8]) -> pl.Series:
    """Name the reasons of records that framing refuses, each distinct set of causes once."""
    kinds, which = np.unique(causes, return_inverse=True)
    names = [BETWEEN_REASONS.join(reasons(kind)) for kind in kinds.tolist()]
    return pl.Series(names, dtype=pl.String).gather(which)


def written(column: Column) -> pl.Expr:
    """Choose what stands in the accepted file: numbers plain, texts and times as they were."""
    is_plain = column.kind in {"integer", "boolean", "decimal"}
    return pl.col(typed(column.name) if is_plain else column.name)


def _key_part(column: Column) -> pl.Expr:
    """Choose what must be equal in two records for their keys to be equal in this column."""
    is_text = column.kind in {"text", "timestamp"}
    return pl.col(column.name if is_text else typed(column.name))


def _same_length(moments: pl.Series) -> pl.Series:
    """Write moments with six digits behind the second, for a fraction may have any length."""
    if (moments.str.len_bytes() == LONGEST_MOMENT).all():
        return moments
    text = pl.col(moments.name)
    pointed = pl.when(text.str.len_bytes() == SECOND).then(text + ".").otherwise(text)
    return moments.to_frame().select(pointed.str.pad_end(LONGEST_MOMENT, "0")).to_series()
