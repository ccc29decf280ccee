"""The vault's keys in Python; tests/warehouse compares the same vectors with the warehouse."""

import hashlib
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.drawing import draws

from social_vault.model.keys import digest, hash_key, hashdiff, part, scaled

VALUES = st.one_of(st.none(), st.integers(), st.text(max_size=20))


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (("users", 5), "b679dec9e125df25836fc2cba539691e"),
        (("users", 0), "f5fac1795cfcfc83fa5c119afd35d0b1"),
        (("groups", 5), "51cc556ce2ec51909214d1138130a9dd"),
        (("l_admins", 5, 0), "b9cfc6fb29121258a60f9952b33519da"),
        (("users", -1), "40419d18ce41ec45c94e016167b4d671"),
        (("dialogs", 2**63 - 1), "dfe24bc4a0348fc2673db76779939c33"),
        (("orders", "000000000000000000000001"), "d5fc699f618f5333bc488412c116ff54"),
    ],
)
def test_a_hash_key_is_the_md5_of_the_canonical_text(key, expected):
    """Computed by another program from the text that the decision page gives."""
    assert hash_key(*key).hex == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([None], "8d6033bf17058b1b7efa1c29eed3127b"),
        ([""], "0ff7fe50546d7dcf3d4cd5add633b3ba"),
        (["NULL"], "446a4e3f4fc1ae5624f9e9a99c1ba7a9"),
        (["a||b"], "93b767858d123863cb8ba13d95403f5a"),
        (["^^"], "f92b2fa990938d44cf99a5ec0a39e15b"),
        (["Яна"], "a8c3cb0a615f23fbf7b1b88719fbdfec"),
        ([True, datetime(2021, 1, 2, 3, 4, 5, 6)], "a9b539e8693ac30f573907d821a71225"),
    ],
)
def test_a_hashdiff_tells_null_from_empty_and_counts_octets(values, expected):
    """NULL, '' and 'NULL' differ; Cyrillic counts two octets a letter."""
    assert hashdiff(values).hex == expected


@pytest.mark.parametrize(
    ("value", "text"), [("100.50", ";100.50"), ("0.00", ";0.00"), ("1E+2", ";100")]
)
def test_a_decimal_is_written_with_the_zeros_of_its_scale(value, text):
    """As NUMERIC writes it: never with an exponent."""
    assert part(Decimal(value)) == text


@draws(100)
@given(st.lists(VALUES, max_size=4), st.lists(VALUES, max_size=4))
def test_different_rows_never_share_a_text(one, other):
    """Lengths before texts keep any two rows apart, whatever the texts hold."""

    def text(values):
        return "".join(part(value) for value in values)

    assert (text(one) == text(other)) == (one == other)


def test_the_same_number_is_another_key_in_another_hub():
    """User 5 and group 5 must not meet in a join of the wrong hubs."""
    assert hash_key("users", 5) != hash_key("groups", 5)


def test_a_text_stands_in_a_hash_key_as_it_is():
    """The warehouse writes no length there: a key's pattern lets no `;` through."""
    text = "order_items;626a81cfefa404208fe9abae;5"

    assert hash_key("order_items", "626a81cfefa404208fe9abae", 5).bytes == md5(text)


def test_the_digest_of_rows_is_that_of_all_their_values():
    """Another order, a row more or a value more changes it; no rows have one, too."""
    one, other = [1, "чай", Decimal("1.50")], [2, None, Decimal("0.00")]

    assert digest([one, other]) == md5(";1;6:чай;1.50;2;~;0.00").hex()
    assert len({digest(rows) for rows in ([], [one], [other], [one, other], [other, one])}) == 5


@pytest.mark.parametrize(
    ("text", "digits", "wanted"),
    [("100.5", (14, 2), "100.50"), ("-0", (14, 2), "0.00"), ("12.3000", (4, 2), "12.30")],
)
def test_a_scaled_decimal_has_the_digits_of_its_type(text, digits, wanted):
    """The canonical text of equal numbers is equal, however the source wrote them."""
    assert str(scaled(Decimal(text), digits)) == wanted


@pytest.mark.parametrize("text", ["12.345", "123.4"])
def test_a_decimal_that_would_have_to_change_is_not_scaled(text):
    """Neither is rounded, nor cut."""
    with pytest.raises(ArithmeticError):
        scaled(Decimal(text), (4, 2))


def md5(text):
    """Hash a text without the code under test."""
    return hashlib.md5(text.encode(), usedforsecurity=False).digest()
