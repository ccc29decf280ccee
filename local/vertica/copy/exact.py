"""The DELIMITED parser, one record at a time, exactly as documented.

An enclosing character counts only where it is the first and the last of a field; what it encloses
is never NULL. The escape character makes the next octet literal, enclosed or not. The NULL string
is compared in any case with the whole field as it was written.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from local.vertica.copy.plan import FieldForm, InputField
from local.vertica.copy.values import RefusalError, convert

Fields = list[bytes | None]
Splitter = Callable[[bytes], Fields]


@dataclass(frozen=True)
class Record:
    """A record that stands where it does in its source."""

    number: int
    octets: bytes


@dataclass(frozen=True)
class Refused:
    """A refused record and the reason."""

    record: Record
    reason: str


class ExactParser:
    """Turn records into rows of texts that convert without loss, or refuse them."""

    def __init__(
        self, fields: tuple[InputField, ...], trailing_nullcols: bool, zone: str = "UTC"
    ) -> None:
        self.fields = fields
        self.trailing_nullcols = trailing_nullcols
        self.zone = zone

    def read(self, octets: bytes) -> list[str | None]:
        """Return the converted texts of a record; raise RefusalError with the reason."""
        return self.convert(self.split(octets))

    def convert(self, found: Fields) -> list[str | None]:
        """Return the texts of the fields, each checked against its column."""
        if len(found) < len(self.fields):
            if not self.trailing_nullcols:
                raise RefusalError("Too few columns found")
            found = found + [None] * (len(self.fields) - len(found))
        return [
            convert(field, value, self.zone)
            for field, value in zip(self.fields, found, strict=True)
        ]

    def split(self, octets: bytes) -> Fields:
        """Return the fields of a record, unescaped; None is NULL."""
        place, found = 0, Fields()
        for field in self.fields:
            value, end = next_field(octets, place, field.form)
            found.append(value)
            if end == len(octets):
                return found
            place = end + 1
        raise RefusalError("Too many columns found")


def next_field(octets: bytes, place: int, form: FieldForm) -> tuple[bytes | None, int]:
    """Return the field that starts at a place, and where its delimiter stands."""
    enclosed, open_field, escape = patterns(form.delimiter, form.enclosed, form.escape)
    if enclosed is not None and (match := enclosed.match(octets, place)):
        return unescaped(match[1], escape), match.end()
    match = open_field.match(octets, place)
    if match is None:
        raise AssertionError("an open field may be empty, so it always matches")
    raw = match[0]
    if form.trim:
        raw = raw.strip(form.trim)
    if len(raw) == len(form.null) and raw.lower() == form.null.lower():
        return None, match.end()
    return unescaped(raw, escape), match.end()


def unescaped(raw: bytes, escape: re.Pattern[bytes] | None) -> bytes:
    """Return a field without its escape characters."""
    return raw if escape is None else escape.sub(rb"\1", raw)


@lru_cache(maxsize=256)
def patterns(
    delimiter: bytes, enclosed: bytes | None, escape: bytes | None
) -> tuple[re.Pattern[bytes] | None, re.Pattern[bytes], re.Pattern[bytes] | None]:
    """Return the patterns of an enclosed field, of an open field, and of an escaped octet."""
    stop = re.escape(delimiter)
    literal = re.escape(escape) if escape else b""
    pair = literal + rb"(?:.|\Z)" if escape else b"(?!)"
    open_field = re.compile(rb"(?:[^%s%s]+|%s)*" % (stop, literal, pair), re.DOTALL)
    closed = None
    if enclosed:
        quote = re.escape(enclosed)
        inner = rb"[^%s%s]+|%s|%s(?!%s|\Z)" % (quote, literal, pair, quote, stop)
        closed = re.compile(rb"%s((?:%s)*)%s(?=%s|\Z)" % (quote, inner, quote, stop), re.DOTALL)
    return closed, open_field, re.compile(literal + rb"(.|\Z)", re.DOTALL) if escape else None
