"""The vault's keys in Python: what `sql/macros/keys.sql` computes in the warehouse.

Canonical text is `entity;length:part;length:part`, lengths in octets, `~` for NULL; the key is its
MD5 as a UUID. The lengths keep the texts of different keys apart whatever the parts hold.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

Value = int | str | bool | datetime | None


def canonical(value: Value) -> str | None:
    """Return the one text of a value: digits, the text itself, 0 or 1, or microseconds."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f").rjust(26, "0")
    return None if value is None else str(value)


def part(value: Value) -> str:
    """Return a value as a part of a canonical text."""
    text = canonical(value)
    return ";~" if text is None else f";{len(text.encode())}:{text}"


def hashed(text: str) -> UUID:
    """Return the MD5 of a text as a UUID."""
    return UUID(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest())


def hash_key(entity: str, *business_key: Value) -> UUID:
    """Return the hash key of a business key; a link's parts are the keys of its hubs."""
    return hashed(entity + "".join(part(value) for value in business_key))


def hashdiff(values: Sequence[Value]) -> UUID:
    """Return the hash of a satellite row's descriptive values, in the order of its columns."""
    return hashed("".join(part(value) for value in values))
