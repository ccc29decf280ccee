"""What DuckDB refuses, said as Vertica says it."""

import re
from collections.abc import Callable

import duckdb

from local.vertica.errors import VerticaError

Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], VerticaError]]


def _rule(pattern: str, make: Callable[[re.Match[str]], VerticaError]) -> Rule:
    return re.compile(pattern, re.DOTALL), make


def _error(sqlstate: str, number: int, message: str) -> Callable[[re.Match[str]], VerticaError]:
    """Return a maker of one error; the message may name groups of the match."""
    return lambda found: VerticaError(sqlstate, found.expand(message), number)


def _own(found: re.Match[str]) -> VerticaError:
    """Return the error that translated SQL raised on purpose, written SQLSTATE|number|text."""
    return VerticaError(found[1], found[3].strip(), int(found[2]))


def _type_of_length(found: re.Match[str]) -> VerticaError:
    """Return the refusal of a string that a length CHECK found too long."""
    length = found["length"]
    message = f"String of more than {length} octets is too long for type Varchar({length})"
    return VerticaError("22001", f"{message} for column {found['column']}", 4800)


RULES: tuple[Rule, ...] = (
    _rule(r"VERTICA\|(\w{5})\|(\d+)\|([^\n]*)", _own),
    _rule(
        r"NOT NULL constraint failed: \S*?\.?(?P<column>[^.\s]+)$",
        _error(
            "22004",
            2502,
            r"Cannot set a NOT NULL column (\g<column>) to a NULL value in "
            r"INSERT/UPDATE statement",
        ),
    ),
    _rule(
        r'CHECK constraint failed.*strlen\("?(?P<column>[^")]+)"?\) <= (?:CAST\()?(?P<length>\d+)',
        _type_of_length,
    ),
    _rule(
        r'CHECK constraint failed on table "?(?P<table>[^\s"]+)"?',
        _error("23514", 7230, r"Check constraint violation in table '\g<table>'"),
    ),
    _rule(r"[Dd]ivision by zero|divide by zero", _error("22012", 3117, "Division by zero")),
    _rule(
        r"Merge can not|cannot affect the same target row|more than once",
        _error("23505", 3147, "Duplicate MERGE key detected in join"),
    ),
    _rule(
        r"More than one row returned by a subquery",
        _error("23505", 4840, "Subquery used as an expression returned more than one row"),
    ),
    _rule(r"(?i)out of range|overflow", _error("22003", 5408, "Value exceeds range of type")),
    _rule(r"(?i)time ?zone '?(?P<zone>[\w/+-]+)'?", _error("22023", 3788, "Invalid time zone")),
    _rule(
        r"(?i)(?:invalid|conversion).*(?:date|time|interval) (?:field|value|format)",
        _error("22007", 3679, "Invalid input syntax for date/time value"),
    ),
    _rule(
        r"Could not convert string .* to '?(?P<type>\w+)",
        _error("22V02", 3681, r"Invalid input syntax for type \g<type>"),
    ),
    _rule(
        r'Referenced column "(?P<column>[^"]+)" not found',
        _error("42703", 2624, r'Column "\g<column>" does not exist'),
    ),
    _rule(
        r'(?:does not have a|not contain) column (?:with name "?|named? )?"?(?P<column>[^"\s!]+)',
        _error("42703", 2624, r'Column "\g<column>" does not exist'),
    ),
    _rule(
        r"Table with name (?P<name>\S+) does not exist",
        _error("42V01", 4566, r'Relation "\g<name>" does not exist'),
    ),
    _rule(
        r"(?:Scalar|Table|Aggregate|Macro)? ?[Ff]unction with name (?P<name>\S+) does not exist",
        _error("42883", 3457, r"Function \g<name> does not exist, or permission is denied"),
    ),
    _rule(
        r"No function matches the given name and argument types '(?P<name>\w+)\(",
        _error("42883", 3457, r"Function \g<name> with these argument types does not exist"),
    ),
    _rule(
        r"Ambiguous reference to column name \"(?P<column>[^\"]+)\"",
        _error("42702", 2671, r'Column reference "\g<column>" is ambiguous'),
    ),
    _rule(
        r'column "(?P<column>[^"]+)" must appear in the GROUP BY',
        _error(
            "42803",
            2640,
            r'Column "\g<column>" must appear in the GROUP BY clause or be '
            r"used in an aggregate function",
        ),
    ),
)

BY_CLASS: tuple[tuple[type[duckdb.Error], str, int, str], ...] = (
    (duckdb.InterruptException, "57014", 3326, "Execution canceled by operator"),
    (duckdb.ParserException, "42601", 4856, "Syntax error"),
    (duckdb.ConversionException, "22V02", 3681, "Invalid input syntax for a value"),
    (duckdb.OutOfRangeException, "22003", 5408, "Value exceeds range of type"),
    (duckdb.OutOfMemoryException, "53200", 3815, "Insufficient memory for the statement"),
    (duckdb.CatalogException, "42V01", 4566, "An object the statement names does not exist"),
    (duckdb.BinderException, "42601", 4856, "The statement is not valid here"),
    (duckdb.NotImplementedException, "0A000", 4160, "Not supported"),
)


def vertica_error(error: duckdb.Error) -> VerticaError:
    """Return Vertica's error for one of DuckDB's; row values stay out of it."""
    text = str(error).split("\n\nLINE ", 1)[0]
    if isinstance(error, duckdb.InterruptException):
        return VerticaError("57014", "Execution canceled by operator", 3326)
    for pattern, make in RULES:
        if found := pattern.search(text):
            return make(found)
    for kind, sqlstate, number, message in BY_CLASS:
        if isinstance(error, kind):
            return VerticaError(sqlstate, message, number, detail=type(error).__name__)
    return VerticaError("XX000", f"Internal error ({type(error).__name__})", 3815)
