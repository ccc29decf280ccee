"""The one type that several expressions can share."""

from __future__ import annotations

from collections.abc import Sequence

from local_vertica.sql.arithmetic import wider
from local_vertica.sql.bound import NUMBERS, Bound, varchar
from local_vertica.sql.casts import coerce, family, settle, text_length
from local_vertica.sql.refusals import mismatched
from local_vertica.types import VType

_MOMENTS = ("DATE", "TIMESTAMP", "TIMESTAMPTZ")
_CLOCKS = ("TIME", "TIMETZ")


def common_type(parts: Sequence[Bound], what: str) -> VType:
    """Return the type all parts can take, or refuse them as `what`."""
    settled = [part.vtype for part in parts if not part.is_open]
    if not settled:
        literals = [part.vtype.length or 1 for part in parts if part.literal is not None]
        return varchar(max(literals, default=80 if parts[0].parameter else 1))
    found = settled[0]
    for vtype in settled[1:]:
        found = _pair(found, vtype, what)
    if found.is_string:
        lengths = [part.vtype.length or 1 for part in parts if part.literal is not None]
        return _strings(found, varchar(max([found.length or 1, *lengths])))
    return found


def unified(parts: Sequence[Bound], what: str) -> tuple[list[Bound], VType]:
    """Return the parts with the one type they share."""
    vtype = common_type(parts, what)
    return [coerce(part, vtype) for part in parts], vtype


def _pair(left: VType, right: VType, what: str) -> VType:
    if left == right:
        return left
    if left.name in NUMBERS and right.name in NUMBERS:
        return wider(left, right)
    if left.is_string and right.is_string:
        return _strings(left, right)
    for ladder in (_MOMENTS, _CLOCKS):
        if left.name in ladder and right.name in ladder:
            return max(left, right, key=lambda vtype: ladder.index(vtype.name))
    if left.is_binary and right.is_binary:
        return VType("VARBINARY", length=max(left.length or 1, right.length or 1))
    return _alike(left, right, what)


def _alike(left: VType, right: VType, what: str) -> VType:
    if family(left) == family(right):
        return left
    if {family(left), family(right)} <= {"UUID", "CHAR", "VARCHAR", "LONG VARCHAR"}:
        return varchar(max(text_length(left), text_length(right)))
    raise mismatched(what, left, right)


def _strings(left: VType, right: VType) -> VType:
    length = max(left.length or 1, right.length or 1)
    if "LONG VARCHAR" in (left.name, right.name):
        return VType("LONG VARCHAR", length=length)
    if left.name == right.name == "CHAR":
        return VType("CHAR", length=length)
    return varchar(length)


def all_settled(parts: Sequence[Bound]) -> list[Bound]:
    """Return the parts, none with an open type."""
    return [settle(part) for part in parts]
