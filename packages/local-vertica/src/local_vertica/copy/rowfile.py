"""A working file of texts that DuckDB reads back exactly, NULL and '' apart."""

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

LONGEST_LINE = 72_000_000  # a LONG VARCHAR of quotes, doubled, and room for the other columns


class RowFile:
    """Rows written one by one and read by one statement; it is deleted at the end."""

    def __init__(self, path: Path, width: int) -> None:
        self.path = path
        self.width = width
        self.rows = 0
        self.longest = 0
        self.file = path.open("w", encoding="utf-8", newline="")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.file.close()
        self.path.unlink(missing_ok=True)

    def add(self, row: Iterable[str | None]) -> None:
        """Write one row; every text is enclosed, so that NULL alone stands bare."""
        line = ",".join(
            "" if value is None else '"' + value.replace('"', '""') + '"' for value in row
        )
        self.file.write(line + "\n")
        self.rows += 1
        self.longest = max(self.longest, len(line))

    def column(self, position: int) -> str:
        """Return the name of a column of the reader."""
        return f"raw_{position}"

    def reader(self) -> str:
        """Return the DuckDB relation of the rows written so far, all columns texts."""
        self.file.flush()
        columns = ", ".join(f"'{self.column(place)}': 'VARCHAR'" for place in range(self.width))
        roomy = f", max_line_size = {LONGEST_LINE}" if self.longest > 400_000 else ""
        # One column that is NULL would be a blank line: DuckDB reads that as a row of NULL.
        return (
            f"read_csv('{self.path}', auto_detect = false, header = false, delim = ',', "
            f"quote = '\"', escape = '\"', new_line = '\\n', nullstr = '', "
            f"allow_quoted_nulls = false, columns = {{{columns}}}{roomy})"
        )
