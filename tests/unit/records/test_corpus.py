"""The corpus: files as they come, each beside what must become of it.

`expect.csv` has a line for each record, accepted or rejected, and one for the number of blank
lines. Values are parted by `|`, and `∅` is a missing one.
"""

import csv
from pathlib import Path

import pytest

from social_vault.model.catalogue import catalogue
from social_vault.records.framing import Layout
from social_vault.records.validation import validate_file
from tests.unit.records.slow_contract import read_copy

CORPUS = Path(__file__).parents[2] / "data"
CASES = sorted(
    path.parent for table in catalogue().tables for path in CORPUS.glob(f"{table}/*/input.csv")
)


def became(result):
    """Return what became of a file in the words of `expect.csv`."""
    rows = [
        ["accepted", number, "", "", "|".join("∅" if value is None else value for value in values)]
        for number, *values in read_copy(result.accepted)
    ]
    rows += [
        ["rejected", number, line, reasons, ""]
        for _, number, line, _, _, _, _, reasons in read_copy(result.rejected)
    ]
    rows.sort(key=lambda row: int(row[1]))
    return rows + ([["blank", str(result.blank), "", "", ""]] if result.blank else [])


@pytest.mark.parametrize("chunk", [13, 4 << 20])
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_each_file_of_the_corpus_becomes_what_stands_beside_it(case, chunk, tmp_path):
    """Every record is where it belongs, with all its reasons, read in large or tiny pieces."""
    contract = catalogue().tables[case.parent.name]

    result = validate_file(
        case / "input.csv", contract, tmp_path, Layout(len(contract.columns), chunk)
    )

    with (case / "expect.csv").open(newline="") as expect:
        assert became(result) == list(csv.reader(expect))[1:]


def test_the_corpus_is_whole():
    """A case that is lost from disk does not pass in silence."""
    assert len(CASES) >= 110
    dropped = {table.name for table in catalogue().of_source("")}
    assert {case.parent.name for case in CASES} == dropped
