"""Draw the answer as a picture that can stand on a slide."""

import base64
import hashlib
import sys
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, MUTED, RULE = "#1b1f24", "#6b7480", "#e3e7eb"
FIRST, LEVEL, OTHER = "#0b7a75", "#6fb8b1", "#ccd6db"
NAME_LIMIT = 30
MOST_BARS = 15  # more cannot be read from a slide
FEWEST_PLACES = 4  # a single bar must not fill the page
MARK_WITHIN = 4096  # bytes; metadata come before the picture
EVERY_CHARACTER = range(sys.maxunicode + 1)
LEFT = 0.035
FOOTNOTE = (
    "Share of the users added to a group who wrote at least one message in it, "
    "and its 95% interval (Wilson); behind it, how many were added."
)
FONT = "DejaVu Sans"  # it comes with matplotlib and knows Cyrillic


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
    mark = mark_of(rows)
    if not is_drawn(target, mark):
        draw(rows, target, mark)
    return target


def mark_of(rows: Sequence[Mapping[str, object]]) -> str:
    """Name a picture by its rows and by this file, so that a change of either draws it anew."""
    drawn = repr([sorted(row.items()) for row in rows]).encode()
    return hashlib.sha256(Path(__file__).read_bytes() + drawn).hexdigest()


def is_drawn(target: Path, mark: str) -> bool:
    """Tell whether a file is the picture of this mark, which stands in its first chunks."""
    if not target.is_file():
        return False
    with target.open("rb") as file:
        return mark.encode("ascii") in file.read(MARK_WITHIN)


def draw(rows: Sequence[Mapping[str, object]], target: Path, mark: str) -> None:
    """Draw the answer; `mark` is kept in the file as its description."""
    from matplotlib import rc_context  # noqa: PLC0415 - slow to import, and only a picture needs it
    from matplotlib.figure import Figure  # noqa: PLC0415 - see above
    from matplotlib.font_manager import findfont, get_font  # noqa: PLC0415 - see above

    bars = bars_of(rows, get_font(findfont(FONT)).get_charmap())
    with rc_context({"font.family": FONT}):
        figure = Figure(figsize=(11.2, 6.3), dpi=200, facecolor="white")
        draw_titles(figure, bars)
        draw_bars(figure.add_axes((0.31, 0.12, 0.655, 0.685)), bars[:MOST_BARS])
        figure.savefig(target, format="png", metadata={"Description": mark})


def data_url(picture: Path) -> str:
    """Put a picture into a URL: the dashboard cannot read the worker's disk."""
    return "data:image/png;base64," + base64.b64encode(picture.read_bytes()).decode("ascii")


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
    full = str(row["group_name"] or "")
    name = "".join(char if char.isprintable() and ord(char) in known else " " for char in full)
    # Between two dollar signs matplotlib reads mathematics.
    name = " ".join(name.split()).replace("$", r"\$") or f"group {row['group_id']}"
    return name if len(name) <= NAME_LIMIT else name[: NAME_LIMIT - 1].rstrip() + "…"


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


def draw_titles(figure: "Figure", bars: Sequence[Bar]) -> None:
    """Write the answer in words above, and what is drawn below."""
    title = figure.text(LEFT, 0.92, headline(bars), size=20, weight="bold", color=INK)
    width = title.get_window_extent().width / figure.bbox.width
    title.set_fontsize(20 * min(1, (1 - 2 * LEFT) / width))
    figure.text(LEFT, 0.86, second_line(bars), size=13.5, color=MUTED)
    shown = f" The first {MOST_BARS} of {len(bars)} groups." if len(bars) > MOST_BARS else ""
    figure.text(LEFT, 0.035, FOOTNOTE + shown, size=9.5, color=MUTED)


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
    axes.tick_params(length=0, pad=8)
    for spine in axes.spines.values():
        spine.set_visible(False)


def text_size(bars: Sequence[Bar]) -> float:
    """Choose a size of the names, in points, at which they stand clear of each other."""
    return min(11.5, 150 / max(len(bars), 1))
