"""Convert the text of a field to its column's type, as strictly as COPY does.

The result is a text that DuckDB casts to the type without loss or doubt.
"""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

from local_vertica.copy.layouts import respelled
from local_vertica.copy.moments import (
    canonical_date,
    canonical_interval,
    canonical_time,
    canonical_time_zoned,
    canonical_timestamp,
    canonical_timestamp_zoned,
)
from local_vertica.copy.plan import InputField
from local_vertica.copy.refusal import RefusalError
from local_vertica.types import VType

__all__ = ["RefusalError", "convert"]

INTEGER = re.compile(r"[-+]?[0-9]+")
FLOAT = re.compile(
    r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?|[-+]?inf(inity)?|nan", re.IGNORECASE
)
NUMERIC = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
UUID = re.compile(r"\{?[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}\}?")
TRUE = {"1", "t", "true", "y", "yes"}
FALSE = {"0", "f", "false", "n", "no"}
OCTAL = re.compile(rb"\\([0-7]{3}|\\)")
LARGEST = 2**63 - 1
MANY_DIGITS = Context(prec=2200, rounding=ROUND_HALF_UP)


def convert(field: InputField, octets: bytes | None, zone: str) -> str | None:
    """Return the text of a field as its column takes it; raise RefusalError with the reason."""
    if octets is None:
        if not field.nullable:
            raise RefusalError(f"NULL value in NOT NULL column {field.number} ({field.name})")
        return None
    if field.vtype.is_binary:
        return binary_text(field, octets)
    try:
        text = octets.decode()
    except UnicodeDecodeError:
        raise RefusalError(f"Invalid UTF-8 for {column_words(field)}") from None
    if field.vtype.is_string:
        return string_text(field, octets, text)
    converted = moment_or_scalar(field, text.strip(" \t\r\n\f\v"), zone)
    if converted is None:
        raise RefusalError(
            f"Invalid {kind_word(field.vtype)} format '{text}' for {column_words(field)}"
        )
    return converted


def column_words(field: InputField) -> str:
    """Return how a reason names the column."""
    return f"column {field.number} ({field.name})"


def kind_word(vtype: VType) -> str:
    """Return how a reason names the type."""
    return "interval" if vtype.name.startswith("INTERVAL") else vtype.name.lower()


def type_word(vtype: VType) -> str:
    """Return how a reason names a type with a length: Varchar(80)."""
    return f"{vtype.name.title()}({vtype.length})"


def string_text(field: InputField, octets: bytes, text: str) -> str:
    """Return a string that fits: whole, refused, or cut where no character is halved."""
    limit = field.vtype.length or 0
    if len(octets) <= limit:
        return text
    if field.form.enforce_length:
        raise RefusalError(too_long(field, len(octets)))
    return octets[:limit].decode(errors="ignore")


def too_long(field: InputField, size: int) -> str:
    """Return the reason for a value that does not fit."""
    words = f"The {size}-byte value is too long for type {type_word(field.vtype)}"
    return f"{words}, {column_words(field)}"


def binary_text(field: InputField, octets: bytes) -> str:
    """Return raw octets as hexadecimal digits."""
    value = decode_binary(field, octets)
    limit = field.vtype.length or 0
    if len(value) > limit:
        if field.form.enforce_length:
            raise RefusalError(too_long(field, len(value)))
        value = value[:limit]
    if field.vtype.name == "BINARY":
        value = value.ljust(limit, b"\0")
    return value.hex()


def decode_binary(field: InputField, octets: bytes) -> bytes:
    r"""Return the octets that a field's layout spells; the default takes \\ooo for any octet."""
    layout = (field.form.layout or "").lower()
    try:
        if layout == "hex":
            return bytes.fromhex(octets.decode().removeprefix("0x"))
        if layout == "bitstream":
            return int(octets or b"0", 2).to_bytes(-(-len(octets) // 8))
        if layout == "octal" or b"\\" in octets:
            return OCTAL.sub(unescaped_octet, octets)
    except (ValueError, UnicodeDecodeError, OverflowError):
        raise RefusalError(f"Invalid {layout} format for {column_words(field)}") from None
    return octets


def unescaped_octet(match: re.Match[bytes]) -> bytes:
    r"""Return the octet that \\ooo or a doubled backslash stands for."""
    return b"\\" if match[1] == b"\\" else bytes([int(match[1], 8) & 255])


def moment_or_scalar(field: InputField, text: str, zone: str) -> str | None:
    """Return the canonical text of a value, read by the FORMAT of its column if it has one."""
    if field.form.layout is None:
        return scalar_text(field.vtype, text, zone)
    moment = respelled(field.form.layout, text)
    return None if moment is None else scalar_text(field.vtype, moment, zone)


def scalar_text(vtype: VType, text: str, zone: str) -> str | None:
    """Return the canonical text of a value, or None if the type does not know it."""
    if vtype.name.startswith("INTERVAL"):
        return canonical_interval(text, vtype)
    if vtype.name in ZONED:
        return ZONED[vtype.name](text, vtype, zone)
    return SCALARS[vtype.name](text, vtype)


def canonical_integer(text: str, _vtype: VType) -> str | None:
    """Return whole numbers that Vertica's INTEGER holds; its smallest one is NULL inside."""
    if not INTEGER.fullmatch(text) or len(text) > 400:
        return None
    value = int(text)
    return str(value) if abs(value) <= LARGEST else None


def canonical_float(text: str, _vtype: VType) -> str | None:
    """Return a floating-point number."""
    return repr(float(text)) if FLOAT.fullmatch(text) else None


def canonical_numeric(text: str, vtype: VType) -> str | None:
    """Return a decimal number rounded to the scale, if it has room for its digits."""
    if not NUMERIC.fullmatch(text):
        return None
    scale, precision = vtype.scale or 0, vtype.precision or 37
    try:
        value = Decimal(text).quantize(Decimal(1).scaleb(-scale), context=MANY_DIGITS)
    except InvalidOperation:
        return None
    digits = len(value.as_tuple().digits) if value else 0
    return f"{value:f}" if digits <= min(precision, 38) else None


def canonical_boolean(text: str, _vtype: VType) -> str | None:
    """Return true or false for the spellings that Vertica knows."""
    lowered = text.lower()
    if lowered in TRUE:
        return "true"
    return "false" if lowered in FALSE else None


def canonical_uuid(text: str, _vtype: VType) -> str | None:
    """Return a UUID in its usual form."""
    if not UUID.fullmatch(text) or text.startswith("{") != text.endswith("}"):
        return None
    return text.strip("{}").replace("-", "").lower()


ZONED: dict[str, Callable[[str, VType, str], str | None]] = {
    "TIMESTAMPTZ": canonical_timestamp_zoned,
    "TIMETZ": canonical_time_zoned,
}
SCALARS: dict[str, Callable[[str, VType], str | None]] = {
    "INTEGER": canonical_integer,
    "FLOAT": canonical_float,
    "NUMERIC": canonical_numeric,
    "BOOLEAN": canonical_boolean,
    "UUID": canonical_uuid,
    "DATE": canonical_date,
    "TIME": canonical_time,
    "TIMESTAMP": canonical_timestamp,
}
