"""The vault's keys in Python: what `sql/patterns/keys.sql` computes in the warehouse.

The canonical text of a key is `entity;part;part`. A whole number is its digits, a truth value 1 or
0, a moment `YYYY-MM-DD HH:MM:SS.ffffff`, NULL `~`; none of them holds a `;`. A text has its length
in octets before it, `length:text`, so that nothing in it can be taken for another part.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

Value = int | str | bool | datetime | None


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
    return f";{value}"


def hashed(text: str) -> UUID:
    """Hash a canonical text: the 16 octets of its MD5, which Vertica keeps as UUID."""
    # No security rests on it; without these words a FIPS build of Python refuses MD5.
    return UUID(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest())


def hash_key(entity: str, *business_key: Value) -> UUID:
    """Hash a business key under its entity; a link's parts are the business keys of its hubs."""
    return hashed(entity + "".join(part(value) for value in business_key))


def hashdiff(values: Sequence[Value]) -> UUID:
    """Hash a satellite row's descriptive values, NULL too, in the order of its columns."""
    return hashed("".join(part(value) for value in values))
