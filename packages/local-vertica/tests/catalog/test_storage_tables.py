"""What the system tables tell of storage, the node, its pool and passwords."""

import pytest

from support.catalog_client import Client

BY_DAY = (
    "CREATE TABLE s.days (d DATE NOT NULL, n INT) "
    "PARTITION BY d GROUP BY CALENDAR_HIERARCHY_DAY(d, 2, 2)"
)


@pytest.fixture
def days(client):
    """Give a session whose table has two partitions in one group, and one of today."""
    client.run(BY_DAY)
    client.run("INSERT INTO s.days SELECT '2020-05-01', 1 UNION ALL SELECT '2020-05-01', 2")
    client.run("INSERT INTO s.days SELECT '2020-02-01', 3 UNION ALL SELECT CURRENT_DATE, 4")
    return client


def test_partitions_are_shown_by_key_and_container(days):
    """Keys of one group share a container, and each is shown with the rows of all of it."""
    rows = days.run(
        "SELECT partition_key, ros_row_count, projection_name FROM partitions "
        "WHERE table_schema = 's' ORDER BY partition_key"
    )

    assert rows[:2] == [("2020-02-01", 3, "days_super"), ("2020-05-01", 3, "days_super")]
    assert [count for _, count, _ in rows] == [3, 3, 1]
    assert days.run("SELECT COUNT(DISTINCT ros_id) FROM partitions") == [(2,)]


def test_partitions_are_those_of_the_storage_containers(days):
    """The number of a container joins both tables, and no other container has it."""
    days.run("CREATE TABLE s.flat (a INT)")
    days.run("INSERT INTO s.flat VALUES (1)")

    joined = days.run(
        "SELECT c.projection_name, c.total_row_count, COUNT(p.partition_key) "
        "FROM storage_containers c LEFT JOIN partitions p ON p.ros_id::INT = c.storage_oid "
        "GROUP BY 1, 2 ORDER BY 1, 2"
    )

    assert joined == [("days_super", 1, 1), ("days_super", 3, 2), ("flat_super", 1, 0)]


def test_keys_are_texts_in_the_order_of_their_type(client):
    """The number 10 comes after 9, as the numbers of their containers do; NULL has one, too."""
    client.run("CREATE TABLE s.numbers (n INT) PARTITION BY n")
    client.run("INSERT INTO s.numbers SELECT 10 UNION ALL SELECT 9 UNION ALL SELECT NULL")

    rows = client.run("SELECT partition_key FROM partitions ORDER BY ros_id::INT")

    assert rows == [("9",), ("10",), (None,)]


def test_dropped_partitions_are_no_longer_shown(days):
    """The table tells what is there, also within the transaction that asks."""
    days.run("SELECT DROP_PARTITIONS('s.days', '2020-01-01', '2020-12-31', true)")

    assert days.run("SELECT COUNT(*) FROM partitions") == [(1,)]


def test_columns_are_shown_as_they_are_stored(days):
    """Each column of each projection has the rows and containers of its table."""
    days.run("CREATE PROJECTION s.p AS SELECT n FROM s.days")

    assert days.run(
        "SELECT projection_name, column_name, ros_row_count, ros_count, anchor_table_name, "
        "encodings FROM column_storage WHERE anchor_table_name = 'days' ORDER BY 1, 2"
    ) == [
        ("days_super", "d", 4, 2, "days", "AUTO"),
        ("days_super", "n", 4, 2, "days", "AUTO"),
        ("p", "n", 4, 2, "days", "AUTO"),
    ]
    assert days.run(
        "SELECT COUNT(*) FROM column_storage JOIN projection_columns USING (column_id) "
        "JOIN columns c ON c.column_id = anchor_table_column_id"
    ) == days.run("SELECT COUNT(*) FROM column_storage")


def test_storage_is_shown_of_tables_one_may_see(days, database):
    """A user sees the partitions and columns of tables it has a right on, and no others."""
    days.run("COMMIT; CREATE USER u; GRANT USAGE ON SCHEMA s TO u; GRANT SELECT ON s.t TO u")
    user = Client(database, "u")

    assert user.run("SELECT COUNT(*) FROM partitions") == [(0,)]
    assert user.run("SELECT DISTINCT anchor_table_name FROM column_storage") == [("t",)]


def test_the_system_is_one_node_that_stores_all_rows(days):
    """It tolerates no failure; its rows are those of all tables."""
    assert days.run(
        "SELECT node_count, node_down_count, designed_fault_tolerance, current_fault_tolerance, "
        "refresh_epoch, total_row_count, total_used_bytes > 0 FROM system"
    ) == [(1, 0, 0, 0, -1, 4, True)]


def test_the_disk_is_that_of_the_database(client, path):
    """Path and free space are those of its folder."""
    assert client.run(
        "SELECT storage_path, storage_usage, disk_space_free_mb > 0 FROM disk_storage"
    ) == [(str(path.parent), "DATA,TEMP", True)]
    assert client.run("SELECT location_path, is_retired FROM storage_locations") == [
        (str(path.parent), False)
    ]


def test_the_pool_general_has_its_documented_defaults(client):
    """It is the pool that users are shown in."""
    assert client.run(
        "SELECT u.user_name, p.is_internal, p.maxmemorysize, p.priority, p.runtimepriority, "
        "p.queuetimeout::VARCHAR FROM users u JOIN resource_pools p ON p.name = u.resource_pool"
    ) == [("dbadmin", True, "Special: 95%", 0, "MEDIUM", "00:05")]


def test_users_are_in_the_profile_without_limits(client):
    """It is the one that v_catalog.users names."""
    assert client.run(
        "SELECT password_life_time, failed_login_attempts FROM profiles p "
        "JOIN users u USING (profile_name)"
    ) == [("unlimited", "unlimited")]


def test_passwords_tell_who_has_one_and_not_which(client, database):
    """No hash and no salt is shown; to others than superusers nothing is."""
    client.run("CREATE USER u IDENTIFIED BY 'x'; CREATE USER w")

    assert client.run("SELECT user_name, password, salt FROM passwords") == [
        ("u", "********", "********")
    ]
    assert Client(database, "u").run("SELECT COUNT(*) FROM passwords") == [(0,)]
