"""Functions that read and show spatial objects; computing with them is refused."""

from __future__ import annotations

from collections.abc import Callable

from local_vertica.errors import VerticaError
from local_vertica.sql import bind_expressions
from local_vertica.sql import nodes as n
from local_vertica.sql.blocks import Block
from local_vertica.sql.bound import Bound, combine
from local_vertica.sql.casts import coerce
from local_vertica.sql.refusals import unknown_function, unsupported
from local_vertica.sql.signatures import LONG_TEXT, Signature, signature
from local_vertica.types import VType, parse_type

Form = Callable[[n.Call, Block], Bound]


def _from_text(expr: n.Call, block: Block) -> Bound:
    """Return the object a well-known text tells of."""
    args = [bind_expressions.bind(arg, block) for arg in expr.args]
    if len(args) == 2:
        raise unsupported("A spatial reference system")
    if len(args) != 1 or not (args[0].is_open or args[0].vtype.is_string):
        raise unknown_function(expr.name, [arg.vtype for arg in args])
    text = coerce(args[0], LONG_TEXT)
    sql = f"v_spatial({text.sql}, '{expr.name}', {_ignores_errors(expr)})"
    return combine(sql, _GIVES[expr.name.upper()], (text,))


def _ignores_errors(expr: n.Call) -> bool:
    """Say whether a wrong text gives NULL."""
    chosen = dict(expr.parameters)
    value = chosen.pop("ignore_errors", n.String("n"))
    if chosen:
        message = f"Function {expr.name} does not take parameter {next(iter(chosen))}"
        raise VerticaError("42883", message, 3457)
    if not isinstance(value, n.String) or value.value.lower() not in ("y", "n"):
        raise VerticaError("22023", "ignore_errors must be 'y' or 'n'", 3900)
    return value.value.lower() == "y"


_GIVES = {
    "ST_GEOMFROMTEXT": parse_type("GEOMETRY"),
    "ST_GEOGRAPHYFROMTEXT": parse_type("GEOGRAPHY"),
}
SPACE_FORMS: dict[str, Form] = dict.fromkeys(_GIVES, _from_text)


def _shown(gives: VType, template: str) -> tuple[Signature, ...]:
    return tuple(signature(kind, gives, template) for kind in ("geometry", "geography"))


SPACE_FUNCTIONS: dict[str, tuple[Signature, ...]] = {
    "ST_ASTEXT": _shown(LONG_TEXT, "ST_AsText(ST_GeomFromWKB({0}))"),
    "ST_ASBINARY": _shown(VType("LONG VARBINARY", length=32_000_000), "{0}"),
}
