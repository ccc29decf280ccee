"""Decode one JSON document strictly: what is doubtful is refused with its reason.

Numbers stay the text that they are in the document, so that nothing is rounded. Extended JSON, as
MongoDB's drivers write it, is unwrapped: `{"$oid": x}` is x, `{"$numberInt": x}` and its like are
x, and `{"$date": ...}` is a moment in UTC as the contracts know it. A column then reads the same
whether its source writes JSON or Extended JSON.

Two ways lead there. Where the wrapping stands as drivers write it, polars takes it off many lines
at once, in a third of the time; the decoder's hooks do it wherever it is left.
"""

import json
import re
import secrets
from collections.abc import Callable, Sequence
from typing import NoReturn

import polars as pl

Json = dict[str, object]

NO_JSON = "no JSON"
NOT_UTF8 = "not UTF-8"
NO_OBJECT = "not an object"
NAN = "NaN"
TWICE = "a name stands twice"
TOO_DEEP = "nested too deep"
SURROGATE = "a lone surrogate"

# What a document can hold stands for itself: no source can know this, and pass for a moment.
_MARK = f"{secrets.token_hex(8)}:"
_FIRST, _LAST = -62_135_596_800_000, 253_402_300_799_999  # of the years 1 to 9999
# No text of a document can look so: within one a quote has a backslash before it. What follows is
# looked at, as only a value may be a text where it was an object; names are followed by a colon.
# The value has no character that could make JSON of what is none.
_WRAPPED = (
    r'\{ ?"\$(?:oid|numberInt|numberDouble|numberDecimal)" ?: ?"([0-9A-Za-z.+-]+)" ?\}( ?[\],}])'
)
_WRAPPED_DATE = r'\{ ?"\$date" ?: ?\{ ?"\$numberLong" ?: ?"(-?[0-9]{1,15})" ?\} ?\}( ?[\],}])'
_MILLISECONDS = re.compile(r"-?[0-9]{1,15}")
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


class UnreadableError(ValueError):
    """A text that is no document, and the rule that it breaks."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


class _Long(str):
    """The text of a `$numberLong`, which is what tells milliseconds from other texts of digits."""

    __slots__ = ()


def unwrapped(lines: Sequence[bytes]) -> Sequence[bytes | str]:
    """Take the wrapping of Extended JSON off where it stands as drivers write it.

    Each line stays the same document, or the same fault; lines that are not UTF-8 all stay octets.
    """
    try:
        texts = pl.Series(lines, dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.ComputeError:
        return lines
    plain = texts.str.replace_all(_WRAPPED, '"$1"$2')
    return plain.str.replace_all(_WRAPPED_DATE, f'"{_MARK}$1"$2').to_list()


def moments(texts: pl.Series) -> pl.Series:
    """Write as the contracts know them the moments that a column of decoded texts holds."""
    if not texts.str.starts_with(_MARK).any():
        return texts
    text = pl.col(texts.name)
    counted = text.str.strip_prefix(_MARK)
    count = counted.cast(pl.Int64, strict=False)
    count = pl.when(count.is_between(_FIRST, _LAST)).then(count)
    # Whole numbers all the way: a float would lose milliseconds, and those before 1970 round up.
    moment = pl.from_epoch(count, time_unit="ms").dt.strftime("%Y-%m-%d %H:%M:%S%.f")
    is_moment = text.str.starts_with(_MARK)
    # A year that there is not stays a text of digits, which no contract takes for a moment.
    read = pl.when(is_moment).then(moment.fill_null(counted)).otherwise(text)
    return texts.to_frame().select(read.alias(texts.name)).to_series()


def decode_line(line: bytes | str) -> Json:
    """Decode the line of a document; raise UnreadableError with the rule that it breaks."""
    try:
        return decode_text(line if isinstance(line, str) else line.decode())
    except UnicodeDecodeError:
        raise UnreadableError(NOT_UTF8) from None


def decode_text(text: str) -> Json:
    """Decode the text of a document; raise UnreadableError with the rule that it breaks."""
    try:
        found = _DECODER.decode(text)
        if "\\u" in text and _HALF.search(text):
            _refuse_lone_surrogates(found)
    except RecursionError:
        raise UnreadableError(TOO_DEEP) from None
    except json.JSONDecodeError:
        raise UnreadableError(NO_JSON) from None
    if type(found) is not dict:
        raise UnreadableError(NO_OBJECT)
    return found


def _refuse_lone_surrogates(found: object) -> None:
    """Raise UnreadableError where half a character stands alone: no UTF-8 can hold it."""
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise UnreadableError(SURROGATE) from None


def _once(pairs: list[tuple[str, object]]) -> object:
    """Make an object of its names and values, or a value of Extended JSON; each name once."""
    if len(pairs) == 1:
        [(name, value)] = pairs
        unwrap = _EXTENDED.get(name)
        return {name: value} if unwrap is None else unwrap(name, value)
    found = dict(pairs)
    if len(found) < len(pairs):
        raise UnreadableError(TWICE)
    return found


def _refuse_constant(_name: str) -> NoReturn:
    raise UnreadableError(NAN)


def _plain(name: str, value: object) -> object:
    """Take the text that is wrapped; anything else stays what it is, and no value."""
    return value if isinstance(value, str) else {name: value}


def _long(name: str, value: object) -> object:
    return _Long(value) if isinstance(value, str) else {name: value}


def _date(name: str, value: object) -> object:
    """Mark a moment, which `moments` will write; what is none stays a text, and is refused."""
    if isinstance(value, _Long):
        return f"{_MARK}{value}" if _MILLISECONDS.fullmatch(value) else str(value)
    return value.removesuffix("Z") if isinstance(value, str) else {name: value}


_EXTENDED: dict[str, Callable[[str, object], object]] = {
    "$oid": _plain,
    "$date": _date,
    "$numberInt": _plain,
    "$numberLong": _long,
    "$numberDouble": _plain,
    "$numberDecimal": _plain,
}
_DECODER = json.JSONDecoder(
    object_pairs_hook=_once,
    parse_int=str,
    parse_float=str,
    parse_constant=_refuse_constant,
)
