"""Partitions dropped, moved, copied and swapped, with the unmodified driver."""

import warnings

import pytest
from vertica_python import errors

YEARS = "EXTRACT(YEAR FROM day)::INT"
DAYS = ("2020-01-01", "2021-02-03", "2021-12-31", "2022-01-01")
ROWS = " UNION ALL ".join(f"SELECT {n}, '{day}'::DATE" for n, day in enumerate(DAYS, 1))


@pytest.fixture
def cursor(schema, connect):
    """Lend a cursor and a table of four rows in three partitions."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = connect().cursor()
    columns = "id INT, day DATE NOT NULL"
    found.execute(f"CREATE TABLE {schema}.orders ({columns}) PARTITION BY {YEARS}")
    found.execute(f"CREATE TABLE {schema}.plain ({columns})")
    found.execute(f"INSERT INTO {schema}.orders {ROWS}")
    found.execute("COMMIT")
    return found


def ids(cursor, table: str) -> list[int]:
    """Return the rows a table holds."""
    cursor.execute(f"SELECT id FROM {table} ORDER BY id")
    return [number for (number,) in cursor.fetchall()]


def test_a_dropped_partition_is_gone_for_good(cursor, schema):
    """It commits: what was open before is kept, and ROLLBACK brings nothing back."""
    cursor.execute(f"INSERT INTO {schema}.orders SELECT 5, '2022-05-05'")

    cursor.execute(f"SELECT DROP_PARTITIONS('{schema}.orders', 2021, 2021)")

    assert cursor.fetchall() == [["Partition dropped"]]
    cursor.execute(f"SELECT PURGE_PARTITION('{schema}.orders', '2021')")
    cursor.execute("ROLLBACK")
    assert ids(cursor, f"{schema}.orders") == [1, 4, 5]


def test_partitions_move_into_a_table_made_like_theirs(cursor, schema):
    """The target is made if it is missing, and can take more partitions later."""
    for first, last in ((2020, 2020), (2021, 2022)):
        cursor.execute(
            f"SELECT MOVE_PARTITIONS_TO_TABLE('{schema}.orders', {first}, {last}, '{schema}.old')"
        )

    assert ids(cursor, f"{schema}.orders") == []
    assert ids(cursor, f"{schema}.old") == [1, 2, 3, 4]


def test_partitions_are_copied_and_swapped(cursor, schema):
    """A copy leaves the rows where they were; a swap exchanges both tables' rows of the range."""
    orders, other = f"{schema}.orders", f"{schema}.other"
    cursor.execute(f"SELECT COPY_PARTITIONS_TO_TABLE('{orders}', '2020', '2020', '{other}')")
    cursor.execute(f"INSERT INTO {other} SELECT 9, '2021-09-09'")

    cursor.execute(f"SELECT SWAP_PARTITIONS_BETWEEN_TABLES('{orders}', 2021, 2022, '{other}')")

    assert ids(cursor, orders) == [1, 9]
    assert ids(cursor, other) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "call",
    [
        "DROP_PARTITIONS('{s}.orders', 2022, 2020)",
        "DROP_PARTITIONS('{s}.orders', 'early', 'late')",
        "DROP_PARTITIONS('{s}.plain', 2020, 2020)",
        "DROP_PARTITIONS('{s}.missing', 2020, 2020)",
        "MOVE_PARTITIONS_TO_TABLE('{s}.orders', 2020, 2020, '{s}.plain')",
        "SWAP_PARTITIONS_BETWEEN_TABLES('{s}.orders', 2020, 2020, '{s}.missing')",
    ],
)
def test_what_is_no_range_of_partitions_is_refused(cursor, schema, call):
    """Ends in the wrong order, no keys, tables that are not partitioned alike or are missing."""
    with pytest.raises(errors.QueryError):
        cursor.execute(f"SELECT {call.format(s=schema)}")

    assert ids(cursor, f"{schema}.orders") == [1, 2, 3, 4]


def test_a_part_of_a_partition_group_is_dropped_only_by_force(cursor, schema):
    """Days of a year that is one group cannot go alone, unless the group is to be split."""
    grouped = "DATE_TRUNC('year', day)"
    cursor.execute(f"ALTER TABLE {schema}.orders PARTITION BY day GROUP BY {grouped} REORGANIZE")
    call = f"SELECT DROP_PARTITIONS('{schema}.orders', '2021-02-01', '2021-03-01'"

    with pytest.raises(errors.QueryError):
        cursor.execute(f"{call})")
    cursor.execute(f"{call}, 'true')")

    assert ids(cursor, f"{schema}.orders") == [1, 3, 4]


def test_a_move_that_would_double_an_enabled_key_moves_nothing(cursor, schema):
    """Both tables stay as they were."""
    key = f"(id INT PRIMARY KEY ENABLED, day DATE NOT NULL) PARTITION BY {YEARS}"
    for table, day in (("one", "2020-01-01"), ("two", "2020-02-02")):
        cursor.execute(f"CREATE TABLE {schema}.{table} {key}")
        cursor.execute(f"INSERT INTO {schema}.{table} SELECT 7, '{day}'::DATE")
        cursor.execute("COMMIT")

    with pytest.raises(errors.QueryError):
        cursor.execute(
            f"SELECT MOVE_PARTITIONS_TO_TABLE('{schema}.one', 2020, 2020, '{schema}.two')"
        )

    assert ids(cursor, f"{schema}.one") == ids(cursor, f"{schema}.two") == [7]
