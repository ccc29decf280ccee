"""Vertica's regular expression functions; the patterns are read by RE2, not by PCRE."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from local_vertica.errors import VerticaError
from local_vertica.sql import nodes as n
from local_vertica.sql.blocks import Block
from local_vertica.sql.bound import BOOLEAN, INTEGER, Bound, combine, text, varchar
from local_vertica.sql.casts import coerce
from local_vertica.sql.forms_choice import arguments
from local_vertica.sql.refusals import unknown_function, unsupported
from local_vertica.sql.signatures import same_length

Form = Callable[[n.Call, Block], Bound]
_PIECES = re.compile(r"\\(\d)|((?:(?!\\\d).)+)", re.DOTALL)  # \1 to \9, and what stands between
_FLAGS = {"i": "i", "c": "", "m": "m", "n": "s", "b": ""}


def _texts(expr: n.Call, args: Sequence[Bound]) -> list[Bound]:
    found = []
    for arg in args:
        if not arg.is_open and not arg.vtype.is_string:
            raise unknown_function(expr.name, [each.vtype for each in args])
        found.append(coerce(arg, varchar(65_000)) if arg.is_open else arg)
    return found


def _whole(expr: n.Call, args: Sequence[Bound], position: int, default: str) -> str:
    if len(args) <= position:
        return default
    arg = args[position]
    if not arg.is_open and arg.vtype != INTEGER:
        raise unknown_function(expr.name, [each.vtype for each in args])
    return arg.number or coerce(arg, INTEGER).sql


def _flags(expr: n.Call, args: Sequence[Bound], position: int) -> str:
    if len(args) <= position:
        return ""
    letters = args[position].literal
    if letters is None:
        raise unsupported(f"A modifier of {expr.name} that is no constant")
    if not set(letters.lower()) <= set(_FLAGS):
        raise VerticaError("22023", f"Regular expression modifier not supported: {letters}", 5617)
    return "".join(_FLAGS[letter] for letter in letters.lower())


def _pattern(args: Sequence[Bound], flags: str) -> str:
    """Return the pattern with its modifiers written into it."""
    mode = f"(?{flags})" if flags else ""
    if args[1].literal is not None:
        return text(mode + args[1].literal)
    return f"({text(mode)} || {args[1].sql})" if mode else args[1].sql


def _tail(subject: str, start: str) -> str:
    return subject if start == "1" else f"substr({subject}, {start})"


def _like(expr: n.Call, block: Block) -> Bound:
    args = arguments(expr, block, 2, 3)
    name = expr.name.upper()
    flags = _flags(expr, args, 2) + ("i" if name.endswith("ILIKE") else "")
    sides = _texts(expr, args[:2])
    negation = "NOT " if "_NOT_" in name else ""
    sql = f"({negation}regexp_matches({sides[0].sql}, {_pattern(args, flags)}))"
    return combine(sql, BOOLEAN, tuple(sides))


def _replace(expr: n.Call, block: Block) -> Bound:
    args = arguments(expr, block, 2, 6)
    sides = _texts(expr, [*args[:2], *args[2:3]])
    start, which = _whole(expr, args, 3, "1"), _whole(expr, args, 4, "0")
    pattern = _pattern(args, _flags(expr, args, 5))
    tail = _tail(sides[0].sql, start)
    if which in ("0", "1"):
        new = sides[2].sql if len(sides) > 2 else "''"
        options = ", 'g'" if which == "0" else ""
        call = f"regexp_replace({tail}, {pattern}, {new}{options})"
    else:
        call = _one_replaced(expr, (tail, pattern, which), args)
    if start != "1":
        call = f"(left({sides[0].sql}, {start} - 1) || {call})"
    return combine(call, varchar(65_000), tuple(sides))


def _one_replaced(expr: n.Call, match: tuple[str, str, str], args: Sequence[Bound]) -> str:
    """Return a text with a later match replaced, the parts that a replacement names from there."""
    subject, pattern, which = match
    new = args[2].literal if len(args) > 2 else ""
    if new is None or not which.isdigit():
        raise unsupported(f"An occurrence or a replacement in {expr.name} that is no constant")
    groups = f"regexp_extract_all({subject}, {pattern}, {{}})"
    pieces = [
        f"coalesce({groups.format(group)}[{which}], '')" if group else text(plain)
        for group, plain in _PIECES.findall(new)
    ]
    parts = f"regexp_split_to_array({subject}, {pattern})"
    found, made = groups.format(0), " || ".join(pieces) or "''"
    return f"v_with_one_replaced({subject}, {parts}, {found}, {which}, {made})"


def _substring(expr: n.Call, block: Block) -> Bound:
    args = arguments(expr, block, 2, 6)
    sides = _texts(expr, args[:2])
    start, which = _whole(expr, args, 2, "1"), _whole(expr, args, 3, "1")
    pattern, group = _pattern(args, _flags(expr, args, 4)), _whole(expr, args, 5, "0")
    sql = f"regexp_extract_all({_tail(sides[0].sql, start)}, {pattern}, {group})[{which}]"
    return combine(sql, same_length(sides), tuple(sides))


def _count(expr: n.Call, block: Block) -> Bound:
    args = arguments(expr, block, 2, 4)
    sides = _texts(expr, args[:2])
    start, pattern = _whole(expr, args, 2, "1"), _pattern(args, _flags(expr, args, 3))
    sql = f"len(regexp_extract_all({_tail(sides[0].sql, start)}, {pattern}))"
    return combine(sql, INTEGER, tuple(sides))


def _position(expr: n.Call, block: Block) -> Bound:
    args = arguments(expr, block, 2, 7)
    sides = _texts(expr, args[:2])
    start, which = _whole(expr, args, 2, "1"), _whole(expr, args, 3, "1")
    after, group = _whole(expr, args, 4, "0"), _whole(expr, args, 6, "0")
    if group != "0" or after not in ("0", "1"):
        raise unsupported(f"A captured part in {expr.name}")
    pattern = _pattern(args, _flags(expr, args, 5))
    tail = _tail(sides[0].sql, start)
    sql = f"v_regexp_instr({tail}, {pattern}, {start}, {which}, {after})"
    return combine(sql, INTEGER, tuple(sides))


REGEXP_FORMS: dict[str, Form] = {
    "REGEXP_LIKE": _like,
    "REGEXP_ILIKE": _like,
    "REGEXP_NOT_LIKE": _like,
    "REGEXP_NOT_ILIKE": _like,
    "REGEXP_REPLACE": _replace,
    "REGEXP_SUBSTR": _substring,
    "REGEXP_COUNT": _count,
    "REGEXP_INSTR": _position,
}
