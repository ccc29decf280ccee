"""ALTER VIEW and ALTER SEQUENCE with another name, schema or owner."""

import pytest

from support.catalog_client import Client


@pytest.fixture
def moved(client):
    """Give a session with a second schema."""
    client.run("CREATE SCHEMA o")
    return client


@pytest.fixture(scope="module")
def unmoved(shared):
    """Give a session with two schemas, and things in them that stay where they are."""
    shared.run(
        "CREATE SCHEMA o; CREATE VIEW s.v AS SELECT 1 AS n; CREATE VIEW o.v AS SELECT 2 AS n"
    )
    shared.run("CREATE SEQUENCE s.q; CREATE SEQUENCE s.used; CREATE TABLE s.i (id IDENTITY, a INT)")
    shared.run("CREATE TABLE s.d (a INT DEFAULT NEXTVAL('s.used'))")
    return shared


def exported(client, name):
    """Return the definition of an object, without the schemas before it."""
    return client.run(f"SELECT EXPORT_OBJECTS('', '{name}')")[0][0].split("\n\n")[-1].strip()


def test_a_view_moves_to_another_schema(moved):
    """Its query, columns and comment stay, whatever their names; the old place is free."""
    moved.run('CREATE TABLE s.a AS SELECT 1 AS n, 2 AS "as (x)"')
    moved.run('CREATE VIEW s.v (m, "x AS (y)") AS SELECT n, "as (x)" FROM s.a WHERE n < 5')
    moved.run("COMMENT ON VIEW s.v IS 'kept'")

    moved.run("ALTER VIEW s.v SET SCHEMA o")

    assert moved.run('SELECT m, "x AS (y)" FROM o.v') == [(1, 2)]
    assert moved.refused("SELECT m FROM s.v") == "42V01"
    assert moved.run("SELECT table_schema, table_name FROM views") == [("o", "v")]
    assert moved.run("SELECT object_schema, comment FROM comments") == [("o", "kept")]
    assert exported(moved, "o.v").startswith("CREATE VIEW o.v (m, ")


def test_a_view_keeps_who_may_read_it(moved, database):
    """Grants are on the view, not on its name."""
    moved.run("CREATE USER u; GRANT USAGE ON SCHEMA o TO u; CREATE VIEW s.v AS SELECT 1 AS n")
    moved.run("GRANT SELECT ON s.v TO u")

    moved.run("ALTER VIEW s.v SET SCHEMA o; ALTER VIEW o.v RENAME TO w")

    assert Client(database, "u").run("SELECT n FROM o.w") == [(1,)]


def test_a_temporary_view_gets_another_name_but_no_other_place(moved):
    """It is of the session alone."""
    moved.run("CREATE LOCAL TEMP VIEW v AS SELECT 1 AS n")

    moved.run("ALTER VIEW v RENAME TO w")

    assert moved.run("SELECT n FROM w") == [(1,)]
    assert moved.refused("ALTER VIEW w SET SCHEMA o") == "0A000"
    assert moved.refused("ALTER VIEW w OWNER TO dbadmin") == "0A000"


def test_a_sequence_goes_on_counting_where_it_moves(moved):
    """Its last number, increment and cache go with it, and its definition tells its new name."""
    moved.run("CREATE SEQUENCE s.q START WITH 5 INCREMENT BY 2 MAXVALUE 99 NO CACHE CYCLE")
    assert moved.run("SELECT NEXTVAL('s.q')") == [(5,)]

    moved.run("ALTER SEQUENCE s.q RENAME TO r; ALTER SEQUENCE s.r SET SCHEMA o")

    assert moved.run("SELECT NEXTVAL('o.r')") == [(7,)]
    assert moved.refused("SELECT NEXTVAL('s.q')") == "42V01"
    assert exported(moved, "o.r") == (
        "CREATE SEQUENCE o.r INCREMENT BY 2 MINVALUE 1 MAXVALUE 99 START WITH 5 NO CACHE CYCLE;"
    )


def test_an_altered_sequence_is_exported_as_it_is_now(moved):
    """What it is given back as makes an equal sequence."""
    moved.run("CREATE SEQUENCE s.q; ALTER SEQUENCE s.q INCREMENT BY 3 CACHE 7")
    text = exported(moved, "s.q")

    moved.run("DROP SEQUENCE s.q")
    moved.run(text)

    assert moved.run("SELECT increment_by, session_cache_count FROM sequences") == [(3, 7)]


@pytest.mark.parametrize(
    ("statement", "sqlstate"),
    [
        ("ALTER VIEW s.v SET SCHEMA nosuch", "3F000"),
        ("ALTER VIEW s.v SET SCHEMA o", "42710"),
        ("ALTER VIEW s.t SET SCHEMA o", "42V01"),
        ("ALTER VIEW s.v OWNER TO nobody", "42704"),
        ("ALTER SEQUENCE s.q RENAME TO t", "42710"),
        ("ALTER SEQUENCE s.q SET SCHEMA nosuch", "3F000"),
        ("ALTER SEQUENCE s.nosuch RENAME TO r", "42V01"),
        ("ALTER SEQUENCE s.v RENAME TO r", "42V01"),
        ("ALTER SEQUENCE s.used RENAME TO r", "0A000"),
        ("ALTER SEQUENCE s.i_id_seq SET SCHEMA o", "0A000"),
    ],
)
def test_what_cannot_be_moved_is_refused(unmoved, statement, sqlstate):
    """A place that is taken or missing, a thing of another kind, and what a table draws from."""
    assert unmoved.refused(statement) == sqlstate
    assert unmoved.run("SELECT n FROM s.v") == [(1,)]


def test_an_export_quotes_what_cannot_stand_without(moved):
    """What was altered is rendered so that another database takes it."""
    moved.run('CREATE SCHEMA "My Schema"; CREATE TABLE "My Schema"."t 1" ("select" INT, b INT)')
    moved.run('ALTER TABLE "My Schema"."t 1" ADD COLUMN "größe" INT')
    moved.run('ALTER TABLE "My Schema"."t 1" ADD CONSTRAINT "k 1" UNIQUE ("select", b) DISABLED')
    moved.run('CREATE VIEW s.v ("a b") AS SELECT b FROM "My Schema"."t 1"')
    moved.run('ALTER VIEW s.v RENAME TO "w v"; ALTER VIEW s."w v" SET SCHEMA "My Schema"')
    export = "SELECT EXPORT_OBJECTS('', 'My Schema')"
    written = moved.run(export)[0][0]

    moved.run('DROP SCHEMA "My Schema" CASCADE')
    moved.run(written)

    assert moved.run(export)[0][0] == written
    assert '"select" int' in written.lower()
    assert "größe" in written
    assert '"größe"' not in written
