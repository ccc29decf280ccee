"""Draw the answer as a picture that can stand on a slide."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from social_vault.report.canvas import (
    EVERY_CHARACTER,
    INK,
    MUTED,
    RULE,
    Words,
    bare,
    draw_once,
    draw_words,
    known_characters,
    mark_of,
    one_line,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FIRST, LEVEL, OTHER = "#0b7a75", "#6fb8b1", "#ccd6db"
NAME_LIMIT = 30
MOST_BARS = 15  # more cannot be read from a slide
FEWEST_PLACES = 4  # a single bar must not fill the page
FOOTNOTE = (
    "Share of the users added to a group who wrote at least one message in it, "
    "and its 95% interval (Wilson); behind it, how many were added."
)


@dataclass(frozen=True)
class Bar:
    """One group: its name, how many were added, which share of them writes, how sure that is."""

    name: str
    added: int
    share: float
    low: float
    high: float


def draw_answer(rows: Sequence[Mapping[str, object]], target: Path) -> Path:
    """Write the answer to `target` as a PNG of 16:9, unless it is there already."""
    mark = mark_of("answer", [sorted(row.items()) for row in rows])
    return draw_once(target, mark, lambda figure: paint_answer(figure, rows))


def paint_answer(figure: "Figure", rows: Sequence[Mapping[str, object]]) -> None:
    """Draw the answer on a page."""
    bars = bars_of(rows, known_characters())
    draw_words(figure, words_of(bars))
    draw_bars(figure.add_axes((0.31, 0.12, 0.655, 0.685)), bars[:MOST_BARS])


def bars_of(
    rows: Sequence[Mapping[str, object]], known: Container[int] = EVERY_CHARACTER
) -> list[Bar]:
    """Make a bar of every group that somebody was added to, the highest share first."""
    bars = [bar_of(row, known) for row in rows if row["added_user_conversion"] is not None]
    return sorted(bars, key=lambda bar: (-bar.share, bar.name))


def bar_of(row: Mapping[str, object], known: Container[int]) -> Bar:
    """Make the bar of one row, whose numbers may be exact ones."""
    return Bar(
        name=short_name(row, known),
        added=int(str(row["cnt_added_users"])),
        share=float(str(row["added_user_conversion"])),
        low=float(str(row["conversion_low"])),
        high=float(str(row["conversion_high"])),
    )


def short_name(row: Mapping[str, object], known: Container[int]) -> str:
    """Write a group's name as one short line of characters that the font has, or else its id."""
    name = one_line(str(row["group_name"] or ""), known, NAME_LIMIT)
    return name or f"group {row['group_id']}"


def leaders(bars: Sequence[Bar]) -> int:
    """Count the groups that chance alone may keep from the first place, the first one included."""
    return sum(bar.high >= bars[0].low for bar in bars)


def headline(bars: Sequence[Bar]) -> str:
    """Say the answer in one line."""
    if not bars:
        return "Nobody has been added to these groups yet"
    return f"{bars[0].share:.0%} of the newcomers to “{bars[0].name}” write there"


def second_line(bars: Sequence[Bar]) -> str:
    """Say how sure the headline is."""
    if len(bars) <= 1:
        return "There is no other group to compare it with." if bars else "There is no answer yet."
    level = leaders(bars) - 1
    if level == 0:
        return "No other group comes near: the lead is more than chance."
    if level == len(bars) - 1:
        return "No group is clearly ahead: all the 95% intervals overlap with the first one."
    groups = "1 other group is" if level == 1 else f"{level} other groups are"
    return f"{groups} too close to call: the 95% intervals overlap (light green)."


def words_of(bars: Sequence[Bar]) -> Words:
    """Say the answer, how sure it is, and what is drawn."""
    shown = f" The first {MOST_BARS} of {len(bars)} groups." if len(bars) > MOST_BARS else ""
    return Words(headline(bars), second_line(bars), FOOTNOTE + shown)


def draw_bars(axes: "Axes", bars: Sequence[Bar]) -> None:
    """Draw a bar a group with its interval, its share and the number of users behind it."""
    places = range(len(bars))
    shares = [bar.share for bar in bars]
    axes.barh(places, shares, height=0.64, color=colours(bars), zorder=2)
    for place, bar in enumerate(bars):
        draw_interval(axes, place, bar)
    axes.set_yticks(places, [bar.name for bar in bars], size=text_size(bars), color=INK)
    axes.set_ylim(max(len(bars), FEWEST_PLACES) - 0.4, -0.6)
    style_axes(axes, bars)


def colours(bars: Sequence[Bar]) -> list[str]:
    """Choose a colour a bar: the first, those level with it, the others."""
    return [
        FIRST if bar is bars[0] else LEVEL if bar.high >= bars[0].low else OTHER for bar in bars
    ]


def draw_interval(axes: "Axes", place: int, bar: Bar) -> None:
    """Draw the interval of one bar, and behind its end the share and the count."""
    ends = [bar.low, bar.high]
    axes.plot(ends, [place, place], color=INK, linewidth=1.5, marker="|", markersize=9, zorder=3)
    share = axes.annotate(
        f"{bar.share:.0%}",
        (max(bar.high, bar.share), place),
        xytext=(10, 0),
        textcoords="offset points",
        va="center",
        size=12.5,
        weight="bold",
        color=INK,
    )
    axes.annotate(
        f"of {bar.added:,}",
        (1, 0.5),
        xycoords=share,
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        size=10.5,
        color=MUTED,
    )


def style_axes(axes: "Axes", bars: Sequence[Bar]) -> None:
    """Keep only what tells something: names, bars and a light scale from zero."""
    top = max((bar.high for bar in bars), default=1.0)
    axes.set_xlim(0, top * 1.2)
    ticks = [tick / 10 for tick in range(11) if tick / 10 <= top * 1.02]
    axes.set_xticks(ticks, [f"{tick:.0%}" for tick in ticks], size=10.5, color=MUTED)
    axes.grid(axis="x", color=RULE, linewidth=1, zorder=0)
    bare(axes)


def text_size(bars: Sequence[Bar]) -> float:
    """Choose a size of the names, in points, at which they stand clear of each other."""
    return min(11.5, 150 / max(len(bars), 1))
