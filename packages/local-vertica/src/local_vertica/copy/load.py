"""Load one source of a COPY by the quickest way that its octets allow."""

import mmap
import os
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from local_vertica.copy.context import CopyContext
from local_vertica.copy.exact import ExactParser
from local_vertica.copy.exchange import exchanged_lines, undo_exchange
from local_vertica.copy.fast import (
    Lines,
    PlainLoader,
    Record,
    framing_of,
    lines_of,
    write_lines,
)
from local_vertica.copy.fcsv import CsvParser, CsvReader, dialect_of
from local_vertica.copy.judge import Judge, Verdict
from local_vertica.copy.options import CopyStatement
from local_vertica.copy.plan import LoadPlan
from local_vertica.copy.records import cut_chunks, split_records
from local_vertica.copy.sources import Input
from local_vertica.copy.spool import first_record, mapped, unpacked


@dataclass(frozen=True)
class Job:
    """A COPY under way; `zone` is the session's time zone."""

    context: CopyContext
    statement: CopyStatement
    plan: LoadPlan
    zone: str


def load_source(job: Job, source: Input) -> Verdict:
    """Load one source; return how many rows were accepted, and the refused ones in order."""
    judge = Judge(job.context, job.plan, parser_of(job))
    with (
        source.file as packed,
        unpacked(packed, source.compression, job.context.spool_folder) as plain,
        mapped(plain) as octets,
    ):
        if octets is not None:
            load_mapped(job, judge, (plain, octets), source.exchange)
    judge.verdict.refused.sort(key=lambda one: one.record.number)
    return judge.verdict


def parser_of(job: Job) -> ExactParser | CsvParser:
    """Return the parser that the statement names; DELIMITED if it names none."""
    call = job.statement.parser
    if call is not None:
        return CsvParser(CsvReader(dialect_of(call)), job.plan.fields, job.zone)
    return ExactParser(job.plan.fields, job.statement.trailing_nullcols, job.zone)


def load_mapped(
    job: Job, judge: Judge, source: tuple[Path, mmap.mmap], exchange: bytes | None
) -> None:
    """Load a source as its octets ask for."""
    if isinstance(judge.parser, CsvParser):
        load_csv(job, judge, judge.parser, source[1])
    elif exchange is None:
        load_octets(job, judge, source)
    else:
        load_exchanged(job, judge, source, exchange)


def load_csv(job: Job, judge: Judge, parser: CsvParser, octets: mmap.mmap) -> None:
    """Load CSV record by record, by the names in its header."""
    end = parser.reader.dialect.terminator.decode()
    framing = replace(framing_of(job.plan, end), escapes=b"")
    start = first_record(octets, framing, job.statement.skip)
    records = parser.reader.records(octets, start)
    if parser.flags["header"]:
        header = next(records, None)
        if header is None:
            return
        parser.take_header(header)
    judge.judge(Record(number, one) for number, one in enumerate(records, 1))


def load_exchanged(job: Job, judge: Judge, source: tuple[Path, mmap.mmap], table: bytes) -> None:
    """Load octets that were exchanged on arrival."""
    path, octets = source
    framing = framing_of(job.plan, job.statement.record_terminator)
    lines = exchanged_lines(octets, path, framing, table)
    if lines is not None:
        load_lines(job, judge, lines)
        return
    work = job.context.spool_folder / f"undone-{os.urandom(8).hex()}"
    try:
        undo_exchange(octets, table, work)
        with mapped(work) as undone:
            if undone is not None:
                load_octets(job, judge, (work, undone))
    finally:
        work.unlink(missing_ok=True)


def load_octets(job: Job, judge: Judge, source: tuple[Path, mmap.mmap]) -> None:
    """Load the octets of one source: as lines if they can be lines, else record by record."""
    path, octets = source
    statement = job.statement
    framing = framing_of(job.plan, statement.record_terminator)
    start = first_record(octets, framing, statement.skip)
    lines = lines_of(octets, path, start, framing)
    if lines is not None:
        load_lines(job, judge, lines)
        return
    work = job.context.spool_folder / f"lines-{os.urandom(8).hex()}"
    try:
        lines = write_lines(octets, start, framing, work)
        if lines is not None:
            load_lines(job, judge, lines)
            return
    finally:
        work.unlink(missing_ok=True)
    records = chain.from_iterable(
        split_records(chunk, framing) for chunk in cut_chunks(octets, start, framing)
    )
    judge.judge(Record(number, one) for number, one in enumerate(records, 1))


def load_lines(job: Job, judge: Judge, lines: Lines) -> None:
    """Load the plainly right lines at once; judge the others."""
    if lines.count:
        accepted, others = PlainLoader(job.context, job.plan, lines).load()
        judge.verdict.accepted += accepted
        judge.judge(others)
