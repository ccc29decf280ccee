"""The rules of framing once more, one character after another: slow, plain, and written apart."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SlowRecord:
    """One record, with its values when it is good; number 0 is a blank line."""

    number: int
    line: int
    offset: int
    raw: bytes
    reasons: tuple[str, ...]
    values: tuple[str | None, ...] | None


def slow_records(data, fields, longest):
    """Return every record and blank line of a text whose first octet begins a record."""
    records, at, line, number = [], 0, 1, 0
    while at < len(data):
        feed = _line_end(data, at)
        if _without_return(data[at:feed]) == b"":
            records.append(SlowRecord(0, line, at, b"", (), None))
            at, line = feed + 1, line + 1
            continue
        number += 1
        end, reasons, values = _one(data, at, longest)
        raw = _without_return(data[at:end])
        if values is not None:
            reasons += _count_reasons(len(values), fields)
        if reasons != ("record: too long",):
            reasons += _damage(raw)
        good = values if not reasons else None
        records.append(SlowRecord(number, line, at, raw, reasons, good))
        line += data.count(b"\n", at, end) + 1
        at = end + 1
    return records


def _line_end(data, at):
    feed = data.find(b"\n", at)
    return len(data) if feed < 0 else feed


def _without_return(octets):
    return octets[:-1] if octets.endswith(b"\r") else octets


def _one(data, start, longest):
    """Return the end of the record at `start`, why it is malformed, and its values if it is not."""
    feed = _line_end(data, start)
    if feed - start > longest:
        return feed, ("record: too long",), None
    end, stray, values = _parse(data, start)
    if values is not None and end - start <= longest:
        return end, (), values
    if values is None and stray is not None and stray < feed:
        return feed, ("record: stray quote",), None
    return feed, ("record: unclosed quote",), None


def _parse(data, start):  # noqa: C901, PLR0912 - a state machine reads best in one piece
    """Walk a record to its end; return the end, or the offending quote, and the values."""
    values, value, state, at = [], b"", "start", start
    while True:
        mark = data[at : at + 1]
        if state == "quoted":
            if not mark:
                return None, None, None
            if mark == b'"':
                state = "closed"
            else:
                value += mark
        elif mark == b'"':
            if state == "bare":
                return None, at, None
            value += mark if state == "closed" else b""
            state = "quoted"
        elif mark in (b",", b"\n", b""):
            values.append(_value(value, state, is_last=mark != b","))
            if mark != b",":
                return at, None, values
            value, state = b"", "start"
        elif state == "closed":
            if mark != b"\r" or data[at + 1 : at + 2] not in (b"\n", b""):
                return None, at - 1, None
        else:
            value, state = value + mark, "bare"
        at += 1


def _value(value, state, *, is_last):
    if state == "closed":
        return value
    return (_without_return(value) if is_last else value) or None


def _count_reasons(found, fields):
    if found == fields:
        return ()
    return ("record: too few fields",) if found < fields else ("record: too many fields",)


def _damage(raw):
    reasons = ()
    for at, octet in enumerate(raw):
        is_line_end = octet == 13 and raw[at + 1 : at + 2] == b"\n"
        if (octet < 32 and octet not in (9, 10) and not is_line_end) or octet == 127:
            reasons = ("record: control character",)
    try:
        raw.decode()
    except UnicodeDecodeError:
        reasons += ("record: not UTF-8",)
    return reasons
