"""What a COPY asks of the engine, and what it gives back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import duckdb

from local_vertica.sql.scope import TableInfo
from local_vertica.types import VType


@dataclass(frozen=True)
class SpooledSource:
    """One file of input that lies on the server's disk until the transaction ends.

    `name` is what reject tables and exception files call it: the path as the client or the
    statement named it, or STDIN. `exchange` is the table of `exchange_on_arrival` if the file's
    octets were exchanged by it.
    """

    path: Path
    name: str
    exchange: bytes | None = None


@dataclass(frozen=True)
class CopyIds:
    """The identifiers a reject row carries."""

    node_name: str
    session_id: str
    transaction_id: int
    statement_id: int


@dataclass(frozen=True)
class ClientFile:
    """A reject or exception file that the client is to write (COPY LOCAL)."""

    name: str
    content: bytes


@dataclass(frozen=True)
class CopyOutcome:
    """What a COPY did.

    `commits` says whether the statement commits the session's transaction.
    `rejected_rows` holds the row numbers for RETURNREJECTED, else nothing.
    """

    accepted: int
    rejected: int
    commits: bool
    client_files: tuple[ClientFile, ...] = ()
    rejected_rows: tuple[int, ...] = ()
    notices: tuple[str, ...] = field(default=())


class CopyContext(Protocol):
    """The session as a COPY sees it, inside an open write transaction."""

    @property
    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return the DuckDB cursor of the session's write transaction."""
        ...

    @property
    def ids(self) -> CopyIds:
        """Return the identifiers for reject rows."""
        ...

    @property
    def spool_folder(self) -> Path:
        """Return an existing folder for working files; each COPY deletes its own."""
        ...

    def resolve_table(self, schema: str | None, name: str) -> TableInfo:
        """Return the table meant; raise VerticaError 3F000 or 42V01 if there is none."""
        ...

    def find_reject_table(self, schema: str | None, name: str) -> TableInfo | None:
        """Return the table of that name, of whatever kind, or None if there is none."""
        ...

    def create_reject_table(self, schema: str | None, name: str, temporary: bool) -> TableInfo:
        """Make an empty table of kind 'reject' with `rejects.REJECT_COLUMNS`; return it.

        A temporary one is LOCAL TEMP: of this session alone, rows kept until it ends.
        Making it must not commit the open transaction.
        """
        ...

    def translate_expression(self, text: str, columns: Mapping[str, VType]) -> str:
        """Return the DuckDB SQL of a Vertica expression over columns of these names.

        The columns stand in the result as quoted lower-case identifiers.
        """
        ...

    def parameter(self, name: str) -> str | None:
        """Return a session parameter (AWSAuth, AWSEndpoint …) by name in any case, or None."""
        ...
