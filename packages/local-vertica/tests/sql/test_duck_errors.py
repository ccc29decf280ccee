import duckdb
import pytest

from local_vertica.sql.duck_errors import vertica_error

TABLE = 'CREATE TABLE t (a INT NOT NULL, b VARCHAR CHECK (strlen("b") <= 5), CHECK (a > 0))'
CASES = {
    "INSERT INTO t VALUES (NULL, 'x')": "22004",
    "INSERT INTO t VALUES (1, 'secret')": "22001",
    "INSERT INTO t VALUES (-1, 'x')": "23514",
    "INSERT INTO t VALUES ('secret', 'x')": "22V02",
    "SELECT error('VERTICA|22012|3117|Division by zero')": "22012",
    "SELECT 'VERTICA|57014|3326|secret'::INT": "22V02",
    "SELECT 'overflow secret out of range'::INT": "22V02",
    "SELECT 9223372036854775807 + i FROM range(1, 2) r(i)": "22003",
    "SELECT 300::TINYINT": "22003",
    "SELECT '2021-13-01'::DATE": "22008",
    "SELECT 'secret'::DATE": "22007",
    "SELECT 'secret'::INTERVAL": "22007",
    "SELECT strptime('secret', '%Y')": "22007",
    "SELECT 'secret'::UUID": "22V02",
    "SELECT (SELECT i FROM range(3) r(i))": "23505",
    "SELECT timezone('No/Such', now())": "22023",
    "SELECT regexp_matches('secret', '(')": "22023",
    "SELECT nosuch FROM t": "42703",
    "INSERT INTO t (nosuch) VALUES (1)": "42703",
    "SELECT * FROM nosuch": "42V01",
    "SELEC 1": "42601",
}


@pytest.fixture
def duck():
    """Open an empty DuckDB with one table."""
    with duckdb.connect() as connection:
        connection.execute(TABLE)
        yield connection


@pytest.mark.parametrize(("statement", "sqlstate"), CASES.items())
def test_each_refusal_has_vertica_s_sqlstate_and_no_values(duck, statement, sqlstate):
    """DuckDB's errors become Vertica's, and no value of a row is in them or chooses them."""
    with pytest.raises(duckdb.Error) as refused:
        duck.execute(statement).fetchall()

    error = vertica_error(refused.value)

    assert error.sqlstate == sqlstate
    assert "secret" not in f"{error.message}{error.detail}{error.hint}"


def test_an_interrupted_statement_is_cancelled(duck):
    """DuckDB's interrupt is Vertica's 57014."""
    assert vertica_error(duckdb.InterruptException("Interrupted!")).sqlstate == "57014"
