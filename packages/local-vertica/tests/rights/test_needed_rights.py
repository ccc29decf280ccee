"""What each statement needs, and what no privilege opens.

The cases stand in tests/data/rights.
"""

from pathlib import Path

import pytest

from local_vertica.engine.database import Database
from local_vertica.errors import VerticaError
from support.catalog_client import Client

FOLDER = Path(__file__).parents[1] / "data" / "rights"


def lines(name, mark):
    """Return the two sides of each line of a table of cases."""
    text = (FOLDER / f"{name}.txt").read_text()
    return [tuple(line.split(mark)) for line in text.splitlines() if not line.startswith("--")]


@pytest.mark.parametrize(("statement", "needed"), lines("needed", " <- "))
def test_a_statement_needs_each_of_its_privileges(admin, ann, statement, needed):
    """All that the documentation lists suffice, and without one of them it is refused."""
    privileges = needed.split("; ")
    for privilege in privileges:
        admin.run(f"GRANT {privilege} TO ann")
    for missing in privileges:
        admin.run(f"REVOKE {missing} FROM ann")
        ann.denied(statement)
        admin.run(f"GRANT {missing} TO ann")

    ann.run(statement)


@pytest.mark.parametrize(("statement", "told"), lines("refused", " !! "))
def test_no_privilege_opens_what_belongs_to_owners_and_superusers(granted, statement, told):
    """With every grant there is, a user is still neither owner nor superuser."""
    error = Client(granted, "ann").refusal(statement)

    assert [error.sqlstate, str(error.number)] == told.split()[:2]


@pytest.mark.parametrize(("statement", "told"), lines("refused_to_all", " !! "))
def test_what_cannot_be_granted_is_refused(granted, statement, told):
    """Wrong grants fail for the superuser, with the number of Vertica's error."""
    error = Client(granted, "dbadmin").refusal(statement)

    assert [error.sqlstate, str(error.number)] == told.split()[:2]


def test_refusals_bear_the_documented_words(admin, ann):
    """Number and wording are those of Vertica's list of errors for 42501."""
    assert str(ann.refusal("SELECT a FROM s.t")) == (
        "ERROR 3580: Insufficient privilege: USAGE on SCHEMA 's' not granted for current user "
        "[42501]"
    )
    admin.run("GRANT USAGE ON SCHEMA s TO ann")
    assert str(ann.refusal("SELECT a FROM s.t")) == (
        "ERROR 4367: Permission denied for relation t [42501]"
    )
    assert str(ann.refusal("CREATE SCHEMA mine")) == (
        "ROLLBACK 4368: Permission denied for database [warehouse] [42501]"
    )
    assert str(ann.refusal("DROP SCHEMA s")) == "ROLLBACK 3989: Must be owner of schema s [42501]"


def test_a_closed_schema_does_not_tell_what_it_holds(admin, ann):
    """Whether a name exists is not to be learnt; on the search path it is passed over."""
    assert ann.denied("SELECT a FROM s.t") == ann.denied("SELECT a FROM s.nosuch")
    admin.run("CREATE TABLE public.p (a INT); GRANT SELECT ON public.p TO ann")

    assert ann.refusal("SELECT a FROM p").sqlstate == "42V01"

    admin.run("GRANT USAGE ON SCHEMA public TO ann")
    assert ann.run("SELECT a FROM p") == []


def test_grants_count_at_once_in_open_sessions_and_prepared_statements(admin, ann):
    """Between two runs of the same statement a right can come and go."""
    text = "SELECT a FROM s.t"
    with pytest.raises(VerticaError):
        ann.session.describe(text)
    admin.run("GRANT USAGE ON SCHEMA s TO ann; GRANT SELECT ON s.t TO ann")
    ann.session.describe(text)
    assert ann.run(text) == []

    admin.run("REVOKE SELECT ON s.t FROM ann")

    ann.denied(text)
    assert admin.run(text) == []


def test_one_users_translation_opens_nothing_to_another(admin, ann):
    """What was worked out for dbadmin is not handed to who may not use the schema."""
    admin.run("SELECT a, b FROM s.t WHERE a = 7")

    ann.denied("SELECT a, b FROM s.t WHERE a = 7")


def test_temporary_tables_are_open_by_default_and_ones_own(tmp_path):
    """TEMP on the database is PUBLIC's from the start; a local temporary table needs no grant."""
    database = Database(tmp_path / "fresh.duckdb")
    Client(database, "dbadmin").run("CREATE USER ann")
    ann = Client(database, "ann")

    ann.run("CREATE LOCAL TEMP TABLE l (a INT) ON COMMIT PRESERVE ROWS; INSERT INTO l VALUES (1)")

    assert ann.run("SELECT a FROM l") == [(1,)]
    ann.run("TRUNCATE TABLE l; DROP TABLE l")
    database.close()


def test_select_into_needs_what_create_table_as_needs(admin, ann):
    """CREATE on the schema, and SELECT on what the query reads."""
    query = "SELECT a INTO TABLE s.made FROM s.t"
    admin.run("GRANT USAGE ON SCHEMA s TO ann; GRANT SELECT ON s.t TO ann")
    ann.denied(query)
    admin.run("GRANT CREATE ON SCHEMA s TO ann; REVOKE SELECT ON s.t FROM ann")
    ann.denied(query)

    admin.run("GRANT SELECT ON s.t TO ann")
    ann.run(query)

    assert ann.run("SELECT a FROM s.made") == []
