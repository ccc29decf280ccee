"""The rules of a contract as named polars expressions: each is true for a row that breaks it.

The name, `column: rule`, is the reason that a refused record carries. A rule that gives null does
not fire, so a missing value is a rule of its own and no other rule says anything about it.
"""

from collections.abc import Iterator

import polars as pl

from social_vault.model.table import Column, Staging
from social_vault.records.conversion import typed

KINDS = {
    "integer": "not an integer",
    "timestamp": "not a timestamp",
    "boolean": "not a boolean",
    "decimal": "not a decimal",
}


def rules(table: Staging) -> dict[str, pl.Expr]:
    """Make the rules of a contract in the order of its columns, which is that of the reasons."""
    return {
        f"{column.name}: {rule}": broken
        for column in table.columns
        for rule, broken in rules_of(column)
    }


def rules_of(column: Column) -> Iterator[tuple[str, pl.Expr]]:
    """Make the rules of one column, which stands converted beside its texts."""
    text = pl.col(column.name)
    if column.required:
        yield "missing", text.is_null()
    if column.kind in KINDS:
        value = pl.col(typed(column.name))
        yield KINDS[column.kind], text.is_not_null() & value.is_null()
        if column.minimum is not None or column.maximum is not None:
            yield "out of range", _out_of_range(column, value)
    # A choice fits into its column, as the checks of the model see to.
    if column.choices:
        yield "unknown value", ~text.is_in(column.choices)
    elif column.max_octets is not None:
        yield "too long", text.str.len_bytes() > column.max_octets
    if column.pattern is not None:
        yield "wrong form", ~text.str.contains(rf"\A(?:{column.pattern})\z")


def _out_of_range(column: Column, value: pl.Expr) -> pl.Expr:
    if column.maximum is None:
        return value < column.minimum
    if column.minimum is None:
        return value > column.maximum
    return ~value.is_between(column.minimum, column.maximum)
