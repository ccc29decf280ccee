"""What a contract is: the columns, limits and key that the file of one table must keep."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["integer", "text", "timestamp", "boolean"]


@dataclass(frozen=True)
class Column:
    """One column: its name in staging, its name in the file, and what its values must be."""

    name: str
    header: str
    kind: Kind
    required: bool = False
    max_octets: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contract:
    """What the file of one table must be; a change of its meaning raises the version."""

    table: str
    version: int
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def headers(self) -> tuple[str, ...]:
        """Return the names that the file's header must hold, in any order."""
        return tuple(column.header for column in self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the columns in staging, in their order there."""
        return tuple(column.name for column in self.columns)

    @property
    def duplicate_reason(self) -> str:
        """Return the reason given to a record whose key an earlier accepted record has."""
        culprit = self.key[0] if len(self.key) == 1 else "record"
        return f"{culprit}: duplicate"
