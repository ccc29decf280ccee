"""The rows that objects bring to one staging table: read, converted and judged."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from social_vault.model.table import ITEM_NO, Column, Staging
from social_vault.records.conversion import convert
from social_vault.records.copy_format import CONTROL
from social_vault.records.documents.decoding import Json
from social_vault.records.documents.picking import NO_VALUE, picked, texts_of
from social_vault.records.rules import rules_of
from social_vault.records.splitting import written


@dataclass(frozen=True)
class Judged:
    """Rows as staging will hold them, and the rules that some of them break, by their number."""

    values: pl.DataFrame
    broken: dict[int, list[str]]


class RowReader:
    """Reads the columns of a staging table that stand in objects; `repeated` stand elsewhere."""

    def __init__(self, part: Staging, repeated: frozenset[str], *, is_by_path: bool) -> None:
        own = [
            column for column in part.columns if _is_read(column) and column.name not in repeated
        ]
        self._own = replace(part, columns=tuple(own))
        self._values = [written(column).alias(column.name) for column in own]
        self._named = {
            f"{'.'.join(column.steps) if is_by_path else column.name}: {rule}": broken
            for column in own
            for rule, broken in _rules(column)
        }
        # For all rows the rules without names, and without the care for what is no value: that
        # breaks one of them in any case, by its control character.
        quick = [broken for column in own for _, broken in rules_of(column)]
        quick += [_has_control(column) for column in own if column.kind == "text"]
        self._is_broken = pl.any_horizontal(quick).fill_null(value=False)

    def judged(self, objects: Sequence[Json]) -> Judged:
        """Read a row from each object, and judge it."""
        texts = pl.DataFrame(
            [texts_of(picked(objects, each.steps), each.name) for each in self._own.columns]
        )
        found = convert(texts, self._own)
        is_broken = found.select(self._is_broken).to_series()
        broken = dict[int, list[str]]()
        if is_broken.any():
            fired = found.filter(is_broken).select(**self._named).rows()
            numbers = np.flatnonzero(is_broken.to_numpy()).tolist()
            broken = {n: self._names(flags) for n, flags in zip(numbers, fired, strict=True)}
        return Judged(found.select(self._values), broken)

    def _names(self, fired: Sequence[bool | None]) -> list[str]:
        return [name for name, is_fired in zip(self._named, fired, strict=True) if is_fired]


def _is_read(column: Column) -> bool:
    return column != ITEM_NO and not column.digest_of


def _rules(column: Column) -> Iterator[tuple[str, pl.Expr]]:
    """Yield the rules of a column; what is no value at all breaks no other."""
    text = pl.col(column.name)
    yield "not a value", text == NO_VALUE
    is_value = text.ne_missing(NO_VALUE)
    if column.kind == "text":
        yield "control character", _has_control(column) & is_value
    yield from ((rule, broken & is_value) for rule, broken in rules_of(column))


def _has_control(column: Column) -> pl.Expr:
    # JSON can write any character as an escape; in a CSV file framing has seen them all.
    return pl.col(column.name).str.contains(CONTROL)
