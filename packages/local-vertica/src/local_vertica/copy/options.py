"""What a COPY statement says, after parsing."""

from dataclasses import dataclass, field
from typing import Literal

from local_vertica.types import VType

Compression = Literal["UNCOMPRESSED", "GZIP", "BZIP", "ZSTD", "LZO"]
SourceKind = Literal["stdin", "local stdin", "local", "server"]


@dataclass(frozen=True)
class FieldFormat:
    """How one field is written in the input; None is "as the statement says"."""

    delimiter: str | None = None
    null: str | None = None
    escape: str | None = None
    no_escape: bool = False
    enclosed: str | None = None
    enforce_length: bool = False
    layout: str | None = None
    trim: str | None = None


@dataclass(frozen=True)
class CopyColumn:
    """One entry of the column list: a column, a computed column or a filler."""

    name: str
    expression: str | None = None
    filler: VType | None = None
    format: FieldFormat = FieldFormat()


@dataclass(frozen=True)
class Path:
    """A path of a server-side or client-side file, with its compression."""

    text: str
    compression: Compression = "UNCOMPRESSED"


@dataclass(frozen=True)
class Source:
    """Where the data comes from; `paths` is empty for STDIN."""

    kind: SourceKind
    paths: tuple[Path, ...] = ()
    compression: Compression = "UNCOMPRESSED"


@dataclass(frozen=True)
class ParserCall:
    """A named parser with its parameters, all names in lower case."""

    name: str
    arguments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class RejectTable:
    """The table that takes the rejects."""

    schema: str | None
    name: str


@dataclass(frozen=True)
class Rejection:
    """What becomes of rejected rows, and how many may be."""

    table: RejectTable | None = None
    data_path: str | None = None
    exceptions_path: str | None = None
    row_numbers: bool = False
    limit: int = 0
    abort: bool = False


@dataclass(frozen=True)
class CopyStatement:
    """A whole COPY statement."""

    schema: str | None
    table: str
    source: Source
    columns: tuple[CopyColumn, ...] = ()
    column_options: tuple[CopyColumn, ...] = ()
    format: FieldFormat = FieldFormat()
    record_terminator: str = "\n"
    trailing_nullcols: bool = False
    skip: int = 0
    parser: ParserCall | None = None
    rejection: Rejection = field(default_factory=Rejection)
    stream_name: str | None = None
    no_commit: bool = False
    error_tolerance: bool = False

    @property
    def local_files(self) -> tuple[str, ...]:
        """Return the patterns of client files that it asks for; none for STDIN."""
        if self.source.kind != "local":
            return ()
        return tuple(path.text for path in self.source.paths)

    @property
    def needs_client(self) -> bool:
        """Tell whether the client sends the data."""
        return self.source.kind != "server"
