"""MAKEUTF8, a function of texts that takes a parameter."""

from __future__ import annotations

from collections.abc import Callable

from local_vertica.sql import bind_expressions
from local_vertica.sql import nodes as n
from local_vertica.sql.blocks import Block
from local_vertica.sql.bound import Bound
from local_vertica.sql.casts import coerce
from local_vertica.sql.refusals import unknown_function
from local_vertica.sql.signatures import SHORT_TEXT


def _make_utf8(expr: n.Call, block: Block) -> Bound:
    """Return the text as it is: every text here is UTF-8."""
    args = [bind_expressions.bind(arg, block) for arg in expr.args]
    others = [value for name, value in expr.parameters if name != "replacement_string"]
    if len(args) != 1 or others or not (args[0].is_open or args[0].vtype.is_string):
        raise unknown_function(expr.name, [arg.vtype for arg in args])
    for _, value in expr.parameters:
        coerce(bind_expressions.bind(value, block), SHORT_TEXT)
    return coerce(args[0], SHORT_TEXT) if args[0].is_open else args[0]


TEXT_FORMS: dict[str, Callable[[n.Call, Block], Bound]] = {"MAKEUTF8": _make_utf8}
