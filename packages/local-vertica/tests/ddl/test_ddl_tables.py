import pytest

from local_vertica.ddl.nodes import CreateTable
from local_vertica.ddl.parse import parse_ddl
from local_vertica.errors import VerticaError

ACCEPTED = [
    "CREATE TABLE t (a INT)",
    "CREATE TABLE IF NOT EXISTS s.t (a INTEGER NOT NULL, b VARCHAR(20) DEFAULT 'x')",
    "CREATE TABLE t (a INT PRIMARY KEY ENABLED, b INT UNIQUE DISABLED, c INT CHECK (c > 0))",
    "CREATE TABLE t (a INT CONSTRAINT pk PRIMARY KEY, b INT REFERENCES u (x))",
    "CREATE TABLE t (a IDENTITY, b INT)",
    "CREATE TABLE t (a IDENTITY(10, 5), b INT)",
    "CREATE TABLE t (a INT AUTO_INCREMENT, b INT)",
    "CREATE TABLE t (a INT ENCODING RLE ACCESSRANK 5, b LONG VARCHAR(1000) ENCODING AUTO)",
    "CREATE TABLE t (a INT DEFAULT NULL, b TIMESTAMP(3) WITH TIME ZONE DEFAULT NOW() NOT NULL)",
    "CREATE TABLE t (a DOUBLE PRECISION, b NUMERIC(38, 10), c INTERVAL DAY TO SECOND, d UUID)",
    "CREATE TABLE t (a INT, b INT DEFAULT 1 SET USING (SELECT 1))",
    "CREATE TABLE t (a INT, CONSTRAINT k PRIMARY KEY (a) DISABLED, UNIQUE (a), CHECK (a < 3))",
    "CREATE TABLE t (a INT, FOREIGN KEY (a) REFERENCES s.u)",
    "CREATE TABLE t (a INT, b INT) ORDER BY a, b SEGMENTED BY HASH(a) ALL NODES KSAFE 1",
    "CREATE TABLE t (a INT) ORDER BY a UNSEGMENTED ALL NODES",
    "CREATE TABLE t (a INT) SEGMENTED BY HASH(a) ALL NODES OFFSET 1",
    "CREATE TABLE t (a INT, d DATE) PARTITION BY d GROUP BY CALENDAR_HIERARCHY_DAY(d, 2, 2)",
    (
        "CREATE TABLE t (d TIMESTAMP) ORDER BY d SEGMENTED BY HASH(d) ALL NODES KSAFE 0 "
        "PARTITION BY d::DATE GROUP BY CALENDAR_HIERARCHY_DAY(d::DATE, 2, 2) ACTIVEPARTITIONCOUNT 2"
    ),
    "CREATE TABLE t (a INT) INCLUDE SCHEMA PRIVILEGES",
    "CREATE TABLE t LIKE s.u INCLUDING PROJECTIONS",
    "CREATE TABLE t AS SELECT 1 AS a",
    "CREATE TABLE t (a, b) AS SELECT 1, 2 SEGMENTED BY HASH(a) ALL NODES",
    "CREATE TEMP TABLE t (a INT) ON COMMIT PRESERVE ROWS",
    "CREATE LOCAL TEMPORARY TABLE t (a INT) ON COMMIT DELETE ROWS UNSEGMENTED ALL NODES",
    "CREATE GLOBAL TEMP TABLE t (a INT)",
    "CREATE LOCAL TEMP TABLE t ON COMMIT PRESERVE ROWS AS SELECT 1 AS a",
    'CREATE TABLE "Odd name" ("select" INT)',
    "CREATE TABLE t (a GEOMETRY(85), b GEOGRAPHY NOT NULL)",
]
REFUSED = {
    "CREATE TABLE t": "42601",
    "CREATE TABLE t ()": "42601",
    "CREATE TABLE t (a)": "42601",
    "CREATE TABLE t (a INT": "42601",
    "CREATE TABLE t (a INT) ENGINE = x": "42601",
    "CREATE TABLE t (a INT) COMMENT 'x'": "42601",
    "CREATE TABLE t (a NOSUCHTYPE)": "42704",
    "CREATE TABLE t (a VARCHAR(70000))": "22023",
    "CREATE TABLE t (a VARCHAR(0))": "22023",
    "CREATE TABLE t (a GEOMETRY(10000001))": "22023",
    "CREATE TABLE t (a INT, b GEOMETRY, PRIMARY KEY (a, b))": "0A000",
    "CREATE TABLE t (a NUMERIC(1025))": "22023",
    "CREATE TABLE t (a INT ENCODING ZIP)": "42601",
    "CREATE TABLE t (a INT ENCODING RLE ENCODING RLE)": "42601",
    "CREATE TABLE t (a INT NOT NULL NOT NULL)": "42601",
    "CREATE TABLE t (a INT DEFAULT 1 DEFAULT 2)": "42601",
    "CREATE TABLE t (a INT DEFAULT)": "42601",
    "CREATE TABLE t (a INT, A INT)": "42701",
    "CREATE TABLE t (a INT) ORDER BY b": "42703",
    "CREATE TABLE t (a INT) ORDER BY a DESC": "42601",
    "CREATE TABLE t (a INT) ORDER BY a ORDER BY a": "42601",
    "CREATE TABLE t (a INT) SEGMENTED BY HASH(b) ALL NODES": "42703",
    "CREATE TABLE t (a INT) SEGMENTED BY HASH(a)": "42601",
    "CREATE TABLE t (a INT) KSAFE 1 ORDER BY a": "42601",
    "CREATE TABLE t (a INT) KSAFE 1 KSAFE 1": "42601",
    "CREATE TABLE t (a INT) KSAFE 5": "22023",
    "CREATE TABLE t (a INT) PARTITION BY b": "42703",
    "CREATE TABLE t (a INT) PARTITION BY a GROUP BY c": "42703",
    "CREATE TABLE t (a INT, PRIMARY KEY (b))": "42703",
    "CREATE TABLE t (a INT PRIMARY KEY, b INT PRIMARY KEY)": "42V16",
    "CREATE TABLE t (a INT, CONSTRAINT c UNIQUE (a), CONSTRAINT c CHECK (a > 0))": "42V16",
    "CREATE TABLE t (a INT, PRIMARY KEY (a), b INT)": "42601",
    "CREATE TABLE t (a IDENTITY)": "42V16",
    "CREATE TABLE t (a IDENTITY, b IDENTITY)": "42V17",
    "CREATE TABLE t (a VARCHAR(3) IDENTITY, b INT)": "42611",
    "CREATE TEMP TABLE t (a IDENTITY, b INT)": "42V16",
    "CREATE TABLE t (a INT) ON COMMIT PRESERVE ROWS": "42601",
    "CREATE OR REPLACE TABLE t (a INT)": "42601",
    "CREATE GLOBAL TABLE t (a INT)": "42601",
    "CREATE TEMP SCHEMA s": "42601",
    "CREATE UNLOGGED TABLE t (a INT)": "42601",
    "CREATE INDEX i ON t (a)": "42601",
    "CREATE TABLE t (a INT) WITH (x = 1)": "42601",
    f"CREATE TABLE {'t' * 129} (a INT)": "42622",
    "CREATE TABLE select (a INT)": "42601",
    "CREATE TABLE a.b.c.d (a INT)": "42601",
}


@pytest.mark.parametrize("text", ACCEPTED)
def test_documented_forms_are_read(text):
    """Every clause of Vertica's CREATE TABLE pages has its place."""
    assert isinstance(parse_ddl(text), CreateTable)


@pytest.mark.parametrize(("text", "sqlstate"), REFUSED.items())
def test_what_vertica_does_not_know_is_refused(text, sqlstate):
    """Unknown, repeated, misplaced and contradictory clauses are errors, not comments."""
    with pytest.raises(VerticaError) as refused:
        parse_ddl(text)

    assert refused.value.sqlstate == sqlstate


def test_clauses_arrive_where_they_belong():
    """Columns, constraints and physical clauses keep what was said of them."""
    table = parse_ddl(
        "CREATE TABLE s.t (id INT NOT NULL, n VARCHAR(5) DEFAULT 'x' ENCODING RLE, d DATE, "
        "CONSTRAINT pk PRIMARY KEY (id) ENABLED) ORDER BY id, d "
        "SEGMENTED BY HASH(id) ALL NODES KSAFE 1 PARTITION BY d"
    )

    identifier, name, _ = table.columns
    assert (identifier.type, identifier.nullable) == ("int", False)
    assert (name.type, name.default, name.encoding) == ("varchar(5)", "'x'", "RLE")
    assert table.constraints[0].columns == ("id",)
    assert table.constraints[0].is_enforced
    assert table.physical.order_by == ("id", "d")
    assert table.physical.segmented_by == "HASH(id)"
    assert (table.physical.ksafe, table.physical.partition_by) == (1, "d")


def test_keys_are_enforced_only_if_enabled():
    """A primary key or UNIQUE is disabled by default, a CHECK is enabled."""
    table = parse_ddl("CREATE TABLE t (a INT PRIMARY KEY, b INT UNIQUE ENABLED, CHECK (a > 0))")

    assert [c.is_enforced for c in table.constraints] == [False, True, True]


def test_a_temporary_table_loses_its_rows_unless_told_otherwise():
    """ON COMMIT DELETE ROWS is what Vertica does if nothing is said."""
    assert not parse_ddl("CREATE TEMP TABLE t (a INT)").keeps_rows
    assert parse_ddl("CREATE TEMP TABLE t (a INT) ON COMMIT PRESERVE ROWS").keeps_rows
    assert parse_ddl("CREATE TABLE t (a INT)").keeps_rows
