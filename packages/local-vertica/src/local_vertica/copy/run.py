"""Run a COPY: read its sources, insert the good rows, give the others to their home.

Where `run_copy` raises, rows of this COPY may stand in the open DuckDB transaction, or the
transaction may be broken: the engine rolls back to the start of the statement, as for any other.
"""

from collections.abc import Sequence

from local_vertica.copy.context import ClientFile, CopyContext, CopyOutcome, SpooledSource
from local_vertica.copy.load import Job, load_source
from local_vertica.copy.options import CopyStatement
from local_vertica.copy.plan import plan_load
from local_vertica.copy.rejects import (
    SourceRejects,
    fill_reject_table,
    find_or_create,
    reject_files,
    write_server_files,
)
from local_vertica.copy.sources import inputs_of
from local_vertica.errors import VerticaError


def run_copy(
    context: CopyContext, statement: CopyStatement, sources: Sequence[SpooledSource]
) -> CopyOutcome:
    """Load the sources; return what was accepted, what was rejected and what the client gets."""
    plan = plan_load(context, statement)
    job = Job(context, statement, plan, context.parameter("timezone") or "UTC")
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
