"""Read function calls, those with words between their arguments too."""

from __future__ import annotations

from collections.abc import Callable

from local_vertica.sql import nodes as n
from local_vertica.sql import parse_expressions, parse_windows
from local_vertica.sql.cursor import TokenCursor
from local_vertica.sql.functions_octets import COUNTED_OCTETS
from local_vertica.sql.words import word_set

DATE_PARTS = word_set(
    """CENTURY DAY DECADE DOQ DOW DOY EPOCH HOUR ISODOW ISOWEEK ISOYEAR MICROSECONDS MILLENNIUM
    MILLISECONDS MINUTE MONTH QUARTER SECOND TIMEZONE TIME_ZONE TIMEZONE_HOUR TIMEZONE_MINUTE
    WEEK YEAR"""
)
_PART_FIRST = frozenset({"DATEDIFF", "TIMESTAMPDIFF", "TIMESTAMPADD", "DATE_PART", "DATE_TRUNC"})


def read_call(cursor: TokenCursor) -> n.Expr:
    """Return the call that stands here, or refuse the statement."""
    schema = None
    if cursor.peek().word == ".":
        schema = cursor.name()
        cursor.advance()
    name = cursor.advance()
    cursor.expect("(")
    special = _SPECIAL.get(name.word) if schema is None else None
    if special is not None:
        return special(cursor, name.value)
    return _tail(cursor, _plain(cursor, name.value, schema))


def _plain(cursor: TokenCursor, name: str, schema: str | None) -> n.Call:
    if cursor.accept("*"):
        cursor.expect(")")
        return n.Call(name, schema=schema, star=True)
    if cursor.accept(")"):
        return n.Call(name, schema=schema)
    distinct = cursor.accept("DISTINCT")
    if not distinct:
        cursor.accept("ALL")
    args = () if cursor.at("USING") else _arguments(cursor, name.upper())
    nulls = _nulls(cursor)
    parameters = _parameters(cursor)
    name = _in_octets(cursor, name)
    cursor.expect(")")
    return n.Call(name, args, schema, distinct=distinct, ignore_nulls=nulls, parameters=parameters)


def _arguments(cursor: TokenCursor, name: str) -> tuple[n.Expr, ...]:
    part = cursor.token.word
    if name in _PART_FIRST and cursor.peek().word == "," and part:
        cursor.advance()
        cursor.advance()
        return (n.String(part.lower()), *parse_expressions.read_list(cursor))
    return parse_expressions.read_list(cursor)


def _nulls(cursor: TokenCursor) -> bool | None:
    if cursor.accept("IGNORE", "NULLS"):
        return True
    return False if cursor.accept("RESPECT", "NULLS") else None


def _parameters(cursor: TokenCursor) -> tuple[tuple[str, n.Expr], ...]:
    if not cursor.accept("USING", "PARAMETERS"):
        return ()
    found = []
    while True:
        name = cursor.name()
        cursor.expect("=")
        found.append((name.lower(), parse_expressions.read_expression(cursor)))
        if not cursor.accept(","):
            return tuple(found)


def _tail(cursor: TokenCursor, call: n.Call) -> n.Call:
    within: tuple[n.Order, ...] = ()
    if cursor.at("WITHIN"):
        cursor.expect("WITHIN", "GROUP", "(")
        cursor.expect("ORDER", "BY")
        within = parse_windows.read_order(cursor, nulls=True)
        cursor.expect(")")
    over = None
    if cursor.accept("OVER"):
        over = n.Window(cursor.name()) if cursor.at_name() else parse_windows.read_window(cursor)
    return n.Call(
        call.name,
        call.args,
        call.schema,
        call.star,
        call.distinct,
        call.ignore_nulls,
        call.parameters,
        within,
        over,
    )


def _extract(cursor: TokenCursor, _name: str) -> n.Expr:
    part = cursor.advance()
    if part.kind not in ("word", "string"):
        raise cursor.error()
    cursor.expect("FROM")
    source = parse_expressions.read_expression(cursor)
    cursor.expect(")")
    return n.Call("date_part", (n.String(part.value.lower()), source))


def _position(cursor: TokenCursor, name: str) -> n.Expr:
    needle = parse_expressions.read_operand(cursor)
    cursor.expect("IN")
    haystack = parse_expressions.read_operand(cursor)
    return _rest(cursor, name, [needle, haystack])


def _substring(cursor: TokenCursor, name: str) -> n.Expr:
    if cursor.accept(")"):
        return n.Call(name)
    args = [parse_expressions.read_expression(cursor)]
    for word in ("FROM", "FOR"):
        if cursor.accept(word):
            if word == "FOR" and len(args) == 1:
                args.append(n.Number("1"))
            args.append(parse_expressions.read_expression(cursor))
    return _rest(cursor, name, args)


def _overlay(cursor: TokenCursor, name: str) -> n.Expr:
    args = [parse_expressions.read_expression(cursor)]
    if not cursor.at("PLACING"):
        raise cursor.error()
    args.extend(
        parse_expressions.read_expression(cursor)
        for word in ("PLACING", "FROM", "FOR")
        if cursor.accept(word)
    )
    return _rest(cursor, name, args)


def _trim(cursor: TokenCursor, name: str) -> n.Expr:
    side = cursor.advance().word if cursor.at("BOTH", "LEADING", "TRAILING") else ""
    first = None if cursor.at("FROM") else parse_expressions.read_expression(cursor)
    if cursor.accept("FROM"):
        subject = parse_expressions.read_expression(cursor)
        args = [subject] if first is None else [subject, first]
    elif first is None or (side and not cursor.at(")")):
        raise cursor.error()
    else:
        args = [first]
    function = {"LEADING": "LTRIM", "TRAILING": "RTRIM"}.get(side, "BTRIM")
    return _rest(cursor, function if side or len(args) > 1 else name, args)


def _series_value(cursor: TokenCursor, name: str) -> n.Expr:
    args = [parse_expressions.read_expression(cursor)]
    nulls = cursor.accept("IGNORE", "NULLS")
    if cursor.accept(","):
        args.append(parse_expressions.read_expression(cursor))
    cursor.expect(")")
    return n.Call(name, tuple(args), ignore_nulls=nulls)


def _rest(cursor: TokenCursor, name: str, args: list[n.Expr]) -> n.Expr:
    while cursor.accept(","):
        args.append(parse_expressions.read_expression(cursor))
    parameters = _parameters(cursor)
    name = _in_octets(cursor, name)
    cursor.expect(")")
    return n.Call(name, tuple(args), parameters=parameters)


_B_FORMS = word_set("GREATEST INITCAP INSTR LEAST LOWER OVERLAY POSITION STRPOS SUBSTR UPPER")
_LENGTHS = word_set("CHAR_LENGTH CHARACTER_LENGTH LENGTH")


def _in_octets(cursor: TokenCursor, name: str) -> str:
    """Return the function that USING OCTETS or USING CHARACTERS makes of one."""
    plain = {"SUBSTRING": "SUBSTR"}.get(name.upper(), name.upper())
    if not cursor.at("USING") or plain not in _B_FORMS | _LENGTHS:
        return name
    if cursor.accept("USING", "CHARACTERS"):
        return name
    cursor.expect("USING", "OCTETS")
    return COUNTED_OCTETS if plain in _LENGTHS else f"{plain}B"


_SPECIAL: dict[str, Callable[[TokenCursor, str], n.Expr]] = {
    "EXTRACT": _extract,
    "POSITION": _position,
    "SUBSTRING": _substring,
    "OVERLAY": _overlay,
    "TRIM": _trim,
    "CHAR_LENGTH": _substring,
    "CHARACTER_LENGTH": _substring,
    "LENGTH": _substring,
    "TS_FIRST_VALUE": _series_value,
    "TS_LAST_VALUE": _series_value,
}
