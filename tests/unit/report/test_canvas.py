"""What all pictures share."""

import pytest
from matplotlib.figure import Figure

from social_vault.report.canvas import SMALLEST_TEXT, fit, one_line, share_of_width


@pytest.mark.parametrize(
    ("text", "size", "is_cut"),
    [("short", 20, False), ("x" * 60, 13, False), ("Щ" * 300, SMALLEST_TEXT, True)],
)
def test_a_text_becomes_smaller_and_then_shorter_until_it_fits(text, size, is_cut):
    """It never runs off the page, nor is it too small to be read from a slide."""
    drawn = Figure(figsize=(11.2, 6.3)).text(0, 0, text, size=20)

    fit(drawn, 0.7)

    assert share_of_width(drawn) <= 0.7
    assert drawn.get_fontsize() == pytest.approx(size, rel=0.2)
    assert drawn.get_text().endswith("…") is is_cut


def test_a_cut_line_is_no_longer_than_its_limit():
    """Its last character says that there is more; what is as long as the limit stays whole."""
    known = range(0x1F000)

    assert one_line("abc def", known, 5) == "abc…"
    assert one_line("abcde", known, 5) == "abcde"
    assert one_line("a\tb\n🦆c", known, 9) == "a b c"
