"""What the translator asks of the catalogue and of the session."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from local_vertica.types import VType

TableKind = Literal["table", "view", "system", "reject"]


@dataclass(frozen=True)
class ColumnInfo:
    """A column as the catalogue knows it; `default` is Vertica SQL text."""

    name: str
    vtype: VType
    nullable: bool = True
    default: str | None = None
    is_identity: bool = False


@dataclass(frozen=True)
class TableInfo:
    """A table, view or system table as a statement may name it.

    `duck_name` is quoted and qualified, ready to stand in DuckDB SQL; `columns` keep
    the order and the spelling of their creation. `newer` is what a query reads in its
    place, if others have committed to it since the transaction's snapshot. A view has its
    text as `definition`, which is read anew at each use, and the columns of that as its `own`:
    another view may have been made over others.
    """

    schema: str
    name: str
    duck_name: str
    columns: tuple[ColumnInfo, ...]
    kind: TableKind = "table"
    temporary: bool = False
    oid: int = 0
    definition: str | None = None
    own: tuple[ColumnInfo, ...] = ()
    newer: str | None = None


@dataclass(frozen=True)
class SequenceInfo:
    """A sequence; `duck_name` is quoted and qualified for `nextval('…')`."""

    schema: str
    name: str
    duck_name: str


@dataclass(frozen=True)
class FunctionInfo:
    """A user-defined SQL function; `body` is an expression over the parameters, Vertica SQL."""

    schema: str
    name: str
    parameters: tuple[ColumnInfo, ...]
    returns: VType
    body: str
    oid: int = 0


class Scope(Protocol):
    """Names and session values a statement is read against."""

    def resolve_table(self, schema: str | None, name: str) -> TableInfo:
        """Return the table meant; raise VerticaError 3F000 or 42V01 if there is none."""
        ...

    def resolve_sequence(self, schema: str | None, name: str) -> SequenceInfo:
        """Return the sequence meant; raise VerticaError 3F000 or 42V01 if there is none."""
        ...

    def resolve_functions(self, schema: str | None, name: str) -> Sequence[FunctionInfo]:
        """Return the SQL functions that may be meant, those found first before the others."""
        ...

    def of_view(self, info: TableInfo) -> "Scope":
        """Return what names mean in a view's text."""
        ...

    def session_values(self) -> Mapping[str, object]:
        """Return what session functions answer, by Vertica's lower-case function name.

        Keys: current_user, session_user, current_database, current_schema, version,
        current_session, current_trans_id, current_statement, last_insert_id (or None),
        get_num_accepted_rows, get_num_rejected_rows, now (start of the transaction, aware
        datetime), statement_timestamp (aware datetime), timezone (IANA name).
        """
        ...

    def cache_key(self) -> Hashable:
        """Return a value that stays equal only while every name resolves the same way.

        It covers the catalogue, the search path and the session's temporary tables. None says
        that the names hold for this statement only.
        """
        ...
