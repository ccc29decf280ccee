"""What a session that has written sees of the others' commits."""

import threading

import pytest

from support.engine_client import Client


@pytest.fixture
def writing(client):
    """Return a session that has written a row to t and not committed it."""
    client.run("INSERT INTO t VALUES (1, 'mine')")
    return client


def copies(database):
    """Return how many databases of copies there are."""
    rows = Client(database).session.connection.execute(
        "SELECT count(*) FROM duckdb_databases() WHERE database_name LIKE 'v_newer%'"
    )
    return rows.fetchone()[0]


def test_a_query_sees_what_was_committed_before_it(writing, other):
    """Two SELECTs of one transaction see the commits between them, writes pending or not."""
    assert writing.run("SELECT a FROM u") == []
    other.run("INSERT INTO u VALUES (5); COMMIT")
    assert writing.run("SELECT a FROM u") == [(5,)]
    other.run("UPDATE u SET a = 6; COMMIT")
    assert writing.run("SELECT a FROM u") == [(6,)]
    other.run("DELETE FROM u; COMMIT")
    assert writing.run("SELECT a FROM u") == []


def test_rows_of_ones_own_stand_beside_those_of_others(writing, other):
    """INSERTs do not exclude each other: a table has the rows of both, until one rolls back."""
    other.run("INSERT INTO t VALUES (2, 'yours'); COMMIT")
    other.run("INSERT INTO t VALUES (3, 'open')")

    assert writing.run("SELECT a, b FROM t ORDER BY a") == [(1, "mine"), (2, "yours")]
    writing.run("ROLLBACK")
    assert writing.run("SELECT a FROM t ORDER BY a") == [(2,)]


def test_a_copy_of_many_rows_stands_beside_those_of_others(client, other):
    """Also rows that were so many that DuckDB wrote them to the file at once are one's own."""
    client.copy("COPY u FROM STDIN NO COMMIT", b"".join(b"%d\n" % n for n in range(300_000)))
    other.run("INSERT INTO u VALUES (-1); COMMIT")

    assert client.run("SELECT COUNT(*), MIN(a), MAX(a) FROM u") == [(300_001, -1, 299_999)]


def test_a_write_reads_what_was_committed_before_it(writing, other):
    """INSERT … SELECT, UPDATE and MERGE take the newest rows of the tables they read."""
    other.run("INSERT INTO u VALUES (1); COMMIT")
    writing.run("INSERT INTO t SELECT a + 10, 'new' FROM u")
    other.run("UPDATE u SET a = 11; COMMIT")
    assert writing.value("UPDATE t SET b = 'up' FROM u WHERE t.a = u.a") == 1
    other.run("INSERT INTO u VALUES (7); COMMIT")
    writing.run("MERGE INTO t USING u ON t.a = u.a WHEN NOT MATCHED THEN INSERT VALUES (u.a, 'm')")
    writing.run("COMMIT")

    assert other.run("SELECT a, b FROM t ORDER BY a") == [(1, "mine"), (7, "m"), (11, "up")]


def test_what_a_write_has_read_stays_when_it_is_done_again(writing, other):
    """A later statement that fails takes back nothing; a table that changed twice is no matter."""
    other.run("INSERT INTO u VALUES (5); COMMIT")
    writing.run("INSERT INTO t SELECT a, 'u' FROM u")
    other.run("UPDATE u SET a = 6; COMMIT")
    assert writing.run("SELECT a FROM u") == [(6,)]

    assert writing.refused("INSERT INTO t VALUES (NULL, 'x')") == "22004"

    writing.run("COMMIT")
    assert other.run("SELECT a FROM t ORDER BY a") == [(1,), (5,)]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE u SET a = 6; COMMIT",
        "INSERT INTO u VALUES (6, 1); COMMIT",
        "TRUNCATE TABLE u",
        "DROP TABLE u CASCADE",
        "ALTER TABLE u DROP COLUMN a CASCADE",
        "CREATE OR REPLACE VIEW v AS SELECT a + 1 AS a FROM u",
    ],
)
@pytest.mark.parametrize("source", ["u", "v"])
def test_what_was_written_stays_whatever_becomes_of_its_source(client, other, change, source):
    """A failure later on takes back nothing, twice, though the work must be done again."""
    other.run("ALTER TABLE u ADD COLUMN b INT; CREATE VIEW v AS SELECT a FROM u")
    other.run("INSERT INTO u VALUES (5, 1); COMMIT")
    client.run(f"INSERT INTO t VALUES (1, 'x'); INSERT INTO t SELECT a, 'u' FROM {source}")
    other.run(change)

    assert client.refused("INSERT INTO t VALUES (NULL, 'x')") == "22004"
    other.run("INSERT INTO t VALUES (7, 'other'); COMMIT")
    assert client.refused("INSERT INTO t VALUES (NULL, 'x')") == "22004"
    client.run("LOCK TABLE t IN EXCLUSIVE MODE; COMMIT")

    assert other.run("SELECT a FROM t ORDER BY a") == [(1,), (5,), (7,)]


def test_tables_of_a_query_are_of_one_moment(writing, other, database):
    """A query sees all of a commit or nothing of it, however many others commit meanwhile."""
    other.run("CREATE TABLE w (a INT)")
    stop = threading.Event()

    def commit_pairs():
        while not stop.is_set():
            other.run("INSERT INTO u VALUES (1); INSERT INTO w VALUES (1); COMMIT")

    writing.run("INSERT INTO t VALUES (2, 'too')")
    thread = threading.Thread(target=commit_pairs, daemon=True)
    thread.start()
    try:
        seen = [
            writing.run("SELECT (SELECT COUNT(*) FROM u), (SELECT COUNT(*) FROM w)")[0]
            for _ in range(40)
        ]
    finally:
        stop.set()
        thread.join(30)

    assert [u for u, w in seen] == [w for u, w in seen]
    assert len(set(seen)) > 1


@pytest.mark.parametrize(
    "query", ["SELECT * FROM u", "SELECT a + 0 AS a FROM u", "SELECT * FROM v0"]
)
def test_views_show_what_was_committed_before_the_query(client, other, query):
    """A view reads its tables as they are, with the columns and names it was made with."""
    client.run("CREATE SCHEMA s; CREATE VIEW v0 AS SELECT a FROM u")
    client.run(f"CREATE VIEW s.v (x) AS {query}; ALTER TABLE u ADD COLUMN later INT")
    client.run("SET SEARCH_PATH TO s; INSERT INTO public.t VALUES (1, 'mine')")

    other.run("INSERT INTO u VALUES (5, 6); COMMIT")

    assert client.run("SELECT * FROM v") == [(5,)]


def test_views_need_no_rights_on_what_they_read(database, client, other):
    """Who may read a view sees others' commits through it, and not the table."""
    client.run(
        "CREATE VIEW v AS SELECT a FROM u; CREATE USER ann; GRANT USAGE ON SCHEMA public TO ann"
    )
    client.run("GRANT SELECT ON v TO ann; GRANT INSERT ON t TO ann")
    ann = Client(database, user="ann")
    ann.run("INSERT INTO t VALUES (1, 'ann')")
    other.run("INSERT INTO u VALUES (5); COMMIT")

    assert ann.run("SELECT a FROM v") == [(5,)]
    assert ann.refused("SELECT a FROM u") == "42501"


def test_definitions_count_at_once(writing, other):
    """Tables, columns, views and sequences that others define can be used and written to."""
    other.run("CREATE TABLE n (a INT); CREATE VIEW nv AS SELECT a FROM n; CREATE SEQUENCE q")
    assert writing.run("SELECT a FROM n") == writing.run("SELECT a FROM nv") == []
    assert writing.value("SELECT NEXTVAL('q')") == 1
    assert writing.value("INSERT INTO n VALUES (1)") == 1
    writing.run("COMMIT; INSERT INTO t VALUES (2, 'too')")

    other.run("ALTER TABLE n ADD COLUMN b INT; DROP VIEW nv")
    assert writing.value("INSERT INTO n VALUES (2, 2)") == 1
    assert writing.refused("SELECT a FROM nv") == "42V01"
    writing.run("COMMIT")
    assert other.run("SELECT a, b FROM n ORDER BY a") == [(1, None), (2, 2)]


def test_keys_are_looked_for_among_what_others_have_committed(writing, other):
    """An enabled key holds also for rows that came after the transaction had begun to write."""
    other.run("CREATE TABLE k (a INT PRIMARY KEY ENABLED)")
    writing.run("COMMIT; INSERT INTO t VALUES (2, 'too')")
    other.run("INSERT INTO k VALUES (1); COMMIT")

    assert writing.refused("INSERT INTO k VALUES (1)") == "23505"
    assert writing.value("INSERT INTO k VALUES (2)") == 1


def test_a_historical_query_sees_committed_rows_only(writing, other):
    """AT EPOCH LATEST leaves out what the transaction has written, but in temporary tables."""
    writing.run("CREATE LOCAL TEMP TABLE l (a INT) ON COMMIT PRESERVE ROWS")
    writing.run("INSERT INTO t VALUES (2, 'open'); INSERT INTO l VALUES (9)")
    other.run("INSERT INTO u VALUES (5); COMMIT")

    assert writing.run("AT EPOCH LATEST SELECT t.a, u.a, l.a FROM t, u, l") == [(1, 5, 9)]
    assert writing.run("SELECT a FROM t ORDER BY a") == [(1,), (2,)]


def test_reject_tables_show_what_others_had_refused(writing, other):
    """The reject table of another session's COPY is there, and grows."""
    for count in (1, 2):
        other.copy("COPY t FROM STDIN REJECTED DATA AS TABLE r", b"x|bad\n")
        assert writing.value("SELECT COUNT(*) FROM r") == count


def test_counts_and_checks_see_what_others_have_committed(writing, other):
    """System tables that count rows, and ANALYZE_CONSTRAINTS, are queries as others are."""
    other.run("CREATE TABLE k (a INT PRIMARY KEY DISABLED) PARTITION BY a")
    other.run("INSERT INTO k VALUES (1); INSERT INTO k VALUES (1); COMMIT")

    assert writing.value("SELECT SUM(ros_row_count) FROM v_monitor.partitions") == 2
    assert (
        writing.value("SELECT row_count FROM projection_storage WHERE anchor_table_name = 'k'") == 2
    )
    assert writing.run("SELECT ANALYZE_CONSTRAINTS('k')")[0][1] == "k"


def test_copies_end_with_the_transaction(writing, other, database):
    """Only the newest copy of a table is kept, and none after COMMIT or ROLLBACK."""
    for number in range(3):
        other.run(f"INSERT INTO u VALUES ({number}); COMMIT")
        assert writing.value("SELECT COUNT(*) FROM u") == number + 1
        assert writing.value("SELECT COUNT(*) FROM u") == number + 1
    assert copies(database) == 1

    writing.run("ROLLBACK")

    assert copies(database) == 0


@pytest.mark.parametrize("source", ["u", "v"])
def test_a_sample_is_one_also_of_a_view_and_of_newer_rows(client, other, source):
    """TABLESAMPLE gives some of the rows, wherever they are read from."""
    client.run("CREATE VIEW v AS SELECT a FROM u; INSERT INTO t VALUES (1, 'mine')")
    other.copy("COPY u FROM STDIN", b"7\n" * 1000)

    assert 0 < client.value(f"SELECT COUNT(*) FROM {source} TABLESAMPLE (50)") < 1000
    assert client.value(f"SELECT COUNT(*) FROM {source}") == 1000
