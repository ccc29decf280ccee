import pytest

from local_vertica.ddl.nodes import AddColumn, AlterColumn, Drop, RenameColumn
from local_vertica.ddl.parse import parse_ddl
from local_vertica.errors import VerticaError

ACCEPTED = [
    "CREATE SCHEMA s",
    "CREATE SCHEMA IF NOT EXISTS s AUTHORIZATION dbadmin",
    "CREATE SCHEMA s DEFAULT INCLUDE PRIVILEGES",
    "CREATE VIEW v AS SELECT 1 AS a",
    "CREATE OR REPLACE VIEW s.v (a, b) AS SELECT 1, 2",
    "CREATE LOCAL TEMP VIEW v AS SELECT 1 AS a",
    (
        "CREATE PROJECTION p (a ENCODING RLE, b) AS SELECT a, b FROM t ORDER BY a "
        "SEGMENTED BY HASH(a) ALL NODES KSAFE 1"
    ),
    "CREATE PROJECTION p AS SELECT * FROM t UNSEGMENTED ALL NODES",
    "CREATE SEQUENCE q",
    "CREATE SEQUENCE s.q INCREMENT BY 2 MINVALUE 1 MAXVALUE 99 START WITH 3 NO CACHE CYCLE",
    "ALTER SEQUENCE q RESTART WITH 5",
    "ALTER SEQUENCE s.q RENAME TO r",
    "ALTER SEQUENCE q SET SCHEMA s",
    "ALTER SEQUENCE q OWNER TO u",
    "ALTER VIEW s.v SET SCHEMA t",
    "ALTER VIEW v OWNER TO u",
    "DROP TABLE IF EXISTS a, s.b CASCADE",
    "DROP VIEW a, b",
    "DROP SCHEMA s CASCADE",
    "DROP SCHEMA s RESTRICT",
    "DROP PROJECTION p RESTRICT",
    "DROP SEQUENCE q",
    "TRUNCATE TABLE s.t",
    "COMMENT ON TABLE t IS 'it''s'",
    "COMMENT ON SCHEMA s IS NULL",
    "GRANT SELECT, INSERT ON s.t TO u",
    "GRANT ALL PRIVILEGES ON SCHEMA s TO u WITH GRANT OPTION",
    "GRANT r TO u",
    "REVOKE SELECT ON t FROM u CASCADE",
    "CREATE USER u IDENTIFIED BY 'x'",
    "CREATE ROLE r",
    "ALTER USER u IDENTIFIED BY 'x' SECURITY_ALGORITHM 'SHA512'",
    "ALTER USER u PASSWORD EXPIRE",
    "CREATE AUTHENTICATION a METHOD 'hash' HOST '0.0.0.0/0'",
    "CREATE AUTHENTICATION a METHOD 'reject' HOST NO TLS '::/0'",
    "CREATE AUTHENTICATION a METHOD 'trust' LOCAL",
    "GRANT AUTHENTICATION a TO u, public",
    "REVOKE AUTHENTICATION a FROM u",
    "DROP AUTHENTICATION IF EXISTS a CASCADE",
    "DROP KEY IF EXISTS k CASCADE",
    "ALTER TLS CONFIGURATION server CERTIFICATE NULL TLSMODE 'DISABLE'",
    "ALTER TLS CONFIGURATION server REMOVE CA CERTIFICATES c",
    "ALTER TLS CONFIGURATION server CERTIFICATE c ADD CA CERTIFICATES d, e TLSMODE 'VERIFY_CA'",
    "CREATE KEY k TYPE 'RSA' LENGTH 4096",
    "CREATE KEY k TYPE 'RSA' AS '-----BEGIN PRIVATE KEY-----'",
    "CREATE CA CERTIFICATE c AS '-----BEGIN CERTIFICATE-----' KEY k",
    "CREATE CERTIFICATE c AS '-----BEGIN CERTIFICATE-----' SIGNED BY d KEY k",
    "CREATE CERTIFICATE c SUBJECT '/CN=x' SIGNED BY d VALID FOR 9 EXTENSIONS 'a' = 'b' KEY k",
    "DROP CERTIFICATE IF EXISTS c, d CASCADE",
    "ALTER TABLE t ADD COLUMN a INT DEFAULT 1 NOT NULL",
    "ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY (a) ENABLED",
    "ALTER TABLE t DROP COLUMN a CASCADE",
    "ALTER TABLE t DROP CONSTRAINT k",
    "ALTER TABLE t RENAME TO u",
    "ALTER TABLE t, u, w RENAME TO w, t, u",
    "ALTER VIEW s.v, w RENAME TO w, v",
    "DROP VIEW IF EXISTS v CASCADE",
    "ALTER TABLE t RENAME COLUMN a TO b",
    "ALTER TABLE t SET SCHEMA s",
    "ALTER TABLE t ALTER COLUMN a SET DATA TYPE VARCHAR(10)",
    "ALTER TABLE t ALTER COLUMN a SET DEFAULT 5, ALTER COLUMN b DROP NOT NULL",
    "ALTER TABLE t ALTER CONSTRAINT k DISABLED",
    "ALTER TABLE t PARTITION BY d REORGANIZE",
    "ALTER TABLE t REMOVE PARTITIONING",
    "ALTER TABLE t OWNER TO u, ADD CONSTRAINT k UNIQUE (a) ENABLED",
    "ALTER DATABASE DEFAULT SET LockTimeout = 5",
    "ALTER DATABASE d CLEAR LockTimeout",
    "ALTER SESSION SET PARAMETER AWSRegion = 'eu-west-1'",
]
REFUSED = [
    "CREATE SCHEMA",
    "CREATE SCHEMA s TABLESPACE x",
    "CREATE MATERIALIZED VIEW v AS SELECT 1",
    "CREATE VIEW v",
    "CREATE VIEW IF NOT EXISTS v AS SELECT 1",
    "CREATE TEMP VIEW v AS SELECT 1",
    "CREATE GLOBAL TEMPORARY VIEW v AS SELECT 1",
    "CREATE SEQUENCE q START 1 START 2",
    "CREATE SEQUENCE q OWNED BY t.a",
    "DROP TABLE",
    "DROP TABLE t CASCADE CASCADE",
    "DROP TABLE t RESTRICT",
    "DROP USER u RESTRICT",
    "DROP INDEX i",
    "TRUNCATE t",
    "TRUNCATE TABLE a, b",
    "COMMENT ON TABLE t IS 5",
    "GRANT FROBNICATE ON t TO u",
    "GRANT SELECT ON t",
    "CREATE ROLE r IDENTIFIED BY 'x'",
    "ALTER USER u",
    "ALTER USER u SECURITY_ALGORITHM 'CRC32'",
    "CREATE AUTHENTICATION a METHOD 'magic' LOCAL",
    "CREATE AUTHENTICATION a METHOD 'hash' HOST 'everywhere'",
    "CREATE AUTHENTICATION a METHOD 'hash' LOCAL '::/0'",
    "GRANT AUTHENTICATION a ON t TO u",
    "ALTER TLS CONFIGURATION server TLSMODE 'SOMETIMES'",
    "ALTER TLS CONFIGURATION server",
    "ALTER TLS CONFIGURATION server TLSMODE 'ENABLE' CERTIFICATE c",
    "CREATE KEY k",
    "CREATE KEY k TYPE 'DSA' LENGTH 1024",
    "CREATE KEY k TYPE 'RSA'",
    "CREATE CA KEY k TYPE 'RSA' LENGTH 1024",
    "CREATE CERTIFICATE c",
    "CREATE CERTIFICATE c AS 'x' VALID FOR 3",
    "CREATE CERTIFICATE c SUBJECT '/CN=x' KEY k SIGNED BY d",
    "CREATE CERTIFICATE c SUBJECT '/CN=x' EXTENSIONS KEY k",
    "ALTER TABLE t",
    "ALTER TABLE t ADD a INT",
    "ALTER TABLE t ALTER COLUMN a TYPE INT",
    "ALTER TABLE t OWNER TO x, FOO",
    "ALTER VIEW v RENAME TO w, x",
    "ALTER VIEW v ADD COLUMN a INT",
    "ALTER VIEW v, w SET SCHEMA s",
    "ALTER VIEW v SET SCHEMA s OWNER TO u",
    "ALTER SEQUENCE q RENAME TO r, t",
    "ALTER SEQUENCE q RESTART WITH 5 OWNER TO u",
    "ALTER SEQUENCE q SET CACHE 5",
    "ALTER TABLE t, u RENAME TO v",
    "ALTER TABLE t RENAME TO u, ADD COLUMN a INT",
    "SELECT 1",
]


@pytest.mark.parametrize("text", ACCEPTED)
def test_documented_statements_are_read(text):
    """The statements this database offers are read in their documented forms."""
    parse_ddl(text)


@pytest.mark.parametrize("text", REFUSED)
def test_other_statements_are_syntax_errors(text):
    """What is not documented, or not offered, is 42601."""
    with pytest.raises(VerticaError) as refused:
        parse_ddl(text)

    assert refused.value.sqlstate == "42601"


@pytest.mark.parametrize("kind", ["FLEX TABLE t()", "EXTERNAL TABLE t (a INT) AS COPY FROM 'x'"])
def test_what_vertica_alone_can_make_is_refused_as_such(kind):
    """It is no error of syntax that nothing here can hold such an object."""
    with pytest.raises(VerticaError) as refusal:
        parse_ddl(f"CREATE {kind}")

    assert refusal.value.sqlstate == "0A000"


def test_the_refusal_says_where():
    """A syntax error names the token and its place, as Vertica words it."""
    with pytest.raises(VerticaError) as refused:
        parse_ddl("DROP TABLE t FOO")

    assert refused.value.message == 'Syntax error at or near "FOO" at character 14'
    assert refused.value.number == 4856


def test_several_objects_are_dropped_in_one_statement():
    """Names keep their order and their schema."""
    assert parse_ddl("DROP TABLE IF EXISTS a, s.b") == Drop(
        "TABLE", ((None, "a"), ("s", "b")), if_exists=True, cascade=False
    )


def test_the_actions_of_alter_table_keep_their_order():
    """Each action is its own, in the order it was written."""
    actions = parse_ddl(
        "ALTER TABLE t ADD COLUMN a INT, RENAME COLUMN b TO c, ALTER COLUMN d SET NOT NULL"
    ).actions

    assert [type(action) for action in actions] == [AddColumn, RenameColumn, AlterColumn]
