"""Draw what restaurants are due over time, as a picture that can stand on a slide."""

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from social_vault.answers.dues import Settlement
from social_vault.report.canvas import (
    EVERY_CHARACTER,
    INK,
    MUTED,
    Words,
    bare,
    draw_once,
    draw_words,
    fit,
    known_characters,
    mark_of,
    one_line,
    scale_of_money,
)
from social_vault.report.food_names import apart

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Step = Literal["day", "week", "month"]
Sums = Mapping[date, Decimal]  # what is due, by the first day of a step
COLOURS = ("#0b7a75", "#c2571a", "#3f5fa8", "#8a3d7c", "#7a7a1f", "#1f7fbf")
OTHER = "#9aa5ad"
MOST_NAMED = len(COLOURS)  # more lines cannot be told apart; the others are summed
DAYS_BY_DAY, DAYS_BY_WEEK = 60, 730  # a longer time is shown by larger steps
MOST_TICKS = 8
NAME_LIMIT = 26
END_OF_NAMELESS = 12  # characters; a whole id would be cut where ids differ
# The others together may be so much that the named would lie on the floor: then they are only told.
OTHERS_AT_MOST = 2.5
BOX = (0.085, 0.14, 0.655, 0.66)  # of the axes; to their right stand the names
NAMES_FROM, NAMES_WIDE, NAME_HIGH = 0.765, 0.2, 0.12  # the last of the height of the axes
FOOTNOTE = (
    "Total of the closed orders less a quarter as fee and the bonuses paid with, "
    "by the day of their closing."
)


@dataclass(frozen=True)
class Line:
    """What a restaurant, or all others together, are due in each step of the time."""

    name: str
    colour: str
    values: tuple[Decimal, ...]

    @property
    def total(self) -> Decimal:
        """Add up all steps."""
        return sum(self.values, Decimal(0))


def draw_settlements(rows: Sequence[Settlement], target: Path) -> Path:
    """Write what restaurants are due as a PNG of 16:9, unless it is there already."""
    mark = mark_of("settlements", rows)
    return draw_once(target, mark, lambda figure: paint_settlements(figure, rows))


def paint_settlements(figure: "Figure", rows: Sequence[Settlement]) -> None:
    """Draw the settlement report on a page; one without rows is a sentence."""
    lines = lines_of(rows, known_characters())
    draw_words(figure, words_of(rows, lines))
    if not rows:
        return
    steps = steps_of(rows)
    drawn = [line for line in lines if not is_too_high(line, lines)]
    axes = figure.add_axes(BOX)
    for line in drawn:
        draw_line(axes, [day.toordinal() for day in steps], line)
    bare(axes)
    scale_of_money(axes, max(*(float(max(line.values)) for line in drawn), 10.0))
    draw_days(axes, steps, step_of(rows))
    name_lines(axes, lines, drawn)


def step_of(rows: Sequence[Settlement]) -> Step:
    """Choose by which steps a time is shown: days would be too many to be told apart."""
    days = [row.settlement_date for row in rows]
    length = (max(days) - min(days)).days
    return "day" if length <= DAYS_BY_DAY else "week" if length <= DAYS_BY_WEEK else "month"


def start_of(day: date, step: Step) -> date:
    """Return the first day of a day's step; weeks begin on Monday."""
    if step == "day":
        return day
    return day - timedelta(day.weekday()) if step == "week" else day.replace(day=1)


def steps_of(rows: Sequence[Settlement]) -> list[date]:
    """List the first days of all steps from the first day to the last one.

    A step in which nothing was closed is among them: a line must fall to zero there.
    """
    days, step = [row.settlement_date for row in rows], step_of(rows)
    length = (max(days) - min(days)).days
    return sorted({start_of(min(days) + timedelta(n), step) for n in range(length + 1)})


def lines_of(rows: Sequence[Settlement], known: Container[int] = EVERY_CHARACTER) -> list[Line]:
    """Add up what is due by restaurant and step: the largest first, all others as the last line."""
    if not rows:
        return []
    step, steps, names = step_of(rows), steps_of(rows), line_names(rows, known)
    sums: dict[str, dict[date, Decimal]] = {}
    for row in rows:
        line = sums.setdefault(row.restaurant_id, defaultdict(Decimal))
        line[start_of(row.settlement_date, step)] += row.restaurant_reward_sum
    ordered = sorted(sums, key=lambda key: (-sum(sums[key].values()), key))
    lines = [
        line_of((names[key], colour), [sums[key]], steps)
        for key, colour in zip(ordered, COLOURS, strict=False)
    ]
    others = [sums[key] for key in ordered[MOST_NAMED:]]
    name = "1 other" if len(others) == 1 else f"{len(others):,} others"
    return [*lines, line_of((name, OTHER), others, steps)] if others else lines


def line_of(look: tuple[str, str], sums: Sequence[Sums], steps: Sequence[date]) -> Line:
    """Make a line with a name and a colour of what one restaurant or several are due."""
    nothing = Decimal(0)
    values = [sum((each.get(step, nothing) for each in sums), nothing) for step in steps]
    return Line(*look, tuple(values))


def line_names(rows: Sequence[Settlement], known: Container[int]) -> dict[str, str]:
    """Write names as short lines; in place of one that cannot be drawn stands the id's end."""
    names = {row.restaurant_id: row.restaurant_name or "" for row in rows}
    lines = {key: one_line(name, known, NAME_LIMIT) for key, name in names.items()}
    return apart({key: line or f"…{key[-END_OF_NAMELESS:]}" for key, line in lines.items()})


def is_too_high(line: Line, lines: Sequence[Line]) -> bool:
    """Tell whether a line is that of the others and so high that no other could be read."""
    named = max(max(each.values) for each in lines if each.colour != OTHER)
    return line.colour == OTHER and float(max(line.values)) > OTHERS_AT_MOST * float(named)


def words_of(rows: Sequence[Settlement], lines: Sequence[Line]) -> Words:
    """Say who is due how much, who owes, and of which days."""
    if not rows:
        return Words("No restaurant is due anything yet", "No order was closed.", FOOTNOTE)
    days = [row.settlement_date for row in rows]
    step = step_of(rows)
    cut = "" if step == "day" else f" The outer {step}s may be incomplete."
    return Words(headline(lines), f"{period_of(days)}, by {step}. {debts(rows)}", FOOTNOTE + cut)


def headline(lines: Sequence[Line]) -> str:
    """Say the answer in one line."""
    total, first = sum((line.total for line in lines), Decimal(0)), lines[0]
    if not total:
        return "No restaurant is due anything"
    if len(lines) == 1:
        return f"“{first.name}” is due {total:,.2f}"
    return f"Restaurants are due {total:,.2f}, “{first.name}” the most: {first.total:,.2f}"


def debts(rows: Sequence[Settlement]) -> str:
    """Say who owes: a reward is never below zero, and what is owed is not taken off."""
    owed = sum((row.restaurant_debt_sum for row in rows), Decimal(0))
    owing = len({row.restaurant_id for row in rows if row.restaurant_debt_sum})
    if not owing:
        return "No restaurant owes anything."
    who = "1 restaurant owes" if owing == 1 else f"{owing:,} restaurants owe"
    return f"{who} {owed:,.2f}, not taken off."


def period_of(days: Sequence[date]) -> str:
    """Name the first and the last day; a single one only once."""
    first, last = day_name(min(days)), day_name(max(days))
    return first if first == last else f"{first} to {last}"


def day_name(day: date) -> str:
    """Write a day for readers, as `1 Nov 2026`."""
    return f"{day.day} {day:%b %Y}"


def draw_line(axes: "Axes", places: Sequence[int], line: Line) -> None:
    """Draw one line, with a dot a step as long as dots can be told apart."""
    marker = "o" if len(places) <= DAYS_BY_DAY + 1 else ""
    size = 8 if len(places) == 1 else 3.5
    values = [float(value) for value in line.values]
    axes.plot(
        places,
        values,
        color=line.colour,
        linewidth=2,
        marker=marker,
        markersize=size,
        clip_on=False,
    )


def draw_days(axes: "Axes", steps: Sequence[date], step: Step) -> None:
    """Name some of the steps below, with the year where it begins."""
    first, last = steps[0].toordinal(), steps[-1].toordinal()
    margin = max((last - first) * 0.02, 0.5)
    axes.set_xlim(first - margin, last + margin)
    ticks = steps[:: -(-len(steps) // MOST_TICKS)]
    years = [None, *(day.year for day in ticks)]
    names = [
        (f"{day:%b}" if step == "month" else f"{day.day} {day:%b}")
        + (f"\n{day.year}" if day.year != year else "")
        for day, year in zip(ticks, years, strict=False)
    ]
    axes.set_xticks([day.toordinal() for day in ticks], names, size=10.5, color=MUTED)


def name_lines(axes: "Axes", lines: Sequence[Line], drawn: Sequence[Line]) -> None:
    """Write name and total of each line to the right, as near to its end as there is room."""
    top = axes.get_ylim()[1]
    # A line that is not drawn has its name above all others.
    ends = [float(line.values[-1]) / top if line in drawn else 1.0 for line in lines]
    for line, end, place in zip(lines, ends, spread(ends), strict=True):
        total = f"{line.total:,.2f}" + ("" if line in drawn else ", not drawn")
        name_line(axes, line, (place, total))
        if line in drawn:
            way = axes.plot([1.005, 1.03], [end, place], transform=axes.transAxes, clip_on=False)
            way[0].set(color=line.colour, linewidth=0.8, alpha=0.6)


def name_line(axes: "Axes", line: Line, told: tuple[float, str]) -> None:
    """Write one name, and what is told of it, at a height of the axes."""
    figure, (place, total) = axes.get_figure(root=True), told
    if figure is None:  # axes without a page have no right edge
        return
    height = BOX[1] + BOX[3] * place
    name = figure.text(NAMES_FROM, height, line.name, size=11.5, color=line.colour, va="bottom")
    name.set_fontweight("bold")
    fit(name, NAMES_WIDE)
    fit(figure.text(NAMES_FROM, height - 0.006, total, size=9.5, color=INK, va="top"), NAMES_WIDE)


def spread(ends: Sequence[float]) -> list[float]:
    """Move places, as shares of the height, so far apart that a name has room at each."""
    order = sorted(range(len(ends)), key=lambda number: (ends[number], -number))
    places = list(ends)
    below = -NAME_HIGH
    for number in order:
        places[number] = below = max(places[number], below + NAME_HIGH)
    above = 1.0 + NAME_HIGH
    for number in reversed(order):  # those pushed beyond the upper edge come down again
        places[number] = above = min(places[number], above - NAME_HIGH)
    return places
