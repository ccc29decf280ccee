"""Part documents that stand one a line: into rows for all their staging tables, and rejects."""

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from social_vault.memory import without_collector
from social_vault.model.table import BEGIN, DELETE, Table
from social_vault.records.documents.decoding import Json, UnreadableError, decode_line, unwrapped
from social_vault.records.documents.groups import GroupReader, Reasons
from social_vault.records.documents.reasons import joined
from social_vault.records.framing import Frame
from social_vault.records.positions import Flags, Integers, Positions
from social_vault.records.rejects import Rejects, Stage
from social_vault.records.splitting import Filled, Parted, places, refused, torn

# Of a change of these kinds the document belongs to it; an update's may have been deleted since.
WITH_DOCUMENT = frozenset({"read", "insert", "replace"})


class DocumentSplitter:
    """How the lines of one file are parted; it keeps nothing from frame to frame."""

    def __init__(self, table: Table) -> None:
        self._documents = GroupReader(table, table.children)
        self._changes = None if table.log is None else ChangeReader(table)

    def part(self, frame: Frame) -> Parted:
        """Put every document of a frame where it belongs."""
        with without_collector():
            return self._part(frame)

    def _part(self, frame: Frame) -> Parted:
        positions = places(frame).only(frame.good)
        lines, unreadable = decoded(frame.raws(positions.offsets, positions.octets))
        is_read = np.ones(len(positions), np.bool_)
        is_read[list(unreadable)] = False
        read = positions.only(is_read)
        reasons, filled = self._judged(lines, read.numbers)
        return Parted(
            filled=filled,
            accepted=len(read) - len(reasons),
            rejects=(
                *torn(frame),
                *named("record", frame, positions, unreadable),
                *named("contract", frame, read, reasons),
            ),
            read=len(frame.octets),
            blank=int(np.count_nonzero(frame.blank)),
        )

    def _judged(
        self, lines: Sequence[Json], numbers: Integers
    ) -> tuple[Reasons, tuple[Filled, ...]]:
        if self._changes is not None:
            return self._changes.judged(lines, numbers)
        group = self._documents.read(lines)
        kept = without(len(lines), group.reasons)
        return group.reasons, tuple(self._documents.filled(group, kept, numbers))


class ChangeReader:
    """Reads lines of op, at, _id and doc: each a row of the log, most a document as well."""

    def __init__(self, table: Table) -> None:
        if table.log is None:
            raise ValueError(f"{table.name} keeps no log of changes.")
        self._documents = GroupReader(table, table.children)
        self._log = GroupReader(table.log)
        self._key = [f"{name}: missing" for name in table.log.optional]

    def judged(
        self, lines: Sequence[Json], numbers: Integers
    ) -> tuple[Reasons, tuple[Filled, ...]]:
        """Read and judge changes; return the reasons against some, and what the others bring."""
        log = self._log.read(lines)
        reasons = {n: why for n, why in self._of_log(lines, log.reasons) if why}
        holding = [n for n, line in enumerate(lines) if self._has_document(n, line, reasons)]
        documents = self._documents.read([_document(lines[n]) for n in holding])
        for n, why in documents.reasons.items():
            reasons.setdefault(holding[n], []).extend(why)
        kept = without(len(lines), reasons)
        at = np.array(holding, np.int64)
        filled = self._documents.filled(documents, kept[at], numbers[at])
        return reasons, (*filled, *self._log.filled(log, kept, numbers))

    def _of_log(self, lines: Sequence[Json], reasons: Reasons) -> Iterator[tuple[int, list[str]]]:
        """Leave out that the key is missing where a whole read begins: that is no document's."""
        for n, why in reasons.items():
            is_begin = lines[n].get("op") == BEGIN
            yield n, [each for each in why if not (is_begin and each in self._key)]

    def _has_document(self, number: int, line: Json, reasons: Reasons) -> bool:
        """Say whether a change brings a document, and refuse the one that should and does not."""
        op, document = line.get("op"), line.get("doc")
        if document is None and op in WITH_DOCUMENT:
            reasons.setdefault(number, []).append("doc: missing")
        elif document is not None and type(document) is not dict:
            reasons.setdefault(number, []).append("doc: not an object")
        return type(document) is dict and op != DELETE


def _document(line: Json) -> Json:
    document = line["doc"]
    if not isinstance(document, dict):  # those that hold one were chosen before
        raise TypeError("The line holds no document.")
    return document


def decoded(lines: Sequence[bytes]) -> tuple[list[Json], Reasons]:
    """Decode lines; return the documents, and the reasons against the lines that are none."""
    found, unreadable = list[Json](), Reasons()
    for number, line in enumerate(unwrapped(lines)):
        try:
            found.append(decode_line(line))
        except UnreadableError as error:
            unreadable[number] = [f"record: {error.rule}"]
    return found, unreadable


def without(count: int, reasons: Reasons) -> Flags:
    """Say of each of so many records whether there is no reason against it."""
    kept = np.ones(count, np.bool_)
    kept[list(reasons)] = False
    return kept


def named(stage: Stage, frame: Frame, positions: Positions, reasons: Reasons) -> Iterator[Rejects]:
    """Yield the records of a frame against which there are reasons, in their order."""
    numbers = sorted(reasons)
    texts = pl.Series([joined(reasons[number]) for number in numbers], dtype=pl.String)
    which = np.array(numbers, np.int64)
    yield from refused(stage, frame, positions.only(which), texts)
