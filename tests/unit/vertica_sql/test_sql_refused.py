"""Statements that Vertica's documentation calls wrong, or that only other databases know.

A line of tests/data/vertica_sql/refused/*.txt is `statement !! SQLSTATE why`.
"""

from pathlib import Path

import pytest

from local.vertica.errors import VerticaError
from tests.unit.vertica_sql.stage import build_stage

FOLDER = Path(__file__).parents[2] / "data" / "vertica_sql" / "refused"
LEAST = 250


def refusals() -> list[tuple[str, str, str]]:
    """Return (topic, statement, SQLSTATE) of every line."""
    found = []
    for path in sorted(FOLDER.glob("*.txt")):
        for line in path.read_text().splitlines():
            if not line.startswith("--"):
                statement, told = line.rsplit(" !! ", 1)
                found.append((path.stem, statement, told.split()[0]))
    return found


@pytest.fixture(scope="module")
def stage():
    """Give a stage; nothing refused can change it."""
    return build_stage()


@pytest.mark.parametrize(
    ("statement", "sqlstate"),
    [pytest.param(*line[1:], id=f"{line[0]}-{n}") for n, line in enumerate(refusals())],
)
def test_a_statement_is_refused_with_its_sqlstate(stage, statement, sqlstate):
    """What Vertica refuses never reaches DuckDB, which might take it."""
    with pytest.raises(VerticaError) as refusal:
        stage.translated(statement)

    assert refusal.value.sqlstate == sqlstate


def test_there_are_enough_refusals():
    """The table must not shrink below what was promised, nor tell a statement twice."""
    statements = [statement for _, statement, _ in refusals()]

    assert len(statements) >= LEAST
    assert len(set(statements)) == len(statements)
