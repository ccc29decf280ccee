import pytest

from local_vertica.engine.database import Database
from support.catalog_client import TABLE, Client


def test_the_catalogue_survives_a_restart(path):
    """Tables, views, sequences, users, comments and parameters are there after reopening."""
    first = Database(path)
    client = Client(first)
    client.run("CREATE SCHEMA s")
    client.run(TABLE)
    client.run("CREATE VIEW s.v AS SELECT id FROM s.t; CREATE SEQUENCE s.q; CREATE USER u")
    client.run("COMMENT ON TABLE s.t IS 'mine'; ALTER DATABASE DEFAULT SET LockTimeout = 7")
    client.run("GRANT SELECT ON s.t TO u")
    kept = list(first.catalog.objects())
    first.close()

    second = Database(path)

    assert sorted(map(repr, second.catalog.objects())) == sorted(map(repr, kept))
    assert second.lock_timeout == 7
    assert Client(second).run("SELECT id FROM s.v") == []
    second.close()


def test_exported_tables_are_as_written(client):
    """EXPORT_OBJECTS and EXPORT_TABLES give back the statement that made a table."""
    assert client.run("SELECT EXPORT_TABLES('', 's.t')") == [(TABLE + ";\n",)]
    assert TABLE in client.run("SELECT EXPORT_OBJECTS('', 's')")[0][0]


def test_an_altered_table_is_exported_as_it_is_now(client):
    """After ALTER TABLE the definition is rendered; it makes an equal table."""
    client.run("ALTER TABLE s.t ADD COLUMN extra INT DEFAULT 5; ALTER TABLE s.t RENAME TO u")
    text = client.run("SELECT EXPORT_TABLES('', 's.u')")[0][0]
    before = client.run("SELECT column_name, data_type, is_nullable, column_default FROM columns")

    client.run("DROP TABLE s.u")
    client.run(text)

    assert "extra int DEFAULT 5" in text
    assert (
        client.run("SELECT column_name, data_type, is_nullable, column_default FROM columns")
        == before
    )


def test_a_table_made_by_a_query_is_exported_by_its_columns(client):
    """What the query read may have changed since, or be gone."""
    client.run("CREATE TABLE s.c AS SELECT 1 AS a, 'xy'::VARCHAR(2) AS b FROM s.t; DROP TABLE s.t")

    text = client.run("SELECT EXPORT_TABLES('', 's.c')")[0][0]

    assert [" ".join(line.split()).rstrip(",") for line in text.splitlines()[2:4]] == [
        "a int",
        "b varchar(2)",
    ]


def test_tables_and_views_are_renamed_one_after_the_other(client):
    """Two tables are swapped by way of a third name; a view keeps its query and its export."""
    client.run("CREATE TABLE s.a AS SELECT 1 AS n; CREATE TABLE s.b AS SELECT 2 AS n")
    client.run("CREATE VIEW s.v (m) AS SELECT n FROM s.a")

    client.run("ALTER TABLE s.a, s.b, s.c RENAME TO c, a, b")
    client.run("ALTER VIEW s.v RENAME TO w")

    assert client.run("SELECT m FROM s.w") == [(2,)]
    assert client.run("SELECT n FROM s.b") == [(1,)]
    exported = client.run("SELECT EXPORT_OBJECTS('', 's.w')")[0][0]
    assert exported.endswith("CREATE VIEW s.w (m) AS SELECT n FROM s.a;\n")


def test_altering_keeps_the_rows(client):
    """Rows come over into the changed table; a new column gets its default."""
    client.run("INSERT INTO s.t (id, name, price) VALUES (1, 'a', 2.50); COMMIT")
    client.run(
        "ALTER TABLE s.t ADD COLUMN n INT DEFAULT 5, DROP COLUMN at, RENAME COLUMN name TO c"
    )
    client.run("ALTER TABLE s.t ALTER COLUMN c SET DATA TYPE VARCHAR(40)")

    assert client.run("SELECT id, c, n FROM s.t") == [(1, "a", 5)]
    assert client.refused("ALTER TABLE s.t ADD COLUMN c INT") == "42701"
    assert client.refused("ALTER TABLE s.t ALTER COLUMN n SET DATA TYPE NOSUCH") == "42704"
    assert client.refused("ALTER TABLE s.t DROP COLUMN nosuch") == "42703"


def test_enabling_a_key_checks_the_rows_there_are(client):
    """A key that rows already violate cannot be enabled, and the table stays as it was."""
    client.run("CREATE TABLE s.k (a INT); INSERT INTO s.k VALUES (1); INSERT INTO s.k VALUES (1)")
    client.run("COMMIT")

    assert client.refused("ALTER TABLE s.k ADD CONSTRAINT k PRIMARY KEY (a) ENABLED") == "23505"
    assert client.run("SELECT COUNT(*) FROM s.k") == [(2,)]
    client.run("ALTER TABLE s.k ADD CONSTRAINT k PRIMARY KEY (a) DISABLED")
    assert client.refused("ALTER TABLE s.k ALTER CONSTRAINT k ENABLED") == "23505"
    assert client.refused("INSERT INTO s.k VALUES (NULL)") == "22004"


def test_a_sequence_in_use_stays(client):
    """A sequence a DEFAULT draws from cannot be dropped; an IDENTITY's goes with its column."""
    client.run("CREATE SEQUENCE s.q; CREATE TABLE s.n (a INT DEFAULT NEXTVAL('s.q'), b IDENTITY)")

    assert client.refused("DROP SEQUENCE s.q") == "2BV01"
    assert client.refused("DROP SEQUENCE s.n_b_seq") == "2BV01"
    client.run("ALTER TABLE s.n DROP COLUMN b; DROP TABLE s.n; DROP SEQUENCE s.q")
    assert client.run("SELECT COUNT(*) FROM sequences") == [(0,)]


@pytest.mark.parametrize(
    ("statement", "sqlstate"),
    [
        ("CREATE TABLE s.t (a INT)", "42710"),
        ("CREATE VIEW s.t AS SELECT 1 AS a", "42710"),
        ("CREATE OR REPLACE VIEW s.t AS SELECT 1 AS a", "42710"),
        ("CREATE SEQUENCE s.t", "42710"),
        ("CREATE SCHEMA s", "42710"),
        ("CREATE SCHEMA v_mine", "42939"),
        ("CREATE TABLE nosuch.t (a INT)", "3F000"),
        ("CREATE TABLE v_catalog.t (a INT)", "42501"),
        ("CREATE VIEW s.w AS SELECT nosuch FROM s.t", "42703"),
        ("CREATE VIEW s.w AS SELECT * FROM nosuch", "42V01"),
        ("CREATE TABLE s.u LIKE nosuch", "42V01"),
        ("CREATE TABLE s.u (a INT REFERENCES nosuch)", "42V01"),
        ("CREATE TABLE s.u (a INT DEFAULT nosuch(1))", "42883"),
        ("CREATE TABLE s.u (a INT, CHECK (b > 1))", "42703"),
        ("CREATE LOCAL TEMP TABLE s.u (a INT)", "42V16"),
        ("DROP TABLE s.nosuch", "42V01"),
        ("DROP VIEW s.t", "42V01"),
        ("DROP SCHEMA s", "2BV01"),
        ("DROP SCHEMA nosuch", "3F000"),
        ("TRUNCATE TABLE s.nosuch", "42V01"),
        ("LOCK TABLE s.nosuch IN SHARE MODE", "42V01"),
        ("SELECT * FROM nosuch.t", "3F000"),
        ("SELECT * FROM s.nosuch", "42V01"),
        ("SELECT ANALYZE_STATISTICS('s.nosuch')", "42V01"),
        ("SELECT EXPORT_TABLES('', 's.nosuch')", "42V01"),
        ("SELECT SET_CONFIG_PARAMETER('NoSuch', 1)", "42704"),
        ("ALTER SESSION SET NoSuch = 1", "42704"),
        ("SET SEARCH_PATH TO nosuch", "3F000"),
        ("SET TIME ZONE TO 'No/Such'", "22023"),
        ("SHOW nosuch", "42704"),
        ("GRANT SELECT ON s.t TO nosuch", "42704"),
        ("GRANT SELECT ON s.nosuch TO public", "42V01"),
        ("GRANT USAGE ON SCHEMA nosuch TO public", "3F000"),
        ("GRANT nosuch TO dbadmin", "42704"),
    ],
)
def test_what_cannot_be_is_refused(shared, statement, sqlstate):
    """Names that are taken, missing or reserved have Vertica's SQLSTATE, and nothing changes."""
    before = list(shared.session.database.catalog.objects())

    assert shared.refused(statement) == sqlstate

    assert list(shared.session.database.catalog.objects()) == before


def test_existing_and_missing_objects_only_earn_a_notice_where_that_is_asked(client):
    """IF EXISTS and IF NOT EXISTS turn the refusal into a notice."""
    assert client.notices("DROP TABLE IF EXISTS s.nosuch") == ("Nothing was dropped",)
    assert client.notices("DROP TABLE IF EXISTS nosuch.t") == ("Nothing was dropped",)
    assert "already exists" in client.notices("CREATE TABLE IF NOT EXISTS s.t (a INT)")[0]
    assert "already exists" in client.notices("CREATE SCHEMA IF NOT EXISTS s")[0]


def test_dropping_a_schema_with_cascade_drops_what_it_holds(client):
    """Tables, views, sequences and IDENTITY columns go with their schema."""
    client.run("CREATE TABLE s.i (id IDENTITY, a INT); CREATE VIEW s.v AS SELECT a FROM s.i")
    client.run("CREATE SEQUENCE s.q; DROP SCHEMA s CASCADE; CREATE SCHEMA s")

    assert client.run("SELECT COUNT(*) FROM tables") == [(0,)]
    assert client.run("SELECT COUNT(*) FROM sequences") == [(0,)]


def test_names_are_the_same_in_any_case(client):
    """Identifiers are kept as created and found in any case, quoted or not."""
    client.run('CREATE TABLE s."MixedCase" ("Id" INT); INSERT INTO S.mixedcase (ID) VALUES (1)')

    assert client.run('SELECT "id" FROM s.MIXEDCASE') == [(1,)]
    assert client.refused("CREATE TABLE s.mixedcase (a INT)") == "42710"
    assert client.run("SELECT table_name FROM tables WHERE table_name ILIKE 'mixed%'") == [
        ("MixedCase",)
    ]


def test_the_search_path_decides_which_table_is_meant(client):
    """Unqualified names are looked for, and created, along SEARCH_PATH."""
    client.run("SET SEARCH_PATH TO s; INSERT INTO t (id) VALUES (1); CREATE TABLE u (a INT)")

    assert client.run("SELECT COUNT(*) FROM s.t") == [(1,)]
    assert client.run("SELECT table_schema FROM tables WHERE table_name = 'u'") == [("s",)]
    assert client.run("SHOW SEARCH_PATH")[0][1].startswith("s, ")


def test_a_session_is_labelled_and_tells_its_isolation(client):
    """The label is a session's own, and SHOW takes a setting's name in words too."""
    said = client.run("SELECT SET_CLIENT_LABEL('nightly')")

    assert said == [("client_label set to nightly",)]
    assert client.run("SELECT GET_CLIENT_LABEL()") == [("nightly",)]
    assert client.run("SELECT client_label FROM current_session") == [("nightly",)]
    assert client.run("SHOW TRANSACTION ISOLATION LEVEL") == [
        ("transaction_isolation", "READ COMMITTED")
    ]


def test_create_table_like_and_as(client):
    """LIKE copies the columns, AS those of a query with its rows."""
    client.run("INSERT INTO s.t (id, name) VALUES (1, 'a'); COMMIT")
    client.run("CREATE TABLE s.l LIKE s.t INCLUDING PROJECTIONS")
    client.run("CREATE TABLE s.c AS SELECT id, name AS called FROM s.t")

    assert client.run("SELECT COUNT(*) FROM s.l") == [(0,)]
    assert client.run("SELECT called FROM s.c") == [("a",)]
    assert client.run("SELECT data_type FROM columns WHERE column_name = 'called'") == [
        ("varchar(20)",)
    ]


def test_create_table_as_reads_system_and_temporary_tables(database, client):
    """What a query of other sessions' tables needs is there before it is run."""
    client.run("CREATE GLOBAL TEMP TABLE s.g (a INT)")
    other = Client(database)

    other.run("CREATE TABLE s.names AS SELECT table_name FROM tables WHERE table_schema = 's'")
    other.run("CREATE TABLE s.of_none AS SELECT a FROM s.g")

    assert sorted(other.run("SELECT table_name FROM s.names")) == [("g",), ("t",)]
    assert other.run("SELECT a FROM s.of_none") == []


def test_duplicate_keys_are_found_by_analyze_constraints(client):
    """Keys that are not enforced can still be checked."""
    client.run("INSERT INTO s.t (id) VALUES (1); INSERT INTO s.t (id) VALUES (1)")

    assert client.run("SELECT ANALYZE_CONSTRAINTS('s.t')") == [
        ("s", "t", "id", "C_PRIMARY", "PRIMARY", "('1')")
    ]


def test_sequences_count_as_told(client):
    """Start, increment and RESTART hold; a sequence does not go back at ROLLBACK."""
    client.run("CREATE SEQUENCE s.q START WITH 5 INCREMENT BY 2 NO CACHE")
    assert client.run("SELECT NEXTVAL('s.q')") == [(5,)]
    client.run("ROLLBACK")
    assert client.run("SELECT NEXTVAL('s.q')") == [(7,)]

    client.run("ALTER SEQUENCE s.q RESTART WITH 100")

    assert client.run("SELECT NEXTVAL('s.q')") == [(100,)]
    assert client.refused("CREATE SEQUENCE s.p MINVALUE 5 START WITH 1") == "22023"


def test_the_last_number_of_an_identity_is_told(database, client):
    """LAST_INSERT_ID is of the session's own last INSERT into a table with an IDENTITY."""
    client.run("CREATE TABLE s.i (id IDENTITY(10, 5), a INT)")
    assert client.run("SELECT LAST_INSERT_ID()") == [(None,)]

    client.run("INSERT INTO s.i (a) SELECT 1 UNION ALL SELECT 2")
    assert client.run("SELECT LAST_INSERT_ID()") == [(15,)]

    client.run(
        "UPDATE s.i SET a = 3; INSERT INTO s.t (id) VALUES (1); SELECT NEXTVAL('s.i_id_seq')"
    )
    assert client.run("SELECT LAST_INSERT_ID()") == [(15,)]
    assert Client(database).run("SELECT LAST_INSERT_ID()") == [(None,)]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO s.i (id, a) VALUES (7, 1)",
        "INSERT INTO s.i (a, ID) SELECT 1, 7",
        "UPDATE s.i SET id = 7",
        "MERGE INTO s.i USING s.t ON i.a = t.id WHEN MATCHED THEN UPDATE SET id = 7",
        "MERGE INTO s.i USING s.t ON i.a = t.id WHEN NOT MATCHED THEN INSERT (id) VALUES (7)",
    ],
)
def test_nobody_else_numbers_an_identity(client, statement):
    """An IDENTITY takes no value but its own: AUTO_INCREMENT and IDENTITY Sequences, 9.1."""
    client.run("CREATE TABLE s.i (id IDENTITY, a INT); INSERT INTO s.i VALUES (5)")

    assert client.refused(statement) == "0A000"

    assert client.run("SELECT id, a FROM s.i") == [(1, 5)]


def test_an_identity_goes_on_counting_when_its_table_moves(client):
    """Its sequence moves with the table (page: AUTO_INCREMENT and IDENTITY Sequences, 9.1)."""
    client.run("CREATE TABLE s.i (id IDENTITY(5, 5), a INT); INSERT INTO s.i (a) VALUES (1)")

    client.run("ALTER TABLE s.i RENAME TO j; INSERT INTO s.j (a) VALUES (2)")
    client.run("ALTER TABLE s.j RENAME COLUMN id TO no; INSERT INTO s.j (a) VALUES (3)")
    client.run("ALTER TABLE s.j SET SCHEMA public; INSERT INTO public.j (a) VALUES (4)")

    assert client.run("SELECT no, a FROM public.j ORDER BY a") == [
        (5, 1),
        (10, 2),
        (15, 3),
        (20, 4),
    ]
    told = "SELECT sequence_schema, sequence_name, identity_table_name FROM sequences"
    assert client.run(told) == [("public", "j_no_seq", "j")]


def test_tables_with_identities_are_swapped(client):
    """Each keeps its own count under the other's name."""
    client.run("CREATE TABLE s.a (id IDENTITY, n INT)")
    client.run("CREATE TABLE s.b (id IDENTITY(100, 1), n INT)")
    client.run("INSERT INTO s.a DEFAULT VALUES; INSERT INTO s.b DEFAULT VALUES")

    client.run("ALTER TABLE s.a, s.b, s.c RENAME TO c, a, b")
    client.run("INSERT INTO s.a DEFAULT VALUES; INSERT INTO s.b DEFAULT VALUES")

    assert client.run("SELECT id FROM s.a ORDER BY 1") == [(100,), (101,)]
    assert client.run("SELECT id FROM s.b ORDER BY 1") == [(1,), (2,)]


def test_a_default_of_the_clock_is_worth_what_it_is_at_the_insert(client):
    """DEFAULT NOW() is not what the time was when the table was made."""
    client.run(
        "CREATE TABLE s.d (a INT, at TIMESTAMPTZ DEFAULT NOW(), day DATE DEFAULT CURRENT_DATE, "
        "who VARCHAR(20) DEFAULT CURRENT_USER())"
    )
    client.run("INSERT INTO s.d (a) VALUES (1); COMMIT; INSERT INTO s.d (a) VALUES (2); COMMIT")

    assert client.run("SELECT COUNT(DISTINCT at) FROM s.d") == [(2,)]
    assert client.run("SELECT DISTINCT who FROM s.d WHERE at <= NOW() AND day IS NOT NULL") == [
        ("dbadmin",)
    ]


def test_defaults_of_the_clock_are_found_after_a_restart(path):
    """A session that has not seen the table made fills its defaults in all the same."""
    first = Database(path)
    Client(first).run("CREATE TABLE d (a INT, at TIMESTAMP DEFAULT STATEMENT_TIMESTAMP() NOT NULL)")
    first.close()

    second = Database(path)

    assert Client(second).run("INSERT INTO d (a) VALUES (1)") == [(1,)]
    second.close()


def test_a_session_can_be_closed_by_another(database, client):
    """CLOSE_SESSION rolls the other session back and frees its locks."""
    other = Client(database)
    other.run("LOCK TABLE s.t IN EXCLUSIVE MODE; INSERT INTO s.t (id) VALUES (1)")
    number = other.session.state.session_id

    client.run(f"SELECT CLOSE_SESSION('{number}')")

    assert client.run("SELECT lock_mode FROM locks") == []
    assert client.run("SELECT COUNT(*) FROM sessions") == [(1,)]
    assert client.run("SELECT COUNT(*) FROM s.t") == [(0,)]
    assert other.refused("SELECT 1") == "57V01"


def test_an_error_can_be_asked_for(client):
    """THROW_ERROR fails with the text given."""
    assert client.refused("SELECT THROW_ERROR('stop')") == "22V23"
