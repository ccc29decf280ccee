"""Lay rows out as aligned text, as markdown and as CSV, whatever characters they hold."""

import csv
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

Row = Mapping[str, object]
# A spreadsheet runs a cell that begins so; a group may be called `=HYPERLINK(…)`.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
MARKDOWN_SPECIAL = r"\`*_{}[]()#|~!"
HTML_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def text_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Align the rows for a terminal: columns of numbers right, all others left."""
    table = [list(row) for row in rows]
    cells = [[shown(value) for value in row] for row in table]
    widths = [max(map(width, column)) for column in zip(headings, *cells, strict=True)]
    right = [all(is_number(row[place]) for row in table) for place in range(len(headings))]
    lines = [list(headings), ["─" * size for size in widths], *cells]
    columns = list(zip(widths, right, strict=True))
    return "\n".join(text_line(line, columns) for line in lines)


def markdown_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Lay the rows out as a markdown table in which every value stays plain text."""
    table = [list(row) for row in rows]
    right = [all(is_number(row[place]) for row in table) for place in range(len(headings))]
    rule = ["---:" if is_right else "---" for is_right in right]
    cells = [[markdown_text(shown(value)) for value in row] for row in table]
    lines = [[markdown_text(heading) for heading in headings], rule, *cells]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def write_csv(target: Path, columns: Sequence[str], rows: Iterable[Row]) -> Path:
    """Write the rows as a CSV with a header that no spreadsheet takes for formulas."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([neutral(row[column]) for column in columns] for row in rows)
    return target


def neutral(value: object) -> object:
    """Put an apostrophe before a text that begins like a formula; a negative number is none."""
    is_formula = isinstance(value, str) and value.startswith(FORMULA_STARTS)
    return f"'{value}" if is_formula else value


def markdown_text(text: str) -> str:
    """Escape a text so that markdown shows exactly it: no markup, no HTML, no new cell."""
    return "".join(
        HTML_ENTITIES.get(char) or (f"\\{char}" if char in MARKDOWN_SPECIAL else char)
        for char in text
    )


def shown(value: object) -> str:
    """Write a value in one line without control characters; numbers with thousands apart."""
    if value is None:
        return "–"
    if isinstance(value, int) and not isinstance(value, bool):  # a truth value is an int, too
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, Decimal):
        return f"{value:,f}"
    return "".join(char if char.isprintable() else "␣" for char in str(value))


def cut(text: str, limit: int) -> str:
    """Shorten a text to so many characters, the last of which then says so."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def is_number(value: object) -> bool:
    """Tell whether a value belongs at the right of its column."""
    return value is None or isinstance(value, int | float | Decimal)


def text_line(cells: Sequence[str], columns: Sequence[tuple[int, bool]]) -> str:
    """Join the cells of a line, each filled up to its column's width and side."""
    filled = [
        padded(cell, size, is_right) for cell, (size, is_right) in zip(cells, columns, strict=True)
    ]
    return "  ".join(filled).rstrip()


def padded(text: str, size: int, is_right: bool) -> str:
    """Fill a text up to a width in places of the terminal, which `ljust` does not know."""
    gap = " " * (size - width(text))
    return gap + text if is_right else text + gap


def width(text: str) -> int:
    """Count a text's places in a terminal: two a wide character, none a combining mark."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )
