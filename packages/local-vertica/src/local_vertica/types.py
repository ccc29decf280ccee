"""Vertica's scalar types: their names, their numbers on the wire, and what stores them in DuckDB.

Numbers and type modifiers as the official clients know them; defaults and limits as Vertica's
data type pages state them (VARCHAR 80, CHAR 1, NUMERIC (37,15), VARCHAR at most 65,000 octets).
"""

import re
from dataclasses import dataclass

from local_vertica.errors import VerticaError

OIDS = {
    "BOOLEAN": 5,
    "INTEGER": 6,
    "FLOAT": 7,
    "CHAR": 8,
    "VARCHAR": 9,
    "DATE": 10,
    "TIME": 11,
    "TIMESTAMP": 12,
    "TIMESTAMPTZ": 13,
    "TIMETZ": 15,
    "NUMERIC": 16,
    "VARBINARY": 17,
    "UUID": 20,
    "LONG VARCHAR": 115,
    "LONG VARBINARY": 116,
    "BINARY": 117,
}
# Spatial types are the user's own to the wire: each has a name, and the number of its base type.
SPATIAL = {"GEOMETRY": OIDS["LONG VARBINARY"], "GEOGRAPHY": OIDS["LONG VARBINARY"]}
DAY_TIME_INTERVAL, YEAR_MONTH_INTERVAL = 14, 114
FIXED_SIZES = {"BOOLEAN": 1, "UUID": 16}
RANGE_BITS = {
    "MONTH": 1 << 17,
    "YEAR": 1 << 18,
    "DAY": 1 << 19,
    "HOUR": 1 << 26,
    "MINUTE": 1 << 27,
    "SECOND": 1 << 28,
}
DAY_TIME_UNITS = ("DAY", "HOUR", "MINUTE", "SECOND")
YEAR_MONTH_UNITS = ("YEAR", "MONTH")

DUCK_TYPES = {
    "BOOLEAN": "BOOLEAN",
    "INTEGER": "BIGINT",
    "FLOAT": "DOUBLE",
    "DATE": "DATE",
    "TIME": "TIME",
    "TIMETZ": "TIMETZ",
    "TIMESTAMP": "TIMESTAMP",
    "TIMESTAMPTZ": "TIMESTAMPTZ",
    "UUID": "UUID",
    "BINARY": "BLOB",
    "VARBINARY": "BLOB",
    "LONG VARBINARY": "BLOB",
    "GEOMETRY": "BLOB",
    "GEOGRAPHY": "BLOB",
}

LENGTH_LIMITS = {
    "CHAR": (1, 65_000),
    "VARCHAR": (80, 65_000),
    "LONG VARCHAR": (1_048_576, 32_000_000),
    "BINARY": (1, 65_000),
    "VARBINARY": (80, 65_000),
    "LONG VARBINARY": (1_048_576, 32_000_000),
    "GEOMETRY": (1_048_576, 10_000_000),
    "GEOGRAPHY": (1_048_576, 10_000_000),
}
NUMERIC_DEFAULTS = {
    "NUMERIC": (37, 15),
    "DECIMAL": (37, 15),
    "DEC": (37, 15),
    "NUMBER": (38, 0),
    "MONEY": (18, 4),
}
MAX_PRECISION = 1024
DUCK_PRECISION = 38  # DuckDB's DECIMAL holds no more digits

SPELLINGS = {
    "BOOL": "BOOLEAN",
    "BOOLEAN": "BOOLEAN",
    **dict.fromkeys(("INT", "INTEGER", "BIGINT", "INT8", "SMALLINT", "TINYINT"), "INTEGER"),
    **dict.fromkeys(("FLOAT", "FLOAT8", "DOUBLE PRECISION", "REAL"), "FLOAT"),
    **dict.fromkeys(("CHAR", "CHARACTER"), "CHAR"),
    **dict.fromkeys(("VARCHAR", "CHARACTER VARYING"), "VARCHAR"),
    "LONG VARCHAR": "LONG VARCHAR",
    "BINARY": "BINARY",
    **dict.fromkeys(("VARBINARY", "BINARY VARYING", "RAW", "BYTEA"), "VARBINARY"),
    "LONG VARBINARY": "LONG VARBINARY",
    "DATE": "DATE",
    **dict.fromkeys(("TIME", "TIME WITHOUT TIME ZONE"), "TIME"),
    **dict.fromkeys(("TIMETZ", "TIME WITH TIME ZONE", "TIME WITH TIMEZONE"), "TIMETZ"),
    **dict.fromkeys(
        ("TIMESTAMP", "TIMESTAMP WITHOUT TIME ZONE", "DATETIME", "SMALLDATETIME"), "TIMESTAMP"
    ),
    **dict.fromkeys(
        ("TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE", "TIMESTAMP WITH TIMEZONE"), "TIMESTAMPTZ"
    ),
    "UUID": "UUID",
    "GEOMETRY": "GEOMETRY",
    "GEOGRAPHY": "GEOGRAPHY",
}
# The numbers may stand behind the first word: TIMESTAMP(3) WITH TIME ZONE.
SHAPE = re.compile(r"([A-Za-z][A-Za-z0-9 ]*?)\s*(?:\(([0-9,\s]+)\)\s*([A-Za-z ]*))?")


@dataclass(frozen=True)
class VType:
    """One type as a column or an expression has it; lengths count octets."""

    name: str
    length: int | None = None
    precision: int | None = None
    scale: int | None = None

    @property
    def is_day_time(self) -> bool:
        """Tell whether it is an interval of days and smaller units."""
        return self.name.startswith("INTERVAL ") and self.name.split()[1] in DAY_TIME_UNITS

    @property
    def is_year_month(self) -> bool:
        """Tell whether it is an interval of years and months."""
        return self.name.startswith("INTERVAL ") and self.name.split()[1] in YEAR_MONTH_UNITS

    @property
    def is_string(self) -> bool:
        """Tell whether it holds characters."""
        return self.name in {"CHAR", "VARCHAR", "LONG VARCHAR"}

    @property
    def is_binary(self) -> bool:
        """Tell whether it holds raw octets."""
        return self.name in {"BINARY", "VARBINARY", "LONG VARBINARY"}

    @property
    def is_spatial(self) -> bool:
        """Tell whether it holds points, lines or areas; they are kept as well-known binary."""
        return self.name in SPATIAL

    @property
    def oid(self) -> int:
        """Return the type's number on the wire."""
        if self.name.startswith("INTERVAL "):
            return DAY_TIME_INTERVAL if self.is_day_time else YEAR_MONTH_INTERVAL
        return {**OIDS, **SPATIAL}[self.name]

    @property
    def typmod(self) -> int:
        """Return the type modifier on the wire; -1 is "as it is by default"."""
        if self.name == "NUMERIC":
            return (((self.precision or 37) << 16) | (self.scale or 0)) + 4
        if self.name.startswith("INTERVAL "):
            fraction = 6 if self.precision is None and self.is_day_time else self.precision or 0
            return interval_range(self.name) | fraction
        if self.length is not None:
            return self.length + 4
        return -1 if self.precision is None else self.precision

    @property
    def size(self) -> int:
        """Return the octets a value takes; -1 where that varies."""
        if self.name in FIXED_SIZES:
            return FIXED_SIZES[self.name]
        varies = self.is_string or self.is_binary or self.is_spatial or self.name == "NUMERIC"
        return -1 if varies else 8

    @property
    def duck(self) -> str:
        """Return the DuckDB type that stores it."""
        if self.is_string:
            return "VARCHAR"
        if self.name.startswith("INTERVAL "):
            return "INTERVAL"
        if self.name == "NUMERIC":
            precision = min(self.precision or 37, DUCK_PRECISION)
            return f"DECIMAL({precision}, {min(self.scale or 0, precision)})"
        return DUCK_TYPES[self.name]

    def __str__(self) -> str:
        shown = {"INTEGER": "int"}.get(self.name, self.name.lower())
        if self.name == "NUMERIC":
            return f"{shown}({self.precision},{self.scale})"
        number = self.precision if self.length is None else self.length
        return shown if number is None else f"{shown}({number})"


def interval_range(name: str) -> int:
    """Return the bits for the units an interval type spans."""
    units = [word for word in name.split() if word in RANGE_BITS]
    order = DAY_TIME_UNITS if units[0] in DAY_TIME_UNITS else YEAR_MONTH_UNITS
    first, last = order.index(units[0]), order.index(units[-1])
    return sum(RANGE_BITS[unit] for unit in order[first : last + 1])


def refused(message: str, sqlstate: str = "42601", number: int = 4856) -> VerticaError:
    """Return the error for a type that is written wrongly."""
    return VerticaError(sqlstate, message, number)


def parse_type(text: str) -> VType:
    """Read a type as Vertica spells it, with its defaults and limits."""
    shape = SHAPE.fullmatch(text.strip())
    if shape is None:
        raise refused(f'Syntax error at or near "{text}"')
    words = " ".join(f"{shape[1]} {shape[3] or ''}".upper().split())
    numbers = [int(number) for number in shape[2].split(",")] if shape[2] else []
    if words.startswith("INTERVAL"):
        return parse_interval(words, numbers)
    if words in NUMERIC_DEFAULTS:
        return parse_numeric(words, numbers)
    if words not in SPELLINGS:
        raise refused(f'Type "{text}" does not exist', "42704", 5108)
    return sized(SPELLINGS[words], numbers, text)


def sized(name: str, numbers: list[int], text: str) -> VType:
    """Return a type with the one number it may carry: a length or a precision."""
    if name in LENGTH_LIMITS:
        default, limit = LENGTH_LIMITS[name]
        length = one_number(numbers, default, text)
        if not 1 <= length <= limit:
            raise refused(
                f"Length for type {name.lower()} must be between 1 and {limit}", "22023", 3852
            )
        return VType(name, length=length)
    if name in {"TIME", "TIMETZ", "TIMESTAMP", "TIMESTAMPTZ"}:
        precision = one_number(numbers, -1, text)
        if precision > 6:
            raise refused(f"{name}({precision}) precision must be between 0 and 6", "22023", 3852)
        return VType(name, precision=None if precision < 0 else precision)
    if name == "FLOAT":
        if not 1 <= one_number(numbers, 53, text) <= 53:
            raise refused("Precision for type float must be between 1 and 53", "22023", 3852)
    elif numbers:
        raise refused(f'Syntax error at or near "(" in "{text}"')
    return VType(name)


def one_number(numbers: list[int], default: int, text: str) -> int:
    """Return the only number, or the default where none is given."""
    if len(numbers) > 1:
        raise refused(f'Syntax error at or near "," in "{text}"')
    return numbers[0] if numbers else default


def parse_numeric(words: str, numbers: list[int]) -> VType:
    """Read NUMERIC and its relatives; a precision without a scale has scale 0."""
    precision, scale = (NUMERIC_DEFAULTS[words] if not numbers else (*numbers, 0))[:2]
    if len(numbers) > 2 or not 1 <= precision <= MAX_PRECISION:
        raise refused(
            f"NUMERIC precision {precision} must be between 1 and {MAX_PRECISION}", "22023", 3852
        )
    if scale > precision:
        raise refused(
            f"NUMERIC scale {scale} must be between 0 and precision {precision}", "22023", 3852
        )
    return VType("NUMERIC", precision=precision, scale=scale)


def parse_interval(words: str, numbers: list[int]) -> VType:
    """Read INTERVAL with its units; without units it spans days to seconds."""
    units = words.split()[1:]
    shapes = {
        tuple(pair.split()) for pair in ("YEAR", "MONTH", "YEAR TO MONTH", *day_time_shapes())
    }
    if units and tuple(units) not in shapes:
        raise refused(f'Syntax error at or near "{units[-1]}"')
    precision = one_number(numbers, -1, words)
    if precision > 6:
        raise refused(f"INTERVAL({precision}) precision must be between 0 and 6", "22023", 3852)
    name = "INTERVAL " + (" ".join(units) if units else "DAY TO SECOND")
    return VType(name, precision=None if precision < 0 else precision)


def day_time_shapes() -> list[str]:
    """Return every unit and every range of units from days to seconds."""
    ranges = [
        f"{first} TO {last}"
        for position, first in enumerate(DAY_TIME_UNITS)
        for last in DAY_TIME_UNITS[position + 1 :]
    ]
    return [*DAY_TIME_UNITS, *ranges]
