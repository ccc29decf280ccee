"""SELECT … INTO makes a table of a query: SELECT/INTOClause, 10.1."""

import pytest

from local_vertica.engine.database import Database
from local_vertica.errors import VerticaError
from support.catalog_client import Client

TEMPORARY = ("LOCAL TEMP TABLE", "LOCAL TEMPORARY", "GLOBAL TEMP TABLE", "TEMPORARY TABLE", "TEMP")
WRONG = (
    "SELECT id INTO s.u",
    "SELECT id INTO LOCAL s.u FROM s.t",
    "SELECT id INTO TABLE s.u ON COMMIT PRESERVE ROWS FROM s.t",
    "SELECT id INTO OUTFILE 'x' FROM s.t",
    "SELECT id INTO s.a, s.b FROM s.t",
    "SELECT INTO s.u FROM s.t",
    "SELECT id FROM s.t INTO s.u",
    "SELECT id FROM (SELECT id INTO s.u FROM s.t) AS q",
    "SELECT id FROM s.t UNION SELECT id INTO s.u FROM s.t",
    "CREATE VIEW s.v AS SELECT id INTO s.u FROM s.t",
    "INSERT INTO s.t SELECT id INTO s.u FROM s.t",
)


@pytest.mark.parametrize("word", ["", "TABLE "])
def test_select_into_makes_and_fills_a_table(client, word):
    """The table has the query's columns and rows; what was open is committed, as by other DDL."""
    client.run("INSERT INTO s.t (id, name) VALUES (1, 'into')")
    client.run("INSERT INTO s.t (id, name) VALUES (2, 'b')")

    client.run(f"SELECT id, UPPER(name) AS called INTO {word}s.u FROM s.t WHERE id < 2")
    client.run("ROLLBACK")

    assert client.run("SELECT id, called FROM s.u") == [(1, "INTO")]
    assert len(client.run("SELECT id FROM s.t")) == 2


def test_select_into_may_begin_with_with(client):
    """The list of the query itself holds INTO, not that of a WITH element."""
    client.run("WITH q AS (SELECT 5 AS n) SELECT n + 1 AS n INTO s.u FROM q ORDER BY 1")

    assert client.run("SELECT n FROM s.u") == [(6,)]


@pytest.mark.parametrize("words", TEMPORARY)
def test_select_into_makes_temporary_tables(client, words):
    """Each word for temporary tables makes one; it is global unless it is said to be local."""
    name = "u" if "LOCAL" in words else "s.u"

    client.run(f"SELECT 1 AS n INTO {words} {name} FROM dual")

    schema = "v_temp_schema" if "LOCAL" in words else "s"
    found = client.run("SELECT table_schema, is_temp_table FROM tables WHERE table_name = 'u'")
    assert found == [(schema, True)]


def test_a_local_temporary_table_keeps_its_rows_if_told(client):
    """ON COMMIT PRESERVE ROWS stands after the name; other sessions do not see the table."""
    client.run("SELECT 1 AS n INTO LOCAL TEMP TABLE u ON COMMIT PRESERVE ROWS FROM dual")

    assert client.run("SELECT n FROM u") == [(1,)]
    with pytest.raises(VerticaError, match="42V01"):
        Client(client.session.database).run("SELECT n FROM u")


@pytest.mark.parametrize("wrong", WRONG)
def test_into_stands_nowhere_else(shared, wrong):
    """INTO follows the list of the whole query, once, and FROM follows it."""
    with pytest.raises(VerticaError, match="42601"):
        shared.run(wrong)


def test_select_into_makes_no_table_twice(client):
    """A name that is taken is refused, and the table stays as it is."""
    with pytest.raises(VerticaError, match="42710"):
        client.run("SELECT 1 AS n INTO s.t FROM dual")

    assert client.run("SELECT id FROM s.t") == []


def test_the_table_of_select_into_is_there_after_a_restart(path):
    """The table is kept, and exported as a statement that makes an equal one."""
    first = Database(path)
    Client(first).run("SELECT 7 AS n INTO TABLE kept FROM dual")
    first.close()

    second = Database(path)
    client = Client(second)

    assert client.run("SELECT n FROM kept") == [(7,)]
    assert "CREATE TABLE public.kept" in client.run("SELECT EXPORT_TABLES('', 'kept')")[0][0]
    second.close()
