"""CONDITIONAL_CHANGE_EVENT: a window over a window, so its block gets a layer below it."""

from __future__ import annotations

from dataclasses import replace

from local.vertica.sql import nodes as n
from local.vertica.sql.bind_windows import window_text
from local.vertica.sql.blocks import Block, SourceColumn
from local.vertica.sql.bound import INTEGER, Bound, combine


def change_event(value: Bound, window: n.Window, block: Block) -> Bound:
    """Return how often the value has changed up to each row; NULL is a value like others here."""
    within, used = window_text(window, block)
    partition, _ = window_text(replace(window, order=()), block)
    before = f"lag({value.sql}) OVER ({within})"
    row = f"row_number() OVER ({within})"
    place = _laid(row, block)
    change = _laid(f"{row} > 1 AND {value.sql} IS DISTINCT FROM {before}", block)
    rows = f"{partition} ORDER BY {place} ROWS UNBOUNDED PRECEDING"
    made = combine(
        f"count(CASE WHEN {change} THEN 1 END) OVER ({rows})", INTEGER, (value, *used), value.name
    )
    return replace(made, window=True, nullable=False)


def _laid(sql: str, block: Block) -> str:
    """Return the name under which the layer has an expression."""
    return block.layer.setdefault(sql, f'"v_layer_{len(block.layer)}"')


def layered(block: Block, source: str, body: str) -> str:
    """Return a FROM whose rows are the block's, each source a structure of the columns used.

    A structure has its source's name, so that the texts of its columns stay as they are.
    """
    structures: dict[str, list[str]] = {}
    for column in _columns(block):
        alias, _, name = column.sql.rpartition(".")
        if column.sql in body:
            structures.setdefault(alias, []).append(f"{name} := {column.sql}")
    packed = [f"struct_pack({', '.join(s)}) AS {alias}" for alias, s in structures.items()]
    computed = [f"{sql} AS {name}" for sql, name in block.layer.items()]
    alias = block.context.fresh("layer")
    return f" FROM (SELECT {', '.join([*packed, *computed])}{source}) AS {alias}"


def _columns(block: Block) -> list[SourceColumn]:
    found = [column for source in block.sources for column in source.columns]
    return list({column.sql: column for column in found}.values())
