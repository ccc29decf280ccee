"""The vault's keys in Python: what `sql/patterns/keys.sql` computes in the warehouse.

The canonical text of a key is `entity;part;part`. A whole number is its digits, a truth value 1 or
0, a moment `YYYY-MM-DD HH:MM:SS.ffffff`, a decimal its digits with the zeros of its scale, NULL
`~`; none of them holds a `;`. A descriptive text has its length in octets before it, `length:text`,
so that nothing in it can be taken for another part. A text that is a business key has a pattern
that lets no `;` through, and needs no length.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Context, Decimal, Inexact, InvalidOperation
from uuid import UUID

Value = int | str | bool | datetime | Decimal | None


def part(value: Value) -> str:
    """Write a value as a part of a canonical text, with the `;` before it."""
    match value:
        case None:
            return ";~"
        case bool():  # before int, of which bool is a kind
            return f";{value:d}"
        case datetime():
            return ";" + value.isoformat(" ", "microseconds")
        case str():
            return f";{len(value.encode())}:{value}"
        case Decimal():  # with the zeros of its scale, as NUMERIC writes them
            return f";{value:f}"
    return f";{value}"


def hashed(text: str) -> UUID:
    """Hash a canonical text: the 16 octets of its MD5, which Vertica keeps as UUID."""
    # No security rests on it; without these words a FIPS build of Python refuses MD5.
    return UUID(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest())


def hash_key(entity: str, *business_key: int | str) -> UUID:
    """Hash a business key under its entity; a link's parts are the business keys of its hubs."""
    return hashed(";".join([entity, *map(str, business_key)]))


def hashdiff(values: Sequence[Value]) -> UUID:
    """Hash a satellite row's descriptive values, NULL too, in the order of its columns."""
    return hashed("".join(part(value) for value in values))


def digest(rows: Iterable[Sequence[Value]]) -> str:
    """Hash all rows of a part of a document, in their order; no rows have a digest, too."""
    # Each row has as many parts as the next, so that nothing need stand between them.
    return hashed("".join(part(value) for row in rows for value in row)).hex


def scaled(value: Decimal, digits: tuple[int, int]) -> Decimal:
    """Write a decimal as NUMERIC does: all digits of its scale behind the point, no negative zero.

    Raises ArithmeticError for one that has more digits, before or behind, than there is room for.
    """
    precision, scale = digits
    exact = Context(prec=precision, traps=[InvalidOperation, Inexact])
    found = value.quantize(Decimal(1).scaleb(-scale), context=exact)
    return abs(found) if found.is_zero() else found
