"""Contracts and duplicates once more in plain Python, and the two files read back."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from social_vault.model.keys import scaled
from social_vault.records.copy_format import FIELD, MISSING, RECORD, decode_raw
from tests.unit.records.slow_framing import slow_records


def read_copy(path):
    """Return the records of a file in the format of COPY as lists of texts; missing is None."""
    *records, rest = path.read_bytes().decode().split(RECORD)
    assert rest == ""
    rows = [record.split(FIELD) for record in records]
    return [[None if field == MISSING else field for field in row] for row in rows]


def python_integer(text):
    """Return the whole number a text plainly is."""
    found = re.fullmatch(r"(-?[0-9]+)(\.0+)?", text or "")
    value = int(found[1]) if found else None
    return value if value is not None and -(2**63) <= value < 2**63 else None


def python_timestamp(text):
    """Return the moment a text plainly is; Python checks the calendar."""
    found = re.fullmatch(r"([0-9-]{10})[ T]([0-9:]{8})(\.[0-9]{1,6})?", text or "")
    if not found:
        return None
    try:
        moment = datetime.strptime(f"{found[1]} {found[2]}", "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - the files know no zones
    except ValueError:
        return None
    return moment.replace(microsecond=int((found[3] or ".")[1:].ljust(6, "0")))


def python_boolean(text):
    """Return the boolean a text plainly is, as a number."""
    words = {"1": 1, "1.0": 1, "true": 1, "0": 0, "0.0": 0, "false": 0}
    return words.get((text or "").lower())


def python_decimal(text, digits):
    """Return the decimal a text plainly is, with the zeros of its scale."""
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text or ""):
        return None
    try:
        return scaled(Decimal(text), digits)
    except ArithmeticError:
        return None


READ = {
    "integer": (python_integer, "not an integer"),
    "timestamp": (python_timestamp, "not a timestamp"),
    "boolean": (python_boolean, "not a boolean"),
    "decimal": (python_decimal, "not a decimal"),
}


def judge(column, text):
    """Return the rules a value breaks, what is written for it, and what it is equal by."""
    if column.kind == "text":
        return _judge_text(column, text), text, text
    text = text or None
    read, rule = READ[column.kind]
    value = read(text, column.digits) if column.digits else read(text)
    if text is None:
        return (["missing"] if column.required else []), None, None
    if value is None:
        return [rule], None, None
    is_low = column.minimum is not None and value < column.minimum
    is_high = column.maximum is not None and value > column.maximum
    written = text.replace("T", " ") if column.kind == "timestamp" else str(value)
    return (["out of range"] if is_low or is_high else []), written, value


def _judge_text(column, text):
    if text is None:
        return ["missing"] if column.required else []
    rules = []
    if column.choices and text not in column.choices:
        rules.append("unknown value")
    elif not column.choices and len(text.encode()) > column.max_octets:
        rules.append("too long")
    if column.pattern is not None and not re.fullmatch(column.pattern, text):
        rules.append("wrong form")
    return rules


@dataclass
class Expected:
    """What must be in the two files and in the counts."""

    accepted: list
    rejected: list
    blank: int


def expected(data, table, longest):
    """Return what a file without its header must become; offsets count from its beginning."""
    result, seen = Expected([], [], 0), set()
    for record in slow_records(data, len(table.columns), longest):
        if record.number == 0:
            result.blank += 1
            continue
        reasons, values = list(record.reasons), None
        if record.values is not None:
            reasons, values = _judged(record, table, seen)
        if reasons:
            position = (record.number, record.line, record.offset, len(record.raw))
            result.rejected.append((*position, record.raw[:longest], reasons))
        else:
            result.accepted.append([str(record.number), *values])
    return result


def _judged(record, table, seen):
    """Return the reasons of a well-formed record, and what is written for it."""
    reasons, written, key = [], [], []
    for column, octets in zip(table.columns, record.values, strict=True):
        rules, text, value = judge(column, None if octets is None else octets.decode())
        reasons += [f"{column.name}: {rule}" for rule in rules]
        written.append(text)
        if column.name in table.key:
            key.append(value)
    if not reasons and key and tuple(key) in seen:
        return [table.duplicate_reason], written
    if not reasons:
        seen.add(tuple(key))
    return reasons, written


def read_rejects(path, longest):
    """Return the rejects of a file in the order of their records, raw octets up to `longest`."""
    rejects = []
    for row in read_copy(path):
        _, number, line, offset, text, encoding, octets, reasons = row
        raw = decode_raw(text, encoding)
        assert len(raw) == int(octets) or len(raw) >= longest
        position = (int(number), int(line), int(offset), int(octets))
        rejects.append((*position, raw[:longest], reasons.split("; ")))
    return sorted(rejects)
