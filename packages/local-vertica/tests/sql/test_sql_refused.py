"""Statements that Vertica's documentation calls wrong, or that only other databases know.

A line of tests/data/sql/refused/*.txt is `statement !! SQLSTATE why`.
"""

import pytest

from local_vertica.errors import VerticaError
from support.lists import lines_of
from support.stage import build_stage

REFUSALS = lines_of("refused", "!!")
LEAST = 250


@pytest.fixture(scope="module")
def stage():
    """Give a stage; nothing refused can change it."""
    return build_stage()


@pytest.mark.parametrize(
    ("statement", "sqlstate"),
    [
        pytest.param(line.statement, line.told.split()[0], id=f"{line.topic}-{n}")
        for n, line in enumerate(REFUSALS)
    ],
)
def test_a_statement_is_refused_with_its_sqlstate(stage, statement, sqlstate):
    """What Vertica refuses never reaches DuckDB, which might take it."""
    with pytest.raises(VerticaError) as refusal:
        stage.translated(statement)

    assert refusal.value.sqlstate == sqlstate


def test_there_are_enough_proven_refusals():
    """Every refusal names its page or is marked as assumed; enough of them name one."""
    assert all(line.section for line in REFUSALS)
    assert sum(line.is_proven for line in REFUSALS) >= LEAST


def test_no_statement_is_told_twice():
    """A statement that stands in two lists would count twice."""
    statements = [line.statement for line in REFUSALS]

    assert len(set(statements)) == len(statements)
