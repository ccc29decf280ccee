"""What the engine answers to one statement, before it becomes bytes on the wire."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from local_vertica.types import VType

Row = tuple[object, ...]


@dataclass(frozen=True)
class Field:
    """One column of a result."""

    name: str
    vtype: VType
    nullable: bool = True
    table_oid: int = 0
    schema: str = ""
    table: str = ""
    attnum: int = 0
    is_identity: bool = False


@dataclass
class Rows:
    """A result set; its rows arrive in batches of Python values."""

    fields: tuple[Field, ...]
    batches: Iterator[list[Row]]
    tag: str
    notices: tuple[str, ...] = ()


@dataclass
class Done:
    """A statement without rows."""

    tag: str
    notices: tuple[str, ...] = ()


@dataclass
class CopyNeeded:
    """A COPY that waits for the client's data: from STDIN, or from the local files it names.

    `is_local` asks for the protocol of COPY LOCAL, also for LOCAL STDIN, which names no files;
    the client is to write the reject and the exception file where they are named. `exchange`,
    if there is one, is the table by which STDIN's octets are exchanged as they arrive.
    """

    spec: object
    local_files: Sequence[str] = field(default_factory=tuple)
    is_local: bool = False
    reject_file: str = ""
    exception_file: str = ""
    exchange: bytes | None = None


Result = Rows | Done | CopyNeeded
