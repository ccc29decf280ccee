"""Load the plain records of a source with DuckDB's reader; hand the others on.

The records become lines of a working file (or are lines already), DuckDB inserts all that are
plainly right in one statement, and only if some were not are their places looked for.
"""

import mmap
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np

from local.vertica.copy.exact import Record
from local.vertica.copy.fast_sql import all_plain, fields_sql, insert_sql, literal, raw_name
from local.vertica.copy.plan import LoadPlan
from local.vertica.copy.records import (
    Framing,
    Positions,
    Swap,
    choose_swap,
    cut_chunks,
    part_chunk,
)
from local.vertica.copy.spool import mapped
from local.vertica.errors import VerticaError

BOM = b"\xef\xbb\xbf"  # DuckDB would skip it
GLOB = frozenset("*?[{")
NOTHING: Positions = np.empty(0, dtype=np.int64)


@dataclass
class Lines:
    """The plain records of a source as lines of a file, and which records they are."""

    path: Path
    swap: Swap
    count: int = 0
    segments: list[tuple[int, int, Positions | None]] = field(default_factory=list)

    def add(self, lines: int, base: int, ordinals: Positions | None) -> None:
        """Note that so many lines follow, of records numbered from the base."""
        self.segments.append((self.count, base, ordinals))
        self.count += lines

    def record_number(self, line: int) -> int:
        """Return the number, from 1, of the record that a line holds."""
        starts = [first for first, _, _ in self.segments]
        place = int(np.searchsorted(starts, line, side="right")) - 1
        first, base, ordinals = self.segments[place]
        offset = line - first
        return base + (offset if ordinals is None else int(ordinals[offset])) + 1


@dataclass
class Cut:
    """A source cut up: plain lines, and the records that only the exact parser understands."""

    lines: Lines | None
    others: list[Record]
    count: int


def framing_of(plan: LoadPlan, terminator: str) -> Framing:
    """Return which octets matter in a source of this plan."""
    forms = [one.form for one in plan.fields]
    escapes = b"".join({form.escape for form in forms if form.escape})
    quotes = b"".join({form.enclosed for form in forms if form.enclosed})
    shared = len({(form.delimiter, form.null) for form in forms}) == 1
    odd = any(form.trim or form.layout for form in forms) or b"\0" in forms[0].delimiter
    return Framing(terminator.encode(), escapes, escapes + quotes, plain=shared and not odd)


def cut_source(source: mmap.mmap, start: int, framing: Framing, work: tuple[LoadPlan, Path]) -> Cut:
    """Part the records of a source; write the plain ones as lines to a file."""
    plan, path = work
    form = plan.fields[0].form
    swap = choose_swap(source, framing, form.delimiter + form.null) if framing.plain else None
    lines = Lines(path, swap) if swap is not None else None
    others: list[Record] = []
    base = 0
    with path.open("wb") as file:
        for first, end in cut_chunks(source, start, framing):
            part = part_chunk(source[first:end], framing, swap)
            others += [Record(base + ordinal + 1, octets) for ordinal, octets in part.others]
            if lines is not None and part.lines:
                file.write(part.plain)
                lines.add(part.lines, base, part.ordinals)
            base += part.count
    return Cut(lines, others, base)


def is_readable_as_it_is(source: mmap.mmap, path: Path, framing: Framing) -> bool:
    """Tell whether each line of a file is a plain record, so that DuckDB may read the file."""
    if not framing.plain or framing.terminator != b"\n" or GLOB & set(str(path)):
        return False
    odd = [b"\n\n", b"\r", b"\0", *(bytes([octet]) for octet in framing.special)]
    if source[:1] == b"\n" or source[:3] == BOM:
        return False
    return all(source.find(octets) < 0 for octets in odd)


def count_lines(source: mmap.mmap) -> int:
    """Return the records of a file of lines; the last may lack its end."""
    octets = np.frombuffer(source, dtype=np.uint8)
    ended = int(np.count_nonzero(octets == 10))
    is_open = bool(octets[-1] != 10)
    del octets
    return ended + is_open


class PlainLoader:
    """Insert the plainly right lines of a file; tell which lines are not."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, plan: LoadPlan, lines: Lines) -> None:
        self.cursor = cursor
        self.plan = plan
        self.lines = lines

    def load(self) -> tuple[int, list[Record]]:
        """Insert what is plainly right; return how many rows, and the other records."""
        mark = os.urandom(8).hex()
        reader = self.reader(f"torn_{mark}", f"scan_{mark}")
        try:
            accepted = self.insert(fields_sql(self.plan, reader, self.lines.swap.restored))
            if accepted == self.lines.count:
                return accepted, []
            torn = self.torn_lines(f"torn_{mark}")
        finally:
            self.forget(f"torn_{mark}", f"scan_{mark}")
        wrong = self.wrong_lines(torn) if accepted + len(torn) < self.lines.count else NOTHING
        failed = np.union1d(torn, wrong)
        if accepted + len(failed) != self.lines.count:
            raise VerticaError("VX001", "COPY: the records of the input cannot be told apart", 2000)
        return accepted, list(self.records_of(failed))

    def insert(self, rows: str) -> int:
        """Run the INSERT; return how many rows it added."""
        added = self.cursor.execute(insert_sql(self.plan, rows)).fetchone()
        return int(added[0]) if added else 0

    def reader(self, torn: str = "", scan: str = "") -> str:
        """Return the relation of the lines; torn ones go to the table of that name, if any."""
        table = self.lines.swap.table
        form = self.plan.fields[0].form
        columns = ", ".join(f"{raw_name(i)}: 'VARCHAR'" for i in range(len(self.plan.fields)))
        null = form.null.translate(table)
        nulls = ", ".join(literal(one) for one in sorted({null, null.lower(), null.upper()}))
        faults = (
            f"store_rejects = true, rejects_table = '{torn}', rejects_scan = '{scan}'"
            if torn
            else "ignore_errors = true"
        )
        return (
            f"read_csv({literal(str(self.lines.path).encode())}, auto_detect = false, "
            f"header = false, delim = {literal(form.delimiter.translate(table))}, quote = '', "
            f"escape = '', new_line = '\\n', nullstr = [{nulls}], compression = 'none', "
            f"columns = {{{columns}}}, {faults})"
        )

    def torn_lines(self, table: str) -> Positions:
        """Return the lines, from 0, that DuckDB could not cut into fields."""
        found = self.cursor.execute(f"SELECT DISTINCT line - 1 AS line FROM {table}").fetchnumpy()
        return np.sort(np.asarray(found["line"], dtype=np.int64))

    def forget(self, *tables: str) -> None:
        """Drop the tables in which DuckDB kept its rejects."""
        for table in tables:
            self.cursor.execute(f"DROP TABLE IF EXISTS {table}")

    def wrong_lines(self, torn: Positions) -> Positions:
        """Return the lines of which a field is not plainly right."""
        plain = self.cursor.execute(
            f"SELECT coalesce({all_plain(self.plan)}, false) AS plain FROM {self.reader()}"
        ).fetchnumpy()["plain"]
        whole = np.setdiff1d(np.arange(self.lines.count), torn, assume_unique=True)
        if len(whole) != len(plain):
            raise VerticaError("VX001", "COPY: the records of the input cannot be told apart", 2000)
        return np.asarray(whole[~np.asarray(plain, dtype=bool)], dtype=np.int64)

    def records_of(self, failed: Positions) -> Iterator[Record]:
        """Yield the records that stand in these lines."""
        with mapped(self.lines.path) as octets:
            if octets is None:
                return
            content = np.frombuffer(octets, dtype=np.uint8)
            ends = np.append(np.flatnonzero(content == 10), len(content))
            del content
            starts = np.where(failed > 0, ends[failed - 1] + 1, 0)
            for line, start, end in zip(
                failed.tolist(), starts.tolist(), ends[failed].tolist(), strict=True
            ):
                yield Record(
                    self.lines.record_number(line), self.lines.swap.back(octets[start:end])
                )
