"""Read a character constant as a value of a type; the result is DuckDB text."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from uuid import UUID

from local_vertica.errors import VerticaError
from local_vertica.sql.bound import numeric, text
from local_vertica.sql.intervals import day_time_sql, months_of
from local_vertica.sql.moments import read_moment
from local_vertica.sql.refusals import bad_literal
from local_vertica.types import VType

_INTEGER = re.compile(r"[+-]?\d+")
_HEX = re.compile(r"0[xX][0-9a-fA-F]+")
_SCALED = re.compile(r"([+-]?\d+(?:\.\d*)?)[pP]([+-]?\d+)")
_TRUE = frozenset({"t", "true", "y", "yes", "1", "on"})
_FALSE = frozenset({"f", "false", "n", "no", "0", "off"})
_FLOATS = {"inf", "infinity", "nan"}
BIGGEST = 2**63 - 1
_LONGEST = Context(prec=1024)  # digits of a NUMERIC


def read_literal(value: str, target: VType, *, safe: bool = False) -> str:
    """Return the constant in DuckDB's SQL; refuse what the type cannot hold unless `safe`."""
    try:
        return _reader(target)(value, target)
    except (ValueError, InvalidOperation) as error:
        if safe:
            return f"CAST(NULL AS {target.duck})"
        raise bad_literal(target, value) from error


def _reader(target: VType) -> Callable[[str, VType], str]:
    if target.is_string:
        return _string
    if target.is_binary:
        return _binary
    if target.name.startswith("INTERVAL"):
        return _interval
    return _READERS.get(target.name, read_moment)


def cut_octets(value: str, octets: int) -> str:
    """Return the longest beginning of a text that fits into so many octets."""
    encoded = value.encode()
    return value if len(encoded) <= octets else encoded[:octets].decode(errors="ignore")


def _string(value: str, target: VType) -> str:
    cut = cut_octets(value, target.length or 0)
    return text(cut.rstrip(" ") if target.name == "CHAR" else cut)


def _binary(value: str, target: VType) -> str:
    return binary(octets_of(value)[: target.length], target)


def binary(octets: bytes, target: VType) -> str:
    """Return binary data in DuckDB's SQL, filled up with zeros if the type is fixed."""
    if target.name == "BINARY":
        octets = octets.ljust(target.length or 1, b"\0")
    return f"unhex('{octets.hex()}')"


def octets_of(value: str) -> bytes:
    r"""Return the octets of a text in which `\nnn` and `\\` stand for octets."""
    pattern = re.compile(rb"\\(?:([0-7]{3})|x([0-9a-fA-F]{2})|(\\))")

    def octet(match: re.Match[bytes]) -> bytes:
        if match[1]:
            return bytes([int(match[1], 8) & 255])
        return bytes([int(match[2], 16)]) if match[2] else b"\\"

    return pattern.sub(octet, value.encode())


def _number(value: str) -> Decimal:
    stripped = value.strip()
    if _HEX.fullmatch(stripped):
        return Decimal(int(stripped, 16))
    if scaled := _SCALED.fullmatch(stripped):
        return Decimal(scaled[1]) * Decimal(2) ** int(scaled[2])
    if "_" in stripped:
        raise ValueError(stripped)
    number = Decimal(stripped)
    if not number.is_finite():
        raise ValueError(stripped)
    return number


def _integer(value: str, _target: VType) -> str:
    stripped = value.strip()
    if _HEX.fullmatch(stripped):
        return integer_sql(int(stripped, 16))
    if not _INTEGER.fullmatch(stripped):
        raise ValueError(stripped)
    return integer_sql(int(stripped))


def integer_sql(number: int) -> str:
    """Return an INTEGER constant, or refuse what eight octets cannot hold."""
    if not -BIGGEST - 1 <= number <= BIGGEST:
        raise VerticaError("22003", f'Value "{number}" is out of range for type int8', 5408)
    return f"CAST({number} AS BIGINT)"


def _numeric(value: str, target: VType) -> str:
    return numeric_sql(_number(value), target)


def numeric_sql(number: Decimal, target: VType) -> str:
    """Return a NUMERIC constant rounded to its scale, or refuse what does not fit."""
    scale = target.scale or 0
    with_scale = _quantized(number, scale)
    if len(with_scale.as_tuple().digits) > max(target.precision or 37, scale):
        message = f"Value exceeds range of type numeric({target.precision},{scale})"
        raise VerticaError("22003", message, 5411)
    return f"CAST({with_scale:f} AS {target.duck})"


def natural_numeric(value: str) -> VType:
    """Return the NUMERIC that holds just the digits of a constant."""
    try:
        number = _number(value)
    except (ValueError, InvalidOperation) as error:
        raise bad_literal(VType("NUMERIC", precision=37, scale=15), value) from error
    return numeric_type(number)


def numeric_type(number: Decimal) -> VType:
    """Return the NUMERIC that holds just the digits of a number."""
    digits = number.as_tuple()
    exponent = int(digits.exponent)
    scale = max(-exponent, 0)
    return numeric(max(len(digits.digits) + max(exponent, 0), scale), scale)


def _quantized(number: Decimal, scale: int) -> Decimal:
    digits = number.as_tuple()
    exponent = int(digits.exponent)
    if exponent >= -scale:
        return Decimal((digits.sign, (*digits.digits, *(0,) * (exponent + scale)), -scale))
    return number.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP, _LONGEST)


def _float(value: str, _target: VType) -> str:
    stripped = value.strip().lower()
    if stripped.lstrip("+-") in _FLOATS:
        return f"CAST('{stripped}' AS DOUBLE)"
    return f"CAST({float(_number(value))!r} AS DOUBLE)"


def _boolean(value: str, _target: VType) -> str:
    word = value.strip().lower()
    if word in _TRUE:
        return "TRUE"
    if word in _FALSE:
        return "FALSE"
    raise ValueError(word)


def _uuid(value: str, _target: VType) -> str:
    return f"CAST('{UUID(value.strip())}' AS UUID)"


def _interval(value: str, target: VType) -> str:
    if target.is_year_month:
        return f"to_months({months_of(value, target)})"
    return day_time_sql(value, target)


_READERS: dict[str, Callable[[str, VType], str]] = {
    "INTEGER": _integer,
    "NUMERIC": _numeric,
    "FLOAT": _float,
    "BOOLEAN": _boolean,
    "UUID": _uuid,
}


def now_literal(moment: datetime) -> str:
    """Return an instant as a TIMESTAMPTZ constant."""
    return f"CAST('{moment.isoformat(sep=' ')}' AS TIMESTAMPTZ)"
