"""A staging table with its children: what documents bring to all of them, or why they do not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
import polars as pl

from social_vault.model.keys import hashed
from social_vault.model.table import ITEM_NO, Child, Column, Staging
from social_vault.records.copy_format import encode_records
from social_vault.records.documents.decoding import Json
from social_vault.records.documents.picking import picked
from social_vault.records.documents.rows import RowReader
from social_vault.records.positions import Flags, Integers
from social_vault.records.splitting import Filled

Reasons = dict[int, list[str]]
TEXT_OF_MOMENT = len("2020-01-01 00:00:00.000000")


@dataclass(frozen=True)
class Rows:
    """Rows of one staging table, whose they are, and their places among the elements, from 0."""

    values: pl.DataFrame
    owners: Integers
    places: Integers

    def of(self, kept: Flags) -> "Rows":
        """Take the rows of some owners."""
        if kept.all():
            return self
        which = kept[self.owners]
        return Rows(self.values.filter(which), self.owners[which], self.places[which])


@dataclass(frozen=True)
class Group:
    """What some objects bring: rows by staging table, and the reasons against some objects."""

    own: pl.DataFrame
    children: tuple[Rows, ...]
    reasons: Reasons


class GroupReader:
    """Reads a staging table and its children; `given` are columns that stand beside the objects.

    `within` is the column that holds the objects as JSON, where there is one.
    """

    def __init__(
        self,
        part: Staging,
        children: tuple[Child, ...] = (),
        given: tuple[Column, ...] = (),
        within: str = "",
    ) -> None:
        self._part, self._prefix = part, f"{within}." if within else ""
        known = frozenset(column.name for column in given)
        self._reader = RowReader(part, known, is_by_path=bool(within))
        self._given = [name for name in part.names if name in known]
        record = known | set(part.names)
        self._children = [_ChildReader(child, record, self._prefix) for child in children]
        self._digests = {
            column.digest_of: column.name for column in part.columns if column.digest_of
        }

    def read(self, objects: Sequence[Json], given: pl.DataFrame | None = None) -> Group:
        """Read and judge what objects bring; `given` has a row beside each."""
        judged = self._reader.judged(objects)
        reasons = {
            number: [self._prefix + rule for rule in rules]
            for number, rules in judged.broken.items()
        }
        children = tuple(child.read(objects, reasons) for child in self._children)
        values = (
            judged.values if given is None else pl.concat([given, judged.values], how="horizontal")
        )
        return Group(values, children, reasons)

    def filled(self, group: Group, kept: Flags, numbers: Integers) -> Iterator[Filled]:
        """Write what the kept objects bring, under the numbers of their records, part by part."""
        children = [rows.of(kept) for rows in group.children]
        digests = [
            pl.Series(self._digests[child.name], child.digests(rows, kept))
            for child, rows in zip(self._children, children, strict=True)
            if child.name in self._digests
        ]
        own = group.own.filter(kept).with_columns(digests)
        yield _written(own.select(self._part.names), numbers[kept])
        for child, rows in zip(self._children, children, strict=True):
            yield _written(child.completed(rows, group.own), numbers[rows.owners])


class _ChildReader:
    """Reads the elements of an array in each of some objects."""

    def __init__(self, child: Child, record: frozenset[str], prefix: str) -> None:
        self.name = child.name
        self._child, self._place = child, prefix + child.path
        self._steps = tuple(child.path.split("."))
        self._names = child.names
        self._repeated = [name for name in child.names if name in record and name != ITEM_NO.name]
        self._reader = RowReader(child, frozenset(self._repeated), is_by_path=True)
        self._canonical = pl.concat_str(
            [_canonical(column) for column in child.columns if column.name not in self._repeated]
        )

    def read(self, objects: Sequence[Json], reasons: Reasons) -> Rows:
        """Read and judge the elements, and add the reasons against the objects that hold them."""
        arrays = self._arrays(objects, reasons)
        lengths = np.fromiter(map(len, arrays), np.int64, len(arrays))
        owners = np.repeat(np.arange(len(arrays)), lengths)
        places = np.arange(len(owners)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        elements, strange = _objects(list(chain.from_iterable(arrays)))
        judged = self._reader.judged(elements)
        broken = judged.broken | dict.fromkeys(strange)
        for number in sorted(broken):
            at = f"{self._place}[{places[number]}]"
            rules = broken[number]
            named = [f"{at}: not an object"] if rules is None else [f"{at}.{r}" for r in rules]
            reasons.setdefault(int(owners[number]), []).extend(named)
        return Rows(judged.values, owners, places)

    def _arrays(self, objects: Sequence[Json], reasons: Reasons) -> list[list[object]]:
        """Find the array of each object; a missing one is empty, and may be a reason."""
        found = picked(objects, self._steps)
        arrays = [each if type(each) is list else [] for each in found]
        for number, each in enumerate(found):
            if each is None and self._child.required:
                reasons.setdefault(number, []).append(f"{self._place}: missing")
            elif each is not None and type(each) is not list:
                reasons.setdefault(number, []).append(f"{self._place}: not a list")
        return arrays

    def completed(self, rows: Rows, own: pl.DataFrame) -> pl.DataFrame:
        """Put beside the rows what they repeat of their records, and their numbers from 1."""
        item_no = pl.Series(ITEM_NO.name, rows.places + 1)
        repeated = own.select(self._repeated)[rows.owners]
        return pl.concat([rows.values, repeated, item_no.to_frame()], how="horizontal").select(
            self._names
        )

    def digests(self, rows: Rows, kept: Flags) -> list[str]:
        """Hash the rows of each object that is kept, as `social_vault.model.keys.digest` does."""
        texts = (
            rows.values.with_columns(pl.Series(ITEM_NO.name, rows.places + 1))
            .select(self._canonical)
            .to_series()
            .to_list()
        )
        bounds = np.searchsorted(rows.owners, np.append(np.flatnonzero(kept), len(kept)))
        return [hashed("".join(texts[a:b])).hex for a, b in pairwise(bounds.tolist())]


def _objects(elements: list[object]) -> tuple[list[Json], list[int]]:
    """Put an empty object for each element that is none, and say which these are."""
    strange = [n for n, element in enumerate(elements) if type(element) is not dict]
    return [each if type(each) is dict else {} for each in elements], strange


def _canonical(column: Column) -> pl.Expr:
    """Write a value as a part of a canonical text: `social_vault.model.keys.part` in polars."""
    value = pl.col(column.name)
    match column.kind:
        case "text":
            text = value.str.len_bytes().cast(pl.String) + ":" + value
        case "timestamp":
            pointed = pl.when(value.str.contains(".", literal=True)).then(value)
            text = pointed.otherwise(value + ".").str.pad_end(TEXT_OF_MOMENT, "0")
        case _:
            text = value.cast(pl.String)
    return (";" + text).fill_null(";~")


def _written(values: pl.DataFrame, numbers: Integers) -> Filled:
    numbered = values.insert_column(0, pl.Series("record_no", numbers))
    return Filled(encode_records(numbered), len(numbers))
