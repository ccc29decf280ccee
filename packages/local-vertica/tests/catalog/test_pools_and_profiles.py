import pytest

from local_vertica.engine.database import Database
from support.catalog_client import Client

BATCH = """CREATE RESOURCE POOL Batch MEMORYSIZE '2G' MAXMEMORYSIZE '50%' PRIORITY -10
    QUEUETIMEOUT '10 minutes' RUNTIMECAP '2 hours' PLANNEDCONCURRENCY 4 MAXCONCURRENCY 8"""
STRICT = """CREATE PROFILE strict LIMIT PASSWORD_MIN_LENGTH 8 PASSWORD_MAX_LENGTH 12
    PASSWORD_MIN_LETTERS 2 PASSWORD_MIN_UPPERCASE_LETTERS 1 PASSWORD_MIN_LOWERCASE_LETTERS 1
    PASSWORD_MIN_DIGITS 1 PASSWORD_MIN_SYMBOLS 1 FAILED_LOGIN_ATTEMPTS 3"""


def test_a_pool_is_shown_as_it_was_made(client):
    """Its name is in lower case, its times are intervals; what is not said has its default."""
    client.run(BATCH)
    columns = (
        "name, is_internal, memorysize, maxmemorysize, priority, queuetimeout::VARCHAR, "
        "runtimecap::VARCHAR, plannedconcurrency, maxconcurrency, runtimepriority, cascadeto"
    )

    assert client.run(f"SELECT {columns} FROM resource_pools WHERE name = 'batch'") == [
        ("batch", False, "2G", "50%", -10, "00:10", "02:00", "4", 8, "MEDIUM", "")
    ]


def test_a_pool_is_altered_and_given_its_defaults_again(client):
    """HOLD is a priority of its own, NONE no limit, DEFAULT what it was before."""
    client.run(BATCH)
    client.run("ALTER RESOURCE POOL batch PRIORITY HOLD QUEUETIMEOUT NONE MEMORYSIZE DEFAULT")
    client.run("ALTER RESOURCE POOL general MAXMEMORYSIZE '80%' QUEUETIMEOUT 7")

    assert client.run(
        "SELECT name, priority, queuetimeout::VARCHAR, memorysize, maxmemorysize "
        "FROM resource_pools ORDER BY name"
    ) == [("batch", -999, None, "0%", "50%"), ("general", 0, "00:00:07", "", "80%")]


def test_the_status_of_pools_tells_what_runs_in_them(client):
    """Sizes are in kilobytes; the statement that asks runs in its session's pool."""
    client.run(BATCH)
    query = (
        "SELECT pool_name, memory_size_kb, runtimecap_in_seconds, running_query_count, "
        "queueing_threshold_kb = FLOOR(max_memory_size_kb * 0.95) FROM resource_pool_status "
        "ORDER BY pool_name"
    )

    assert client.run(query) == [
        ("batch", 2097152, 7200, 0, True),
        ("general", None, None, 1, True),
    ]
    client.run("SET SESSION RESOURCE_POOL = batch")
    assert [row[3] for row in client.run(query)] == [1, 0]


def test_users_have_pools(database, client):
    """A user's own pool counts where it may be used; SET SESSION chooses another one."""
    client.run(f"{BATCH}; CREATE RESOURCE POOL other; CREATE USER u RESOURCE POOL batch")
    user = Client(database, "u")

    assert user.run("SHOW RESOURCE_POOL") == [("resource_pool", "general")]
    user.denied("SET SESSION RESOURCE_POOL = batch")
    user.denied("ALTER USER u RESOURCE POOL other")
    client.run("GRANT USAGE ON RESOURCE POOL batch, other TO u")
    assert user.run("SHOW RESOURCE_POOL") == [("resource_pool", "batch")]
    user.run("SET SESSION RESOURCE_POOL TO other")
    assert user.run("SHOW RESOURCE_POOL") == [("resource_pool", "other")]
    user.run("SET SESSION RESOURCE_POOL = DEFAULT; ALTER USER u RESOURCE POOL other")
    assert user.run("SELECT resource_pool FROM users WHERE user_name = 'u'") == [("other",)]
    client.run("REVOKE USAGE ON RESOURCE POOL other FROM u")
    assert user.run("SHOW RESOURCE_POOL") == [("resource_pool", "general")]


def test_users_and_sessions_of_a_dropped_pool_go_to_the_general_one(client):
    """A notice names the users; a pool that others cascade to stays until they do not."""
    client.run("CREATE RESOURCE POOL a; CREATE RESOURCE POOL b CASCADE TO a")
    client.run("CREATE USER u RESOURCE POOL a; SET SESSION RESOURCE_POOL = a")
    assert client.refused("DROP RESOURCE POOL a") == "2BV01"
    client.run("ALTER RESOURCE POOL b CASCADE TO DEFAULT")

    notices = client.notices("DROP RESOURCE POOL a")

    assert notices == ("Switched the following users to the General pool: u",)
    assert client.run("SELECT resource_pool FROM users") == [("general",), ("general",)]
    assert client.run("SHOW RESOURCE_POOL") == [("resource_pool", "general")]


def test_a_profile_shows_what_it_takes_from_the_default_one(client):
    """What the default profile does not limit is unlimited."""
    client.run(f"{STRICT}; ALTER PROFILE DEFAULT LIMIT PASSWORD_REUSE_MAX 5")
    client.run("ALTER PROFILE strict LIMIT FAILED_LOGIN_ATTEMPTS DEFAULT PASSWORD_MIN_SYMBOLS 2")
    columns = (
        "profile_name, password_life_time, failed_login_attempts, password_min_length, "
        "password_min_symbols, password_reuse_max"
    )

    assert client.run(f"SELECT {columns} FROM profiles ORDER BY profile_name") == [
        ("default", "unlimited", "unlimited", "unlimited", "unlimited", "5"),
        ("strict", "default", "default", "8", "2", "default"),
    ]


@pytest.mark.parametrize(
    "password",
    ["Ab1-", "Ab1-Ab1-Ab1-Ab1-", "AB1-AB1-", "ab1-ab1-", "Abcd-efg", "Abcd1efg", "1-2-3-4-A"],
)
def test_a_password_is_held_to_the_profile_of_its_user(client, password):
    """Each limit on what a password is made of counts, in CREATE and ALTER USER."""
    client.run(f"{STRICT}; CREATE USER u PROFILE strict")

    assert client.refused(f"ALTER USER u IDENTIFIED BY '{password}'") == "22023"
    assert client.refused(f"CREATE USER v IDENTIFIED BY '{password}', PROFILE strict") == "22023"
    client.run("ALTER USER u IDENTIFIED BY 'Abcd-ef1'")
    client.run(f"CREATE USER w IDENTIFIED BY '{password}'")


def test_limits_that_a_profile_leaves_open_are_those_of_the_default_one(client):
    """Users without a profile of their own are in it."""
    client.run("CREATE PROFILE open LIMIT; ALTER PROFILE DEFAULT LIMIT PASSWORD_MIN_DIGITS 2")

    assert client.refused("CREATE USER u IDENTIFIED BY 'abc1' PROFILE open") == "22023"
    assert client.refused("CREATE USER u IDENTIFIED BY 'abc1'") == "22023"
    client.run("CREATE USER u IDENTIFIED BY 'abc12' PROFILE open")


def test_users_of_a_dropped_profile_go_to_the_default_one(client):
    """CASCADE moves them; IF EXISTS makes a missing one a notice."""
    client.run(f"{STRICT}; CREATE USER u PROFILE strict")
    assert client.refused("DROP PROFILE strict") == "2BV01"

    client.run("DROP PROFILE strict CASCADE")

    assert client.run("SELECT profile_name FROM users WHERE user_name = 'u'") == [("default",)]
    assert client.notices("DROP PROFILE IF EXISTS strict") == ("Nothing was dropped",)


def test_pools_and_profiles_survive_a_restart(path, database, client):
    """So do the general pool and the default profile as they were altered."""
    client.run(f"{BATCH}; {STRICT}; CREATE USER u RESOURCE POOL batch PROFILE strict")
    client.run("ALTER RESOURCE POOL general PRIORITY 5")
    client.run("ALTER PROFILE default LIMIT PASSWORD_MIN_DIGITS 1")
    queries = [f"SELECT * FROM {name}" for name in ("resource_pools", "profiles", "users")]
    before = [client.run(query) for query in queries]
    database.close()
    again = Database(path)

    assert [Client(again).run(query) for query in queries] == before
    again.close()


@pytest.fixture(scope="module")
def stranger(shared):
    """Return the session of a user without rights."""
    shared.run("CREATE USER u")
    return Client(shared.session.database, "u")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE RESOURCE POOL p",
        "ALTER RESOURCE POOL general PRIORITY 1",
        "DROP RESOURCE POOL general",
        "CREATE PROFILE p LIMIT",
        "ALTER PROFILE default LIMIT PASSWORD_MIN_DIGITS 1",
        "DROP PROFILE default",
        "ALTER USER u PROFILE default",
        "GRANT USAGE ON RESOURCE POOL general TO u",
    ],
)
def test_pools_and_profiles_are_for_superusers(stranger, statement):
    """Nobody else makes, changes or gives them."""
    stranger.denied(statement)


def test_limits_of_a_session_are_kept_and_shown(client):
    """SHOW tells them, SESSIONS the times; NONE and DEFAULT take them away."""
    client.run("SET SESSION MEMORYCAP = '10g'; SET SESSION TEMPSPACECAP '5%'")
    client.run("SET SESSION RUNTIMECAP '10 minutes'; SET SESSION IDLESESSIONTIMEOUT '1 hour'")
    client.run("SET SESSION GRACEPERIOD TO '2 days'; SET SESSION TEMPSPACECAP = DEFAULT")
    shown = dict(client.run("SHOW ALL"))

    assert {name: shown[name] for name in ("memorycap", "tempspacecap", "runtimecap")} == {
        "memorycap": "10G",
        "tempspacecap": "unlimited",
        "runtimecap": "10 minutes",
    }
    query = "SELECT idle_session_timeout, grace_period FROM current_session"
    assert client.run(query) == [("1 hour", "2 days")]
    client.run("SET SESSION GRACEPERIOD NONE")
    assert client.run(query) == [("1 hour", "unlimited")]


def test_sessions_begin_with_the_search_path_of_their_user(database, client):
    """ALTER USER changes that of sessions to come; DEFAULT takes it away."""
    client.run("CREATE USER u SEARCH_PATH s, public, RESOURCE POOL general")
    before = Client(database, "u")
    client.run("ALTER USER u SEARCH_PATH DEFAULT")
    after = Client(database, "u")

    assert before.run("SHOW SEARCH_PATH")[0][1].startswith("s, public, v_catalog")
    assert after.run("SHOW SEARCH_PATH")[0][1].startswith("public, v_catalog")
    after.run("ALTER USER u SEARCH_PATH s")
    assert client.run("SELECT search_path FROM users WHERE user_name = 'u'") == [("s",)]


def test_a_locked_account_is_shown(database, client):
    """With the time of its locking; only a superuser locks and unlocks."""
    client.run("CREATE USER u ACCOUNT LOCK")
    query = "SELECT is_locked, lock_time <= NOW() FROM users WHERE user_name = 'u'"

    assert client.run(query) == [(True, True)]
    client.run("ALTER USER u ACCOUNT UNLOCK")
    assert client.run(query) == [(False, None)]
    Client(database, "u").denied("ALTER USER u ACCOUNT UNLOCK")
