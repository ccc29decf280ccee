"""How a Vertica function is declared: what it takes, what it gives, how DuckDB says it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from local_vertica.errors import VerticaError
from local_vertica.sql.bound import (
    BOOLEAN,
    DATE,
    DAY_TIME,
    FLOAT,
    INTEGER,
    NUMBERS,
    TIME,
    TIMESTAMP,
    TIMESTAMPTZ,
    UUID,
    Bound,
    combine,
)  # fmt: skip
from local_vertica.sql.casts import can_coerce, coerce, family, settle
from local_vertica.sql.refusals import unknown_function
from local_vertica.types import VType

LONG_TEXT = VType("LONG VARCHAR", length=32_000_000)
SHORT_TEXT = VType("VARCHAR", length=65_000)
OCTETS = VType("VARBINARY", length=65_000)
NUMERIC = VType("NUMERIC", precision=38, scale=15)

# Marks in a text for what the call may bring: DISTINCT, and OVER (…).
DISTINCT_HERE, OVER_HERE = "\ue000d", "\ue000o"

# What a parameter takes: the families that are exact, and the type an open constant becomes.
KINDS: dict[str, tuple[frozenset[str], VType]] = {
    "text": (frozenset({"CHAR", "VARCHAR", "LONG VARCHAR"}), SHORT_TEXT),
    "octets": (frozenset({"BINARY", "VARBINARY", "LONG VARBINARY"}), OCTETS),
    "int": (frozenset({"INTEGER"}), INTEGER),
    "numeric": (frozenset({"NUMERIC"}), NUMERIC),
    "float": (frozenset({"FLOAT"}), FLOAT),
    "number": (NUMBERS, FLOAT),
    "bool": (frozenset({"BOOLEAN"}), BOOLEAN),
    "date": (frozenset({"DATE"}), DATE),
    "time": (frozenset({"TIME"}), TIME),
    "timetz": (frozenset({"TIMETZ"}), VType("TIMETZ")),
    "timestamp": (frozenset({"TIMESTAMP"}), TIMESTAMP),
    "timestamptz": (frozenset({"TIMESTAMPTZ"}), TIMESTAMPTZ),
    "moment": (frozenset({"DATE", "TIMESTAMP", "TIMESTAMPTZ"}), TIMESTAMP),
    "interval": (frozenset({"INTERVAL"}), DAY_TIME),
    "years": (frozenset({"YEARS"}), VType("INTERVAL YEAR TO MONTH")),
    "uuid": (frozenset({"UUID"}), UUID),
    "geometry": (frozenset({"GEOMETRY"}), VType("GEOMETRY")),
    "geography": (frozenset({"GEOGRAPHY"}), VType("GEOGRAPHY")),
}

Typing = VType | Callable[[Sequence[Bound]], VType]
Writing = str | Callable[[Sequence[Bound]], str]


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function.

    `takes` names a kind for each parameter: `int?` may be left out, `text*` repeats, `any`
    takes everything but spatial objects, `same` everything of one common type. `writes` is a
    format string over the arguments' texts, or makes the text from the arguments.
    """

    takes: tuple[str, ...]
    gives: Typing
    writes: Writing

    @property
    def least(self) -> int:
        """Return how many arguments it needs."""
        return sum(1 for kind in self.takes if kind[-1] not in "?*")

    @property
    def most(self) -> int:
        """Return how many arguments it takes."""
        return 9800 if self.takes and self.takes[-1][-1] == "*" else len(self.takes)

    def kinds(self, count: int) -> list[str]:
        """Return the kind of each of so many arguments."""
        plain = [kind.rstrip("?*") for kind in self.takes]
        return (plain + [plain[-1]] * (count - len(plain)))[:count] if plain else []


def signature(takes: str, gives: Typing, writes: Writing) -> Signature:
    """Return a signature from its short form, such as `"text int?"`."""
    return Signature(tuple(takes.split()), gives, writes)


def apply(name: str, signatures: Sequence[Signature], args: Sequence[Bound]) -> Bound:
    """Return the call by the signature that fits best, or refuse it."""
    chosen = best(name, signatures, args)
    return write(name, chosen, args)


def best(name: str, signatures: Sequence[Signature], args: Sequence[Bound]) -> Signature:
    """Return the signature that fits the arguments best, or refuse the call."""
    ranked = [
        (cost, position)
        for position, candidate in enumerate(signatures)
        if (cost := _cost(candidate, args)) is not None
    ]
    if not ranked:
        raise unknown_function(name, [arg.vtype for arg in args])
    return signatures[min(ranked)[1]]


def write(name: str, chosen: Signature, args: Sequence[Bound]) -> Bound:
    """Return the call written by a signature."""
    fitted = fit(chosen, args)
    gives = chosen.gives if isinstance(chosen.gives, VType) else chosen.gives(fitted)
    if isinstance(chosen.writes, str):
        texts = [arg.sql for arg in fitted]
        texts += [""] * (len(chosen.takes) - len(texts))
        sql = chosen.writes.format(*texts, all=", ".join(texts))
    else:
        sql = chosen.writes(fitted)
    return combine(sql, gives, tuple(fitted), name)


def fit(chosen: Signature, args: Sequence[Bound]) -> list[Bound]:
    """Return the arguments, each of a type that the signature takes."""
    return [_fit(arg, kind) for arg, kind in zip(args, chosen.kinds(len(args)), strict=True)]


def _cost(candidate: Signature, args: Sequence[Bound]) -> int | None:
    if not candidate.least <= len(args) <= candidate.most:
        return None
    total = 0
    for arg, kind in zip(args, candidate.kinds(len(args)), strict=True):
        cost = _distance(arg, kind)
        if cost is None:
            return None
        total += cost
    return total


def _distance(arg: Bound, kind: str) -> int | None:
    if kind == "any":
        return None if arg.vtype.is_spatial else 0
    exact, usual = KINDS[kind]
    if arg.is_open:
        if arg.literal is not None and kind != "text" and not _reads_as(arg, usual):
            return None
        return 0 if kind == "text" else 1
    if family(arg.vtype) in exact:
        return 0
    if not can_coerce(arg.vtype, usual):
        return None
    return 10 if arg.vtype.is_string != usual.is_string else 2


def _reads_as(arg: Bound, vtype: VType) -> bool:
    try:
        coerce(arg, vtype)
    except VerticaError:
        return False
    return True


def _fit(arg: Bound, kind: str) -> Bound:
    if kind == "any":
        return settle(arg)
    exact, usual = KINDS[kind]
    if arg.is_open:
        return coerce(arg, usual)
    return arg if family(arg.vtype) in exact else coerce(arg, usual)


def like_first(args: Sequence[Bound]) -> VType:
    """Return the type of the first argument."""
    return args[0].vtype


def same_length(args: Sequence[Bound]) -> VType:
    """Return VARCHAR of the first argument's length."""
    if args[0].vtype.name == "LONG VARCHAR":
        return args[0].vtype
    return VType("VARCHAR", length=args[0].vtype.length or 1)
