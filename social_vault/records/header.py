"""Read the header of a file, and refuse the file when it is not the header of its contract."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from social_vault.model.table import Table

BOM = b"\xef\xbb\xbf"
UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
# A header of a contract has some tens of octets; a first line longer than this is none.
LONGEST_HEADER = 64 << 10


@dataclass(frozen=True)
class Header:
    """The first line of a file: its raw bytes, the columns it names, why the file is refused."""

    raw: bytes
    names: tuple[str, ...]
    refusals: tuple[str, ...]


def read_header(stream: BinaryIO, table: Table) -> Header:
    """Read the first line of a stream and judge it; the stream then stands behind it."""
    line = stream.readline(LONGEST_HEADER)
    raw = line.removesuffix(b"\n").removesuffix(b"\r")
    unreadable = _unreadable(line)
    if unreadable:
        return Header(raw, (), (f"file: {unreadable}",))
    names = _names(raw.removeprefix(BOM).decode())
    return Header(raw, names, tuple(f"file: {rule}" for rule in _refusals(names, table)))


def _unreadable(line: bytes) -> str | None:
    """Say what keeps a first line from being read as names, if anything does."""
    text = line.removeprefix(BOM)
    # Saved by a spreadsheet as "Unicode": it would else be told as a file without a header.
    if line.startswith(UTF16_BOMS) or _has_every_other_zero(text):
        return "UTF-16"
    if not text:
        return "empty"
    if b"\r" in text.removesuffix(b"\n").removesuffix(b"\r"):
        return "CR line ends"
    try:
        is_blank = not text.decode().strip()
    except UnicodeDecodeError:
        return "not UTF-8"
    return "no header" if is_blank or len(line) >= LONGEST_HEADER else None


def _has_every_other_zero(octets: bytes) -> bool:
    """Say whether octets look like Latin text of two octets a character."""
    pairs = len(octets) // 2
    return pairs > 0 and pairs in (octets[::2].count(0), octets[1::2].count(0))


def _names(text: str) -> tuple[str, ...]:
    """Read the names in a header line; none if its quotes are wrong."""
    try:
        rows = list(csv.reader([text], strict=True))
    except csv.Error:
        return ()
    return tuple(rows[0]) if rows else ()


def _refusals(names: tuple[str, ...], table: Table) -> Iterator[str]:
    """Name everything that is wrong with a header; what it says itself is never repeated."""
    wanted = table.headers
    if not set(names) & set(wanted):
        yield "wrong delimiter" if _has_other_delimiter(names, wanted) else "no header"
        return
    yield from (f"header lacks column {name}" for name in wanted if name not in names)
    if any(not name.strip() for name in names):
        yield "column without a name"
    if any(name.strip() and name not in wanted for name in names):
        yield "unknown column"
    if len(set(names)) < len(names):
        yield "column twice"


def _has_other_delimiter(names: Iterable[str], wanted: tuple[str, ...]) -> bool:
    # Joined again, since such a line has at most a few commas of its own.
    line = ",".join(names)
    return any(set(line.split(mark)) & set(wanted) for mark in ";\t|")
