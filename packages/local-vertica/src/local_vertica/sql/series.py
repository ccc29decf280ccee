"""The rows of a block parted into time slices, as DuckDB's text builds them up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

Item = TypeVar("Item")


@dataclass(slots=True)
class Series:
    """What a block with TIMESERIES asks of its rows.

    In the text, `entry` holds the block's rows: their moment `t`, their keys `k1`, … and the
    values `v1`, … that are asked for; `slices` the start `s` of each slice of each key, none
    left out. The rows `b1` and `a1` are those before and after an edge of a slice.
    """

    entry: str
    slices: str
    alias: str
    width: int
    moment: str
    keys: tuple[str, ...]
    values: list[str] = field(default_factory=list)
    edges: list[tuple[bool, str]] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    @property
    def key_names(self) -> list[str]:
        """Return the names of the keys in the text."""
        return [f"k{place}" for place in range(1, len(self.keys) + 1)]

    def value(self, sql: str, macro: str, *, is_first: bool, ignore_nulls: bool) -> str:
        """Return the column that holds a value at the start or the end of each slice."""
        place = _place(self.values, sql)
        known = f" WHERE v{place} IS NOT NULL" if ignore_nulls else ""
        number = _place(self.edges, (is_first, known))
        before, after = f"b{number}.t, b{number}.v{place}", f"a{number}.t, a{number}.v{place}"
        call = f"{macro}({self._edge(is_first)}, {before}, {after})"
        return f"{self.alias}.f{_place(self.shown, call)}"

    def text(self, source: str, where: str) -> str:
        """Return the FROM that stands for the block's own FROM and WHERE."""
        columns = ["slice.s", *(f"slice.{key}" for key in self.key_names)]
        columns += [f"{sql} AS f{place}" for place, sql in enumerate(self.shown, 1)]
        joins = "".join(self._neighbours(number) for number in range(1, len(self.edges) + 1))
        return (
            f" FROM (WITH {self.entry} AS MATERIALIZED ({self._rows(source, where)}), "
            f"{self.slices} AS ({self._starts()}) "
            f"SELECT {', '.join(columns)} FROM {self.slices} AS slice{joins}) AS {self.alias}"
        )

    def _rows(self, source: str, where: str) -> str:
        columns = [f"{self.moment} AS t"]
        columns += [f"{sql} AS k{place}" for place, sql in enumerate(self.keys, 1)]
        columns += [f"{sql} AS v{place}" for place, sql in enumerate(self.values, 1)]
        return f"SELECT * FROM (SELECT {', '.join(columns)}{source}{where}) WHERE t IS NOT NULL"

    def _starts(self) -> str:
        first, last = (f"v_slice({side}(t), {self.width}, 0)" for side in ("min", "max"))
        starts = f"unnest(generate_series({first}, {last}, to_microseconds({self.width}))) AS s"
        grouped = f" GROUP BY {', '.join(self.key_names)}" if self.keys else ""
        return f"SELECT {', '.join([starts, *self.key_names])} FROM {self.entry}{grouped}"

    def _neighbours(self, number: int) -> str:
        """Return the joins that find the rows before and after an edge."""
        is_first, known = self.edges[number - 1]
        edge = self._edge(is_first)
        text = ""
        for side, test in (("b", ">=" if is_first else ">"), ("a", "<" if is_first else "<=")):
            name = f"{side}{number}"
            met = [f"{name}.{key} IS NOT DISTINCT FROM slice.{key}" for key in self.key_names]
            met.append(f"{edge} {test} {name}.t")
            rows = f"(SELECT * FROM {self.entry}{known})"
            text += f" ASOF LEFT JOIN {rows} AS {name} ON {' AND '.join(met)}"
        return text

    def _edge(self, is_first: bool) -> str:
        return "slice.s" if is_first else f"slice.s + to_microseconds({self.width})"


def _place(items: list[Item], item: Item) -> int:
    """Return the place of an item in a list, counted from one; it is added if it is new."""
    if item not in items:
        items.append(item)
    return items.index(item) + 1
