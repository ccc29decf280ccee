"""Documents, changes and outbox events once more in plain Python, one value at a time."""

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from social_vault.model.keys import digest
from social_vault.model.table import ITEM_NO
from tests.unit.records.slow_contract import judge

NO_VALUE = object()
ROOM = 2_000


class RefusedError(Exception):
    """A text is no document; its only argument says why."""


def slow_document(text):
    """Decode a document by the strict rules; raise RefusedError with the rule it breaks."""
    try:
        found = json.loads(
            text, parse_int=str, parse_float=str, parse_constant=_refuse, object_pairs_hook=_pairs
        )
    except RecursionError:
        raise RefusedError("nested too deep") from None
    except json.JSONDecodeError:
        raise RefusedError("no JSON") from None
    if any(0xD800 <= ord(letter) < 0xE000 for letter in repr_of(found)):
        raise RefusedError("a lone surrogate")
    found = unwrapped(found)
    if not isinstance(found, dict):
        raise RefusedError("not an object")
    return found


def repr_of(found):
    """Return all letters of a document, escapes undone."""
    return json.dumps(found, ensure_ascii=False)


def _refuse(_name):
    raise RefusedError("NaN")


def _pairs(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise RefusedError("a name stands twice")
    return dict(pairs)


def unwrapped(value):
    """Turn Extended JSON into the values that it wraps, from the innermost outwards."""
    if isinstance(value, list):
        return [unwrapped(each) for each in value]
    if not isinstance(value, dict):
        return value
    if list(value) == ["$date"]:
        return _date(value["$date"])
    value = {name: unwrapped(each) for name, each in value.items()}
    wraps = {"$oid", "$numberInt", "$numberLong", "$numberDouble", "$numberDecimal"}
    if len(value) == 1 and set(value) <= wraps and isinstance(*value.values(), str):
        return next(iter(value.values()))
    return value


def _date(wrapped):
    if isinstance(wrapped, dict) and list(wrapped) == ["$numberLong"]:
        text = wrapped["$numberLong"]
        if isinstance(text, str) and re.fullmatch("-?[0-9]{1,15}", text):
            try:
                moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(text))
            except OverflowError:
                return text
            spec = "milliseconds" if moment.microsecond else "seconds"
            return moment.replace(tzinfo=None).isoformat(" ", spec)
    inner = unwrapped(wrapped)
    return inner.removesuffix("Z") if isinstance(inner, str) else {"$date": inner}


def value_at(found, steps):
    """Follow the steps into a document; NO_VALUE is an object or a list, or a way through none."""
    for step in steps:
        if found is None:
            return None
        if not isinstance(found, dict):
            return NO_VALUE
        found = found.get(step)
    if isinstance(found, bool):
        return str(found).lower()
    if found == "\x00{}":  # the one text that passes for no value: it is refused in any case
        return NO_VALUE
    return found if found is None or isinstance(found, str) else NO_VALUE


def slow_value(column, found):
    """Return the rules that a value breaks, what is written for it, and what is hashed."""
    if found is NO_VALUE:
        return ["not a value"], None, None
    rules, written, value = judge(column, found)
    if column.kind == "text" and re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", found or ""):
        rules = ["control character", *rules]
    return rules, written, value


class SlowRows:
    """What one document brings: rows by staging table, and all that is wrong with it."""

    def __init__(self):
        self.rows, self.reasons = {}, []

    def add(self, part, found, given, *, name):
        """Read a row of a staging table; `name` gives a column the name that reasons have."""
        row, hashed = dict(given), []
        for column in part.columns:
            if column.name in given or column.digest_of:
                hashed += [given[column.name]] if column == ITEM_NO else []
                continue
            rules, written, value = slow_value(column, value_at(found, column.steps))
            self.reasons += [f"{name(column)}: {rule}" for rule in rules]
            row[column.name] = written
            hashed.append(Decimal(written) if column.kind == "decimal" and written else value)
        self.rows.setdefault(part.name, []).append(row)
        return row, hashed

    def add_all(self, part, children, found, given, *, prefix=""):
        """Read a row of a staging table and all its children."""

        def name(column):
            return prefix + ".".join(column.steps) if prefix else column.name

        row, _ = self.add(part, found, given, name=name)
        for child in children:
            rows = self._elements(child, found, row, prefix)
            for column in part.columns:
                if column.digest_of == child.name:
                    row[column.name] = None if rows is None else digest(rows)

    def _elements(self, child, found, row, prefix):
        place, array = prefix + child.path, found.get(child.path)
        if array is None:
            self.reasons += [f"{place}: missing"] if child.required else []
            return []
        if not isinstance(array, list):
            self.reasons.append(f"{place}: not a list")
            return []
        hashed = []
        for at, element in enumerate(array):
            if not isinstance(element, dict):
                self.reasons.append(f"{place}[{at}]: not an object")
                continue
            repeated = {name: row[name] for name in child.names if name in row}
            given = repeated | {"item_no": at + 1}
            start = f"{place}[{at}]."
            _, values = self.add(
                child,
                element,
                given,
                name=lambda column, start=start: start + ".".join(column.steps),
            )
            hashed.append(values)
        return hashed


def slow_line(table, octets):
    """Return what a line of documents or changes brings, or the rule that refuses it."""
    try:
        text = octets.decode()
    except UnicodeDecodeError:
        raise RefusedError("not UTF-8") from None
    line, found = slow_document(text), SlowRows()
    if table.log is None:
        found.add_all(table, table.children, line, {})
        return found
    found.add(table.log, line, {}, name=lambda column: column.name)
    op, document = line.get("op"), line.get("doc")
    if op == "begin":
        missing = [f"{column.name}: missing" for column in table.log.columns if column.hub]
        found.reasons = [each for each in found.reasons if each not in missing]
    if document is None and op in ("read", "insert", "replace"):
        found.reasons.append("doc: missing")
    elif document is not None and not isinstance(document, dict):
        found.reasons.append("doc: not an object")
    if isinstance(document, dict) and op != "delete":
        found.add_all(table, table.children, document, {})
    return found


def slow_event(table, record):
    """Return what an outbox record brings whose own columns are sound: written texts by name."""
    found = SlowRows()
    variant = next(each for each in table.variants if each.kind == record[table.kind_in])
    try:
        value = slow_document(record[table.value_in])
    except RefusedError as error:
        found.reasons.append(f"{table.value_in}: {error}")
        return found
    given = {name: record[name] for name in variant.names if name in record}
    found.add_all(variant, variant.children, value, given, prefix=f"{table.value_in}.")
    return found


def slow_joined(reasons):
    """Join reasons within the room of the reject table."""
    whole = "; ".join(reasons)
    if len(whole) <= ROOM:
        return whole
    kept = list(reasons)
    while len("; ".join([*kept, "record: more reasons"])) > ROOM:
        kept.pop()
    return "; ".join([*kept, "record: more reasons"])
