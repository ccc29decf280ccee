"""What all pictures share: a page of 16:9 with the answer in words above, drawn once."""

import base64
import hashlib
import sys
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from social_vault.report.layout import cut

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

INK, MUTED, RULE = "#1b1f24", "#6b7480", "#e3e7eb"
FONT = "DejaVu Sans"  # it comes with matplotlib and knows Cyrillic
LEFT = 0.035
MARK_WITHIN = 4096  # bytes; metadata come before the picture
EVERY_CHARACTER = range(sys.maxunicode + 1)
SMALLEST_TEXT = 8.0  # points; what is still too long is cut


@dataclass(frozen=True)
class Words:
    """What a page says: the answer, how to take it, and below what is drawn."""

    headline: str
    second_line: str
    footnote: str


def mark_of(kind: str, rows: Sequence[object]) -> str:
    """Name a picture by its kind, its rows and all code here, so that a change draws it anew."""
    code = [path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))]
    return hashlib.sha256(b"".join([*code, kind.encode(), repr([*rows]).encode()])).hexdigest()


def draw_once(target: Path, mark: str, paint: Callable[["Figure"], None]) -> Path:
    """Write a page as PNG, its mark as description, unless the target is that page already."""
    if is_drawn(target, mark):
        return target
    from matplotlib import rc_context  # noqa: PLC0415 - slow to import, and only a picture needs it
    from matplotlib.figure import Figure  # noqa: PLC0415 - see above

    # A name may hold two dollar signs, between which matplotlib would read mathematics.
    with rc_context({"font.family": FONT, "text.parse_math": False}):
        figure = Figure(figsize=(11.2, 6.3), dpi=200, facecolor="white")
        paint(figure)
        figure.savefig(target, format="png", metadata={"Description": mark})
    return target


def is_drawn(target: Path, mark: str) -> bool:
    """Tell whether a file is the picture of this mark, which stands in its first chunks."""
    if not target.is_file():
        return False
    with target.open("rb") as file:
        return mark.encode("ascii") in file.read(MARK_WITHIN)


def data_url(picture: Path) -> str:
    """Put a picture into a URL: the dashboard cannot read the worker's disk."""
    return "data:image/png;base64," + base64.b64encode(picture.read_bytes()).decode("ascii")


def known_characters() -> Container[int]:
    """Return the characters that the font has, as code points."""
    from matplotlib.font_manager import findfont, get_font  # noqa: PLC0415 - see draw_once

    return get_font(findfont(FONT)).get_charmap()


def one_line(text: str, known: Container[int], limit: int) -> str:
    """Write a text as one line of characters that the font has; a longer one ends with `…`."""
    plain = "".join(char if char.isprintable() and ord(char) in known else " " for char in text)
    line = " ".join(plain.split())
    return cut(line, limit)


def draw_words(figure: "Figure", words: Words) -> None:
    """Write the answer above and the footnote below, each as large as the page's width lets it."""
    room = 1 - 2 * LEFT
    fit(figure.text(LEFT, 0.92, words.headline, size=20, weight="bold", color=INK), room)
    fit(figure.text(LEFT, 0.86, words.second_line, size=13.5, color=MUTED), room)
    fit(figure.text(LEFT, 0.035, words.footnote, size=9.5, color=MUTED), room)


def fit(text: "Text", room: float) -> None:
    """Make a text smaller, and if need be shorter, until it takes no more of the page's width."""
    share = share_of_width(text)
    if share > room:
        text.set_fontsize(max(SMALLEST_TEXT, float(text.get_fontsize()) * room / share))
    while share_of_width(text) > room and len(text.get_text()) > 2:
        text.set_text(text.get_text()[:-2].rstrip() + "…")


def share_of_width(text: "Text") -> float:
    """Measure how much of the page's width a text takes."""
    figure = text.get_figure(root=True)
    if figure is None:  # it was never put on a page
        return 0.0
    return float(text.get_window_extent().width / figure.bbox.width)


def bare(axes: "Axes") -> None:
    """Take away frames and tick marks: only names and what is drawn tells something."""
    axes.set_axisbelow(True)
    axes.tick_params(length=0, pad=8)
    for spine in axes.spines.values():
        spine.set_visible(False)


def scale_of_money(axes: "Axes", top: float) -> None:
    """Draw a light scale of money upwards from zero; large sums are told in millions."""
    axes.set_ylim(0, top * 1.08)
    step = "{:,.0f}" if top < 4e6 else "{:,.6g} M"
    ticks = [tick for tick in axes.get_yticks() if 0 <= tick <= top * 1.08]
    names = [step.format(tick if top < 4e6 else tick / 1e6) for tick in ticks]
    axes.set_yticks(ticks, names, size=10.5, color=MUTED)
    axes.grid(axis="y", color=RULE, linewidth=1)
