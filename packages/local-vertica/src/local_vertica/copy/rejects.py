"""Where rejected rows go: a reject table, or a file of the rows and a file of the reasons."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from local_vertica.copy.context import ClientFile, CopyContext, CopyIds
from local_vertica.copy.fast_sql import literal
from local_vertica.copy.judge import Refused
from local_vertica.copy.options import CopyStatement, RejectTable
from local_vertica.copy.rowfile import RowFile
from local_vertica.errors import VerticaError
from local_vertica.sql.scope import ColumnInfo, TableInfo
from local_vertica.types import VType

REJECT_COLUMNS = (
    ColumnInfo("node_name", VType("VARCHAR", length=256)),
    ColumnInfo("file_name", VType("VARCHAR", length=4096)),
    ColumnInfo("session_id", VType("VARCHAR", length=64)),
    ColumnInfo("transaction_id", VType("INTEGER")),
    ColumnInfo("statement_id", VType("INTEGER")),
    ColumnInfo("batch_number", VType("INTEGER")),
    ColumnInfo("row_number", VType("INTEGER")),
    ColumnInfo("rejected_data", VType("LONG VARCHAR", length=32_000_000)),
    ColumnInfo("rejected_data_orig_length", VType("INTEGER")),
    ColumnInfo("rejected_reason", VType("VARCHAR", length=65_000)),
)

# The columns that differ from row to row.
KEPT = ("file_name", "row_number", "rejected_data", "rejected_data_orig_length", "rejected_reason")


@dataclass(frozen=True)
class SourceRejects:
    """The rejected rows of one source, in the order of their records."""

    name: str
    refused: Sequence[Refused]


def shown(octets: bytes) -> str:
    """Return a rejected row as text; what is no UTF-8 is spelled in hexadecimal."""
    return octets.decode(errors="backslashreplace")


def find_or_create(context: CopyContext, wanted: RejectTable, no_commit: bool) -> TableInfo:
    """Return the reject table, made if need be: LOCAL TEMP if the COPY does not commit."""
    found = context.find_reject_table(wanted.schema, wanted.name)
    if found is None:
        return context.create_reject_table(wanted.schema, wanted.name, temporary=no_commit)
    if found.kind != "reject":
        message = (
            f'Table "{found.name}" is not a rejected-data table; COPY cannot write rejects to it'
        )
        raise VerticaError("42809", message)
    return found


def fill_reject_table(
    context: CopyContext, table: TableInfo, rejects: Sequence[SourceRejects]
) -> None:
    """Append the rejected rows of all sources to the reject table."""
    path = context.spool_folder / f"rejects-{os.urandom(8).hex()}"
    with RowFile(path, len(KEPT)) as rows:
        for source in rejects:
            for refused in source.refused:
                octets, number = refused.record.octets, refused.record.number
                size = str(len(octets))
                rows.add((source.name, str(number), shown(octets), size, refused.reason))
        kept = {name: rows.column(place) for place, name in enumerate(KEPT)}
        values = same_for_all(context.ids) | kept
        casts = ", ".join(
            f"CAST({values[column.name]} AS {column.vtype.duck})" for column in REJECT_COLUMNS
        )
        context.cursor.execute(f"INSERT INTO {table.duck_name} SELECT {casts} FROM {rows.reader()}")


def same_for_all(ids: CopyIds) -> dict[str, str]:
    """Return the SQL of the columns that have one value in all rejected rows of a COPY."""
    return {
        "node_name": literal(ids.node_name.encode()),
        "session_id": literal(ids.session_id.encode()),
        "transaction_id": str(ids.transaction_id),
        "statement_id": str(ids.statement_id),
        "batch_number": "0",
    }


def reject_files(
    statement: CopyStatement, rejects: Sequence[SourceRejects]
) -> tuple[ClientFile, ...]:
    """Return the reject file and the exceptions file that the statement asks for."""
    rejection = statement.rejection
    files = []
    if rejection.data_path is not None:
        end = statement.record_terminator.encode()
        rows = b"".join(r.record.octets + end for source in rejects for r in source.refused)
        files.append(ClientFile(rejection.data_path, rows))
    if rejection.exceptions_path is not None:
        text = "".join(exception_lines(statement, rejects))
        files.append(ClientFile(rejection.exceptions_path, text.encode()))
    return tuple(files)


def exception_lines(statement: CopyStatement, rejects: Sequence[SourceRejects]) -> list[str]:
    """Return a line for each rejected row: where it stood, why, and where it is now."""
    where = statement.rejection.data_path
    lines, count = [], 0
    for source in rejects:
        for refused in source.refused:
            count += 1
            line = (
                f"COPY: Input record {refused.record.number} in {source.name} "
                f"has been rejected ({refused.reason})."
            )
            if where is not None:
                line += f"  Please see {where}, record {count} for the rejected record."
            lines.append(line + "\n")
    return lines


def write_server_files(files: Sequence[ClientFile], statement: CopyStatement) -> None:
    """Write reject and exceptions files on the server's disk; a folder gets files in it."""
    suffixes = ("copy-from-rejected-data", "copy-from-exceptions")
    for file in files:
        path = Path(file.name)
        if path.is_dir() or file.name.endswith("/"):
            suffix = suffixes[file.name == statement.rejection.exceptions_path]
            path /= f"{statement.table}-{suffix}"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.content)
        except OSError as error:
            message = f"Could not open file [{path}] for writing; {error.strerror}"
            raise VerticaError("58V01", message) from None
