import pytest

from local_vertica.engine.database import Database
from support.catalog_client import Client

ZERO = (
    "CREATE FUNCTION zero(x INT) RETURN INT AS BEGIN "
    "RETURN (CASE WHEN (x IS NOT NULL) THEN x ELSE 0 END); END;"
)
NAMED = """CREATE FUNCTION s.full_name(first VARCHAR(20), last VARCHAR(20)) RETURN VARCHAR AS
    BEGIN RETURN first || ' ' || UPPER(last); END;"""


@pytest.fixture
def rows(client):
    """Return a session with a few rows and functions."""
    client.run("CREATE TABLE s.r (a INT, b VARCHAR(10), n NUMERIC(8,2), d DATE)")
    client.run("INSERT INTO s.r VALUES (1, 'x', 1.50, '2020-02-29')")
    client.run("INSERT INTO s.r VALUES (NULL, 'y', 2.5, NULL); COMMIT")
    client.run(ZERO + NAMED)
    return client


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT zero(a), zero(5), ZERO('7') FROM s.r", [(1, 5, 7), (0, 5, 7)]),
        ("SELECT zero(a) + 1, COUNT(*) FROM s.r GROUP BY zero(a) ORDER BY 1", [(1, 1), (2, 1)]),
        ("SELECT zero(SUM(a)), SUM(zero(a)) FROM s.r", [(1, 1)]),
        ("SELECT b FROM s.r WHERE zero(a) = 0 ORDER BY zero(a)", [("y",)]),
        ("SELECT zero(SUM(a) OVER (ORDER BY b)) FROM s.r ORDER BY b", [(1,), (1,)]),
        ("SELECT zero((SELECT MAX(a) FROM s.r))", [(1,)]),
        ("SELECT zero(zero(NULL))", [(0,)]),
        ("SELECT s.full_name('ann', b) FROM s.r ORDER BY b", [("ann X",), ("ann Y",)]),
        ("SELECT LENGTH(s.full_name(REPEAT('a', 90), 'b'))", [(92,)]),
    ],
)
def test_the_expression_stands_for_the_call(rows, query, told):
    """In each clause, over columns, constants, aggregates, windows and subqueries."""
    assert rows.run(query) == told


def test_a_column_of_that_name_is_not_meant(rows):
    """Names in the expression are the function's arguments, whatever the caller's table has."""
    rows.run("CREATE TABLE s.names (first VARCHAR(9), last VARCHAR(9))")
    rows.run("INSERT INTO s.names VALUES ('a', 'b'); COMMIT")

    assert rows.run("SELECT s.full_name(last, first) FROM s.names") == [("b A",)]


def test_arguments_and_results_have_their_types(rows):
    """A constant is read as the type declared, and the expression becomes the type returned."""
    rows.run("CREATE FUNCTION half(x INT) RETURN INT AS BEGIN RETURN x / 2; END")
    rows.run("CREATE FUNCTION shown(x INT) RETURN VARCHAR(3) AS BEGIN RETURN x; END")
    rows.run("CREATE FUNCTION nothing() RETURN DATE AS BEGIN RETURN NULL; END")
    rows.run(
        "CREATE FUNCTION later(d DATE, n INT) RETURN TIMESTAMP AS "
        "BEGIN RETURN TIMESTAMPADD(MONTH, n, d); END"
    )

    assert rows.run("SELECT half(10), shown(12345), nothing()") == [(5, "12345", None)]
    assert rows.run("SELECT later('2020-01-31', 1)::VARCHAR") == [("2020-02-29 00:00:00",)]


def test_functions_of_one_name_differ_by_their_types(rows):
    """OR REPLACE changes the expression; other types make another function beside it."""
    rows.run(
        "CREATE OR REPLACE FUNCTION zero(x VARCHAR) RETURN VARCHAR AS BEGIN RETURN x || '!'; END"
    )
    rows.run("CREATE OR REPLACE FUNCTION zero(x INT) RETURN INT AS BEGIN RETURN NVL(x, -1); END")

    assert rows.run("SELECT zero(b), zero(a) FROM s.r ORDER BY b") == [("x!", 1), ("y!", -1)]
    rows.run("DROP FUNCTION zero(i INT)")
    assert rows.run("SELECT zero(b) FROM s.r ORDER BY b") == [("x!",), ("y!",)]


def test_the_search_path_decides_which_function_is_meant(rows):
    """The first that fits on the path is called."""
    rows.run("CREATE FUNCTION s.zero(x INT) RETURN INT AS BEGIN RETURN 100; END")

    assert rows.run("SELECT zero(1)") == [(1,)]
    rows.run("SET SEARCH_PATH TO s, public")
    assert rows.run("SELECT zero(1), public.zero(1)") == [(100, 1)]


def test_views_keep_the_expression_and_functions_look_it_up(rows):
    """A view has been flattened; a function that calls a dropped one fails when it is used."""
    rows.run("CREATE FUNCTION twice(x INT) RETURN INT AS BEGIN RETURN zero(x) * 2; END")
    rows.run("CREATE VIEW s.v AS SELECT twice(a) AS t FROM s.r; DROP FUNCTION zero(INT)")

    assert sorted(rows.run("SELECT t FROM s.v")) == [(0,), (2,)]
    assert rows.refused("SELECT twice(1)") == "42883"


def test_no_function_calls_itself_by_another_name(rows):
    """A circle that renaming closes is refused when it is used."""
    rows.run("CREATE FUNCTION f(x INT) RETURN INT AS BEGIN RETURN x; END")
    rows.run("CREATE FUNCTION g(x INT) RETURN INT AS BEGIN RETURN f(x); END")
    rows.run("CREATE FUNCTION h(x INT) RETURN INT AS BEGIN RETURN g(x); END")
    rows.run("DROP FUNCTION f(INT); ALTER FUNCTION h(INT) RENAME TO f")

    assert rows.refused("SELECT f(1)") == "42V13"


def test_functions_are_moved_renamed_and_given_away(rows):
    """ALTER FUNCTION keeps the expression."""
    rows.run("CREATE USER u; CREATE SCHEMA macros")
    rows.run("ALTER FUNCTION s.full_name(VARCHAR, last VARCHAR) RENAME TO called")
    rows.run("ALTER FUNCTION s.called(VARCHAR, VARCHAR) SET SCHEMA macros")
    rows.run("ALTER FUNCTION macros.called(VARCHAR, VARCHAR) OWNER TO u")

    assert rows.run("SELECT macros.called('a', 'b')") == [("a B",)]
    assert rows.refused("SELECT s.called('a', 'b')") == "42883"
    assert rows.refused("DROP USER u") == "2BV01"
    rows.run("DROP USER u CASCADE; DROP SCHEMA macros")


def test_functions_are_shown_and_exported(rows):
    """USER_FUNCTIONS tells what they are; the export makes them again."""
    rows.run("CREATE FUNCTION soon() RETURN TIMESTAMPTZ AS BEGIN RETURN NOW() + '1 day'; END")
    rows.run("CREATE FUNCTION any_one(n INT) RETURN INT AS BEGIN RETURN RANDOMINT(n); END")
    query = "SELECT * FROM user_functions ORDER BY function_name"
    shown = rows.run(query)

    assert [row[1:] for row in shown[1:2]] == [
        (
            "full_name", "User Defined Function", "Varchar", "first Varchar, last Varchar",
            "RETURN first || ' ' || UPPER(last)", "immutable", True, False, "",
        )
    ]  # fmt: skip
    assert {row[1]: (row[6], row[7]) for row in shown} == {
        "any_one": ("volatile", True),
        "full_name": ("immutable", True),
        "soon": ("stable", False),
        "zero": ("immutable", False),
    }
    text = rows.run("SELECT EXPORT_OBJECTS('', '')")[0][0]
    functions = text[text.index("CREATE FUNCTION") : text.index("CREATE TABLE")]
    rows.run("DROP FUNCTION zero(INT); DROP FUNCTION s.full_name(VARCHAR, VARCHAR)")
    rows.run("DROP FUNCTION soon(); DROP FUNCTION any_one(INT)")
    rows.run(functions)
    assert rows.run(query) == shown
    one = rows.run("SELECT EXPORT_OBJECTS('', 's.full_name')")[0][0]
    assert one.startswith("CREATE SCHEMA s;\n\nCREATE FUNCTION s.full_name(")


def test_functions_survive_a_restart(path, database, rows):
    """They are in the catalogue."""
    database.close()
    again = Database(path)

    assert Client(again).run("SELECT zero(NULL), s.full_name('a', 'b')") == [(0, "a B")]
    again.close()


def test_a_default_may_call_a_function(rows):
    """Its value is worked out at the INSERT."""
    rows.run("CREATE TABLE s.d (a INT, n INT DEFAULT LENGTH(s.full_name('a', 'b')))")
    rows.run("INSERT INTO s.d (a) VALUES (1); COMMIT")

    assert rows.run("SELECT n FROM s.d") == [(3,)]


def test_existing_and_missing_functions_earn_a_notice_where_that_is_asked(rows):
    """IF NOT EXISTS and IF EXISTS."""
    notice = rows.notices(
        "CREATE FUNCTION IF NOT EXISTS zero(x INT) RETURN INT AS BEGIN RETURN 9; END"
    )

    assert notice == ('Function "zero" already exists; nothing was done',)
    assert rows.run("SELECT zero(1)") == [(1,)]
    assert rows.notices("DROP FUNCTION IF EXISTS zero(DATE)") == ("Nothing was dropped",)
    assert rows.notices("DROP FUNCTION IF EXISTS nosuch.f()") == ("Nothing was dropped",)


def test_functions_are_called_by_those_who_may(database, rows):
    """EXECUTE on the function and USAGE of its schema are needed; the owner has both."""
    rows.run("CREATE USER u; CREATE USER maker; GRANT USAGE ON SCHEMA s TO u, maker")
    rows.run("GRANT CREATE ON SCHEMA s TO maker")
    user, maker = Client(database, "u"), Client(database, "maker")
    maker.run("CREATE FUNCTION s.mine(x INT) RETURN INT AS BEGIN RETURN x; END")
    denied = "SELECT s.mine(1)"

    assert maker.run(denied) == [(1,)]
    assert user.refused(denied) == "42883"
    assert user.run("SELECT COUNT(*) FROM user_functions") == [(0,)]
    maker.run("GRANT EXECUTE ON FUNCTION s.mine(x INT) TO u")
    assert user.run(denied) == [(1,)]
    assert user.run("SELECT function_name FROM user_functions") == [("mine",)]
    assert rows.run(
        "SELECT grantor, privileges_description, object_schema, object_name FROM grants "
        "WHERE object_type = 'FUNCTION' AND grantee = 'u'"
    ) == [("maker", "EXECUTE", "s", "mine")]
    rows.run("REVOKE USAGE ON SCHEMA s FROM u")
    assert user.refused(denied) == "42501"
    rows.run("GRANT USAGE ON SCHEMA s TO u; REVOKE EXECUTE ON FUNCTION s.mine(INT) FROM u")
    assert user.refused(denied) == "42883"
    rows.run("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA s TO u")
    assert user.run("SELECT s.mine(1), s.full_name('a', 'b')") == [(1, "a B")]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE FUNCTION s.f(x INT) RETURN INT AS BEGIN RETURN x; END",
        "CREATE OR REPLACE FUNCTION zero(x INT) RETURN INT AS BEGIN RETURN x; END",
        "DROP FUNCTION zero(INT)",
        "ALTER FUNCTION zero(INT) RENAME TO f",
        "ALTER FUNCTION zero(INT) SET SCHEMA s",
        "ALTER FUNCTION zero(INT) OWNER TO u",
        "GRANT EXECUTE ON FUNCTION zero(INT) TO u",
    ],
)
def test_functions_are_changed_by_their_owner(database, rows, statement):
    """EXECUTE alone changes nothing."""
    rows.run("CREATE USER u; GRANT USAGE ON SCHEMA s TO u; GRANT USAGE ON SCHEMA public TO u")
    rows.run("GRANT EXECUTE ON FUNCTION zero(INT) TO u")

    Client(database, "u").denied(statement)


def test_privileges_to_alter_and_drop_are_given_by_name(database, rows):
    """ALTER with CREATE on the schema renames a function; DROP drops it."""
    rows.run("CREATE USER u; GRANT USAGE, CREATE ON SCHEMA s TO u")
    function = "FUNCTION s.full_name(VARCHAR, VARCHAR)"
    rows.run(f"GRANT ALTER, DROP ON {function} TO u")
    user = Client(database, "u")

    user.run(f"ALTER {function} RENAME TO called")
    user.run("DROP FUNCTION s.called(VARCHAR, VARCHAR)")
    assert rows.run("SELECT COUNT(*) FROM user_functions") == [(1,)]
