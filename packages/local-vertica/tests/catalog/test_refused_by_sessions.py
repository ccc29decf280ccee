"""What Vertica refuses of a session: statements that need a catalogue, listed in tests/data."""

import pytest

from support.lists import lines_of

LINES = lines_of("refused_session", "!!")
READY = """CREATE TABLE s.other (a INT); CREATE LOCAL TEMP TABLE passing (a INT);
    CREATE FUNCTION one(x INT) RETURN INT AS BEGIN RETURN x; END;
    CREATE FUNCTION two(x INT) RETURN INT AS BEGIN RETURN one(x) + 1; END;
    CREATE SCHEMA macros;
    CREATE FUNCTION macros.f() RETURN INT AS BEGIN RETURN 1; END;
    CREATE RESOURCE POOL first; CREATE RESOURCE POOL second CASCADE TO first;
    CREATE PROFILE strict LIMIT PASSWORD_MIN_LENGTH 8 PASSWORD_MIN_DIGITS 1;
    CREATE USER guarded PROFILE strict;"""


@pytest.fixture(scope="module")
def ready(shared):
    """Return a session of a database with a few things of each kind."""
    shared.run(READY)
    return shared


@pytest.mark.parametrize("line", LINES, ids=[line.statement for line in LINES])
def test_a_session_refuses(ready, line):
    """The statement fails with the SQLSTATE listed."""
    assert ready.refused(line.statement) == line.told.split()[0]
