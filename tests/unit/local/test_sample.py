"""The sample data: known, repeatable, and damaged in every way there is a rule for."""

from pathlib import Path

import polars as pl
import pytest

from local.sample import generate
from local.sample.bad import MAKERS
from social_vault.model.catalogue import catalogue
from social_vault.records.framing.frame import RULES as FRAMING_RULES
from social_vault.records.rules import rules
from social_vault.records.validation import validate_file

REAL_GROUPS = Path(__file__).parents[4] / "shared" / "data" / "groups.csv"
OLDEST = [84, 125, 64, 72, 199, 71, 177, 165, 38, 78]


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """Return a small sample."""
    return generate(tmp_path_factory.mktemp("sample"), 0.01)


@pytest.mark.parametrize("table", sorted(MAKERS))
def test_validation_finds_what_was_put_in(sample, table, tmp_path):
    """Each bad record is refused for the reasons it was made for, and no good one is."""
    expected = sample.files[table]

    found = validate_file(sample.folder / f"{table}.csv", catalogue().tables[table], tmp_path)

    assert dict(found.rules) == dict(expected.rules)
    counts = (found.read, found.accepted_count, found.rejected_count, found.blank)
    assert counts == (expected.read, expected.accepted, expected.rejected, expected.blank)


def test_most_rules_are_shown_at_work(sample):
    """A first run shows what the contracts find; a record over 1 MiB is left to the tests."""
    possible = set(FRAMING_RULES.values()) - {"record: too long"}
    for contract in map(catalogue().tables.get, MAKERS):
        possible |= {rule for rule in rules(contract) if not rule.endswith(": missing")}
        possible.add(contract.duplicate_reason)

    shown = {rule for expected in sample.files.values() for rule in expected.rules}

    left = {
        rule for rule in possible if rule.split(": ")[1] not in {s.split(": ")[1] for s in shown}
    }
    assert left == set()


def test_the_same_seed_gives_the_same_bytes(sample, tmp_path):
    """What one person sees another can reproduce."""
    again = generate(tmp_path, 0.01)

    for table in sample.files:
        first, second = (each.folder / f"{table}.csv" for each in (sample, again))
        assert first.read_bytes() == second.read_bytes()


def test_a_real_groups_file_is_taken_as_it_is(tmp_path):
    """The network then grows around the real groups, whose ten oldest are known."""
    if not REAL_GROUPS.exists():
        pytest.skip("the real groups file is not at hand")

    sample = generate(tmp_path, 0.01, groups_file=REAL_GROUPS)

    rows = pl.read_csv(sample.folder / "groups.csv", infer_schema=False)
    opened = rows["registration_dt"].str.to_datetime("%Y-%m-%d %H:%M:%S%.f")
    assert rows["id"].cast(pl.Int64)[opened.arg_sort()[:10]].to_list() == OLDEST
    log = pl.read_csv(
        sample.folder / "group_log.csv", infer_schema=False, truncate_ragged_lines=True
    )
    assert set(map(str, OLDEST)) <= set(log["group_id"])
