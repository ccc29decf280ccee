import re

import pytest

from support.catalog_client import Client


def epochs(client):
    """Return current, ahm and last good epoch of the system."""
    return client.run("SELECT current_epoch, ahm_epoch, last_good_epoch FROM system")[0]


def test_each_commit_of_rows_closes_an_epoch(client):
    """The current epoch grows by one with a commit, and not with what is only read."""
    before = epochs(client)[0]
    client.run("INSERT INTO s.t (id) VALUES (1)")
    assert epochs(client)[0] == before
    client.run("COMMIT; SELECT * FROM s.t; COMMIT")

    current, ancient, last_good = epochs(client)

    assert (current, last_good) == (before + 1, before)
    assert client.run("SELECT GET_CURRENT_EPOCH()") == [(current,)]
    assert client.run("SELECT GET_LAST_GOOD_EPOCH()") == [(last_good,)]
    assert client.run("SELECT GET_AHM_EPOCH()") == [(f"Current AHM epoch: {ancient}",)]


def test_the_ancient_history_mark_moves_when_told(client):
    """MAKE_AHM_NOW closes the epoch and commits; EPOCHS begins where the mark is."""
    client.run("INSERT INTO s.t (id) VALUES (1)")
    before = epochs(client)[0]

    told = client.run("SELECT MAKE_AHM_NOW(true)")

    assert client.session.transaction_status == "I"
    current, ancient, last_good = epochs(client)
    assert told == [(f"AHM set (New AHM Epoch: {ancient})",)]
    assert ancient == last_good == before + 1  # one for the INSERT, one for itself
    assert client.run("SELECT epoch_number FROM epochs") == [(ancient,)]
    assert client.run("SELECT ADVANCE_EPOCH(3)") == [(f"New Epoch:{current + 3}",)]


def test_the_time_of_the_mark_is_told_in_the_zone_of_the_session(client):
    """GET_AHM_TIME follows SET TIME ZONE."""
    client.run("SET TIME ZONE TO 'Asia/Tokyo'")

    told = client.run("SELECT GET_AHM_TIME()")[0][0]

    assert re.fullmatch(r"Current AHM Time: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?\+09", told)


def test_there_is_no_last_good_epoch_without_projections(database):
    """An empty database has none."""
    assert Client(database).refused("SELECT GET_LAST_GOOD_EPOCH()") == "55000"


def test_epochs_grow_over_a_restart(path, database, client):
    """A new server gives no number that the one before has given."""
    before = epochs(client)[0]
    database.close()
    again = type(database)(path)

    assert epochs(Client(again))[0] > before
    again.close()


@pytest.mark.parametrize("name", ["s.t", "s.t_super", "s.by_name"])
def test_a_task_of_the_tuple_mover_names_what_it_was_given(client, name):
    """A table means all its projections; a projection means itself. It commits."""
    client.run("CREATE PROJECTION s.by_name AS SELECT id, name FROM s.t ORDER BY name")
    client.run("INSERT INTO s.t (id) VALUES (1)")

    task, *lines = client.run(f"SELECT DO_TM_TASK('analyze_row_count', '{name}')")[0][0].split("\n")

    shown = {"s.t_super": "(Table: s.t) (Projection: s.t_super)"}
    shown["s.by_name"] = "(Table: s.t) (Projection: s.by_name)"
    assert task == "Task: row count analyze"
    assert lines == (list(shown.values()) if name == "s.t" else [shown[name]])
    assert client.session.transaction_status == "I"


def test_a_refresh_finds_nothing_to_do(client):
    """REFRESH gives its heading alone; PROJECTION_REFRESHES stays empty."""
    told = client.run("SELECT REFRESH('s.t')")[0][0]

    assert told.startswith("Refresh completed")
    assert told.rstrip().endswith("---")
    assert client.run("SELECT REFRESH()")[0][0] == told
    client.run("SELECT START_REFRESH(); SELECT CANCEL_REFRESH()")
    assert client.run("SELECT CLEAR_PROJECTION_REFRESHES()") == [("CLEAR",)]
    assert client.run("SELECT COUNT(*) FROM projection_refreshes") == [(0,)]


def test_the_design_is_safe_for_no_lost_node(client):
    """K-safety 0 can be marked."""
    assert client.run("SELECT MARK_DESIGN_KSAFE(0)") == [("Marked design 0-safe",)]
    assert client.run("SELECT designed_fault_tolerance FROM system") == [(0,)]


def test_the_catalogue_is_exported(client):
    """EXPORT_CATALOG gives what EXPORT_OBJECTS and EXPORT_TABLES give of all."""
    client.run("CREATE VIEW s.v AS SELECT id FROM s.t")
    everything = client.run("SELECT EXPORT_OBJECTS()")

    assert "CREATE VIEW s.v" in everything[0][0]
    assert client.run("SELECT EXPORT_CATALOG('', 'design')") == everything
    assert client.run("SELECT EXPORT_CATALOG('', 'TABLES')") == client.run("SELECT EXPORT_TABLES()")


def test_an_audit_counts_the_octets_of_values_as_text(client):
    """Numbers, texts in UTF-8, NULL, booleans and binary values; of a table, a schema, all."""
    client.run("CREATE TABLE s.kinds (n NUMERIC(6,2), b BOOLEAN, v VARBINARY(10), t VARCHAR(10))")
    client.run("INSERT INTO s.kinds VALUES (12.5, true, HEX_TO_BINARY('0x00ff'), 'añ')")
    client.run("INSERT INTO s.kinds VALUES (NULL, NULL, NULL, ''); INSERT INTO s.t (id) VALUES (7)")
    client.run("COMMIT")

    assert client.run("SELECT AUDIT('s.kinds')") == [("11",)]  # 12.50, t, two octets, añ
    assert client.run("SELECT AUDIT('s', 0, 100)") == [("13",)]  # and 7 and its default x
    assert client.run("SELECT AUDIT('')") == [("13",)]


def test_what_audits_measured_is_shown(client):
    """A granularity below the scope fills USER_AUDITS; of what was dropped the name is kept."""
    client.run("CREATE TABLE s.gone (a INT); INSERT INTO s.gone VALUES (12345); COMMIT")

    told = client.run("SELECT AUDIT('s', 'table', 2, 90)")
    client.run("DROP TABLE s.gone")

    assert told == [("See table sizes in v_catalog.user_audits for schema s",)]
    columns = (
        "size_bytes, object_type, object_name, audited_object_name, "
        "confidence_level_percent, error_tolerance_percent, used_sampling"
    )
    assert client.run(f"SELECT {columns} FROM user_audits ORDER BY size_bytes") == [
        (0, "TABLE", "t", "t", 90.0, 2.0, False),
        (5, "TABLE", None, "gone", 90.0, 2.0, False),
    ]


def test_a_table_is_copied_with_its_owner_or_appended(client):
    """COPY_TABLE makes the target like the source, for the source's owner; then it appends."""
    client.run("CREATE USER owner; GRANT USAGE ON SCHEMA s TO owner")
    client.run("INSERT INTO s.t (id, name) VALUES (1, 'a'); COMMIT; ALTER TABLE s.t OWNER TO owner")

    first = client.run("SELECT COPY_TABLE('s.t', 's.u')")
    second = client.run("SELECT COPY_TABLE('s.t', 's.u')")

    assert first == [("Created table s.u.\nCopied table s.t to s.u",)]
    assert second == [("Copied table s.t to s.u",)]
    assert client.run("SELECT id, name FROM s.u") == [(1, "a"), (1, "a")]
    assert client.run("SELECT owner_name FROM tables WHERE table_name = 'u'") == [("owner",)]


def test_a_copied_table_keeps_its_enabled_keys(client):
    """Copying twice into a table whose key is enabled is refused, and copies nothing."""
    client.run("CREATE TABLE s.k (a INT PRIMARY KEY ENABLED); INSERT INTO s.k VALUES (1); COMMIT")
    client.run("SELECT COPY_TABLE('s.k', 's.l')")

    assert client.refused("SELECT COPY_TABLE('s.k', 's.l')") == "23505"
    assert client.run("SELECT COUNT(*) FROM s.l") == [(1,)]


def test_sessions_are_closed_by_user_or_all(database, client):
    """The others end, one's own goes on; who is no administrator closes its own."""
    client.run("CREATE USER u")
    users = [Client(database, "u"), Client(database, "u")]
    mine = Client(database)

    users[0].run("SELECT CLOSE_ALL_SESSIONS()")
    assert [c.session.is_closed for c in (*users, mine)] == [False, True, False]
    client.run("SELECT CLOSE_USER_SESSIONS('u')")
    assert [c.session.is_closed for c in (*users, mine)] == [True, True, False]
    client.run("SELECT CLOSE_USER_SESSIONS('dbadmin')")
    assert (mine.session.is_closed, client.session.is_closed) == (True, False)


@pytest.fixture(scope="module")
def stranger(shared):
    """Return the session of a user who may name what is in the schema, and nothing else."""
    shared.run("CREATE USER u; GRANT USAGE ON SCHEMA s TO u")
    return Client(shared.session.database, "u")


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT MAKE_AHM_NOW()",
        "SELECT ADVANCE_EPOCH()",
        "SELECT MARK_DESIGN_KSAFE(0)",
        "SELECT CLEAR_CACHES()",
        "SELECT CLEAR_PROJECTION_REFRESHES()",
        "SELECT CLOSE_USER_SESSIONS('dbadmin')",
        "SELECT DO_TM_TASK('mergeout', 's.t')",
        "SELECT REFRESH('s.t')",
        "SELECT AUDIT('s.t')",
        "SELECT COPY_TABLE('s.t', 's.u')",
    ],
)
def test_maintenance_needs_its_rights(stranger, statement):
    """Who may only name what is in the schema is denied."""
    stranger.denied(statement)


def test_a_user_maintains_what_it_may_change(database, client):
    """DELETE is enough for the tuple mover, SELECT for an audit, which leaves out the rest."""
    client.run("CREATE USER u; GRANT USAGE ON SCHEMA s TO u; GRANT SELECT, DELETE ON s.t TO u")
    client.run("CREATE TABLE s.hidden (a INT); INSERT INTO s.hidden VALUES (12345); COMMIT")
    user = Client(database, "u")

    assert user.run("SELECT DO_TM_TASK('mergeout')")[0][0].count("Projection") == 1
    assert user.run("SELECT AUDIT('s')") == [("0",)]
    assert client.run("SELECT AUDIT('s')") == [("5",)]
    assert user.run("SELECT COUNT(*) FROM user_audits") == [(1,)]


def test_caches_are_cleared(client):
    """CLEAR_CACHES answers the superuser."""
    assert client.run("SELECT CLEAR_CACHES()") == [("Cleared",)]
