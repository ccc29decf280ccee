"""Views of what is another thing for each session, or at each moment."""

from local.vertica.engine.database import Database
from tests.unit.vertica_catalog.catalog_client import Client


def test_a_view_asks_clock_and_user_when_it_is_read(database, client):
    """NOW() and CURRENT_USER() in a view are those of the query, also beneath another view."""
    client.run("CREATE VIEW s.mine (who, at) AS SELECT CURRENT_USER(), CLOCK_TIMESTAMP()")
    client.run("CREATE VIEW s.upper_mine AS SELECT who, at > NOW() AS is_later FROM s.mine")
    client.run("CREATE USER ann; GRANT USAGE ON SCHEMA s TO ann")
    client.run("GRANT SELECT ON s.upper_mine TO ann")

    assert client.run("SELECT * FROM s.upper_mine") == [("dbadmin", True)]
    assert Client(database, "ann").run("SELECT * FROM s.upper_mine") == [("ann", True)]


def test_a_view_of_a_system_table_shows_it_as_it_is(database, client):
    """Each query fills the system table anew, and shows what its reader may see."""
    client.run("CREATE VIEW s.names AS SELECT table_name FROM v_catalog.tables")

    client.run("CREATE TABLE s.later (a INT)")

    assert ("later",) in client.run("SELECT table_name FROM s.names")
    assert ("later",) in Client(database).run("SELECT n.table_name FROM s.names AS n")


def test_a_view_of_a_temporary_table_shows_the_readers_rows(database, client):
    """A global temporary table is another one for each session, and so is a view of it."""
    client.run("CREATE GLOBAL TEMP TABLE s.g (a INT) ON COMMIT PRESERVE ROWS")
    client.run("CREATE VIEW s.v AS SELECT a FROM s.g; INSERT INTO s.g VALUES (5); COMMIT")

    assert client.run("SELECT a FROM s.v") == [(5,)]
    assert Client(database).run("SELECT a FROM s.v") == []


def test_such_a_view_is_moved_replaced_and_dropped_as_others_are(client):
    """It has no view in DuckDB, and may have had one before, or have one later."""
    client.run("CREATE SCHEMA o; CREATE VIEW s.v AS SELECT 1 AS a")
    client.run("CREATE OR REPLACE VIEW s.v AS SELECT CURRENT_USER() AS a")
    client.run("ALTER VIEW s.v RENAME TO w; ALTER VIEW s.w SET SCHEMA o")

    assert client.run("SELECT a FROM o.w") == [("dbadmin",)]
    client.run("CREATE OR REPLACE VIEW o.w AS SELECT 2 AS a")
    assert client.run("SELECT a FROM o.w") == [(2,)]
    client.run("CREATE OR REPLACE VIEW o.w AS SELECT NOW() AS a; DROP VIEW o.w")
    assert client.refused("SELECT a FROM o.w") == "42V01"


def test_such_a_view_outlives_the_server(path):
    """Its text and its columns are in the catalogue."""
    first = Database(path)
    Client(first).run("CREATE TABLE t (a INT); INSERT INTO t VALUES (1); COMMIT")
    Client(first).run("CREATE VIEW v AS SELECT *, CURRENT_USER() AS me FROM t")
    Client(first).run("ALTER TABLE t ADD COLUMN b INT")
    first.close()

    second = Database(path)

    assert Client(second).run("SELECT * FROM v") == [(1, "dbadmin")]
    second.close()


def test_names_mean_what_they_meant_when_the_view_was_made(database, client):
    """A name without schema was searched on its maker's path, whatever the reader's is."""
    client.run("CREATE SCHEMA z; CREATE TABLE z.t (a INT); CREATE TABLE z.n (a INT)")
    client.run("INSERT INTO z.t VALUES (1); INSERT INTO z.n VALUES (2); COMMIT")
    client.run("SET SEARCH_PATH TO z, s")
    client.run("CREATE VIEW v AS SELECT t.a, n.a AS n, NOW() AS at FROM t, n, s.t AS other")
    client.run("CREATE TABLE s.n (b INT); INSERT INTO s.t (id) VALUES (1); COMMIT")

    assert Client(database).run("SELECT a, n FROM z.v") == [(1, 2)]


def test_a_view_draws_from_no_sequence(client):
    """NEXTVAL would go on at each look."""
    client.run("CREATE SEQUENCE s.q")

    assert client.refused("CREATE VIEW s.v AS SELECT NEXTVAL('s.q') AS a") == "0A000"
