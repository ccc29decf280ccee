"""Keys of partitions are the same at any time and in any session, or the clause is refused.

The rules are those of the pages "partition clause" (9.0, 9.2), CALENDAR_HIERARCHY_DAY (24.2) and
"encoding types" (24.4); that casts of TIMESTAMPTZ count as not immutable is concluded from them.
"""

import pytest

COLUMNS = "n INT NOT NULL, d DATE NOT NULL, t TIMESTAMP NOT NULL, z TIMESTAMPTZ NOT NULL"


@pytest.mark.parametrize(
    "clause",
    [
        "n",
        "n % 5",
        "z",
        "t::DATE",
        "EXTRACT(YEAR FROM d)::INT",
        "(z AT TIME ZONE 'UTC')::DATE",
        "d GROUP BY DATE_TRUNC('year', d)",
        "t::DATE GROUP BY CALENDAR_HIERARCHY_DAY((t)::DATE, 2, 2)",
        "(n + 1) GROUP BY CASE WHEN n + 1 < 5 THEN 1 ELSE 2 END",
    ],
)
def test_keys_of_columns_and_constants_are_taken(client, clause):
    """The same in CREATE TABLE and in ALTER TABLE."""
    client.run(f"CREATE TABLE s.new ({COLUMNS}) PARTITION BY {clause}")
    client.run(f"CREATE TABLE s.old ({COLUMNS})")

    client.run(f"ALTER TABLE s.old PARTITION BY {clause}")


@pytest.mark.parametrize(
    ("clause", "sqlstate"),
    [
        ("n + EXTRACT(DAY FROM NOW())", "0A000"),
        ("RANDOMINT(5)", "0A000"),
        ("UUID_GENERATE()", "0A000"),
        ("z::DATE", "0A000"),
        ("EXTRACT(YEAR FROM z)", "0A000"),
        ("MAX(n)", "42803"),
        ("n GROUP BY d", "0A000"),
        ("t::DATE GROUP BY CALENDAR_HIERARCHY_DAY(t, 2, 2)", "0A000"),
        ("n % 5 GROUP BY (n % 5) % 2", "0A000"),
    ],
)
def test_keys_that_a_clock_a_zone_or_chance_changes_are_refused(client, clause, sqlstate):
    """The same in CREATE TABLE and in ALTER TABLE, which then changes nothing."""
    client.run(f"CREATE TABLE s.old ({COLUMNS})")

    made = client.refusal(f"CREATE TABLE s.new ({COLUMNS}) PARTITION BY {clause}")
    altered = client.refusal(f"ALTER TABLE s.old PARTITION BY {clause}")

    assert (made.sqlstate, altered.sqlstate) == (sqlstate, sqlstate)
    assert client.run("SELECT partition_expression FROM tables WHERE table_name = 'old'") == [("",)]


def test_binary_values_have_no_dictionary(client):
    """BLOCK_DICT is for few-valued columns of the other types."""
    client.run("CREATE TABLE s.coded (t TIMESTAMP ENCODING BLOCK_DICT, b VARBINARY(5))")

    assert client.refusal("CREATE TABLE s.no (b BINARY(5) ENCODING BLOCK_DICT)").number == 4160
    altered = "ALTER TABLE s.coded ALTER COLUMN b ENCODING BLOCK_DICT"
    assert client.refusal(altered).sqlstate == "0A000"
