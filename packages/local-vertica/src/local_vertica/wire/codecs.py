"""Rows as bytes on the wire.

One encoder is chosen per column and then called for each value that is not NULL, since rows are
sent by the ten thousand. A value that is a string already passes through as it is.
"""

import struct
from collections.abc import Iterable, Sequence

from local_vertica.results import Field, Row
from local_vertica.types import VType
from local_vertica.wire import binary_forms, text_forms
from local_vertica.wire.forms import Encoder

NULL = struct.pack("!i", -1)
LENGTH = struct.Struct("!i")
HEAD = struct.Struct("!cih")


def encode_rows(rows: Iterable[Row], encoders: Sequence[Encoder]) -> bytes:
    """Return DataRow messages, one after the other."""
    out = bytearray()
    count = len(encoders)
    pack, head = LENGTH.pack, HEAD.pack
    for row in rows:
        parts = []
        for value, encode in zip(row, encoders, strict=True):
            if value is None:
                parts.append(NULL)
            else:
                data = encode(value)
                parts.append(pack(len(data)))
                parts.append(data)
        body = b"".join(parts)
        out += head(b"D", len(body) + 6, count)
        out += body
    return bytes(out)


def encoders(fields: Sequence[Field], *, binary: bool) -> list[Encoder]:
    """Return the encoder of each column."""
    return [encoder(field.vtype, binary=binary) for field in fields]


def encoder(vtype: VType, *, binary: bool) -> Encoder:
    """Return what turns values of a type into bytes."""
    if vtype.is_day_time:
        return binary_forms.interval if binary else text_forms.interval(vtype)
    if vtype.is_year_month:
        return binary_forms.months if binary else text_forms.months(vtype)
    if vtype.name == "NUMERIC":
        return binary_forms.numeric(vtype) if binary else text_forms.numeric(vtype)
    table = binary_forms.ENCODERS if binary else text_forms.ENCODERS
    if vtype.is_spatial:
        return table["LONG VARBINARY"]
    if vtype.name == "CHAR":
        return padded(vtype.length or 1, b" ", binary_forms.octets)
    if vtype.name == "BINARY":
        return padded(vtype.length or 1, b"\0", table["VARBINARY"])
    return table[vtype.name]


def padded(length: int, fill: bytes, write: Encoder) -> Encoder:
    """Return an encoder that fills a fixed length of octets before it writes them."""

    def encode(value: object) -> bytes:
        return write(binary_forms.octets(value).ljust(length, fill))

    return encode
