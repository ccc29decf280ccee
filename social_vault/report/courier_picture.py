"""Draw what couriers get for an order by their rating, as a picture that can stand on a slide."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from social_vault.answers.dues import CourierMonth
from social_vault.report.canvas import (
    INK,
    MUTED,
    Words,
    bare,
    draw_once,
    draw_words,
    mark_of,
    scale_of_money,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CENT = Decimal("0.01")
BANDS = ("below 4", "4 to 4.5", "4.5 to 4.9", "4.9 and over")
BAND_ENDS = (Decimal(4), Decimal("4.5"), Decimal("4.9"))  # each belongs to the band above it
RULES = ("5%, at least 100", "7%, at least 150", "8%, at least 175", "10%, at least 200")
COLOURS = ("#c2571a", "#b58b1b", "#6fa8a3", "#0b7a75")  # from the worst to the best
HALF_DOTS, HALF_BAR = 0.28, 0.33  # of the room of a band
GOLDEN = 0.6180339887498949
# What lies higher above all but one of twenty would press all others to the floor.
MOST_AT_REST = 2.5
FOOTNOTE = (
    "A dot is a courier's month: what is due for it, tips included, by order; "
    "the bar is the median."
)


@dataclass(frozen=True)
class Band:
    """A rating: what each month gives for an order, and how many couriers' months these are."""

    name: str
    rule: str
    pay: tuple[float, ...]
    couriers: int

    @property
    def middle(self) -> float:
        """Return the pay that half of the months exceed."""
        return median(self.pay)


def draw_ledger(rows: Sequence[CourierMonth], target: Path) -> Path:
    """Write what couriers get for an order as a PNG of 16:9, unless it is there already."""
    mark = mark_of("ledger", rows)
    return draw_once(target, mark, lambda figure: paint_ledger(figure, rows))


def paint_ledger(figure: "Figure", rows: Sequence[CourierMonth]) -> None:
    """Draw the courier ledger on a page; one without rows is a sentence."""
    bands = bands_of(rows)
    draw_words(figure, words_of(rows, bands))
    if not rows:
        return
    top = height_of([pay for band in bands for pay in band.pay])
    axes = figure.add_axes((0.085, 0.2, 0.88, 0.6))
    bare(axes)
    axes.set_xticks([])
    axes.set_xlim(-0.5, len(bands) - 0.5)
    scale_of_money(axes, top)
    for place, (band, colour) in enumerate(zip(bands, COLOURS, strict=True)):
        name_band(axes, place, band)
        if band.pay:
            draw_dots(axes, place, (band.pay, colour, top))
            draw_median(axes, place, band)


def bands_of(rows: Sequence[CourierMonth]) -> list[Band]:
    """Part the months by their rating, the worst band first; one that nobody is in stays empty."""
    months: list[list[CourierMonth]] = [[] for _ in BANDS]
    for row in rows:
        months[band_of(row)].append(row)
    return [
        Band(name, rule, tuple(map(pay_of, found)), len({row.courier_id for row in found}))
        for name, rule, found in zip(BANDS, RULES, months, strict=True)
    ]


def pay_of(row: CourierMonth) -> float:
    """Return what a month gives for one order, tips included."""
    return float(row.courier_reward_sum) / row.orders_count


def band_of(row: CourierMonth) -> int:
    """Find the band in which a month was paid.

    The ledger rounds the rating to two digits, so that 4.896 looks like 4.9 and is paid below it.
    Of up to a hundred orders the sum of the whole ratings can be had back from it, and with it the
    exact rating; where it cannot, as of orders delivered twice, the rounded one is taken.
    """
    exact = (row.rate_avg * row.orders_count).quantize(Decimal(1), ROUND_HALF_UP) / row.orders_count
    is_it = exact.quantize(CENT, ROUND_HALF_UP) == row.rate_avg
    rating = exact if is_it else row.rate_avg
    return sum(rating >= end for end in BAND_ENDS)


def words_of(rows: Sequence[CourierMonth], bands: Sequence[Band]) -> Words:
    """Say what an order brings, and what is due in all."""
    if not rows:
        return Words("No courier is due anything yet", "No order was delivered.", FOOTNOTE)
    due = sum((row.courier_reward_sum for row in rows), Decimal(0))
    couriers = len({row.courier_id for row in rows})
    orders = sum(row.orders_count for row in rows)
    who = "1 courier is" if couriers == 1 else f"{couriers:,} couriers are"
    what = "1 order" if orders == 1 else f"{orders:,} orders"
    return Words(
        headline(bands), f"{who} due {due:,.2f} for {what}, {months_of(rows)}.", note(bands)
    )


def headline(bands: Sequence[Band]) -> str:
    """Say the answer in one line: half of the months give more for an order, half give less."""
    filled = [band for band in bands if band.pay]
    best, worst = filled[-1], filled[0]
    said = f"An order brings {best.middle:,.0f} to couriers rated {best.name}"
    return said if best is worst else f"{said}, {worst.middle:,.0f} to those {worst.name}"


def months_of(rows: Sequence[CourierMonth]) -> str:
    """Say which months the rows are of."""
    months = sorted({(row.settlement_year, row.settlement_month) for row in rows})
    first, last = (f"{year}-{month:02}" for year, month in (months[0], months[-1]))
    return f"in {first}" if first == last else f"{first} to {last}"


def note(bands: Sequence[Band]) -> str:
    """Say what a dot is, and how many of them lie too high to be drawn in their place."""
    pay = [each for band in bands for each in band.pay]
    beyond = sum(each > height_of(pay) for each in pay)
    if not beyond:
        return FOOTNOTE
    return f"{FOOTNOTE} {beyond:,} of {len(pay):,} lie higher (▲)."


def height_of(pay: Sequence[float]) -> float:
    """Return the highest pay that is drawn in its place: all of it, unless some are far off."""
    usual = MOST_AT_REST * sorted(pay)[int(0.95 * (len(pay) - 1))]
    return max(min(max(pay), usual), 1.0)


def name_band(axes: "Axes", place: int, band: Band) -> None:
    """Write below a band its rating, what is paid for it, and how many it is drawn of."""
    months = "1 month" if len(band.pay) == 1 else f"{len(band.pay):,} months"
    couriers = "1 courier" if band.couriers == 1 else f"{band.couriers:,} couriers"
    who = f"{couriers}, {months}" if band.pay else "nobody"
    lines = (
        (f"rated {band.name}", 12, INK, -14),
        (band.rule, 10, MUTED, -32),
        (who, 10, MUTED, -47),
    )
    for text, size, colour, below in lines:
        axes.annotate(
            text,
            (place, 0),
            xytext=(0, below),
            textcoords="offset points",
            ha="center",
            va="center",
            size=size,
            weight="bold" if colour == INK else "normal",
            color=colour,
        )


def draw_dots(axes: "Axes", place: int, what: tuple[Sequence[float], str, float]) -> None:
    """Draw a dot a month, spread evenly about the middle; those too high as arrows at the top."""
    pay, colour, top = what
    # The golden ratio keeps neighbours in the order of their pay apart, and each drawing alike.
    spots = [
        (place + HALF_DOTS * (2 * ((number * GOLDEN + 0.5) % 1) - 1), each)
        for number, each in enumerate(sorted(pay))
    ]
    size, alpha = (34, 0.6) if len(pay) <= 100 else (12, 0.35)
    for marker, is_high in (("o", False), ("^", True)):
        xs = [x for x, each in spots if (each > top) is is_high]
        ys = [min(each, top) for _, each in spots if (each > top) is is_high]
        axes.scatter(xs, ys, s=size, marker=marker, color=colour, alpha=alpha, linewidths=0)


def draw_median(axes: "Axes", place: int, band: Band) -> None:
    """Draw the median as a bar across the dots, its value behind the end."""
    ends, middle = [place - HALF_BAR, place + HALF_BAR], band.middle
    axes.plot(ends, [middle, middle], color=INK, linewidth=2.2, zorder=3)
    axes.annotate(
        f"{middle:,.0f}",
        (ends[1], middle),
        xytext=(5, 0),
        textcoords="offset points",
        va="center",
        size=12.5,
        weight="bold",
        color=INK,
    )
