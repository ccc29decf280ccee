"""What a query has computed below itself: windows that its own windows build upon."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Average:
    """A moving average: the names of its values, their places and their part of the rows."""

    value: str
    factor: str
    place: str
    part: str


@dataclass(slots=True)
class Layer:
    """Expressions computed below a query, each with the name that stands for it from then on.

    `groups` are the keys and aggregates of a query that `is_over_groups`: its layer is computed
    over its groups, which lie below it in their turn.
    """

    computed: dict[str, str] = field(default_factory=dict)
    averages: dict[Average, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    is_over_groups: bool = False

    def compute(self, sql: str) -> str:
        """Return the name under which the layer has an expression over the query's rows."""
        return self.computed.setdefault(sql, f'"v_layer_{len(self.computed)}"')

    def average(self, average: Average) -> str:
        """Return the name under which the layer has a moving average."""
        return self.averages.setdefault(average, f'"v_average_{len(self.averages)}"')

    def group(self, sql: str) -> str:
        """Return what stands for a key or an aggregate in a query with this layer."""
        if not self.is_over_groups:
            return sql
        return self.groups.setdefault(sql, f'"v_group_{len(self.groups)}"')

    def grouped_rows(self, source: str, alias: str) -> str:
        """Return the FROM that gives the groups of a source as rows."""
        groups = self.groups or {"count(*)": '"v_group_0"'}  # without keys there is one group
        items = ", ".join(f"{sql} AS {name}" for sql, name in groups.items())
        return f" FROM (SELECT {items}{source}) AS {alias}"

    def text(self, kept: list[str], source: str, alias: str) -> str:
        """Return the FROM that gives what is kept of the rows and what is computed over them."""
        items = ", ".join([*kept, *(f"{sql} AS {name}" for sql, name in self.computed.items())])
        rows = f"SELECT {items}{source}"
        if not self.averages:
            return f" FROM ({rows}) AS {alias}"
        shown = "".join(f", {name}.v AS {name}" for name in self.averages.values())
        joins = "".join(_join(average, name) for average, name in self.averages.items())
        return (
            f' FROM (WITH "v_rows" AS MATERIALIZED ({rows}) '
            f'SELECT "v_rows".*{shown} FROM "v_rows"{joins}) AS {alias}'
        )


def _join(average: Average, name: str) -> str:
    """Return the join that gives each row its average: one pass over each part of the rows."""
    values = f"v_moving_average(list({average.value} ORDER BY {average.place}), {average.factor})"
    parts = (
        f"SELECT {average.part} AS part, unnest({values}) AS v, "
        f'unnest(range(1, count(*) + 1)) AS place FROM "v_rows" GROUP BY {average.part}'
    )
    met = f'{name}.part = "v_rows".{average.part} AND {name}.place = "v_rows".{average.place}'
    return f" JOIN ({parts}) AS {name} ON {met}"
