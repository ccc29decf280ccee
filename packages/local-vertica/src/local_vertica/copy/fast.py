"""Load the plain records of a source with DuckDB's reader; tell which are not plain.

The records become lines of a working file (or are lines already), DuckDB inserts all that are
plainly right in one statement, and only if some were not are their places looked for.
"""

import mmap
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from local_vertica.copy.context import CopyContext
from local_vertica.copy.fast_sql import (
    PLAIN,
    Texts,
    insert_sql,
    judged_sql,
    literal,
    plain_rows,
    raw_name,
)
from local_vertica.copy.lines import Numbers, line_bounds, line_ends, survey
from local_vertica.copy.plan import LoadPlan
from local_vertica.copy.records import Framing, Swap, choose_swap, cut_chunks
from local_vertica.copy.spool import mapped
from local_vertica.errors import VerticaError

GLOB = frozenset("*?[{")
SAMPLE = 1 << 16


@dataclass(frozen=True)
class Lines:
    """The records of a source as lines of a file: line n is record n."""

    path: Path
    swap: Swap
    count: int
    is_enclosed: bool


@dataclass(frozen=True)
class Record:
    """A record and its number, from 1, in its source; `is_torn` if its fields were not found."""

    number: int
    octets: bytes
    is_torn: bool = True


def framing_of(plan: LoadPlan, terminator: str) -> Framing:
    """Return which octets shape a source of this plan."""
    forms = [one.form for one in plan.fields]
    first = forms[0]
    shapes = {(form.delimiter, form.null, form.escape, form.enclosed) for form in forms}
    odd = any(form.trim or form.layout for form in forms) or first.delimiter == b"\0"
    end = terminator.encode()
    clash = {first.delimiter, first.escape, first.enclosed} & {bytes([octet]) for octet in end}
    return Framing(
        terminator=end,
        delimiter=first.delimiter,
        null=first.null,
        escapes=b"".join(sorted({form.escape for form in forms if form.escape})),
        enclosed=b"".join(sorted({form.enclosed for form in forms if form.enclosed})),
        uniform=len(shapes) == 1 and not odd and not clash,
    )


def lines_of(source: mmap.mmap, path: Path, start: int, framing: Framing) -> Lines | None:
    """Return the file itself if DuckDB may read it as it is, else None."""
    if start or framing.terminator != b"\n" or not framing.uniform or GLOB & set(str(path)):
        return None
    found = survey(source, framing.escapes, framing.enclosed)
    if found is None:
        return None
    return Lines(path, Swap(), found.lines, found.is_enclosed)


def write_lines(source: mmap.mmap, start: int, framing: Framing, path: Path) -> Lines | None:
    """Write the records from a place on as lines to a file; None if they cannot be lines."""
    swap = choose_swap(source, start, framing) if framing.uniform else None
    if swap is None:
        return None
    count = 0
    with path.open("wb", buffering=0) as file:
        for chunk in cut_chunks(source, start, framing):
            lines = swap.lines(chunk)
            count += int(np.count_nonzero(line_ends(lines)))
            file.write(lines)
    is_enclosed = bool(framing.enclosed) and source.find(framing.enclosed) >= 0
    return Lines(path, swap, count, is_enclosed)


class PlainLoader:
    """Insert the plainly right lines of a file; tell which lines are not."""

    def __init__(self, context: CopyContext, plan: LoadPlan, lines: Lines) -> None:
        self.cursor = context.cursor
        self.folder = context.spool_folder
        self.plan = plan
        self.lines = lines

    def load(self) -> tuple[int, list[Record]]:
        """Insert what is plainly right; return how many rows, and the other records."""
        mark = os.urandom(8).hex()
        torn_table, scan_table, staged = f"torn_{mark}", f"scan_{mark}", f"staged_{mark}"
        first = self.judged(
            f"store_rejects = true, rejects_table = '{torn_table}', rejects_scan = '{scan_table}'"
        )
        if self.begins_plain():
            accepted = self.insert(f"({first})")
            if accepted == self.lines.count:
                self.forget(torn_table, scan_table)
                return accepted, []
            judged = f"({self.judged('ignore_errors = true')})"
        else:
            self.cursor.execute(f"CREATE TEMP TABLE {staged} AS {first}")
            judged = staged
            accepted = self.insert(judged)
        torn = self.torn_lines(torn_table)
        wrong = self.wrong_lines(judged, torn)
        self.forget(torn_table, scan_table, staged)
        if accepted + len(torn) + len(wrong) != self.lines.count:
            raise untold()
        return accepted, [*self.records_of(torn, True), *self.records_of(wrong, False)]

    def begins_plain(self) -> bool:
        """Tell whether the first lines are plainly right, so that the others may be too.

        Then they are inserted as they are read; what fails costs a second reading. Otherwise all
        go by way of a temporary table, which costs a little always and a reading never. What is
        no larger than the sample is read again in no time.
        """
        with mapped(self.lines.path) as octets:
            if octets is None or len(octets) <= SAMPLE:
                return True
            lines = octets[: octets.rfind(b"\n", 0, SAMPLE) + 1]
        if not lines:
            return True
        path = self.folder / f"sample-{os.urandom(8).hex()}"
        try:
            path.write_bytes(lines)
            judged = judged_sql(self.plan, self.texts("ignore_errors = true", path))
            found = self.cursor.execute(f"SELECT count(*) FROM ({judged}) WHERE {PLAIN}").fetchone()
        finally:
            path.unlink(missing_ok=True)
        return found is not None and int(found[0]) == lines.count(b"\n")

    def judged(self, faults: str) -> str:
        """Return the SELECT of all lines, converted, each with whether it is plainly right."""
        return judged_sql(self.plan, self.texts(faults, self.lines.path))

    def insert(self, judged: str) -> int:
        """Insert the plain rows of a relation; return how many they are."""
        rows = plain_rows(self.plan, judged)
        added = self.cursor.execute(insert_sql(self.plan, rows)).fetchone()
        return int(added[0]) if added else 0

    def texts(self, faults: str, path: Path) -> Texts:
        """Return the fields of a file of lines, with a way to take faults."""
        text = self.lines.swap.text
        form = self.plan.fields[0].form
        columns = ", ".join(f"{raw_name(i)}: 'VARCHAR'" for i in range(len(self.plan.fields)))
        lines = (
            f"read_csv({literal(str(path).encode())}, auto_detect = false, header = false, "
            f"delim = {literal(text(form.delimiter))}, quote = '', escape = '', "
            f"new_line = '\\n', nullstr = '{os.urandom(16).hex()}', compression = 'none', "
            f"columns = {{{columns}}}, {faults})"
        )
        return Texts(lines, text(form.null), self.lines.swap.exchanges, self.lines.is_enclosed)

    def torn_lines(self, table: str) -> Numbers:
        """Return the lines, from 0, that DuckDB could not cut into fields."""
        found = self.cursor.execute(f"SELECT DISTINCT line - 1 AS line FROM {table}").fetchnumpy()
        return np.sort(np.asarray(found["line"], dtype=np.int64))

    def forget(self, *tables: str) -> None:
        """Drop the tables in which DuckDB kept its rejects."""
        for table in tables:
            self.cursor.execute(f"DROP TABLE IF EXISTS {table}")

    def wrong_lines(self, judged: str, torn: Numbers) -> Numbers:
        """Return the lines, cut into fields well, of which one is not plainly right."""
        found = self.cursor.execute(f"SELECT {PLAIN} AS plain FROM {judged} AS judged")
        plain = np.asarray(found.fetchnumpy()["plain"], dtype=bool)
        whole = np.setdiff1d(np.arange(self.lines.count), torn, assume_unique=True)
        if len(whole) != len(plain):
            raise untold()
        return np.asarray(whole[~plain], dtype=np.int64)

    def records_of(self, lines: Numbers, torn: bool) -> Iterator[Record]:
        """Yield the records that stand in these lines."""
        with mapped(self.lines.path) as octets:
            if octets is None or not len(lines):
                return
            starts, ends = line_bounds(octets, lines)
            for line, start, end in zip(lines.tolist(), starts, ends, strict=True):
                yield Record(line + 1, self.lines.swap.record(octets[start:end]), torn)


def untold() -> VerticaError:
    """Return the error for lines that DuckDB reads otherwise the second time."""
    return VerticaError("VX001", "COPY: the records of the input cannot be told apart", 2000)
