"""The vault's keys in Python; tests/warehouse compares the same vectors with the warehouse."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dwh.hashing import hash_key, hashdiff, part

VALUES = st.one_of(st.none(), st.integers(), st.text(max_size=20))


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (("users", 5), "c79f8aea0dd431ba1d86344e5aceb5cf"),
        (("users", 0), "4518dc8de2a919cbfa00b12a07f664b0"),
        (("groups", 5), "03b977ae3545fb52843021983b6cb76d"),
        (("l_admins", 5, 0), "d7731af62e494e64fbc4fedca49ae730"),
        (("users", -1), "7e156b4153d636e7dfc6ce4e281fdbf6"),
        (("dialogs", 2**63 - 1), "5f1fb8932b9368aa62279fa0faeea914"),
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
        ([True, datetime(2021, 1, 2, 3, 4, 5, 6)], "3fcf559e9d833b8c77835859b6c1e1d9"),
    ],
)
def test_a_hashdiff_tells_null_from_empty_and_counts_octets(values, expected):
    """NULL, '' and 'NULL' differ; Cyrillic counts two octets a letter."""
    assert hashdiff(values).hex == expected


@given(st.lists(VALUES, max_size=4), st.lists(VALUES, max_size=4))
def test_different_rows_never_share_a_text(one, other):
    """Lengths before the parts keep any two texts apart, whatever the parts hold."""

    def text(values):
        return "".join(part(value) for value in values)

    def canonical(values):
        return [None if value is None else str(value) for value in values]

    assert (text(one) == text(other)) == (canonical(one) == canonical(other))


def test_the_same_number_is_another_key_in_another_hub():
    """User 5 and group 5 must not meet in a join of the wrong hubs."""
    assert hash_key("users", 5) != hash_key("groups", 5)
