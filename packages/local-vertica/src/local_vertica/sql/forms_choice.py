"""Functions that choose among their arguments, and HASH."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from local_vertica.sql import bind_expressions
from local_vertica.sql import nodes as n
from local_vertica.sql.bind_operators import compare
from local_vertica.sql.blocks import Block
from local_vertica.sql.bound import INTEGER, NUMBERS, Bound, combine
from local_vertica.sql.casts import coerce, settle
from local_vertica.sql.refusals import unknown_function
from local_vertica.sql.unify import unified


def arguments(expr: n.Call, block: Block, least: int, most: int) -> list[Bound]:
    """Return the arguments, or refuse a wrong number of them."""
    args = [bind_expressions.bind(arg, block) for arg in expr.args]
    if not least <= len(args) <= most or expr.parameters:
        raise unknown_function(expr.name, [arg.vtype for arg in args])
    return args


def _coalesce(expr: n.Call, block: Block) -> Bound:
    most = 9800 if expr.name.upper() == "COALESCE" else 2
    least = 1 if expr.name.upper() == "COALESCE" else 2
    parts, vtype = unified(arguments(expr, block, least, most), expr.name.upper())
    texts = [part.sql for part in parts]
    if not parts[0].nullable and not block.nulls_keys:
        made = combine(texts[0], vtype, tuple(parts))
        return replace(made, nullable=False, pieces=parts[0].pieces)
    made = combine(f"coalesce({', '.join(texts)})", vtype, tuple(parts))
    return replace(made, nullable=block.nulls_keys or all(part.nullable for part in parts))


def _nullif(expr: n.Call, block: Block) -> Bound:
    first, second = arguments(expr, block, 2, 2)
    same = compare("=", first, second)
    value = settle(first)
    if value.vtype == settle(second).vtype:
        return combine(f"nullif({value.sql}, {settle(second).sql})", value.vtype, (value, same))
    sql = f"(CASE WHEN {same.sql} THEN NULL ELSE {value.sql} END)"
    return combine(sql, value.vtype, (value, same))


def _nvl2(expr: n.Call, block: Block) -> Bound:
    test, *rest = arguments(expr, block, 3, 3)
    parts, vtype = unified(rest, "NVL2")
    test = settle(test)
    sql = f"(CASE WHEN {test.sql} IS NOT NULL THEN {parts[0].sql} ELSE {parts[1].sql} END)"
    return combine(sql, vtype, (test, *parts))


def _decode(expr: n.Call, block: Block) -> Bound:
    args = arguments(expr, block, 3, 9800)
    subject, rest = args[0], args[1:]
    default = rest.pop() if len(rest) % 2 else Bound("NULL", rest[1].vtype, null=True)
    tests = [compare("<=>", subject, search) for search in rest[::2]]
    parts, vtype = unified([*rest[1::2], default], "DECODE")
    whens = "".join(f" WHEN {t.sql} THEN {p.sql}" for t, p in zip(tests, parts, strict=False))
    return combine(f"(CASE{whens} ELSE {parts[-1].sql} END)", vtype, (*tests, *parts))


def _extreme(function: str) -> Callable[[n.Call, Block], Bound]:
    def write(expr: n.Call, block: Block) -> Bound:
        parts, vtype = unified(arguments(expr, block, 1, 9800), expr.name.upper())
        call = f"{function}({', '.join(part.sql for part in parts)})"
        unknown = " OR ".join(f"{part.sql} IS NULL" for part in parts if part.nullable)
        sql = f"(CASE WHEN {unknown} THEN NULL ELSE {call} END)" if unknown else call
        return combine(sql, vtype, tuple(parts))

    return write


def _zero_if_null(expr: n.Call, block: Block) -> Bound:
    (arg,) = arguments(expr, block, 1, 1)
    value = coerce(arg, INTEGER) if arg.is_open else arg
    if value.vtype.name not in NUMBERS:
        raise unknown_function(expr.name, [arg.vtype])
    return combine(f"coalesce({value.sql}, 0)", value.vtype, (value,))


def _null_if_zero(expr: n.Call, block: Block) -> Bound:
    (arg,) = arguments(expr, block, 1, 1)
    value = coerce(arg, INTEGER) if arg.is_open else arg
    if value.vtype.name not in NUMBERS:
        raise unknown_function(expr.name, [arg.vtype])
    return combine(f"nullif({value.sql}, 0)", value.vtype, (value,))


def _hash(expr: n.Call, block: Block) -> Bound:
    """Return 63 bits of the arguments: stable, but never the values a real Vertica gives."""
    args = [settle(arg) for arg in arguments(expr, block, 1, 9800)]
    texts = ", ".join(arg.sql for arg in args)
    return combine(f"CAST(hash({texts}) >> 1 AS BIGINT)", INTEGER, tuple(args))


def _grouping(expr: n.Call, block: Block) -> Bound:
    saved, block.inside_aggregate = block.inside_aggregate, True
    limits = (0, 64) if expr.name.upper() == "GROUPING_ID" else (1, 1)
    args = arguments(expr, block, *limits)
    block.inside_aggregate = saved
    if block.keys is None or any(arg.sql not in block.keys for arg in args):
        raise unknown_function(expr.name, [arg.vtype for arg in args])
    texts = ", ".join([arg.sql for arg in args] or block.keys)
    sql = block.layer.group(f"CAST(grouping({texts}) AS BIGINT)")
    return Bound(sql, INTEGER, expr.name, nullable=False)


CHOICE_FORMS: dict[str, Callable[[n.Call, Block], Bound]] = {
    "COALESCE": _coalesce,
    "NVL": _coalesce,
    "IFNULL": _coalesce,
    "ISNULL": _coalesce,
    "NVL2": _nvl2,
    "NULLIF": _nullif,
    "DECODE": _decode,
    "GREATEST": _extreme("greatest"),
    "GREATESTB": _extreme("greatest"),
    "LEAST": _extreme("least"),
    "LEASTB": _extreme("least"),
    "ZEROIFNULL": _zero_if_null,
    "NULLIFZERO": _null_if_zero,
    "HASH": _hash,
    "GROUPING": _grouping,
    "GROUPING_ID": _grouping,
}
