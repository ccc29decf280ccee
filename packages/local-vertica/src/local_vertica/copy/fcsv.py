"""The parser fcsvparser: CSV whose columns are found by the names in its header.

A quote opens a field only at its start. What stands behind a closing quote, or a quote inside an
open field, makes the record invalid in type rfc4180; in type traditional quotes are data there.
"""

import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass

from local_vertica.copy.exact import Fields
from local_vertica.copy.options import ParserCall
from local_vertica.copy.plan import InputField
from local_vertica.copy.refusal import RefusalError
from local_vertica.copy.values import convert
from local_vertica.errors import VerticaError

FLAGS = {
    "header": True,
    "trim": True,
    "trailing_nullcols": False,
    "omit_empty_keys": False,  # concerns flex tables only
    "reject_on_duplicate": False,
    "reject_on_empty_key": False,
    "reject_on_materialized_type_error": False,
}
TYPES = {
    "rfc4180": {"delimiter": ",", "enclosed_by": '"', "escape": '"', "record_terminator": "\n"},
    "traditional": {
        "delimiter": ",",
        "enclosed_by": '"',
        "escape": "\\",
        "record_terminator": "\n",
    },
}
TRUTH = {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False}
SPACES = b" \t\r\n\f\v"


@dataclass(frozen=True)
class Dialect:
    """How the CSV is written, and what makes a record a reject."""

    is_rfc: bool
    delimiter: bytes
    enclosed: bytes
    escape: bytes
    terminator: bytes
    flags: dict[str, bool]


def dialect_of(call: ParserCall) -> Dialect:
    """Return the dialect that the parameters describe; refuse unknown or clashing ones."""
    arguments = dict(call.arguments)
    kind = arguments.pop("type", "rfc4180").lower()
    if kind not in TYPES:
        raise wrong("type", kind)
    flags = {name: flag_of(name, arguments.pop(name, None)) for name in FLAGS}
    signs = dict(TYPES[kind])
    for name, value in arguments.items():
        if name not in signs:
            raise VerticaError("42601", f"Parameter '{name}' is not known to fcsvparser")
        fixed = signs[name]
        signs[name] = "\n" if name == "record_terminator" and value == "\r\n" else value
        if len(signs[name].encode()) != 1 or (kind == "rfc4180" and signs[name] != fixed):
            raise wrong(name, value)
    if kind == "traditional" and len(set(signs.values())) < len(signs):
        raise VerticaError("22023", "The values of fcsvparser's parameters must differ")
    octets = {name: value.encode() for name, value in signs.items()}
    return Dialect(
        is_rfc=kind == "rfc4180",
        delimiter=octets["delimiter"],
        enclosed=octets["enclosed_by"],
        escape=octets["escape"],
        terminator=octets["record_terminator"],
        flags=flags,
    )


def flag_of(name: str, value: str | None) -> bool:
    """Return a parameter that is true or false."""
    if value is None:
        return FLAGS[name]
    if value.lower() not in TRUTH:
        raise wrong(name, value)
    return TRUTH[value.lower()]


def wrong(name: str, value: str) -> VerticaError:
    """Return the refusal of a parameter's value."""
    return VerticaError("22023", f"Invalid value '{value}' for parameter {name} of fcsvparser")


class CsvReader:
    """Cut CSV into records, and records into fields as they are written."""

    def __init__(self, dialect: Dialect) -> None:
        quote, stop = re.escape(dialect.enclosed), re.escape(dialect.delimiter)
        end, escape = re.escape(dialect.terminator), re.escape(dialect.escape)
        pair = quote * 2 if dialect.is_rfc else escape + rb"."
        inner = rb"(?:[^%s%s]++|%s)*+" % (quote, b"" if dialect.is_rfc else escape, pair)
        outer = rb"(?:[^%s%s]++|%s)*+" % (stop + end, escape, pair)
        if dialect.is_rfc:
            outer = rb"[^%s]*+" % (stop + end)
        field = rb"(?:%s%s%s%s|%s)" % (quote, inner, quote, outer, outer)
        self.dialect = dialect
        self.record = re.compile(rb"%s(?:%s%s)*+" % (field, stop, field), re.DOTALL)
        self.field = re.compile(
            rb"(?:%s(%s)%s(%s)|(%s))(?:%s|\Z)" % (quote, inner, quote, outer, outer, stop),
            re.DOTALL,
        )
        self.pair = re.compile(re.escape(dialect.escape) + rb"(.)", re.DOTALL)

    def records(self, octets: mmap.mmap, place: int) -> Iterator[bytes]:
        """Yield the records from a place on but blank ones; CR LF ends a record as LF does."""
        size = len(octets)
        while place < size:
            match = self.record.match(octets, place)
            end = match.end() if match else place
            if end < size and octets[end : end + 1] != self.dialect.terminator:
                end = octets.find(self.dialect.terminator, end)
                end = size if end < 0 else end
            record = octets[place:end]
            if self.dialect.terminator == b"\n" and record.endswith(b"\r"):
                record = record[:-1]
            if record:
                yield record
            place = end + 1

    def fields(self, record: bytes) -> Iterator[tuple[bytes, bool]]:
        """Yield each field and whether it was enclosed; raise RefusalError if it is torn."""
        dialect = self.dialect
        if dialect.enclosed not in record and dialect.escape not in record:
            for bare in record.split(dialect.delimiter):
                yield bare, False
            return
        place = 0
        while True:
            match = self.field.match(record, place)
            if match is None:
                raise RefusalError("Invalid CSV: a quote is not closed")
            enclosed, behind, bare = match.groups()
            if self.dialect.is_rfc and (behind or (bare and self.dialect.enclosed in bare)):
                raise RefusalError("Invalid CSV: a quote stands inside a field")
            if bare is not None:
                yield (bare if self.dialect.is_rfc else self.pair.sub(rb"\1", bare)), False
            else:
                yield self.pair.sub(rb"\1", enclosed) + behind, True
            if match.end() == len(record) and not self.is_open(record, match):
                return
            place = match.end()

    def is_open(self, record: bytes, match: re.Match[bytes]) -> bool:
        """Tell whether a delimiter ends the record, behind which an empty field stands."""
        last = max(match.end(2), match.end(3))
        return record[last:] == self.dialect.delimiter


class CsvParser:
    """Turn records into rows by the names in the header."""

    def __init__(self, reader: CsvReader, fields: tuple[InputField, ...], zone: str) -> None:
        self.reader = reader
        self.columns = fields
        self.zone = zone
        self.flags = reader.dialect.flags
        self.places: list[int | None] = list(range(len(fields)))
        self.width = len(fields)
        self.fault = ""

    def take_header(self, record: bytes) -> None:
        """Find the place of each column; a column that is not named is NULL."""
        names = [name.decode(errors="replace") for name, _ in self.reader.fields(record)]
        if self.flags["trim"]:
            names = [name.strip() for name in names]
        lowered = [name.lower() for name in names]
        self.width = len(names)
        self.places = [
            lowered.index(one.name) if one.name in lowered else None for one in self.columns
        ]
        if self.flags["reject_on_duplicate"] and len(set(lowered)) < len(lowered):
            self.fault = "The header names a column twice"
        if self.flags["reject_on_empty_key"] and "" in lowered:
            self.fault = "The header has a column without a name"

    def split(self, octets: bytes) -> Fields:
        """Return the fields of the table's columns; None is NULL."""
        if self.fault:
            raise RefusalError(self.fault)
        found = [self.value(text, enclosed) for text, enclosed in self.reader.fields(octets)]
        missing = self.width - len(found)
        if missing < 0 or (missing and not self.flags["trailing_nullcols"]):
            size = "FEWER" if missing > 0 else "MORE"
            raise RefusalError(
                f"Wrong number of columns! COPYing {self.width} columns "
                f"from a source file containing: {size} columns."
            )
        found += [None] * missing
        return [
            self.null_or(None if place is None else found[place], column)
            for place, column in zip(self.places, self.columns, strict=True)
        ]

    def value(self, text: bytes, enclosed: bool) -> bytes | None:
        """Return a field as it counts: trimmed; an empty one that is not enclosed is NULL."""
        if self.flags["trim"]:
            text = text.strip(SPACES)
        return text if text or enclosed else None

    def null_or(self, text: bytes | None, column: InputField) -> bytes | None:
        """Return a field, or None if it is the column's NULL string."""
        null = column.form.null
        return None if text is not None and null and text.lower() == null.lower() else text

    def read(self, octets: bytes) -> list[str | None]:
        """Return the converted texts of a record; raise RefusalError with the reason."""
        return [
            self.converted(column, text)
            for column, text in zip(self.columns, self.split(octets), strict=True)
        ]

    def converted(self, column: InputField, text: bytes | None) -> str | None:
        """Return a converted text; one that does not convert is NULL unless it must not be."""
        try:
            return convert(column, text, self.zone)
        except RefusalError:
            if self.flags["reject_on_materialized_type_error"] or column.vtype.is_string:
                raise
            return convert(column, None, self.zone)
