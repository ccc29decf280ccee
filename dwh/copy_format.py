"""The format in which records travel to COPY, and raw text that fits into it and back.

Fields are joined by 0x1F, records end with 0x1E, a missing value is the one octet 0x15. Nothing is
quoted or escaped, because no value holds these octets: contracts refuse control characters in
accepted values, and `encode_raw` writes the raw text of refused records without them.
"""

import re
from typing import Literal

FIELD = "\x1f"
RECORD = "\x1e"
MISSING = "\x15"
# What the column of raw text holds; its octets are counted after encoding.
LONGEST_RAW = 1 << 20

RawEncoding = Literal["utf8", "escaped"]

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ESCAPED = re.compile(rb"\\(?:\\|x([0-9a-f]{2}))")


def encode_raw(raw: bytes) -> tuple[str, RawEncoding]:
    r"""Return raw bytes as text that COPY carries, and how to read it; the rest of long ones falls.

    `utf8` is the text itself. `escaped` has its backslashes doubled, and every octet that is
    invalid or a control character (tab, line feed and return apart) as `\\xNN`.
    """
    raw = raw[:LONGEST_RAW]
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data" or len(raw) < LONGEST_RAW:
            return _escape(raw), "escaped"
        text = raw[: error.start].decode()
    if _CONTROL.search(text):
        return _escape(raw), "escaped"
    return text, "utf8"


def decode_raw(text: str, encoding: RawEncoding) -> bytes:
    """Return the raw bytes that `encode_raw` was given."""
    raw = text.encode()
    return raw if encoding == "utf8" else _ESCAPED.sub(_octet, raw)


def _escape(raw: bytes) -> str:
    text = _escape_all(raw)
    if len(text.encode()) > LONGEST_RAW:
        text = _escape_all(raw[: LONGEST_RAW // 4])
    return text


def _escape_all(raw: bytes) -> str:
    text = raw.replace(b"\\", b"\\\\").decode("utf-8", "backslashreplace")
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def _octet(found: re.Match[bytes]) -> bytes:
    return bytes.fromhex(found[1].decode()) if found[1] else b"\\"
