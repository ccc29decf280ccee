"""Views of what is another thing for each session, or at each moment."""

from local_vertica.engine.database import Database
from support.catalog_client import Client


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


def test_a_view_names_columns_not_places(client):
    """What it reads may be made anew with the columns in another order; one renamed is missing."""
    client.run("CREATE TABLE s.x (a INT, b INT); CREATE VIEW s.v AS SELECT * FROM s.x")
    client.run("CREATE VIEW s.w AS SELECT *, CURRENT_USER() AS me FROM s.v")
    client.run("DROP TABLE s.x; CREATE TABLE s.x (c INT, b INT, a INT)")
    client.run("INSERT INTO s.x VALUES (3, 2, 1); COMMIT")
    assert client.run("SELECT a, b FROM s.v") == client.run("SELECT a, b FROM s.w") == [(1, 2)]

    client.run("CREATE OR REPLACE VIEW s.v AS SELECT c, b, a FROM s.x")
    assert client.run("SELECT * FROM s.w") == [(1, 2, "dbadmin")]

    client.run("ALTER TABLE s.x RENAME COLUMN b TO d")
    assert client.refused("SELECT * FROM s.v") == client.refused("SELECT * FROM s.w") == "42703"
    client.run("ALTER TABLE s.x DROP COLUMN d")
    assert client.refused("SELECT * FROM s.v") == client.refused("SELECT * FROM s.w") == "42703"


def test_a_view_keeps_the_types_of_its_columns(client):
    """What it reads is coerced to them, if it can be."""
    client.run("CREATE TABLE s.x (a INT); CREATE VIEW s.v AS SELECT a FROM s.x")
    client.run("DROP TABLE s.x; CREATE TABLE s.x (a VARCHAR(9))")
    client.run("INSERT INTO s.x VALUES ('7'); COMMIT")
    assert client.run("SELECT a + 1 FROM s.v") == [(8,)]

    client.run("INSERT INTO s.x VALUES ('q')")
    assert client.refused("SELECT a FROM s.v") == "22V02"
    client.run("DROP TABLE s.x; CREATE TABLE s.x (a DATE)")
    assert client.refused("SELECT a FROM s.v") == "42846"


def test_no_view_reads_itself(client):
    """Neither at once nor by another, nor by a circle that renaming closes."""
    client.run("CREATE VIEW s.v AS SELECT 1 AS a; CREATE VIEW s.w AS SELECT a FROM s.v")
    for name in ("v", "w"):
        assert client.refused(f"CREATE OR REPLACE VIEW s.v AS SELECT a FROM s.{name}") == "42P17"

    client.run("CREATE VIEW s.x AS SELECT a FROM s.w; DROP VIEW s.v; ALTER VIEW s.x RENAME TO v")
    assert client.refused("SELECT a FROM s.v") == "42P17"


def test_a_view_of_the_session_keeps_the_functions_it_was_made_with(client):
    """SQL functions are flattened in every view, whatever becomes of them."""
    client.run("CREATE FUNCTION s.f(x INT) RETURN INT AS BEGIN RETURN x + 1; END")
    client.run("CREATE VIEW s.v AS SELECT s.f(1) AS a, CURRENT_USER() AS me")
    client.run("CREATE OR REPLACE FUNCTION s.f(x INT) RETURN INT AS BEGIN RETURN x + 2; END")
    assert client.run("SELECT a FROM s.v") == [(2,)]

    client.run("DROP FUNCTION s.f(INT)")
    assert client.run("SELECT a FROM s.v") == [(2,)]


def test_views_in_duckdb_that_a_file_has_from_before_are_in_nobodys_way(path):
    """Views are read by their text alone: their names can be those of tables."""
    first = Database(path)
    first.connect().execute("CREATE VIEW s_public.past AS SELECT 1 AS a")
    first.close()

    second = Database(path)

    assert Client(second).run("CREATE TABLE past (a INT); SELECT a FROM past") == []
    second.close()


def test_a_catalogue_written_before_is_read(path):
    """Its views tell nothing of the columns beneath, and things that no view has any more."""
    first = Database(path)
    Client(first).run("CREATE TABLE t (a INT, z INT); CREATE VIEW v AS SELECT * FROM t")
    first.connect().execute(
        """UPDATE _v.objects SET doc = json_merge_patch(doc, '{"by_text": 1}')"""
    )
    first.connect().execute("""UPDATE _v.objects SET doc = replace(doc, '"shapes":', '"old":')""")
    first.close()

    second = Database(path)
    client = Client(second)
    client.run("ALTER TABLE t ADD COLUMN b INT; INSERT INTO t VALUES (1, 2, 3)")

    assert client.run("SELECT * FROM v") == [(1, 2)]
    client.run("ALTER TABLE t DROP COLUMN b; ALTER TABLE t DROP COLUMN z")
    assert client.refused("SELECT * FROM v") == "42703"
    second.close()
