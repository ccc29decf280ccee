"""The values of a prepared statement, which always come as text."""

import re
from collections.abc import Callable

from local_vertica.errors import VerticaError
from local_vertica.sql.intervals import day_time_text, months_of
from local_vertica.types import VType
from local_vertica.wire.messages import utf8

TRUE, FALSE = frozenset(("1", "t", "true", "y", "yes")), frozenset(("0", "f", "false", "n", "no"))
ESCAPED = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)


def decode(data: bytes, vtype: VType) -> object:
    """Return the value of a parameter of a type."""
    if vtype.is_binary:
        return ESCAPED.sub(lambda found: octet(found[1]), data)
    text = utf8(data)
    try:
        return typed(text, vtype)
    except ValueError as error:
        message = f"Invalid input syntax for a parameter of type {vtype}"
        raise VerticaError("22V02", message, 3681) from error


def typed(text: str, vtype: VType) -> object:
    """Return a text as the engine takes a value of the type, or raise ValueError."""
    if vtype.is_day_time:
        return day_time_text(text, vtype)
    if vtype.is_year_month:
        return f"{months_of(text, vtype)} months"
    read = READERS.get(vtype.name, str)
    return read(text)


def octet(text: bytes) -> bytes:
    """Return what stood behind a backslash: an octet in octal, or itself."""
    return bytes([int(text, 8) & 0xFF]) if len(text) == 3 else text


def boolean(text: str) -> bool:
    """Read a truth value."""
    word = text.strip().lower()
    if word not in TRUE | FALSE:
        raise ValueError("not a truth value")
    return word in TRUE


READERS: dict[str, Callable[[str], object]] = {
    "BOOLEAN": boolean,
    "INTEGER": int,
    "FLOAT": float,
}
