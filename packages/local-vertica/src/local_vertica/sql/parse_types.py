"""Read the name of a type where an expression may hold one."""

from local_vertica.sql.cursor import TokenCursor
from local_vertica.sql.words import word_set
from local_vertica.types import VType, parse_type

_SIMPLE = word_set(
    """BOOLEAN BOOL INT INTEGER BIGINT INT8 SMALLINT TINYINT FLOAT FLOAT8 REAL DATE SMALLDATETIME
    DATETIME NUMERIC DECIMAL NUMBER MONEY CHAR CHARACTER VARCHAR VARCHAR2 BINARY VARBINARY BYTEA
    RAW UUID TIMETZ TIMESTAMPTZ TIME TIMESTAMP DOUBLE LONG INTERVAL INTERVALYM"""
)
_UNITS = frozenset(["YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"])


def at_type(cursor: TokenCursor) -> bool:
    """Say whether the next token opens the name of a type."""
    return cursor.token.word in _SIMPLE


def read_type(cursor: TokenCursor) -> VType:
    """Return the type that stands here, or refuse the statement."""
    if not at_type(cursor):
        raise cursor.error()
    start = cursor.token.start
    _step_over(cursor)
    return parse_type(cursor.text[start : cursor.tokens[cursor.position - 1].end])


def read_qualifier(cursor: TokenCursor) -> VType | None:
    """Return the type an interval's qualifier (`DAY TO SECOND(3)`) names, if there is one."""
    if cursor.token.word not in _UNITS:
        return None
    start = cursor.token.start
    _step_over_qualifier(cursor)
    end = cursor.tokens[cursor.position - 1].end
    return parse_type(f"INTERVAL {cursor.text[start:end]}")


def _step_over(cursor: TokenCursor) -> None:
    first = cursor.advance().word
    match first:
        case "LONG":
            if not (cursor.accept("VARCHAR") or cursor.accept("VARBINARY")):
                raise cursor.error()
        case "DOUBLE":
            cursor.expect("PRECISION")
        case "CHARACTER" | "CHAR":
            cursor.accept("VARYING")
        case "BINARY":
            cursor.accept("VARYING")
        case "INTERVAL" | "INTERVALYM":
            _step_over_size(cursor)
            _step_over_qualifier(cursor)
    _step_over_size(cursor)
    if first in ("TIME", "TIMESTAMP"):
        _step_over_zone(cursor)


def _step_over_size(cursor: TokenCursor) -> None:
    if cursor.at("(") and cursor.peek().kind == "number":
        cursor.position += 2
        if cursor.accept(",") and cursor.advance().kind != "number":
            raise cursor.error()
        cursor.expect(")")


def _step_over_zone(cursor: TokenCursor) -> None:
    if cursor.at("WITH", "WITHOUT") and cursor.peek().word in ("TIME", "TIMEZONE"):
        cursor.advance()
        if cursor.advance().word == "TIME":
            cursor.expect("ZONE")


def _step_over_qualifier(cursor: TokenCursor) -> None:
    if cursor.token.word not in _UNITS:
        return
    cursor.advance()
    _step_over_size(cursor)
    if cursor.at("TO") and cursor.peek().word in _UNITS:
        cursor.position += 2
        _step_over_size(cursor)
