"""The DELIMITED parser, one record at a time, exactly as documented.

An enclosing character counts only where it is the first and the last of a field; what it encloses
is never NULL. The escape character makes the next octet literal, enclosed or not. The NULL string
is compared in any case with the whole field as it was written.
"""

import re
from dataclasses import dataclass

from local_vertica.copy.plan import FieldForm, InputField
from local_vertica.copy.values import RefusalError, convert

Fields = list[bytes | None]


@dataclass(frozen=True)
class FieldRule:
    """How one field is found: patterns of its closed and open forms, and of an escaped octet."""

    closed: re.Pattern[bytes] | None
    open: re.Pattern[bytes]
    escape: re.Pattern[bytes] | None
    null: bytes
    trim: bytes | None


class ExactParser:
    """Turn records into rows of texts that convert without loss, or refuse them."""

    def __init__(
        self, fields: tuple[InputField, ...], trailing_nullcols: bool, zone: str = "UTC"
    ) -> None:
        self.fields = fields
        self.trailing_nullcols = trailing_nullcols
        self.zone = zone
        self.rules = [rule_of(one.form) for one in fields]
        self.bare = bare_delimiter(fields)

    def read(self, octets: bytes) -> list[str | None]:
        """Return the converted texts of a record; raise RefusalError with the reason."""
        return self.convert(self.split(octets))

    def convert(self, found: Fields) -> list[str | None]:
        """Return the texts of the fields, each checked against its column."""
        return [
            convert(field, value, self.zone)
            for field, value in zip(self.fields, found, strict=True)
        ]

    def split(self, octets: bytes) -> Fields:
        """Return the fields of a record, unescaped; None is NULL."""
        if self.bare is not None:
            return self.split_bare(octets, self.bare)
        place, found = 0, Fields()
        for rule in self.rules:
            value, end = next_field(octets, place, rule)
            found.append(value)
            if end == len(octets):
                return self.complete(found)
            place = end + 1
        raise RefusalError("Too many columns found")

    def split_bare(self, octets: bytes, delimiter: bytes) -> Fields:
        """Return the fields of a record in which every delimiter parts two of them."""
        parts = octets.split(delimiter)
        if len(parts) > len(self.rules):
            raise RefusalError("Too many columns found")
        return self.complete(
            [
                None if len(part) == len(rule.null) and part.lower() == rule.null else part
                for part, rule in zip(parts, self.rules, strict=False)
            ]
        )

    def complete(self, found: Fields) -> Fields:
        """Return the fields with NULL for those that are missing, if that is allowed."""
        missing = len(self.fields) - len(found)
        if missing and not self.trailing_nullcols:
            raise RefusalError("Too few columns found")
        return found + [None] * missing


def bare_delimiter(fields: tuple[InputField, ...]) -> bytes | None:
    """Return the delimiter if all fields have the same one and nothing that could shield it."""
    forms = [field.form for field in fields]
    shielded = any(form.escape or form.enclosed or form.trim for form in forms)
    delimiters = {form.delimiter for form in forms}
    return delimiters.pop() if len(delimiters) == 1 and not shielded else None


def next_field(octets: bytes, place: int, rule: FieldRule) -> tuple[bytes | None, int]:
    """Return the field that starts at a place, and where its delimiter stands."""
    if rule.closed is not None and (match := rule.closed.match(octets, place)):
        return unescaped(match[1], rule.escape), match.end()
    match = rule.open.match(octets, place)
    if match is None:
        raise AssertionError("an open field may be empty, so it always matches")
    raw = match[0].strip(rule.trim) if rule.trim else match[0]
    if len(raw) == len(rule.null) and raw.lower() == rule.null:
        return None, match.end()
    return unescaped(raw, rule.escape), match.end()


def unescaped(raw: bytes, escape: re.Pattern[bytes] | None) -> bytes:
    """Return a field without its escape characters."""
    return raw if escape is None else escape.sub(rb"\1", raw)


def rule_of(form: FieldForm) -> FieldRule:
    """Return how a field of this form is found; no pattern ever steps back."""
    stop = re.escape(form.delimiter)
    literal = re.escape(form.escape) if form.escape else b""
    pair = literal + rb"(?:.|\Z)" if form.escape else b"(?!)"
    closed = None
    if form.enclosed:
        quote = re.escape(form.enclosed)
        inner = rb"[^%s%s]++|%s|%s(?!%s|\Z)" % (quote, literal, pair, quote, stop)
        closed = re.compile(rb"%s((?:%s)*+)%s(?=%s|\Z)" % (quote, inner, quote, stop), re.DOTALL)
    return FieldRule(
        closed=closed,
        open=re.compile(rb"(?:[^%s%s]++|%s)*+" % (stop, literal, pair), re.DOTALL),
        escape=re.compile(literal + rb"(.|\Z)", re.DOTALL) if form.escape else None,
        null=form.null.lower(),
        trim=form.trim,
    )
