"""Windows over windows, which get a layer below their query: changes counted, moving averages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from local_vertica.sql import nodes as n
from local_vertica.sql.bind_windows import window_text
from local_vertica.sql.blocks import Block, SourceColumn
from local_vertica.sql.bound import FLOAT, INTEGER, Bound, combine
from local_vertica.sql.layers import Average

# No page tells what a moving average makes of NULL.
_KNOWN = (
    "CASE WHEN {0} IS NULL "
    "THEN error('VERTICA|0A000|4160|EXPONENTIAL_MOVING_AVERAGE of NULL is not supported') "
    "ELSE {0} END"
)
_BETWEEN = (
    "CASE WHEN {0} > 0 AND {0} <= 1 THEN {0} "
    "ELSE error('VERTICA|22023|3900|The smoothing factor must be between 0 and 1') END"
)
Layered = Callable[[Sequence[Bound], n.Window, Block], Bound]


def _change_event(args: Sequence[Bound], window: n.Window, block: Block) -> Bound:
    """Return how often the value has changed up to each row; NULL is a value like others here."""
    value = args[0]
    within, used = window_text(window, block)
    partition, _ = window_text(replace(window, order=()), block)
    before = f"lag({value.sql}) OVER ({within})"
    row = f"row_number() OVER ({within})"
    place = block.layer.compute(row)
    change = block.layer.compute(f"{row} > 1 AND {value.sql} IS DISTINCT FROM {before}")
    rows = f"{partition} ORDER BY {place} ROWS UNBOUNDED PRECEDING"
    sql = f"count(CASE WHEN {change} THEN 1 END) OVER ({rows})"
    return replace(_windowed(sql, (value, *used)), vtype=INTEGER, nullable=False)


def _moving_average(args: Sequence[Bound], window: n.Window, block: Block) -> Bound:
    """Return each row's average, which builds upon that of the row before."""
    value, factor = args
    within, used = window_text(window, block)
    keys = used[: len(window.partition)]
    layer = block.layer
    average = Average(
        layer.compute(_KNOWN.format(value.sql)),
        _BETWEEN.format(factor.sql),
        layer.compute(f"row_number() OVER ({within})"),
        layer.compute(f"row({', '.join(['0', *(key.sql for key in keys)])})"),
    )
    return _windowed(layer.average(average), (value, factor, *used))


def _windowed(sql: str, parts: tuple[Bound, ...]) -> Bound:
    return replace(combine(sql, FLOAT, parts), window=True)


LAYERED: dict[str, Layered] = {
    "CONDITIONAL_CHANGE_EVENT": _change_event,
    "EXPONENTIAL_MOVING_AVERAGE": _moving_average,
}


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
    return block.layer.text(packed, source, block.context.fresh("layer"))


def _columns(block: Block) -> list[SourceColumn]:
    found = [column for source in block.sources for column in source.columns]
    return list({column.sql: column for column in found}.values())


def layered_groups(block: Block, source: str) -> str:
    """Return a FROM whose rows are the block's groups."""
    groups = block.context.fresh("groups")
    rows = block.layer.grouped_rows(source, groups)
    return block.layer.text([f"{groups}.*"], rows, block.context.fresh("layer"))
