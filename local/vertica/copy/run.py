"""Run a COPY: read its sources, insert the good rows, give the others to their home.

Where `run_copy` raises, rows of this COPY may stand in the open DuckDB transaction, or the
transaction may be broken: the engine rolls back to the start of the statement, as for any other.
"""

import mmap
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from local.vertica.copy.context import ClientFile, CopyContext, CopyOutcome, SpooledSource
from local.vertica.copy.exact import ExactParser, Record, Refused
from local.vertica.copy.fast import (
    Lines,
    PlainLoader,
    count_lines,
    cut_source,
    framing_of,
    is_readable_as_it_is,
)
from local.vertica.copy.fast_sql import insert_sql
from local.vertica.copy.options import Compression, CopyStatement
from local.vertica.copy.plan import LoadPlan, plan_load, quoted
from local.vertica.copy.records import Swap
from local.vertica.copy.refusal import RefusalError
from local.vertica.copy.rejects import (
    SourceRejects,
    fill_reject_table,
    find_or_create,
    reject_files,
    write_server_files,
)
from local.vertica.copy.rowfile import RowFile
from local.vertica.copy.spool import first_record, mapped, unpacked
from local.vertica.errors import VerticaError
from local.vertica.types import VType

AS_IT_IS = Swap(bytes(range(256)), None, {})


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
    accepted, rejects = 0, []
    for source, compression in zip(sources, compressions(statement, sources), strict=True):
        added, refused = load_source(job, source.path, compression)
        refused.sort(key=lambda one: one.record.number)
        accepted += added
        rejects.append(SourceRejects(source_name(statement, source), refused))
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


def source_name(statement: CopyStatement, source: SpooledSource) -> str:
    """Return what rejects call a source."""
    return "STDIN (Batch No. 1)" if statement.source.kind == "stdin" else source.name


def compressions(statement: CopyStatement, sources: Sequence[SpooledSource]) -> list[Compression]:
    """Return the compression of each source; a glob's files have that of their pattern."""
    paths = statement.source.paths
    if not paths:
        return [statement.source.compression] * len(sources)
    if len({path.compression for path in paths}) == 1:
        return [paths[0].compression] * len(sources)
    if len(paths) == len(sources):
        return [path.compression for path in paths]
    message = "COPY: patterns of several files with different compressions are not supported here"
    raise VerticaError("0A000", message)


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


def load_source(job: Job, path: Path, compression: Compression) -> tuple[int, list[Refused]]:
    """Load one source; return how many rows were accepted, and the refused ones."""
    folder = job.context.spool_folder
    with unpacked(path, compression, folder) as plain, mapped(plain) as octets:
        if octets is None:
            return 0, []
        return load_octets(job, plain, octets)


def load_octets(job: Job, path: Path, octets: mmap.mmap) -> tuple[int, list[Refused]]:
    """Load the octets of one source: the plain records fast, the others exactly."""
    statement = job.statement
    framing = framing_of(job.plan, statement.record_terminator)
    start = first_record(octets, framing, statement.skip_bytes, statement.skip)
    if start == 0 and is_readable_as_it_is(octets, path, framing):
        lines = Lines(path, AS_IT_IS)
        lines.add(count_lines(octets), 0, None)
        return load_lines(job, lines, [])
    work = job.context.spool_folder / f"lines-{os.urandom(8).hex()}"
    try:
        cut = cut_source(octets, start, framing, (job.plan, work))
        return load_lines(job, cut.lines, cut.others)
    finally:
        work.unlink(missing_ok=True)


def load_lines(job: Job, lines: Lines | None, others: list[Record]) -> tuple[int, list[Refused]]:
    """Load the plain lines, then what was not plain, record by record."""
    accepted = 0
    if lines is not None and lines.count:
        accepted, failed = PlainLoader(job.context.cursor, job.plan, lines).load()
        others = others + failed
    added, refused = load_exactly(job, others)
    return accepted + added, refused


def load_exactly(job: Job, records: Sequence[Record]) -> tuple[int, list[Refused]]:
    """Judge each record by the exact parser; insert the good ones."""
    refused: list[Refused] = []
    if not records:
        return 0, refused
    path = job.context.spool_folder / f"rows-{os.urandom(8).hex()}"
    with RowFile(path, len(job.plan.fields)) as rows:
        for record in records:
            try:
                rows.add(job.parser.read(record.octets))
            except RefusalError as error:
                refused.append(Refused(record, error.reason))
        if rows.rows:
            job.context.cursor.execute(insert_sql(job.plan, converted(job.plan, rows)))
        return rows.rows, refused


def converted(plan: LoadPlan, rows: RowFile) -> str:
    """Return the relation of the rows of a file, every field of its type."""
    values = ", ".join(
        f"{typed(field.vtype, rows.column(place))} AS {quoted(field.name)}"
        for place, field in enumerate(plan.fields)
    )
    return f"(SELECT {values} FROM {rows.reader()}) AS input"


def typed(vtype: VType, text: str) -> str:
    """Return the SQL of a value from its canonical text."""
    if vtype.is_binary:
        return f"unhex({text})"
    return text if vtype.is_string else f"CAST({text} AS {vtype.duck})"
