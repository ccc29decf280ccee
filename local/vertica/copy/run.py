"""Run a COPY: read its sources, insert the good rows, give the others to their home.

Where `run_copy` raises, rows of this COPY may stand in the open DuckDB transaction, or the
transaction may be broken: the engine rolls back to the start of the statement, as for any other.
"""

import mmap
import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from local.vertica.copy.context import ClientFile, CopyContext, CopyOutcome, SpooledSource
from local.vertica.copy.exact import ExactParser
from local.vertica.copy.exchange import exchanged_lines, undo_exchange
from local.vertica.copy.fast import (
    Lines,
    PlainLoader,
    Record,
    count_lines,
    framing_of,
    lines_of,
    write_lines,
)
from local.vertica.copy.judge import Judge, Verdict
from local.vertica.copy.options import CopyStatement
from local.vertica.copy.plan import LoadPlan, plan_load
from local.vertica.copy.records import cut_chunks, split_records
from local.vertica.copy.rejects import (
    SourceRejects,
    fill_reject_table,
    find_or_create,
    reject_files,
    write_server_files,
)
from local.vertica.copy.sources import Input, inputs_of
from local.vertica.copy.spool import first_record, mapped, unpacked
from local.vertica.errors import VerticaError


@dataclass(frozen=True)
class Job:
    """A COPY under way."""

    context: CopyContext
    statement: CopyStatement
    plan: LoadPlan
    parser: ExactParser


def run_copy(
    context: CopyContext, statement: CopyStatement, sources: Sequence[SpooledSource]
) -> CopyOutcome:
    """Load the sources; return what was accepted, what was rejected and what the client gets."""
    plan = plan_load(context, statement)
    zone = context.parameter("timezone") or "UTC"
    job = Job(context, statement, plan, ExactParser(plan.fields, statement.trailing_nullcols, zone))
    wanted = statement.rejection.table
    table = find_or_create(context, wanted, statement.no_commit) if wanted is not None else None
    accepted, rejects = 0, list[SourceRejects]()
    for source in inputs_of(context, statement, sources):
        verdict = load_source(job, source)
        accepted += verdict.accepted
        rejects.append(SourceRejects(source.name, verdict.refused))
        check_limits(statement, rejects)
    if table is not None and any(one.refused for one in rejects):
        fill_reject_table(context, table, rejects)
    return outcome(job, accepted, rejects)


def outcome(job: Job, accepted: int, rejects: Sequence[SourceRejects]) -> CopyOutcome:
    """Return what the COPY did; write the files of rejects that are the server's."""
    statement = job.statement
    files: tuple[ClientFile, ...] = reject_files(statement, rejects)
    if not statement.source.kind.startswith("local"):
        write_server_files(files, statement)
        files = ()
    numbers: tuple[int, ...] = ()
    if statement.rejection.row_numbers:
        numbers = tuple(refused.record.number for one in rejects for refused in one.refused)
    return CopyOutcome(
        accepted=accepted,
        rejected=sum(len(one.refused) for one in rejects),
        commits=not statement.no_commit and not job.plan.table.temporary,
        client_files=files,
        rejected_rows=numbers,
    )


def check_limits(statement: CopyStatement, rejects: Sequence[SourceRejects]) -> None:
    """Refuse the whole COPY if rejects are too many."""
    rejection = statement.rejection
    first = next((one for source in rejects for one in source.refused), None)
    if first is None:
        return
    if rejection.abort:
        message = f"COPY: Input record {first.record.number} has been rejected ({first.reason})"
        raise VerticaError("22V04", message, 2035)
    count = sum(len(source.refused) for source in rejects)
    if rejection.limit and count >= rejection.limit:
        message = f"COPY: the limit of {rejection.limit} rejected records has been reached"
        raise VerticaError("22V04", message, 2745)


def load_source(job: Job, source: Input) -> Verdict:
    """Load one source; return how many rows were accepted, and the refused ones in order."""
    judge = Judge(job.context, job.plan, job.parser)
    with (
        source.file as packed,
        unpacked(packed, source.compression, job.context.spool_folder) as plain,
        mapped(plain) as octets,
    ):
        if octets is not None and not load_exchanged(job, judge, (plain, octets), source.exchange):
            load_octets(job, judge, (plain, octets))
    judge.verdict.refused.sort(key=lambda one: one.record.number)
    return judge.verdict


def load_exchanged(
    job: Job, judge: Judge, source: tuple[Path, mmap.mmap], table: bytes | None
) -> bool:
    """Load octets that were exchanged on arrival; tell whether they were."""
    if table is None:
        return False
    path, octets = source
    swap = exchanged_lines(octets, framing_of(job.plan, job.statement.record_terminator), table)
    if swap is not None:
        load_lines(job, judge, Lines(path, swap, count_lines(octets), is_enclosed=False))
        return True
    work = job.context.spool_folder / f"undone-{os.urandom(8).hex()}"
    try:
        undo_exchange(octets, table, work)
        with mapped(work) as undone:
            if undone is not None:
                load_octets(job, judge, (work, undone))
    finally:
        work.unlink(missing_ok=True)
    return True


def load_octets(job: Job, judge: Judge, source: tuple[Path, mmap.mmap]) -> None:
    """Load the octets of one source: as lines if they can be lines, else record by record."""
    path, octets = source
    statement = job.statement
    framing = framing_of(job.plan, statement.record_terminator)
    start = first_record(octets, framing, statement.skip_bytes, statement.skip)
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
        accepted, others = PlainLoader(job.context.cursor, job.plan, lines).load()
        judge.verdict.accepted += accepted
        judge.judge(others)
