"""What a translation tells besides its SQL, and what statements that change rows do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import duckdb
import pytest

from local_vertica.errors import VerticaError
from local_vertica.sql.duck_errors import vertica_error
from local_vertica.sql.scope import ColumnInfo
from local_vertica.sql.translate import translate_expression
from local_vertica.types import VType
from support.stage import build_stage


@pytest.fixture
def stage():
    """Give a fresh stage that a test may change."""
    return build_stage()


def test_an_insert_from_a_query_fills_the_named_columns(stage):
    """Columns are matched by their place in the list, the others stay NULL."""
    assert stage.run("INSERT INTO t (b, a) SELECT x, a FROM u WHERE a = 4") == [(1,)]
    assert stage.run("SELECT a, b, c FROM t WHERE a = 4") == [(4, "z", None)]


def test_an_insert_without_a_list_takes_the_first_columns(stage):
    """Fewer values than columns fill the first ones, as with a list of those."""
    stage.run("INSERT INTO u VALUES (9, 'nine')")

    assert stage.run("SELECT * FROM u WHERE a = 9") == [(9, "nine", None)]


def test_an_insert_turns_constants_into_the_columns_types(stage):
    """Text constants are read as the type of the column they are assigned to."""
    stage.run(
        "INSERT INTO t (a, c, d, e, f, g) "
        "VALUES ('7', '1.255', '2020-01-01', 'Jan 8, 1999', '2', 'yes')"
    )

    row = stage.run("SELECT c, d, e, f, g FROM t WHERE a = 7")[0]
    assert [str(value) for value in row] == [
        "1.26", "2020-01-01", "1999-01-08 00:00:00", "2.0", "True",
    ]  # fmt: skip


def test_an_insert_rounds_and_writes_out_numbers(stage):
    """Assignment casts round a NUMERIC to INTEGER and write a number into a text column."""
    stage.run("INSERT INTO t (a, b) SELECT 2.5, 17")

    assert stage.run("SELECT a, b FROM t WHERE b = '17'") == [(3, "17")]


def test_an_insert_may_begin_its_query_with_with(stage):
    """Vertica writes the WITH behind INSERT INTO."""
    stage.run("INSERT INTO empty (a) WITH q AS (SELECT MAX(a) AS top FROM u) SELECT top FROM q")

    assert stage.run("SELECT a FROM empty") == [(4,)]


def test_default_values_are_those_of_the_table(stage):
    """DEFAULT leaves the value to the table's definition."""
    stage.connection.execute("ALTER TABLE public.empty ALTER \"b\" SET DEFAULT 'none'")

    stage.run("INSERT INTO empty (a, b) VALUES (1, DEFAULT)")
    stage.run("INSERT INTO empty DEFAULT VALUES")

    assert stage.run("SELECT b FROM empty") == [("none",), ("none",)]


def test_default_in_set_is_the_columns_expression(stage):
    """UPDATE … SET c = DEFAULT reads the default from the catalogue, NULL if there is none."""
    info = stage.tables["public.u"]
    column = ColumnInfo("x", VType("VARCHAR", length=10), default="'d' || 1")
    stage.tables["public.u"] = replace(info, columns=(info.columns[0], column, info.columns[2]))

    stage.run("UPDATE u SET x = DEFAULT, y = DEFAULT WHERE a = 4")

    assert stage.run("SELECT x, y FROM u WHERE a = 4") == [("d1", None)]


def test_an_update_takes_values_from_other_tables(stage):
    """FROM joins other tables to the one that is changed."""
    stage.run("UPDATE t SET b = u.x, c = t.c + 1 FROM u WHERE t.a = u.a AND u.y = 20")

    assert stage.run("SELECT b, c FROM t WHERE a = 1")[0][0] == "y"


def test_an_update_may_alias_its_table(stage):
    """The alias qualifies columns in WHERE and in expressions."""
    assert stage.run("UPDATE t AS s SET b = 'new' WHERE s.a = 2") == [(1,)]


def test_a_delete_uses_subqueries(stage):
    """Rows found by a correlated subquery go."""
    assert stage.run("DELETE FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.a = t.a)") == [(1,)]


def test_a_merge_updates_and_inserts(stage):
    """Matched rows are changed, the others added, each under its own condition."""
    stage.run(
        "MERGE INTO dwh.t AS target USING (SELECT 1 AS a, 'x' AS z UNION ALL SELECT 2, 'y') AS s "
        "ON target.a = s.a WHEN MATCHED THEN UPDATE SET z = s.z "
        "WHEN NOT MATCHED THEN INSERT (a, z) VALUES (s.a, s.z)"
    )
    stage.run(
        "MERGE INTO dwh.t USING u ON t.a = u.a AND u.x = 'x' "
        "WHEN MATCHED AND u.y > 5 THEN UPDATE SET z = u.x || '!' "
        "WHEN NOT MATCHED THEN INSERT VALUES (u.a, u.x) WHERE u.a > 3"
    )

    assert stage.run("SELECT a, z FROM dwh.t ORDER BY a") == [(1, "x!"), (2, "y"), (4, "z")]


def test_a_merge_that_matches_a_row_twice_is_refused(stage):
    """Two source rows for one target row are Vertica's duplicate MERGE key."""
    made = stage.translated(
        "MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN UPDATE SET b = u.x"
    )

    with pytest.raises(duckdb.Error) as failure:
        stage.connection.execute(made.duck_sql)

    assert vertica_error(failure.value).number == 3147


@pytest.mark.parametrize(
    ("statement", "sqlstate"),
    [
        ("SELECT 1 / 0", "22012"),
        ("SELECT a / 0 FROM t", "22012"),
        ("SELECT a // 0 FROM t", "22012"),
        ("SELECT a % 0 FROM t", "22012"),
        ("SELECT f / 0 FROM t", "22012"),
        ("SELECT c / 0 FROM t", "22012"),
        ("SELECT 9223372036854775807 + a FROM t", "22003"),
        ("SELECT SUM(9223372036854775807) FROM t", "22003"),
        ("SELECT b::INT FROM t", "22V02"),
        ("SELECT a FROM t WHERE b = 1", "22V02"),
        ("SELECT SQRT(-1)", "2201F"),
        ("SELECT LN(0)", "2201E"),
        ("SELECT SPLIT_PART('a', ',', 0)", "22023"),
        ("SELECT LISTAGG(b USING PARAMETERS max_length=2) FROM t", "22001"),
        ("SELECT THROW_ERROR('test')", "V0001"),
        ("SELECT ST_GeomFromText('POINT (1 2')", "VP001"),
        ("SELECT ST_GeomFromText('POINT (1 2 3)')", "VP001"),
        ("SELECT ST_GeographyFromText('LINESTRING (1 2)')", "VP001"),
        ("SELECT ST_GeomFromText('POLYGON ((1 2, 2 3, 3 1))')", "VP001"),
        ("SELECT ST_GeomFromText('GEOMETRYCOLLECTION (POINT (1 2))')", "VP001"),
        ("SELECT (SELECT a FROM t)", "23505"),
    ],
)
def test_an_error_of_the_data_has_verticas_sqlstate(stage, statement, sqlstate):
    """What fails only while it runs is told in Vertica's words too."""
    made = stage.translated(statement)

    with pytest.raises(duckdb.Error) as failure:
        stage.connection.execute(made.duck_sql).fetchall()

    assert vertica_error(failure.value).sqlstate == sqlstate


@pytest.mark.parametrize(
    ("expression", "vtype"),
    [
        ("COUNT(*)", "int"),
        ("SUM(a)", "int"),
        ("AVG(a)", "float"),
        ("SUM(c)", "numeric(38,2)"),
        ("MAX(b)", "varchar(20)"),
    ],
)
def test_an_aggregate_has_its_documented_type(stage, expression, vtype):
    """The fields of a result carry Vertica's types, not DuckDB's."""
    assert str(stage.translated(f"SELECT {expression} FROM t").fields[0].vtype) == vtype


@pytest.mark.parametrize(
    ("expression", "vtype"),
    [
        ("a + 1", "int"),
        ("a / 2", "numeric(38,18)"),
        ("c + 1.5", "numeric(11,2)"),
        ("c * c", "numeric(20,4)"),
        ("a + f", "float"),
        ("b || 'xy'", "varchar(22)"),
        ("b || a", "varchar(40)"),
        ("'привет'", "varchar(12)"),
        ("b::VARCHAR(5)", "varchar(5)"),
        ("LEFT(b, 2)", "varchar(20)"),
        ("MD5(b)", "varchar(32)"),
        ("MD5(b)::UUID", "uuid"),
        ("d + 1", "date"),
        ("d + INTERVAL '1 hour'", "timestamp"),
        ("e - e", "interval day to second"),
        ("d - d", "int"),
        ("COALESCE(a, 1.5)", "numeric(20,1)"),
        ("CASE WHEN g THEN 'abc' ELSE b END", "varchar(20)"),
        ("NULL", "varchar(1)"),
        ("a = 1", "boolean"),
        ("NOW()", "timestamptz"),
        ("EXTRACT(YEAR FROM d)", "float"),
        ("YEAR(d)", "int"),
        ("1.50", "numeric(3,2)"),
    ],
)
def test_an_expression_has_its_documented_type(stage, expression, vtype):
    """Types are worked out before the statement runs, so that a client can be told."""
    assert str(stage.translated(f"SELECT {expression} FROM t").fields[0].vtype) == vtype


@pytest.mark.parametrize(
    ("expression", "heading"),
    [
        ("A", "a"),
        ("t.a", "a"),
        ("a AS Kept", "Kept"),
        ('a "as It Is"', "as It Is"),
        ("a + 1", "?column?"),
        ("1", "?column?"),
        ("'x'", "?column?"),
        ("UPPER(b)", "UPPER"),
        ("count(*)", "count"),
        ("a::VARCHAR", "a"),
        ("CASE WHEN g THEN 1 END", "case"),
        ("EXTRACT(YEAR FROM d)", "date_part"),
    ],
)
def test_a_result_column_has_its_heading(stage, expression, heading):
    """Columns keep the spelling of their table, aliases that of the statement."""
    grouping = "" if "count" in expression else " WHERE a = 1"
    assert stage.translated(f"SELECT {expression} FROM t{grouping}").fields[0].name == heading


def test_a_plain_column_tells_where_it_comes_from(stage):
    """A client sees table and number of a column that is nothing but that."""
    plain, computed = stage.translated("SELECT b, b || '' FROM t").fields

    assert (plain.schema, plain.table, plain.attnum, plain.table_oid) == ("public", "t", 2, 1)
    assert computed.table_oid == 0


def test_reads_and_writes_are_told(stage):
    """Locks and rights rest on the tables a statement names, however deep."""
    made = stage.translated(
        "INSERT INTO dwh.t (a) SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.a = t.a)"
    )

    assert made.kind == "insert"
    assert made.reads == {("public", "t"), ("public", "u")}
    assert made.writes == ("dwh", "t")


def test_a_change_does_not_count_its_target_as_read(stage):
    """UPDATE, DELETE and MERGE write their table; they read what else they name."""
    made = stage.translated("UPDATE t SET b = x FROM u WHERE t.a = u.a")

    assert made.reads == {("public", "u")}
    assert made.writes == ("public", "t")


@pytest.mark.parametrize(
    ("statement", "types"),
    [
        ("INSERT INTO t (a, b, d) VALUES (?, ?, ?)", ["int", "varchar(20)", "date"]),
        ("SELECT a FROM t WHERE c > ? AND d = ?", ["numeric(10,2)", "date"]),
        ("SELECT ?::INT + 1", ["int"]),
        ("SELECT ?", ["varchar(80)"]),
        ("SELECT a FROM t LIMIT ?", ["int"]),
        ("UPDATE t SET f = ? WHERE a IN (?, ?)", ["float", "int", "int"]),
    ],
)
def test_a_parameter_takes_the_type_of_what_it_stands_beside(stage, statement, types):
    """The server tells a client the types of its parameters before they have values."""
    assert [str(vtype) for vtype in stage.translated(statement).parameters] == types


def test_parameters_come_as_text(stage):
    """Clients send texts; the statement turns them into what is needed."""
    assert stage.run("SELECT a + ?, b FROM t WHERE d = ?", ["2", "2020-01-01"]) == [(3, "one")]


def test_session_values_make_a_translation_volatile(stage):
    """What holds the clock or a user's name may not be kept for the next run."""
    assert stage.translated("SELECT NOW()").volatile
    assert not stage.translated("SELECT a FROM t").volatile

    first = stage.run("SELECT NOW()")
    stage.now = datetime(2030, 1, 1, tzinfo=UTC)

    assert stage.run("SELECT NOW()") != first


def test_a_translation_is_kept_until_names_mean_something_else(stage):
    """The same text in the same scope is worked out once."""
    statement = "SELECT a, b FROM t WHERE a > 2"

    assert stage.translated(statement) is stage.translated(statement)


def test_the_vaults_keys_need_no_wrapping(stage):
    """The canonical text of a key becomes DuckDB's plain functions: no macro, no length check."""
    made = stage.translated(
        "SELECT MD5('users;' || OCTET_LENGTH(id::VARCHAR) || ':' || id::VARCHAR)::UUID "
        "FROM staging.users"
    )

    assert "v_" not in made.duck_sql
    assert stage.connection.execute(made.duck_sql).fetchall()[0] == (
        UUID("f520726b-7abb-706d-c37a-f73709d168c6"),
    )


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT x || a || y FROM u", [("x110",), ("y120",), (None,)]),
        ("SELECT x || a || COALESCE(';' || y, '~') FROM u", [("x1;10",), ("y1;20",), ("z4~",)]),
        ("SELECT COALESCE(x, 'none') || '!' FROM u", [("x!",), ("y!",), ("z!",)]),
        (
            "SELECT t.a || u.x FROM t LEFT JOIN u ON u.a = t.a ORDER BY t.a, u.x",
            [("1x",), ("1y",), (None,), (None,)],
        ),
        (
            "SELECT COALESCE(x, 'all') || '!' FROM u GROUP BY ROLLUP(x) ORDER BY 1",
            [("all!",), ("x!",), ("y!",), ("z!",)],
        ),
        ("SELECT COALESCE((SELECT x FROM u WHERE a = 9), 'none')", [("none",)]),
        ("SELECT COALESCE((SELECT MAX(x) FROM u WHERE a = 9) || '!', 'none')", [("none",)]),
        (
            "SELECT COALESCE(v, 'none') FROM (SELECT x AS v FROM u UNION ALL SELECT NULL) q",
            [("x",), ("y",), ("z",), ("none",)],
        ),
    ],
)
def test_columns_without_nulls_become_null_where_a_query_makes_them(stage, query, rows):
    """That a column is NOT NULL shortens the SQL; joins, ROLLUP and empty subqueries undo it."""
    columns = stage.tables["public.u"].columns
    sure = tuple(replace(column, nullable=column.name == "y") for column in columns)
    stage.tables["public.u"] = replace(stage.tables["public.u"], columns=sure)

    assert stage.run(query) == rows


def test_an_expression_over_columns_is_translated_alone(stage):
    """COPY's computed columns and defaults use names that are quoted as they were given."""
    found = translate_expression(
        "UPPER(name) || id", {"name": VType("VARCHAR", length=5), "id": VType("INTEGER")}
    )

    assert str(found.vtype) == "varchar(25)"
    row = stage.connection.execute(f"""SELECT {found} FROM (SELECT 'x' AS "name", 7 AS "id")""")
    assert row.fetchall() == [("X7",)]


def test_an_expression_alone_knows_no_tables_and_no_session():
    """Without a scope there is nothing to ask."""
    for text in ("(SELECT 1 FROM t)", "NOW()", "NEXTVAL('s')"):
        with pytest.raises(VerticaError) as refusal:
            translate_expression(text, {})
        assert refusal.value.sqlstate == "0A000"


def test_intervals_of_months_reach_the_client_as_months(stage):
    """DuckDB's driver would turn months into 30 days each."""
    made = stage.translated("SELECT id, ym, iv FROM moments")

    assert stage.connection.execute(made.client_sql).fetchall() == [
        (1, 14, timedelta(days=1, hours=2)),
    ]


def test_a_string_goes_on_in_the_next_line(stage):
    """Strings that only a new line parts are one; its escapes are octets of UTF-8."""
    made = stage.translated("SELECT 'x'\n  'y''z', E'\\xD1\\217'")

    assert stage.connection.execute(made.client_sql).fetchall() == [("xy'z", "я")]
