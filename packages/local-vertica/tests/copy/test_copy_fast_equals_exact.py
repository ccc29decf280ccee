"""COPY against a second, plain, slow reading of the same rules, by generated files."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from local_vertica.copy import fast, judge, lines, records

COLUMNS = (
    "a INT; b VARCHAR(6); c INT NOT NULL; d BOOLEAN; e DATE; f VARCHAR(80) NOT NULL; g TIMESTAMP"
)
VALUES = [
    "", "0", "12", "-7", "+5", "007", "1.5", "1e3", " 12 ", "1_000", "0x1F", "9223372036854775807",
    "9223372036854775808", "-9223372036854775808", "abc", "abcdef", "abcdefg", "привет", "Я", "t",
    "false", "YES", "2", "2021-02-28", "2021-02-29", "2020-02-29", "0000-01-01",
    "2021-01-01 10:11:12", "2021-01-01 10:11:12.5", "2021-01-01 25:00:00", "2021-01-01 10:11:12+02",
    "2021-01-01 10:11:12-7:30", "2021-01-01 10:11:12+1600", "NULL", "null",
    "\x15", "N", "\\N",
]  # fmt: skip
PIECES = [*"|,\t\x1f;\n\r\x1e\\!\"'aN", "\r\n", "\0", "\ufeff"]


@dataclass(frozen=True)
class Format:
    """The options of one generated COPY."""

    delimiter: str
    terminator: str
    escape: str | None
    enclosed: str | None
    null: str
    enforce: bool
    trailing: bool

    def sql(self) -> str:
        """Return them as clauses."""
        words = [
            f"DELIMITER {literal(self.delimiter)}",
            f"RECORD TERMINATOR {literal(self.terminator)}",
            f"NULL {literal(self.null)}",
            "NO ESCAPE" if self.escape is None else f"ESCAPE AS {literal(self.escape)}",
        ]
        words += [f"ENCLOSED BY {literal(self.enclosed)}"] if self.enclosed else []
        words += ["ENFORCELENGTH"] if self.enforce else []
        words += ["TRAILING NULLCOLS"] if self.trailing else []
        return " ".join(words)


def literal(text: str) -> str:
    """Return an E'' literal."""
    return "E'" + "".join(f"\\{ord(letter):03o}" for letter in text) + "'"


@dataclass
class WrongError(Exception):
    """A record is refused by the slow reading."""

    reason: str


def slow_records(data: bytes, form: Format) -> list[bytes]:
    """Cut a file octet by octet: an escape hides the next octet, nothing else does."""
    end = form.terminator.encode()
    escape = form.escape.encode() if form.escape else None
    found, current, place = [], b"", 0
    while place < len(data):
        octet = data[place : place + 1]
        if octet == escape:
            current += data[place : place + 2]
            place += 2
        elif data.startswith(end, place):
            found.append(current)
            current = b""
            place += len(end)
        else:
            current += octet
            place += 1
    if current and current != escape:
        found.append(lone_escape_dropped(current, escape))
    return [record for record in found if record]


def lone_escape_dropped(record: bytes, escape: bytes | None) -> bytes:
    """Drop an escape at the very end of a file: it has nothing to make literal."""
    if escape is None:
        return record
    run = len(record) - len(record.rstrip(escape))
    return record[:-1] if run % 2 else record


def slow_fields(record: bytes, form: Format) -> list[bytes | None]:
    """Cut a record into fields octet by octet."""
    found: list[bytes | None] = []
    place = 0
    while True:
        value, place = slow_field(record, place, form)
        found.append(value)
        if place >= len(record):
            return found
        place += 1


def slow_field(record: bytes, place: int, form: Format) -> tuple[bytes | None, int]:
    """Read one field: enclosed if it can be closed before a delimiter or the end, else open."""
    quote = form.enclosed.encode() if form.enclosed else None
    if quote is not None and record[place : place + 1] == quote:
        value, after = scan(record, place + 1, form, lambda at: closes(record, at, form))
        if after < len(record):
            return value, after + 1
    start = place
    stop = form.delimiter.encode()
    value, after = scan(record, place, form, lambda at: record[at : at + 1] == stop)
    if record[start:after].lower() == form.null.encode().lower():
        return None, after
    return value, after


def closes(record: bytes, at: int, form: Format) -> bool:
    """Tell whether an enclosing octet stands here and the field ends behind it."""
    assert form.enclosed is not None
    behind = record[at + 1 : at + 2]
    return record[at : at + 1] == form.enclosed.encode() and behind in (
        b"",
        form.delimiter.encode(),
    )


def scan(record: bytes, place: int, form: Format, ends: Callable[[int], bool]) -> tuple[bytes, int]:
    """Collect unescaped octets up to the first place that ends them."""
    value = b""
    while place < len(record) and not ends(place):
        if form.escape is not None and record[place : place + 1] == form.escape.encode():
            place += 1
        value += record[place : place + 1]
        place += 1
    return value, place


def slow_row(record: bytes, form: Format) -> tuple[object, ...]:
    """Return the values of a record, or raise WrongError."""
    fields = slow_fields(record, form)
    columns = [column.strip() for column in COLUMNS.split(";")]
    if len(fields) > len(columns):
        raise WrongError("Too many columns found")
    if len(fields) < len(columns) and not form.trailing:
        raise WrongError("Too few columns found")
    fields += [None] * (len(columns) - len(fields))
    return tuple(
        slow_value(value, column, number, form)
        for number, (value, column) in enumerate(zip(fields, columns, strict=True), 1)
    )


def slow_value(value: bytes | None, column: str, number: int, form: Format) -> object:
    """Return one value as its column takes it, or raise WrongError."""
    name, kind, *rest = column.split()
    where = f"column {number} ({name})"
    if value is None:
        if rest:
            raise WrongError(f"NULL value in NOT NULL {where}")
        return None
    try:
        text = value.decode()
    except UnicodeDecodeError:
        raise WrongError(f"Invalid UTF-8 for {where}") from None
    if kind.startswith("VARCHAR"):
        return slow_string(text, int(kind[8:-1]), where, form)
    try:
        return {"INT": slow_int, "BOOLEAN": slow_bool, "DATE": slow_date, "TIMESTAMP": slow_ts}[
            kind
        ](text.strip(" \t\r\n\f\v"))
    except ValueError:
        word = {"INT": "integer"}.get(kind, kind.lower())
        raise WrongError(f"Invalid {word} format '{text}' for {where}") from None


def slow_string(text: str, limit: int, where: str, form: Format) -> str:
    """Return a string that fits, or as much of it as does."""
    size = len(text.encode())
    if size > limit and form.enforce:
        raise WrongError(f"The {size}-byte value is too long for type Varchar({limit}), {where}")
    while len(text.encode()) > limit:
        text = text[:-1]
    return text


def slow_int(text: str) -> int:
    """Return a whole number that is no NULL inside Vertica."""
    if not re.fullmatch(r"[-+]?[0-9]+", text) or not -(2**63) < int(text) < 2**63:
        raise ValueError(text)
    return int(text)


def slow_bool(text: str) -> bool:
    """Return a truth value."""
    lowered = text.lower()
    if lowered not in ("1", "0", "t", "f", "true", "false", "y", "n", "yes", "no"):
        raise ValueError(text)
    return lowered[0] in "1ty"


def slow_date(text: str) -> date:
    """Return a day; a time behind it is dropped."""
    return slow_ts(text).date()


def slow_ts(text: str) -> datetime:
    """Return a moment in ISO form, the only one the generator writes; an offset does not count."""
    day, clock = r"\d{4}-\d\d-\d\d", r"\d\d:\d\d:\d\d"
    offset = r"[-+](\d|0\d|1[0-5])(:?[0-5]\d)?"
    assume(not re.match(r"\d{5,}-", text))  # test_copy_exact.py has longer years
    found = re.fullmatch(rf"({day} {clock})(\.\d+)?({offset})?|{day}", text, re.ASCII)
    if found is None:
        raise ValueError(text)
    rounded = int(Fraction(f"0{found[2] or '.0'}") * 1_000_000 + Fraction(1, 2))
    return datetime.fromisoformat(found[1] or text) + timedelta(microseconds=rounded)


formats = st.builds(
    Format,
    delimiter=st.sampled_from("|,\t\x1f"),
    terminator=st.sampled_from(["\n", "\n", "\x1e", "\r\n", ";", "\r"]),
    escape=st.sampled_from([None, "\\", "!"]),
    enclosed=st.sampled_from([None, None, '"', "'"]),
    null=st.sampled_from(["", "\x15", "NULL", "\\N"]),
    enforce=st.booleans(),
    trailing=st.booleans(),
)


@st.composite
def files(draw: st.DrawFn) -> tuple[Format, bytes]:
    """Draw options and a file that mostly, but not always, keeps to them."""
    form = draw(formats)
    good = ["5", "abc", "6", "t", "2021-01-01", "x", "2021-01-01 00:00:00"]
    wild = st.lists(st.sampled_from([*PIECES, *VALUES]), max_size=4).map("".join)
    cell = st.one_of(st.sampled_from(VALUES), wild, st.just(form.null))

    def record() -> str:
        cells = [draw(cell) if draw(st.integers(0, 5)) == 0 else value for value in good]
        if form.enclosed:
            cells = [
                f"{form.enclosed}{value}{form.enclosed}" if draw(st.booleans()) else value
                for value in cells
            ]
        if draw(st.integers(0, 9)) == 0:
            extra = draw(st.sampled_from(["z", "", form.null]))
            cells = cells[: draw(st.integers(0, 7))] + [extra] * draw(st.integers(0, 3))
        return form.delimiter.join(cells)

    content = form.terminator.join(record() for _ in range(draw(st.integers(0, 8))))
    data = (content + draw(st.sampled_from(["", form.terminator, "\\", "!"]))).encode()
    if draw(st.integers(0, 9)) == 0 and data:
        place = draw(st.integers(0, len(data)))
        data = data[:place] + b"\xff" + data[place:]
    return form, data


@pytest.fixture(params=["as it is", "cut small", "many torn"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Take each way through the code, also those that only large files take."""
    if request.param == "cut small":
        monkeypatch.setattr(records, "CHUNK", 24)
        monkeypatch.setattr(lines, "BLOCK", 16)
        monkeypatch.setattr(judge, "BATCH", 2)
    if request.param == "many torn":
        monkeypatch.setattr(judge, "MANY", 0)
        monkeypatch.setattr(fast, "SAMPLE", 60)
    return str(request.param)


@pytest.mark.usefixtures("way")
@given(case=files())
def test_same_rows_and_same_rejects(case: tuple[Format, bytes], session) -> None:
    """Every record ends in the table or among the rejects, as the slow reading has it."""
    form, data = case
    rows: Counter[tuple[object, ...]] = Counter()
    rejects = []
    for number, record in enumerate(slow_records(data, form), 1):
        try:
            rows[slow_row(record, form)] += 1
        except WrongError as wrong:
            text = record.decode(errors="backslashreplace")
            rejects.append((number, text, len(record), wrong.reason))
    for name in ("t", "r"):
        session.rows(f"DROP TABLE IF EXISTS {name}")
        session.tables.pop(name, None)
    session.create("t", COLUMNS)
    outcome = session.copy(f"COPY t FROM STDIN {form.sql()} REJECTED DATA AS TABLE r", data)
    found = session.rows(
        "SELECT row_number, rejected_data, rejected_data_orig_length, rejected_reason FROM r"
        " ORDER BY row_number"
    )
    assert found == rejects
    assert Counter(session.rows("SELECT * FROM t")) == rows
    assert (outcome.accepted, outcome.rejected) == (rows.total(), len(rejects))
