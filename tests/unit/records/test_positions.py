"""Positions: where records stand, in portions."""

from itertools import pairwise

import numpy as np
import pytest

from social_vault.records import positions
from social_vault.records.positions import Positions, gathered


def spots_of(numbers):
    """Return positions that differ in all four arrays."""
    numbers = np.array(numbers, np.int64)
    return Positions(numbers, numbers + 1, numbers * 9, numbers % 5)


@pytest.mark.parametrize("sizes", [[], [0, 0], [3], [1, 1, 1, 1, 1], [9], [0, 2, 7, 0, 1]])
def test_gathered_spots_are_the_same_in_portions_of_bounded_size(monkeypatch, sizes):
    """None is lost or moved, none of the portions is large, and few are small."""
    monkeypatch.setattr(positions, "AT_ONCE", 4)
    starts = np.cumsum([0, *sizes])
    found = [spots_of(range(a, b)) for a, b in pairwise(starts)]

    portions = list(gathered(found))

    numbers = np.concatenate([np.empty(0), *(each.numbers for each in portions)])
    assert numbers.tolist() == list(range(sum(sizes)))
    assert all((each.octets == each.numbers % 5).all() for each in portions)
    assert all(len(each) <= 4 for each in portions)
    assert len(portions) <= sum(sizes) // 4 + len(sizes)
