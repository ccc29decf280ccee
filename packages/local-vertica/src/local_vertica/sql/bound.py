"""An expression with its names resolved: DuckDB text and Vertica type."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from local_vertica.types import VType

BOOLEAN = VType("BOOLEAN")
INTEGER = VType("INTEGER")
FLOAT = VType("FLOAT")
DATE = VType("DATE")
TIME = VType("TIME")
TIMETZ = VType("TIMETZ")
TIMESTAMP = VType("TIMESTAMP")
TIMESTAMPTZ = VType("TIMESTAMPTZ")
UUID = VType("UUID")
DAY_TIME = VType("INTERVAL DAY TO SECOND")
YEAR_MONTH = VType("INTERVAL YEAR TO MONTH")
MAX_VARCHAR = 65_000
Use = tuple[int, str, str]
NUMBERS = frozenset({"INTEGER", "NUMERIC", "FLOAT"})
# What gives another value each time, in DuckDB's words.
DRAWING = re.compile(r"\b(nextval|random|uuid|gen_random_uuid)\s*\(", re.IGNORECASE)


def varchar(length: int) -> VType:
    """Return VARCHAR of so many octets, within its limits; LONG VARCHAR beyond."""
    if length > MAX_VARCHAR:
        return VType("LONG VARCHAR", length=min(length, 32_000_000))
    return VType("VARCHAR", length=max(length, 1))


def numeric(precision: int, scale: int) -> VType:
    """Return NUMERIC of so many digits."""
    return VType("NUMERIC", precision=max(precision, scale, 1), scale=scale)


@dataclass(frozen=True, slots=True)
class Origin:
    """The table column an expression is nothing but."""

    schema: str
    table: str
    oid: int
    position: int


@dataclass(slots=True)
class Slot:
    """A `?`; what stands beside it first gives it its type."""

    index: int
    vtype: VType | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """One expression; `sql` can stand beside any operator.

    `literal` is the value of a character constant whose type is still open, `null` an open
    NULL, `parameter` an open `?`. `free` holds the columns of each block it
    uses outside aggregates, as (block number, DuckDB text, shown name). `pieces` are the texts
    that a chain of `||` joins, none of which can be NULL.
    """

    sql: str
    vtype: VType
    name: str = "?column?"
    literal: str | None = None
    number: str | None = None
    null: bool = False
    parameter: Slot | None = None
    free: frozenset[Use] = frozenset()
    aggregate: bool = False
    window: bool = False
    subquery: bool = False
    correlated: bool = False
    nullable: bool = True
    origin: Origin | None = None
    pieces: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Say whether its type is still to be chosen by what it stands beside."""
        return self.literal is not None or self.null or self.parameter is not None

    def renamed(self, name: str) -> Bound:
        """Return it under another heading."""
        return replace(self, name=name)


@dataclass(frozen=True, slots=True)
class Given:
    """What stands in an expression for a name whose value is worked out already."""

    bound: Bound


NOTHING: frozenset[Use] = frozenset()


def combine(sql: str, vtype: VType, parts: tuple[Bound, ...], name: str = "?column?") -> Bound:
    """Return an expression made of others, which uses what they use."""
    if len(parts) == 1:
        free = parts[0].free
    else:
        free = NOTHING.union(*(part.free for part in parts)) if parts else NOTHING
    return Bound(
        sql,
        vtype,
        name,
        free=free,
        aggregate=any(part.aggregate for part in parts),
        window=any(part.window for part in parts),
        subquery=any(part.subquery for part in parts),
        correlated=any(part.correlated for part in parts),
    )


def quoted(name: str) -> str:
    """Return an identifier as DuckDB reads it."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """Return a character constant as DuckDB reads it."""
    if "\0" in value:
        return "(" + " || chr(0) || ".join(text(part) for part in value.split("\0")) + ")"
    return "'" + value.replace("'", "''") + "'"
