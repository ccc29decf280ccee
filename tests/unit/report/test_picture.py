"""The picture of the answer."""

import struct

import pytest

from social_vault.report.canvas import data_url
from social_vault.report.picture import (
    MOST_BARS,
    NAME_LIMIT,
    bars_of,
    draw_answer,
    headline,
    leaders,
    second_line,
)


def group(name, share, spread=0.02, added=100):
    """Return one row of the answer."""
    return {
        "group_id": 7,
        "group_name": name,
        "cnt_added_users": added,
        "added_user_conversion": share,
        "conversion_low": None if share is None else share - spread,
        "conversion_high": None if share is None else share + spread,
    }


def test_the_picture_is_a_png_of_sixteen_to_nine(tmp_path):
    """It fits a slide without a border."""
    rows = [group("утиные истории", 0.5), group("🦆 $x$ \n<b>", 0.4)]

    head = draw_answer(rows, tmp_path / "answer.png").read_bytes()[:24]

    width, height = struct.unpack(">II", head[16:24])
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert width / height == pytest.approx(16 / 9, rel=0.001)
    assert width >= 1920


def test_a_picture_is_drawn_again_only_when_it_would_differ(tmp_path):
    """A run that finds nothing new does not spend its time on the same picture."""
    target = tmp_path / "answer.png"
    draw_answer([group("a", 0.5)], target)
    before = target.stat().st_mtime_ns

    draw_answer([group("a", 0.5)], target)
    assert target.stat().st_mtime_ns == before

    draw_answer([group("a", 0.6)], target)
    assert target.stat().st_mtime_ns > before


@pytest.mark.parametrize("count", [0, 1, MOST_BARS + 1])
def test_any_number_of_groups_can_be_drawn(tmp_path, count):
    """No group, one, and more than fit all give a picture."""
    rows = [group(f"g{place}", 0.5) for place in range(count)]

    assert data_url(draw_answer(rows, tmp_path / "answer.png")).startswith("data:image/png;base64,")


def test_bars_stand_in_order_of_what_they_show():
    """The highest share is first; a group that nobody was added to has no bar."""
    bars = bars_of([group("b", 0.2), group("a", 0.4), group("none", None)])

    assert [bar.name for bar in bars] == ["a", "b"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [("a\n b", "a b"), (None, "group 7"), ("  ", "group 7"), ("x$y$", "x$y$")],
)
def test_a_name_becomes_one_plain_line(name, shown):
    """A name is neither markup of the drawing library nor more than a line."""
    assert bars_of([group(name, 0.5)])[0].name == shown


def test_a_character_that_the_font_lacks_is_left_out():
    """An empty box on a slide helps nobody."""
    assert bars_of([group("🦆 утка", 0.5)], known=range(0x1F000))[0].name == "утка"


def test_a_long_name_is_cut_with_a_sign_of_it():
    """A name never runs into the bars."""
    name = bars_of([group("я" * 100, 0.5)])[0].name

    assert len(name) == NAME_LIMIT
    assert name.endswith("…")


@pytest.mark.parametrize(
    ("shares", "level", "words"),
    [
        ([0.5, 0.3], 1, "more than chance"),
        ([0.5, 0.48, 0.3], 2, "1 other group is"),
        ([0.5, 0.48, 0.47, 0.3], 3, "2 other groups are"),
        ([0.5, 0.48], 2, "No group is clearly ahead"),
        ([0.5], 1, "no other group"),
    ],
)
def test_the_second_line_says_how_sure_the_first_is(shares, level, words):
    """Groups whose intervals overlap with the first one's are not called worse."""
    bars = bars_of([group(f"g{share}", share) for share in shares])

    assert leaders(bars) == level
    assert words in second_line(bars)
    assert "“g0.5”" in headline(bars)
