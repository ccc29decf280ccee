"""Draw what restaurants and couriers are due as pictures that can stand on a slide."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from social_vault.answers.dues import CourierMonth, Settlement
from social_vault.report.picture import FONT, INK, LEFT, MUTED, RULE, is_drawn

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#0b7a75", "#c2571a", "#3f5fa8", "#8a3d7c", "#7a7a1f", "#9aa5ad")
MOST_LINES = 5  # more cannot be told apart; the others are summed
MOST_DAYS = 60  # a longer time is shown by weeks
NAME_LIMIT = 24
OTHERS = "all others"
BANDS = ("below 4", "4 to 4.5", "4.5 to 4.9", "4.9 and over")
BAND_ENDS = (Decimal(4), Decimal("4.5"), Decimal("4.9"))
Lines = dict[str, dict[date, Decimal]]


def draw_settlements(rows: Sequence[Settlement], target: Path) -> Path:
    """Write what each restaurant is due over time as a PNG, unless it is there already."""
    return drawn(rows, target, lambda figure: _settlements(figure, rows))


def draw_ledger(rows: Sequence[CourierMonth], target: Path) -> Path:
    """Write what couriers get for an order by rating as a PNG, unless it is there already."""
    return drawn(rows, target, lambda figure: _ledger(figure, rows))


def drawn(rows: Sequence[object], target: Path, draw: Callable[["Figure"], None]) -> Path:
    """Draw a page of 16:9, named by its rows and this file: a change of either draws it anew."""
    content = Path(__file__).read_bytes() + repr([*rows]).encode()
    mark = hashlib.sha256(content).hexdigest()
    if is_drawn(target, mark):
        return target
    from matplotlib import rc_context  # noqa: PLC0415 - slow to import, and only a picture needs it
    from matplotlib.figure import Figure  # noqa: PLC0415 - see above

    with rc_context({"font.family": FONT}):
        figure = Figure(figsize=(11.2, 6.3), dpi=200, facecolor="white")
        draw(figure)
        figure.savefig(target, format="png", metadata={"Description": mark})
    return target


def titled(figure: "Figure", sentence: str, more: str, footnote: str) -> None:
    """Write the answer in words above, and what is drawn below."""
    title = figure.text(LEFT, 0.92, sentence, size=20, weight="bold", color=INK)
    width = title.get_window_extent().width / figure.bbox.width
    title.set_fontsize(20 * min(1, (1 - 2 * LEFT) / width))
    figure.text(LEFT, 0.86, more, size=13.5, color=MUTED)
    figure.text(LEFT, 0.035, footnote, size=9.5, color=MUTED)


def _settlements(figure: "Figure", rows: Sequence[Settlement]) -> None:
    from matplotlib.dates import (  # noqa: PLC0415 - as matplotlib itself
        AutoDateLocator,
        DateFormatter,
        date2num,
    )

    footnote = "Total of the closed orders less bonuses and a quarter as fee, by the closing day."
    if not rows:
        titled(figure, "No restaurant is due anything yet", "No order was closed.", footnote)
        return
    lines = due_by_restaurant(rows)
    total = sum((sum(line.values()) for line in lines.values()), Decimal(0))
    sums = {name: sum(line.values()) for name, line in lines.items() if name != OTHERS}
    first = max(sums, key=lambda name: sums[name])
    debt = sum((row.restaurant_debt_sum for row in rows), Decimal(0))
    sentence = f"Restaurants are due {total:,.0f}, “{first}” the most: {sums[first]:,.0f}"
    owed = f"Bonuses took {debt:,.0f} more than there was." if debt else "No restaurant owes."
    titled(figure, sentence, f"{span(rows)}. {owed}", footnote)
    axes = figure.add_axes((0.085, 0.13, 0.68, 0.66))
    ends = []
    for colour, (name, line) in zip(COLOURS, lines.items(), strict=False):
        days = sorted(line)
        values = [float(line[day]) for day in days]
        places = [date2num(day) for day in days]  # type: ignore[no-untyped-call]
        axes.plot(places, values, color=colour, linewidth=2, marker="o", markersize=3)
        ends.append((values[-1], name, colour))
    _name_lines(axes, ends)
    _style(axes)
    axes.set_ylim(bottom=0)
    axes.xaxis_date()
    axes.xaxis.set_major_locator(AutoDateLocator(minticks=3, maxticks=8))  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(DateFormatter("%d %b"))  # type: ignore[no-untyped-call]


def span(rows: Sequence[Settlement]) -> str:
    """Say which days the rows are of, and whether they are shown by weeks."""
    days = [row.settlement_date for row in rows]
    by = "by weeks" if is_long(rows) else "by days"
    return f"{min(days):%d %b %Y} to {max(days):%d %b %Y}, {by}"


def is_long(rows: Sequence[Settlement]) -> bool:
    """Tell whether days would be too many to be told apart."""
    days = [row.settlement_date for row in rows]
    return (max(days) - min(days)).days > MOST_DAYS


def due_by_restaurant(rows: Sequence[Settlement]) -> Lines:
    """Add up what is due by restaurant and day or week, the most first, small ones together."""
    weekly = is_long(rows)
    totals = defaultdict[str, Decimal](Decimal)
    for row in rows:
        totals[name_of(row)] += row.restaurant_reward_sum
    named = sorted(totals, key=lambda name: (-totals[name], name))[:MOST_LINES]
    found: Lines = {name: defaultdict(Decimal) for name in named}
    for row in rows:
        day = row.settlement_date
        shown = day - timedelta(day.weekday()) if weekly else day
        name = name_of(row) if name_of(row) in found else OTHERS
        found.setdefault(name, defaultdict(Decimal))[shown] += row.restaurant_reward_sum
    return found


def name_of(row: Settlement) -> str:
    """Write a restaurant's name as one short line, or else its id."""
    name = " ".join((row.restaurant_name or row.restaurant_id).split())
    # Between two dollar signs matplotlib reads mathematics.
    plain = "".join(char for char in name if char.isprintable()).replace("$", r"\$")
    return plain if len(plain) <= NAME_LIMIT else plain[: NAME_LIMIT - 1].rstrip() + "…"


def _name_lines(axes: "Axes", ends: list[tuple[float, str, str]]) -> None:
    """Write names behind the lines, as far apart as letters are high."""
    top = axes.get_ylim()[1]
    place, step = -step_of(top), step_of(top)
    for value, name, colour in sorted(ends):
        place = max(value, place + step)
        axes.annotate(
            name,
            (1.015, place),
            xycoords=("axes fraction", "data"),
            va="center",
            size=11.5,
            color=colour,
            weight="bold",
        )


def step_of(top: float) -> float:
    """Return how far apart names stand on an axis that ends at `top`."""
    return top * 0.06


def _ledger(figure: "Figure", rows: Sequence[CourierMonth]) -> None:
    footnote = (
        "A dot is a courier's month: reward by order, tips in it, at the rating of two digits. "
        "The bar is the median of a band; behind it stands how many there are."
    )
    if not rows:
        titled(figure, "No courier is due anything yet", "Nothing was delivered.", footnote)
        return
    bands = pay_by_band(rows)
    total = sum((row.courier_reward_sum for row in rows), Decimal(0))
    orders = sum(row.orders_count for row in rows)
    sentence = f"Couriers are due {total:,.0f}: {float(total) / orders:,.0f} an order"
    filled = [(name, median(pay)) for name, pay in zip(BANDS, bands, strict=True) if pay]
    lowest, highest = filled[0], filled[-1]
    more = (
        f"From {lowest[1]:,.0f} at a rating {lowest[0]} to {highest[1]:,.0f} at {highest[0]}."
        if len(filled) > 1
        else f"All of them have a rating {lowest[0]}."
    )
    titled(figure, sentence, more, footnote)
    axes = figure.add_axes((0.085, 0.15, 0.88, 0.64))
    for place, pay in enumerate(bands):
        _draw_band(axes, place, pay)
    axes.set_xticks(range(len(BANDS)), [f"rating {name}" for name in BANDS], size=12, color=INK)
    axes.set_xlim(-0.6, len(BANDS) - 0.4)
    axes.set_ylim(0, max(map(max, filter(None, bands))) * 1.15)
    _style(axes)


def pay_by_band(rows: Sequence[CourierMonth]) -> list[list[float]]:
    """Part the pay of an order of each courier's month by its rating band, the worst first."""
    bands: list[list[float]] = [[] for _ in BANDS]
    for row in rows:
        place = sum(row.rate_avg >= end for end in BAND_ENDS)
        bands[place].append(float(row.courier_reward_sum) / row.orders_count)
    return [sorted(band) for band in bands]


def _draw_band(axes: "Axes", place: int, pay: Sequence[float]) -> None:
    """Draw one band: a dot a courier's month, spread by its rank, and the median."""
    if not pay:
        axes.annotate("nobody", (place, 0), ha="center", va="bottom", size=11, color=MUTED)
        return
    # Spread evenly about the middle, so that equal ones stand side by side and not in one place.
    spread = [place + 0.28 * ((number * 7 % 11) / 5 - 1) for number in range(len(pay))]
    axes.scatter(spread, pay, s=26, color=COLOURS[place], alpha=0.55, linewidths=0, zorder=2)
    middle = median(pay)
    axes.plot([place - 0.34, place + 0.34], [middle, middle], color=INK, linewidth=2.2, zorder=3)
    axes.annotate(
        f"{middle:,.0f}",
        (place + 0.36, middle),
        va="center",
        size=12.5,
        weight="bold",
        color=INK,
    )
    axes.annotate(
        f"of {len(pay):,}",
        (place + 0.36, middle),
        xytext=(0, -15),
        textcoords="offset points",
        va="center",
        size=10,
        color=MUTED,
    )


def _style(axes: "Axes") -> None:
    """Keep only what tells something: points, names and a light scale."""
    axes.grid(axis="y", color=RULE, zorder=0)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelcolor=INK, labelsize=11)
    axes.yaxis.set_major_formatter("{x:,.0f}")
    for spine in axes.spines.values():
        spine.set_visible(False)
