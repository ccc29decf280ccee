"""TO_CHAR, TO_DATE, TO_TIMESTAMP and TO_NUMBER."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from local_vertica.sql import nodes as n
from local_vertica.sql.blocks import Block
from local_vertica.sql.bound import (
    DATE,
    FLOAT,
    NUMBERS,
    TIMESTAMP,
    TIMESTAMPTZ,
    Bound,
    combine,
    numeric,
    varchar,
)  # fmt: skip
from local_vertica.sql.casts import as_text, cast, coerce, family
from local_vertica.sql.formats import number_text, parsed_time, time_text
from local_vertica.sql.forms_choice import arguments
from local_vertica.sql.literals import natural_numeric
from local_vertica.sql.refusals import unknown_function, unsupported
from local_vertica.types import VType

Form = Callable[[n.Call, Block], Bound]


def _pattern(expr: n.Call, args: list[Bound]) -> str:
    if args[1].literal is None:
        raise unsupported(f"A pattern of {expr.name} that is no constant")
    return args[1].literal


def _to_char(expr: n.Call, block: Block) -> Bound:
    args = arguments(expr, block, 1, 2)
    value = args[0]
    if value.is_open:
        value = coerce(value, FLOAT if value.literal else TIMESTAMP)
    if len(args) == 1:
        return as_text(value)
    pattern = _pattern(expr, args)
    kind = family(value.vtype)
    if kind in NUMBERS:
        return combine(number_text(value, pattern), varchar(len(pattern) + 2), (value,))
    if kind not in ("DATE", "TIME", "TIMETZ", "TIMESTAMP", "TIMESTAMPTZ", "INTERVAL"):
        raise unknown_function(expr.name, [value.vtype, args[1].vtype])
    made = combine(time_text(value, pattern), varchar(max(len(pattern) * 4, 1)), (value,))
    return replace(made, nullable=value.nullable)


def _parsed(vtype: VType) -> Form:
    def write(expr: n.Call, block: Block) -> Bound:
        args = arguments(expr, block, 1, 2)
        if len(args) == 1:
            return _from_number(expr, args[0], vtype)
        subject = as_text(args[0])
        if not args[0].vtype.is_string:
            raise unknown_function(expr.name, [arg.vtype for arg in args])
        sql = parsed_time(subject.sql, _pattern(expr, args))
        if vtype != TIMESTAMP:
            sql = f"CAST({sql} AS {vtype.duck})"
        return combine(sql, vtype, (subject,))

    return write


def _from_number(expr: n.Call, arg: Bound, vtype: VType) -> Bound:
    if vtype == DATE or (not arg.is_open and arg.vtype.name not in NUMBERS):
        raise unknown_function(expr.name, [arg.vtype])
    seconds = coerce(arg, FLOAT)
    sql = f"to_timestamp({seconds.sql})"
    if vtype == TIMESTAMP:
        sql = f"CAST({sql} AS TIMESTAMP)"
    return combine(sql, vtype, (seconds,))


def _to_number(expr: n.Call, block: Block) -> Bound:
    args = arguments(expr, block, 1, 2)
    subject = as_text(args[0])
    if len(args) == 1:
        known = args[0].literal
        return cast(subject, natural_numeric(known) if known else numeric(37, 15))
    pattern = _pattern(expr, args).upper().replace("D", ".")
    scale = len(re.findall("[09]", pattern.split(".")[1])) if "." in pattern else 0
    vtype = numeric(38, scale)
    digits = f"regexp_replace({subject.sql}, '[^0-9.]', '', 'g')"
    sign = f"CASE WHEN contains({subject.sql}, '-') THEN '-' ELSE '' END"
    return combine(f"CAST({sign} || {digits} AS {vtype.duck})", vtype, (subject,))


FORMAT_FORMS: dict[str, Form] = {
    "TO_CHAR": _to_char,
    "TO_DATE": _parsed(DATE),
    "TO_TIMESTAMP": _parsed(TIMESTAMP),
    "TO_TIMESTAMP_TZ": _parsed(TIMESTAMPTZ),
    "TO_NUMBER": _to_number,
}
