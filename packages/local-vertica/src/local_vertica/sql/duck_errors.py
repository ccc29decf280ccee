"""What DuckDB refuses, said as Vertica says it."""

import logging
import re
from collections.abc import Callable

import duckdb

from local_vertica.errors import VerticaError

log = logging.getLogger(__name__)
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


# A rule is matched from the message's first word on: what follows may hold values of rows, which
# must neither choose the error nor show in it.
RULES: tuple[Rule, ...] = (
    _rule(r"Invalid Input Error: VERTICA\|(\w{5})\|(\d+)\|([^\n]*)", _own),
    _rule(
        r"Constraint Error: NOT NULL constraint failed: (?:\S+\.)?(?P<column>[^.\s]+)$",
        _error(
            "22004",
            2502,
            r"Cannot set a NOT NULL column (\g<column>) to a NULL value in "
            r"INSERT/UPDATE statement",
        ),
    ),
    _rule(
        r"Constraint Error: CHECK constraint failed on table \S+ with expression "
        r'CHECK\(\(strlen\("?(?P<column>[^")]+)"?\) <= (?P<length>\d+)\)\)$',
        _type_of_length,
    ),
    _rule(
        r'Constraint Error: CHECK constraint failed on table "?(?P<table>[^\s"]+)"?',
        _error("23514", 7230, r"Check constraint violation in table '\g<table>'"),
    ),
    _rule(
        r"\S+(?: \S+)? Error: (?:Merge can not|[^'\"]*cannot affect the same target row)",
        _error("23505", 3147, "Duplicate MERGE key detected in join"),
    ),
    _rule(
        r"(?:Invalid Input|Out of Range) Error: Division by zero",
        _error("22012", 3117, "Division by zero"),
    ),
    _rule(
        r"Invalid Input Error: More than one row returned by a subquery",
        _error("23505", 4840, "Subquery used as an expression returned more than one row"),
    ),
    _rule(
        r"Conversion Error: (?:date|time|timestamp) field value out of range",
        _error("22008", 2992, "Date/time field value out of range"),
    ),
    _rule(
        r"Conversion Error: (?:Type \S+ with value \S+ can't be cast|Could not cast value)",
        _error("22003", 5408, "Value exceeds range of type"),
    ),
    _rule(
        r"Conversion Error: (?:invalid|Invalid) (?:date|time|timestamp)",
        _error("22007", 3679, "Invalid input syntax for a date/time value"),
    ),
    _rule(
        r"Invalid Input Error: Could not parse string",
        _error("22007", 3679, "Invalid input syntax for the date/time format"),
    ),
    _rule(
        r"Conversion Error: Could not convert string .* to '?(?:DATE|TIME|INTERVAL)",
        _error("22007", 3679, "Invalid input syntax for a date/time value"),
    ),
    _rule(
        r"Conversion Error: Could not convert string .* to '?(?P<type>\w+)",
        _error("22V02", 3681, r"Invalid input syntax for type \g<type>"),
    ),
    _rule(
        r"Not implemented Error: Unknown TimeZone",
        _error("22023", 3788, "Invalid time zone"),
    ),
    _rule(
        r'Binder Error: Referenced column "(?P<column>[^"]+)" not found',
        _error("42703", 2624, r'Column "\g<column>" does not exist'),
    ),
    _rule(
        r"Binder Error: .*(?:does not have a|not contain) column "
        r'(?:with name "?|named? )?"?(?P<column>[^"\s!]+)',
        _error("42703", 2624, r'Column "\g<column>" does not exist'),
    ),
    _rule(
        r"Dependency Error: ",
        _error("2BV01", 3128, "DROP failed due to dependencies"),
    ),
    _rule(
        r"Catalog Error: Table with name (?P<name>\S+) does not exist",
        _error("42V01", 4566, r'Relation "\g<name>" does not exist'),
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
    (duckdb.InvalidInputException, "22023", 3852, "Invalid argument of a function"),
    (duckdb.NotImplementedException, "0A000", 4160, "Not supported"),
)


def vertica_error(error: duckdb.Error) -> VerticaError:
    """Return Vertica's error for one of DuckDB's; row values stay out of it."""
    text = str(error).split("\n\nLINE ", 1)[0]
    if isinstance(error, duckdb.InterruptException):
        return VerticaError("57014", "Execution canceled by operator", 3326)
    for pattern, make in RULES:
        if found := pattern.match(text):
            return make(found)
    for kind, sqlstate, number, message in BY_CLASS:
        if isinstance(error, kind):
            return VerticaError(sqlstate, message, number, detail=type(error).__name__)
    log.debug("DuckDB failed: %s", text)
    return VerticaError("XX000", f"Internal error ({type(error).__name__})", 3815)
