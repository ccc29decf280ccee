"""Conversion: strict, equal on the quick and the slow way, and equal to plain Python."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.drawing import draws

from social_vault.model.table import Column, Table
from social_vault.records.conversion import convert, typed
from tests.unit.records.slow_contract import (
    python_decimal,
    python_integer,
    python_timestamp,
)


def converted(kind, *texts, digits=None):
    """Return the plain texts and the values of one column."""
    column = Column("x", kind, digits=digits)
    table = Table(name="one", version=1, columns=(column,), key=("x",))
    found = convert(pl.DataFrame({"x": pl.Series(texts, dtype=pl.String)}), table)
    return found["x"].to_list(), found[typed("x")].to_list()


NUMBERS = st.one_of(
    st.integers(-(2**70), 2**70).map(str),
    st.text(st.sampled_from("0123456789.-+ e_٣"), max_size=8),
    st.integers().map(lambda number: f"{number}.0"),
    st.none(),
)


@draws(100)
@given(st.lists(NUMBERS, min_size=1, max_size=20))
def test_integers_are_what_plain_python_says(texts):
    """Every text is a whole number on both sides, or on neither."""
    assert converted("integer", *texts)[1] == [python_integer(text) for text in texts]


WRONG_INTEGERS = (
    "+5", " 7", "7 ", "1e3", "1_000", "1.5", "34.", ".0", "-", "--5", "٣", "0x1", "1,0", "NULL",
    "NaN", "inf", "1e400", "9223372036854775808", "34.0.0", "5\n", "５",
)  # fmt: skip


@pytest.mark.parametrize("text", WRONG_INTEGERS)
def test_what_is_not_plainly_an_integer_is_none(text):
    """Nothing is guessed."""
    assert converted("integer", text, "5")[1] == [None, 5]


def test_integers_of_older_files_are_the_same_numbers():
    """A decimal point with zeros, leading zeros and a minus sign change nothing."""
    texts = ["34", "34.0", "34.000", "007", "-0", "-5.0", "9223372036854775807", str(-(2**63))]

    assert converted("integer", *texts)[1] == [34, 34, 34, 7, 0, -5, 2**63 - 1, -(2**63)]


PARTS = st.tuples(
    st.sampled_from(["2020", "2021", "1900", "2000", "0000", "0001", "9999", "202", "20200"]),
    st.sampled_from(["-", "/"]),
    st.sampled_from(["01", "02", "04", "12", "13", "00", "1"]),
    st.sampled_from(["01", "28", "29", "30", "31", "32", "00", " 1"]),
    st.sampled_from([" ", "T", "  ", "t"]),
    st.sampled_from(["00:00:00", "23:59:59", "24:00:00", "00:60:00", "00:00:60", "0:00:00"]),
    st.sampled_from(["", ".1", ".123456", ".1234567", ".", "Z", "+03", " "]),
)  # fmt: skip
MOMENTS = PARTS.map(lambda p: f"{p[0]}{p[1]}{p[2]}{p[1]}{p[3]}{p[4]}{p[5]}{p[6]}")


@draws(300)
@given(st.lists(st.one_of(MOMENTS, st.none()), min_size=1, max_size=20))
def test_timestamps_are_what_the_calendar_of_plain_python_says(texts):
    """Every text is a moment on both sides, or on neither; its value is its own plain text."""
    plain = [python_timestamp(text) and text.replace("T", " ") for text in texts]

    assert converted("timestamp", *texts)[1] == plain


def test_timestamps_keep_their_text_but_for_the_t():
    """The fraction stays as many digits as it had."""
    texts = ["2020-01-01 00:00:00", "2020-01-01T00:00:00.5", "2020-01-01 00:00:00.123450"]

    plain, _ = converted("timestamp", *texts)

    assert plain == [text.replace("T", " ") for text in texts]


def test_booleans_are_the_words_of_the_contract():
    """One, zero, their decimal forms and the words are booleans; anything else is none."""
    texts = ["1", "0", "1.0", "0.0", "true", "false", "True", "t", "yes", "2", " 1", "1.00"]

    assert converted("boolean", *texts)[1] == [1, 0, 1, 0, 1, 0, 1, *[None] * 5]


@pytest.mark.parametrize("kind", ["integer", "timestamp", "boolean"])
def test_an_empty_quoted_number_is_missing(kind):
    """Writers that quote everything write a missing number so."""
    assert converted(kind, "", None) == ([None, None], [None, None])


def test_an_empty_quoted_text_is_not_missing():
    """Text alone tells '' from missing."""
    table = Table(name="one", version=1, columns=(Column("x", "text"),), key=("x",))
    texts = pl.DataFrame({"x": ["", None]})

    assert convert(texts, table)["x"].to_list() == ["", None]


DECIMALS = st.one_of(
    st.decimals(-10_000, 10_000, places=3).map(str),
    st.decimals(-10_000, 10_000, places=2).map(str),
    st.text(st.sampled_from("0123456789.-+ eE_٣"), max_size=8),
    st.builds(
        "{}{}.{}00".format,
        st.sampled_from(["-0", "00"]), st.integers(0, 99_999), st.integers(0, 99),
    ),
    st.none(),
)  # fmt: skip
SHAPES = st.sampled_from([(5, 2), (14, 2), (19, 5), (4, 0), (3, 3)])


@draws(100)
@given(st.lists(DECIMALS, min_size=1, max_size=20), SHAPES)
def test_decimals_are_what_plain_python_says(texts, digits):
    """A text is a decimal on both sides, exactly and with the zeros of its scale, or on neither."""
    found = converted("decimal", *texts, digits=digits)[1]

    assert list(map(str, found)) == [str(python_decimal(text, digits)) for text in texts]


@pytest.mark.parametrize(
    "text",
    ["+5", " 7", "7 ", "1e3", "1E+3", "5.", ".5", "-", "", "NaN", "Infinity", "1_0", "٣", "1,0",
     "1234567890123", "12.345", "0.30000000000000004", "5\n", "--5", "0x1"],
)  # fmt: skip
def test_what_is_not_plainly_a_decimal_is_none(text):
    """Money is neither guessed nor rounded."""
    assert converted("decimal", text, "5", digits=(14, 2))[1] == [None, 5]


def test_zeros_at_either_end_of_a_decimal_do_not_count():
    """They change no value, and no zero is negative."""
    texts = ["159.0", "0000000000000159", "100.50000000", "-0", "-0.00", "999999999999.99", "-0.01"]

    found = converted("decimal", *texts, digits=(14, 2))[1]

    wanted = ["159.00", "159.00", "100.50", "0.00", "0.00", "999999999999.99", "-0.01"]
    assert list(map(str, found)) == wanted
