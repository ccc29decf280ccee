"""The real groups file among made users, messages and events: its ten oldest groups are known."""

from pathlib import Path

import pytest

from local.sample import generate
from social_vault.answers import questions as answer
from social_vault.stores.vertica import open_warehouse

REAL_GROUPS = Path(__file__).parents[3] / "shared" / "data" / "groups.csv"
OLDEST = [84, 125, 64, 72, 199, 71, 177, 165, 38, 78]


@pytest.mark.skipif(not REAL_GROUPS.exists(), reason="the real groups file is not at hand")
def test_the_ten_oldest_real_groups_are_the_known_ones(vault, tmp_path):
    """Asked for the n oldest, the answer holds the first n of the known order."""
    sample = generate(tmp_path / "sample", 0.01, groups_file=REAL_GROUPS)
    for table in sample.files:
        vault.stage(table, (sample.folder / f"{table}.csv").read_bytes())
    vault.load()

    with open_warehouse(vault.settings) as warehouse:
        found = {n: answer.group_conversion(warehouse, n) for n in (1, 4, 10)}

    for n, rows in found.items():
        assert {row["group_id"] for row in rows} == set(OLDEST[:n])
    assert all(0 < float(row["group_conversion"]) < 1.2 for row in found[10])
