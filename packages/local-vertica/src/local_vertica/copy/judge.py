"""Judge the records that were not plainly right: find their fields, convert, insert or refuse."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

import numpy as np

from local_vertica.copy.context import CopyContext
from local_vertica.copy.exact import Fields
from local_vertica.copy.fast import Record
from local_vertica.copy.fast_sql import (
    PLAIN,
    Texts,
    has_plain_texts,
    insert_sql,
    judged_sql,
    plain_rows,
)
from local_vertica.copy.plan import LoadPlan, quoted
from local_vertica.copy.refusal import RefusalError
from local_vertica.copy.rowfile import RowFile
from local_vertica.types import VType

BATCH = 100_000
MANY = 2_000  # from here on DuckDB converts faster, its start-up included


@dataclass(frozen=True)
class Refused:
    """A refused record and the reason."""

    record: Record
    reason: str


@dataclass
class Verdict:
    """How many records were accepted, and which were refused."""

    accepted: int = 0
    refused: list[Refused] = field(default_factory=list)

    def refuse(self, record: Record, error: RefusalError) -> None:
        """Note a refused record."""
        self.refused.append(Refused(record, error.reason))


class RecordParser(Protocol):
    """What finds the fields of a record and converts them."""

    def split(self, octets: bytes) -> Fields:
        """Return the fields; raise RefusalError if the record has not the right ones."""
        ...

    def read(self, octets: bytes) -> list[str | None]:
        """Return the converted texts; raise RefusalError with the reason."""
        ...


class Judge:
    """Accept or refuse records one by one; insert the accepted ones in bulk."""

    def __init__(self, context: CopyContext, plan: LoadPlan, parser: RecordParser) -> None:
        self.context = context
        self.plan = plan
        self.parser = parser
        self.verdict = Verdict()

    def judge(self, records: Iterable[Record]) -> None:
        """Judge all records."""
        source = iter(records)
        while batch := list(islice(source, BATCH)):
            torn = [record for record in batch if record.is_torn]
            if len(torn) < MANY or not has_plain_texts(self.plan):
                self.convert(batch)
                continue
            self.convert([record for record in batch if not record.is_torn])
            self.convert(self.insert_plain(torn))

    def row_file(self) -> RowFile:
        """Return a new working file with a column for each field."""
        name = f"rows-{os.urandom(8).hex()}"
        return RowFile(self.context.spool_folder / name, len(self.plan.fields))

    def insert_plain(self, records: Sequence[Record]) -> list[Record]:
        """Find the fields and let DuckDB take what is plainly right; return the other records."""
        written: list[Record] = []
        others: list[Record] = []
        with self.row_file() as rows:
            for record in records:
                try:
                    fields = self.parser.split(record.octets)
                    rows.add([None if one is None else one.decode() for one in fields])
                except RefusalError as error:
                    self.verdict.refuse(record, error)
                except UnicodeDecodeError:
                    others.append(record)
                else:
                    written.append(record)
            if not written:
                return others
            judged = f"({judged_sql(self.plan, Texts(rows.reader()))})"
            if self.insert(plain_rows(self.plan, judged)) == len(written):
                return others
            found = self.context.cursor.execute(f"SELECT {PLAIN} AS plain FROM {judged}")
            mask = found.fetchnumpy()["plain"]
        wrong = np.flatnonzero(~np.asarray(mask, dtype=bool)).tolist()
        return others + [written[place] for place in wrong]

    def convert(self, records: Sequence[Record]) -> None:
        """Convert each field by the exact rules; insert the records that pass."""
        if not records:
            return
        with self.row_file() as rows:
            for record in records:
                try:
                    rows.add(self.parser.read(record.octets))
                except RefusalError as error:
                    self.verdict.refuse(record, error)
            if rows.rows:
                self.insert(converted(self.plan, rows))

    def insert(self, rows: str) -> int:
        """Insert a relation of fields; count its rows and return how many they are."""
        added = self.context.cursor.execute(insert_sql(self.plan, rows)).fetchone()
        count = int(added[0]) if added else 0
        self.verdict.accepted += count
        return count


def converted(plan: LoadPlan, rows: RowFile) -> str:
    """Return the relation of the rows of a file, every field of its type."""
    values = ", ".join(
        f"{typed(one.vtype, rows.column(place))} AS {quoted(one.name)}"
        for place, one in enumerate(plan.fields)
    )
    return f"(SELECT {values} FROM {rows.reader()}) AS input"


def typed(vtype: VType, text: str) -> str:
    """Return the SQL of a value from its canonical text."""
    if vtype.is_binary:
        return f"unhex({text})"
    return text if vtype.is_string else f"CAST({text} AS {vtype.duck})"
