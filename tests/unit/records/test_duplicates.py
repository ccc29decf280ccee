"""Duplicates: the first record with a key stays, whatever the size of the file."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.drawing import draws

from social_vault.model.catalogue import catalogue
from social_vault.records import duplicates
from social_vault.records.copy_format import FIELD, RECORD
from social_vault.records.duplicates import KeySpill, keys_of
from social_vault.records.framing import Layout
from social_vault.records.positions import Positions
from social_vault.records.validation import validate_file


def accepted_record(number):
    """Return the record of this number in an accepted file."""
    return f"{number}{FIELD}{'я' * (number % 50)}{RECORD}".encode()


def octets_of(numbers):
    """Return how long these records are in an accepted file."""
    return sum(len(accepted_record(number)) for number in numbers)


def spilled(folder, keys, batch):
    """Return a spill that was given keys, a batch at a time, numbered from 1."""
    spill = KeySpill(folder)
    for start in range(0, keys.height, batch):
        numbers = np.arange(start, min(start + batch, keys.height)) + 1
        positions = Positions(numbers, numbers + 1, numbers * 9, numbers % 5)
        spill.add(keys_of(keys[start : start + batch], positions), octets_of(numbers))
    spill.close()
    return spill


def repeated(spill, count):
    """Return the numbers whose bit is set."""
    bits = spill.repeats()
    if bits is None:
        return []
    return [number for number in range(1, count + 1) if bits[number >> 3] >> (number & 7) & 1]


def plainly_repeated(keys):
    """Return the numbers of all but the first record of each key."""
    seen = Counter()
    numbers = []
    for number, key in enumerate(keys, start=1):
        if seen[key]:
            numbers.append(number)
        seen[key] += 1
    return numbers


KEYS = st.lists(st.sampled_from([0, 1, 2, 7, 2**63 - 1, -(2**63), -1, 16, 256]), max_size=40)


@draws(60)
@given(keys=KEYS, batch=st.integers(1, 40))
def test_repeats_of_integer_keys_are_found_exactly(keys, batch):
    """All records of a key but the first are repeats, wherever the batches end."""
    with TemporaryDirectory() as folder:
        spill = spilled(Path(folder), pl.DataFrame({"id": pl.Series(keys, dtype=pl.Int64)}), batch)

        assert repeated(spill, len(keys)) == plainly_repeated(keys)


PARTS = st.tuples(
    st.sampled_from([0, 1, None]), st.sampled_from([0, 1, None]), st.sampled_from("ab")
)


@draws(60)
@given(keys=st.lists(PARTS, max_size=40), batch=st.integers(1, 40))
def test_repeats_of_keys_of_several_columns_are_found(keys, batch):
    """Missing parts are equal to each other and to nothing else; the order of parts counts."""
    schema = {"x": pl.Int64, "y": pl.Int64, "z": pl.String}
    frame = pl.DataFrame(keys, schema=schema, orient="row")
    with TemporaryDirectory() as folder:
        assert repeated(spilled(Path(folder), frame, batch), len(keys)) == plainly_repeated(keys)


def test_a_partition_too_large_for_one_pass_gives_the_same(tmp_path, monkeypatch):
    """Keys that are compared in many passes meet all their repeats."""
    monkeypatch.setattr(duplicates, "AT_ONCE", 1000)
    keys = [number % 3000 for number in range(10_000)]

    spill = spilled(tmp_path, pl.DataFrame({"id": keys}), 777)

    assert repeated(spill, len(keys)) == plainly_repeated(keys)


def test_repeats_leave_the_accepted_file_and_tell_where_they_stood(tmp_path):
    """The other records stay octet for octet, wherever the repeats stand among them."""
    keys = [number % 40 if number % 3 else number + 100 for number in range(100)]
    wrong = set(plainly_repeated(keys))
    folder, file = tmp_path / "spill", tmp_path / "accepted"
    folder.mkdir()
    file.write_bytes(b"".join(accepted_record(number) for number in range(1, 101)))
    spill = spilled(folder, pl.DataFrame({"id": keys}), 30)

    dropped = list(spill.drop(file, spill.repeats()))

    kept = (accepted_record(number) for number in range(1, 101) if number not in wrong)
    assert file.read_bytes() == b"".join(kept)
    positions = [
        position for positions in dropped for position in zip(*positions.arrays, strict=True)
    ]
    assert positions == [(n, n + 1, n * 9, n % 5) for n in sorted(wrong)]


HEADER = "group_id,user_id,user_id_from,event,datetime\n"
FIRST = "1,2,,add,2020-01-01 00:00:00\n"
SAME = ["1.0,2,,add,2020-01-01 00:00:00\n", "1,02,,add,2020-01-01T00:00:00.000\n", FIRST]
OTHER = [
    "2,1,,add,2020-01-01 00:00:00\n",
    "1,2,0,add,2020-01-01 00:00:00\n",
    "1,2,,leave,2020-01-01 00:00:00\n",
    "1,2,,add,2020-01-01 00:00:01\n",
    "1,2,,add,2020-01-01 00:00:00.000001\n",
    "1,2,,add,2020-01-01 00:00:00.1\n",
]


@pytest.mark.parametrize("chunk", [40, 1 << 20])
def test_a_log_record_is_a_repeat_when_all_five_values_are_equal(tmp_path, chunk):
    """Values are compared, not their spelling; the refused keep their raw text."""
    source = tmp_path / "group_log.csv"
    source.write_text(HEADER + FIRST + "".join(OTHER) + "".join(SAME))

    result = validate_file(source, catalogue().tables["group_log"], tmp_path, Layout(5, chunk))

    assert result.rules == {"record: duplicate": 3}
    assert (result.read, result.accepted_count, result.rejected_count) == (10, 7, 3)
    raws = [reject.split(FIELD)[4] for reject in result.rejected.read_text().split(RECORD)[:-1]]
    assert raws == [same.strip() for same in SAME]


def test_the_first_record_that_breaks_no_rule_wins(tmp_path):
    """A refused record does not take its key away from a good one."""
    moment = "2020-01-01 00:00:00"
    source = tmp_path / "users.csv"
    source.write_text(
        "id,chat_name,registration_dt,country,age\n"
        f"1,refused,{moment},,200\n1,first,{moment},,\n1,later,{moment},,\n1.0,last,{moment},,\n"
    )

    result = validate_file(source, catalogue().tables["users"], tmp_path)

    assert result.rules == {"age: out of range": 1, "id: duplicate": 2}
    assert result.accepted.read_text().split(FIELD)[2] == "first"
    assert result.accepted_count == 1
