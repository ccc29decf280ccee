import pytest

from local_vertica.catalog.system_tables import TABLES
from local_vertica.monitor import every_table  # noqa: F401 - it enters them


def test_columns_are_shown_as_declared(client):
    """v_catalog.columns gives types, lengths, defaults and NOT NULL."""
    rows = client.run(
        "SELECT column_name, data_type, character_maximum_length, numeric_scale, is_nullable, "
        "column_default FROM v_catalog.columns WHERE table_name = 't' ORDER BY ordinal_position"
    )

    assert rows == [
        ("id", "int", None, None, False, ""),
        ("name", "varchar(20)", 20, None, True, "'x'"),
        ("price", "numeric(10,2)", None, 2, True, ""),
        ("at", "timestamp", None, None, True, ""),
    ]


def test_system_tables_are_found_without_their_schema(client):
    """The search path ends in v_catalog and v_monitor."""
    assert client.run("SELECT COUNT(*) FROM nodes WHERE node_state = 'UP'") == [(1,)]
    assert client.run("SELECT client_label FROM sessions") == [("here",)]
    assert client.run("SELECT table_name FROM tables") == [("t",)]


def test_constraints_are_shown(client):
    """Keys, checks and NOT NULL are listed with their letters."""
    assert client.run("SELECT column_name, table_schema FROM primary_keys") == [("id", "s")]
    assert client.run(
        "SELECT constraint_type, predicate FROM table_constraints ORDER BY constraint_type"
    ) == [("c", "id > 0"), ("p", "")]


def test_locks_are_shown(client):
    """v_monitor.locks names the table and the mode of who holds it."""
    client.run("LOCK TABLE s.t IN EXCLUSIVE MODE")

    assert client.run("SELECT object_name, lock_mode, lock_scope FROM locks") == [
        ("Table:s.t", "X", "TRANSACTION")
    ]


EMPTY = {
    "v_monitor.locks",
    "v_monitor.load_streams",
    "v_monitor.delete_vectors",
    "v_monitor.error_messages",
    "v_monitor.projection_refreshes",
    "v_catalog.user_audits",
    "v_catalog.shards",
    "v_catalog.models",
    "v_catalog.user_procedures",
    "v_catalog.access_policy",
}


@pytest.fixture(scope="module")
def filled(shared):
    """Return a session of a database in which hardly a system table is empty."""
    shared.run("CREATE VIEW s.v AS SELECT id FROM s.t; CREATE SEQUENCE s.q")
    shared.run("CREATE USER u IDENTIFIED BY 'x'")
    shared.run("CREATE TABLE s.f (a INT REFERENCES s.t); COMMENT ON TABLE s.t IS 'x'")
    shared.run("CREATE PROJECTION s.p AS SELECT id FROM s.t; GRANT SELECT ON s.t TO u")
    shared.run("CREATE AUTHENTICATION a METHOD 'trust' LOCAL")
    shared.run("CREATE FUNCTION f(x INT) RETURN INT AS BEGIN RETURN x; END")
    shared.run("CREATE KEY k TYPE 'RSA' LENGTH 1024; CREATE CA CERTIFICATE c SUBJECT '/CN=c' KEY k")
    shared.run("INSERT INTO s.t (id) VALUES (1); COMMIT")
    return shared


@pytest.mark.parametrize("name", [f"{schema}.{table}" for schema, table in sorted(TABLES)])
def test_every_system_table_can_be_read(filled, name):
    """Each has as many values in a row as it has columns, of the types it declares."""
    rows = filled.run(f"SELECT * FROM {name}")

    assert rows or name in EMPTY


def test_columns_are_shown_as_odbc_and_jdbc_describe_them(client):
    """Their type codes are ODBC's, lengths are octets, and of NUMERIC precision and scale."""
    client.run("CREATE TABLE s.o (i INT NOT NULL, v VARCHAR(20), n NUMERIC(10,2), at TIMESTAMP)")

    assert client.run(
        "SELECT column_name, data_type, data_type_name, column_size, decimal_digits, is_nullable "
        "FROM odbc_columns WHERE table_name = 'o' ORDER BY ordinal_position"
    ) == [
        ("i", -5, "Integer", 8, None, "NO"),
        ("v", 12, "Varchar", 20, None, "YES"),
        ("n", 2, "Numeric", 10, 2, "YES"),
        ("at", 93, "Timestamp", 8, None, "YES"),
    ]
    assert client.run("SELECT odbc_type FROM types WHERE type_name = 'Uuid'") == [(-11,)]


def test_columns_of_projections_are_shown_in_their_order(client):
    """A table's own projection is sorted as the table says, another as it says itself."""
    client.run(
        "CREATE TABLE s.o (a INT, b INT ENCODING RLE) ORDER BY b, a; INSERT INTO s.o (a) VALUES (1)"
    )
    client.run("CREATE PROJECTION s.p (b) AS SELECT b FROM s.o ORDER BY b")

    assert client.run(
        "SELECT projection_name, projection_column_name, sort_position, encoding_type "
        "FROM projection_columns WHERE table_name = 'o' ORDER BY projection_name, column_position"
    ) == [("o_super", "a", 1, "AUTO"), ("o_super", "b", 0, "RLE"), ("p", "b", 0, "RLE")]
    assert client.run("SELECT total_row_count FROM storage_containers") == [(1,)]


def test_ways_to_come_in_are_shown(client):
    """CLIENT_AUTH has the method and the kind of host in Vertica's words."""
    client.run("CREATE AUTHENTICATION a METHOD 'hash' HOST TLS '10.0.0.0/8'")

    assert client.run("SELECT auth_name, auth_method, auth_host_type FROM client_auth") == [
        ("a", "HASH", "HOSTSSL")
    ]


def test_a_request_is_remembered_with_its_outcome(client):
    """v_monitor.query_requests keeps what was run and whether it succeeded."""
    client.refused("SELECT * FROM s.nosuch")

    assert client.run(
        "SELECT success, is_executing FROM query_requests WHERE request ILIKE '%s.nosuch'"
    ) == [(False, False)]
