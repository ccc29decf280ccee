"""The format in which records travel to COPY, and raw text that fits into it and back.

Fields are joined by 0x1F, records end with 0x1E, a missing value is the one octet 0x15. Nothing is
quoted or escaped, because no value holds these octets: contracts refuse control characters in
accepted values, and `encode_raw` writes the raw text of refused records without them.
"""

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Literal

import polars as pl

# Unit separator, record separator and negative acknowledge: ASCII made the first two for this.
FIELD = "\x1f"
RECORD = "\x1e"
MISSING = "\x15"
# What the column of raw text holds; its octets are counted after encoding.
LONGEST_RAW = 1 << 20

RawEncoding = Literal["utf8", "escaped"]

CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
_CONTROL = re.compile(CONTROL)
_ESCAPED = re.compile(rb"\\(?:\\|x([0-9a-f]{2}))")


def encode_records(records: pl.DataFrame) -> bytes:
    """Write rows as COPY reads them; the caller sees to it that no value holds its octets."""
    out = BytesIO()
    records.write_csv(
        out,
        include_header=False,
        separator=FIELD,
        line_terminator=RECORD,
        quote_style="never",
        null_value=MISSING,
    )
    return out.getvalue()


def encode_raws(raws: Sequence[bytes]) -> tuple[pl.Series, pl.Series]:
    """Do what `encode_raw` does for each, at once where all of them are plain texts."""
    # One look at all of them; most refused records are sound texts that break a rule.
    try:
        texts = pl.Series(raws, dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.ComputeError:
        return _encode_each(raws)
    if texts.str.contains(CONTROL).any() or (texts.str.len_bytes() > LONGEST_RAW).any():
        return _encode_each(raws)
    return texts, pl.repeat("utf8", len(texts), eager=True)


def _encode_each(raws: Sequence[bytes]) -> tuple[pl.Series, pl.Series]:
    encoded = [encode_raw(raw) for raw in raws]
    return (
        pl.Series([text for text, _ in encoded], dtype=pl.String),
        pl.Series([encoding for _, encoding in encoded], dtype=pl.String),
    )


def encode_raw(raw: bytes) -> tuple[str, RawEncoding]:
    r"""Write raw bytes as text that COPY carries, and say how to read it; long ones are cut.

    `utf8` is the text itself. `escaped` has its backslashes doubled, and every octet that is
    invalid or a control character (tab, line feed and return apart) as `\\xNN`.
    """
    raw = raw[:LONGEST_RAW]
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        # A character that the cut itself tore is no fault of the record.
        if error.reason != "unexpected end of data" or len(raw) < LONGEST_RAW:
            return _escape(raw), "escaped"
        text = raw[: error.start].decode()
    if _CONTROL.search(text):
        return _escape(raw), "escaped"
    return text, "utf8"


def decode_raw(text: str, encoding: RawEncoding) -> bytes:
    """Turn a `raw_record` back into the octets of the file, up to where it was cut."""
    raw = text.encode()
    return raw if encoding == "utf8" else _ESCAPED.sub(_octet, raw)


def _escape(raw: bytes) -> str:
    text = _escape_all(raw)
    if len(text.encode()) > LONGEST_RAW:
        text = _escape_all(raw[: LONGEST_RAW // 4])  # an octet becomes four at most
    return text


def _escape_all(raw: bytes) -> str:
    text = raw.replace(b"\\", b"\\\\").decode("utf-8", "backslashreplace")
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def _octet(found: re.Match[bytes]) -> bytes:
    return bytes.fromhex(found[1].decode()) if found[1] else b"\\"
