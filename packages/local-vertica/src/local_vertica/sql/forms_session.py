"""Functions that answer for the session, and for sequences."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from local_vertica.errors import VerticaError
from local_vertica.sql import nodes as n
from local_vertica.sql.blocks import Block
from local_vertica.sql.bound import (
    DATE,
    INTEGER,
    TIME,
    TIMESTAMP,
    TIMESTAMPTZ,
    TIMETZ,
    Bound,
    text,
    varchar,
)  # fmt: skip
from local_vertica.sql.forms_choice import arguments
from local_vertica.sql.literals import integer_sql, now_literal
from local_vertica.sql.refusals import unknown_function
from local_vertica.types import VType

Form = Callable[[n.Call, Block], Bound]
# They have a precision or no parentheses; the others have empty ones, and some of them none.
_PRECISE = frozenset({"CURRENT_TIME", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP"})


def _text(value_name: str) -> Form:
    def write(expr: n.Call, block: Block) -> Bound:
        arguments(expr, block, 0, 0)
        value = block.context.session(value_name)
        return Bound(text(str(value)), varchar(128), expr.name, nullable=False)

    return write


def _number(value_name: str) -> Form:
    def write(expr: n.Call, block: Block) -> Bound:
        arguments(expr, block, 0, 0)
        value = block.context.session(value_name)
        if value is None:
            return Bound("CAST(NULL AS BIGINT)", INTEGER, expr.name)
        return Bound(integer_sql(int(str(value))), INTEGER, expr.name, nullable=False)

    return write


def _moment(value_name: str, vtype: VType) -> Form:
    def write(expr: n.Call, block: Block) -> Bound:
        moment = _rounded(_session_moment(block, value_name), _digits(expr, block))
        literal = now_literal(moment)
        sql = literal if vtype == TIMESTAMPTZ else _local(literal, vtype, block)
        return Bound(sql, vtype, expr.name, nullable=False)

    return write


def _digits(expr: n.Call, block: Block) -> int:
    """Return how many digits of a second's fraction are asked for, or refuse to tell so many."""
    is_precise = expr.name.upper() in _PRECISE
    args = arguments(expr, block, 0, int(is_precise))
    if not args and is_precise and not expr.bare:
        raise VerticaError("42601", 'Syntax error at or near ")"', 4856)
    if not args:
        return 6
    if args[0].number is None or args[0].vtype != INTEGER:
        raise unknown_function(expr.name, [arg.vtype for arg in args])
    digits = int(args[0].number)
    if not 0 <= digits <= 6:
        message = f"{expr.name.upper()}({digits}) precision must be between 0 and 6"
        raise VerticaError("22023", message, 3852)
    return digits


def _rounded(moment: datetime, digits: int) -> datetime:
    step = 10 ** (6 - digits)
    micros = (moment.microsecond + step // 2) // step * step
    return moment.replace(microsecond=0) + timedelta(microseconds=micros)


def _session_moment(block: Block, value_name: str) -> datetime:
    moment = block.context.session(value_name)
    if not isinstance(moment, datetime):
        raise VerticaError("XX000", f"The session does not know {value_name}", 3815)
    return moment


def _local(literal: str, vtype: VType, block: Block) -> str:
    """Return an instant as the session's clock shows it."""
    zone = str(block.context.session("timezone"))
    shown = f"timezone({text(zone)}, {literal})"
    if vtype == TIMETZ:
        return f"CAST({literal} AS TIMETZ)"
    return shown if vtype == TIMESTAMP else f"CAST({shown} AS {vtype.duck})"


_DAYS = {"today": 0, "yesterday": -1, "tomorrow": 1}


def session_moment(word: str, vtype: VType, block: Block) -> Bound | None:
    """Return what now, today, yesterday and tomorrow mean as a date or time, if the word is one."""
    word = word.strip().lower()
    if vtype.name not in ("DATE", "TIME", "TIMESTAMP", "TIMESTAMPTZ"):
        return None
    if word == "now":
        return _moment("now", VType(vtype.name))(n.Call("?column?"), block)
    if word not in _DAYS or vtype.name == "TIME":
        return None
    today = _moment("now", DATE)(n.Call("?column?"), block)
    sql = f"CAST(({today.sql} + {_DAYS[word]}) AS {vtype.duck})"
    return Bound(sql, vtype, nullable=False)


def _utc_now(expr: n.Call, block: Block) -> Bound:
    arguments(expr, block, 0, 0)
    moment = _session_moment(block, "statement_timestamp")
    return Bound(f"timezone('UTC', {now_literal(moment)})", TIMESTAMP, expr.name, nullable=False)


def _time_of_day(expr: n.Call, block: Block) -> Bound:
    arguments(expr, block, 0, 0)
    zone = ZoneInfo(str(block.context.session("timezone")))
    moment = _session_moment(block, "statement_timestamp").astimezone(zone)
    shown = moment.strftime("%a %b %d %H:%M:%S.%f %Y %Z")
    return Bound(text(shown), varchar(128), expr.name, nullable=False)


def _sequence(expr: n.Call, block: Block) -> Bound:
    (arg,) = arguments(expr, block, 1, 1)
    if arg.literal is None:
        raise VerticaError("42804", f"{expr.name} takes the name of a sequence", 2213)
    *schema, name = arg.literal.replace('"', "").split(".")
    found = block.context.scope.resolve_sequence(schema[-1] if schema else None, name)
    block.context.draws.add((found.schema, found.name))
    function = "nextval" if expr.name.upper() == "NEXTVAL" else "currval"
    return Bound(f"{function}({text(found.duck_name)})", INTEGER, expr.name, nullable=False)


SESSION_FORMS: dict[str, Form] = {
    "CURRENT_USER": _text("current_user"),
    "USER": _text("current_user"),
    "SESSION_USER": _text("session_user"),
    "USERNAME": _text("current_user"),
    "CURRENT_DATABASE": _text("current_database"),
    "DBNAME": _text("current_database"),
    "CURRENT_SCHEMA": _text("current_schema"),
    "VERSION": _text("version"),
    "CURRENT_SESSION": _text("current_session"),
    "CURRENT_TRANS_ID": _number("current_trans_id"),
    "CURRENT_STATEMENT": _number("current_statement"),
    "GET_NUM_ACCEPTED_ROWS": _number("get_num_accepted_rows"),
    "GET_NUM_REJECTED_ROWS": _number("get_num_rejected_rows"),
    "LAST_INSERT_ID": _number("last_insert_id"),
    "NOW": _moment("now", TIMESTAMPTZ),
    "CURRENT_TIMESTAMP": _moment("now", TIMESTAMPTZ),
    "TRANSACTION_TIMESTAMP": _moment("now", TIMESTAMPTZ),
    "STATEMENT_TIMESTAMP": _moment("statement_timestamp", TIMESTAMPTZ),
    "CLOCK_TIMESTAMP": _moment("statement_timestamp", TIMESTAMPTZ),
    "LOCALTIMESTAMP": _moment("now", TIMESTAMP),
    "LOCALTIME": _moment("now", TIME),
    "CURRENT_TIME": _moment("now", TIMETZ),
    "CURRENT_DATE": _moment("now", DATE),
    "SYSDATE": _moment("statement_timestamp", TIMESTAMP),
    "GETDATE": _moment("statement_timestamp", TIMESTAMP),
    "GETUTCDATE": _utc_now,
    "TIMEOFDAY": _time_of_day,
    "NEXTVAL": _sequence,
    "CURRVAL": _sequence,
}
