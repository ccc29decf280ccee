"""Put in place of a call what a user-defined SQL function returns: its expression."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import replace
from typing import Any

from local_vertica.errors import VerticaError
from local_vertica.sql import bind_expressions
from local_vertica.sql import nodes as n
from local_vertica.sql.aggregates import AGGREGATES
from local_vertica.sql.analytics import ANALYTICS
from local_vertica.sql.bind_timeseries import SERIES_VALUES
from local_vertica.sql.blocks import Block, Context, Source, SourceColumn
from local_vertica.sql.bound import Bound, Given, quoted
from local_vertica.sql.casts import as_text, can_cast, cast, coerce, family, text_length
from local_vertica.sql.catalogue import ABSENT, FUNCTIONS, SPECIAL_FORMS
from local_vertica.sql.ordered_sets import ORDERED_SETS
from local_vertica.sql.parse_statements import parse_expression
from local_vertica.sql.refusals import type_word, unknown_function
from local_vertica.sql.scope import FunctionInfo, Scope
from local_vertica.sql.signatures import KINDS, Signature, best, fit
from local_vertica.sql.words import word_set
from local_vertica.types import VType

_EXPANDED: ContextVar[tuple[int, ...]] = ContextVar("_EXPANDED", default=())
_TOTAL = (*AGGREGATES, *ANALYTICS, *SERIES_VALUES, *ORDERED_SETS)
_SYSTEM = ("v_catalog", "pg_catalog")
_QUERIES = (n.Exists, n.Scalar, n.Quantified, n.Query)
VOLATILE = word_set("CLOCK_TIMESTAMP NEXTVAL RANDOM RANDOMINT TIMEOFDAY UUID_GENERATE")
# What gives NULL whenever one of its parts is NULL.
_STRICT = (n.Number, n.String, n.Binary, n.Interval, n.Column, n.Unary, n.Cast)


def is_built_in(name: str) -> bool:
    """Say whether Vertica has a function of that name, in upper case, of its own."""
    return any(name in known for known in (FUNCTIONS, SPECIAL_FORMS, ABSENT, _TOTAL))


def user_function(expr: n.Call, block: Block) -> Bound | None:
    """Return what a call of a SQL function is worth, or None if it is one of Vertica's own."""
    schema = (expr.schema or "public").lower()
    if schema in _SYSTEM or (schema == "public" and is_built_in(expr.name.upper())):
        return None
    candidates = block.context.scope.resolve_functions(expr.schema, expr.name)
    if not candidates:
        if schema != "public":
            raise unknown_function(f"{expr.schema}.{expr.name}", ())
        return None
    is_more = expr.star or expr.distinct or expr.ignore_nulls is not None
    if is_more or expr.parameters or expr.within or expr.over is not None:
        raise VerticaError("42809", f"{expr.name} is a SQL function: it takes arguments alone")
    args = [bind_expressions.bind(arg, block) for arg in expr.args]
    signatures = [_signature(candidate) for candidate in candidates]
    chosen = best(expr.name, signatures, args)
    found = candidates[signatures.index(chosen)]
    block.context.calls.add(found.oid)
    return _expanded(found, fit(chosen, args), block).renamed(expr.name)


def _signature(function: FunctionInfo) -> Signature:
    """Return what a function takes, by kinds of types."""
    return Signature(tuple(_kind(p.vtype) for p in function.parameters), function.returns, "")


def _kind(vtype: VType) -> str:
    """Return the kind of arguments that a parameter of a type takes."""
    return next(kind for kind, (exact, _) in KINDS.items() if family(vtype) in exact)


def _expanded(function: FunctionInfo, args: Sequence[Bound], block: Block) -> Bound:
    """Return the function's expression with arguments in place of parameters."""
    outer = _EXPANDED.get()
    if function.oid in outer:
        raise VerticaError("42V13", f"Function {function.name} calls itself")
    names = (parameter.name.lower() for parameter in function.parameters)
    given = dict(zip(names, map(Given, args), strict=True))
    token = _EXPANDED.set((*outer, function.oid))
    try:
        body = _substituted(parse_expression(function.body), given)
        return _returned(bind_expressions.bind(body, block), function)
    finally:
        _EXPANDED.reset(token)


def _substituted(node: Any, given: Mapping[str, Given]) -> Any:  # noqa: ANN401 - any node
    """Return an expression with what is given in place of names."""
    if isinstance(node, tuple):
        return tuple(_substituted(each, given) for each in node)
    if not _is_node(node):
        return node
    if isinstance(node, n.Column) and len(node.parts) == 1:
        return given.get(node.parts[0].lower(), node)
    changed = {f.name: _substituted(getattr(node, f.name), given) for f in dataclasses.fields(node)}
    return type(node)(**changed)


def _is_node(value: object) -> bool:
    return type(value).__module__ == n.__name__ and dataclasses.is_dataclass(value)


def _returned(bound: Bound, function: FunctionInfo) -> Bound:
    """Return the value as the type that is declared; lengths are not declared by it."""
    wanted = function.returns
    if not bound.is_open and not can_cast(bound.vtype, wanted):
        message = (
            f"Function {function.name} returns {type_word(wanted)}, "
            f"but its expression is of type {type_word(bound.vtype)}"
        )
        raise VerticaError("42804", message)
    if bound.is_open:
        found = coerce(bound, wanted)
    elif family(bound.vtype) == family(wanted):
        found = bound
    elif wanted.is_string:
        found = bound if bound.vtype.is_string else as_text(bound)
        length = max(text_length(found.vtype), wanted.length or 1)
        found = cast(found, VType(wanted.name, length=length))
    else:
        found = cast(bound, wanted)
    return replace(found, origin=None, number=None)


def check_definition(function: FunctionInfo, scope: Scope) -> tuple[str, bool]:
    """Refuse a definition that cannot be; return its volatility and whether it is strict."""
    expr = parse_expression(function.body)
    nodes = list(_walk(expr))
    if not all(_is_simple(node) for node in nodes):
        raise VerticaError("42V13", 'Only simple "RETURN expression" is allowed', 4257)
    context = Context(scope, [])
    block = Block(context, clause="expression")
    columns = tuple(SourceColumn(p.name, quoted(p.name), p.vtype) for p in function.parameters)
    block.sources.append(Source("", None, columns))
    _returned(bind_expressions.bind(expr, block), function)
    called = {node.name.upper() for node in nodes if isinstance(node, n.Call)}
    volatility = "stable" if context.volatile else "immutable"
    if called & VOLATILE:
        volatility = "volatile"
    return volatility, all(_is_strict(node) for node in nodes)


def _walk(node: object) -> Iterator[object]:
    """Go through the nodes of an expression."""
    if isinstance(node, tuple):
        for each in node:
            yield from _walk(each)
    elif _is_node(node):
        yield node
        for each in dataclasses.fields(node):  # type: ignore[arg-type] # _is_node has looked
            yield from _walk(getattr(node, each.name))


def _is_simple(node: object) -> bool:
    """Say whether a part of an expression may stand in a SQL function."""
    if isinstance(node, n.Call):
        return node.over is None and not node.star and node.name.upper() not in _TOTAL
    return not isinstance(node, (*_QUERIES, n.Parameter))


def _is_strict(node: object) -> bool:
    """Say whether a part of an expression is NULL if anything in it is."""
    if isinstance(node, n.Operation):
        return node.op not in ("AND", "OR", "<=>")
    if isinstance(node, n.Call):
        return node.name.upper() in FUNCTIONS
    return isinstance(node, _STRICT)
