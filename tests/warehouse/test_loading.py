"""The product's two transactions against a warehouse: staging and vault."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from social_vault.answers import accounting
from social_vault.errors import RejectLimitError, SettingsError, WarehouseError
from social_vault.landing.finding import in_order
from social_vault.landing.objects import ObjectRequest
from social_vault.loading import vault as vault_loading
from social_vault.loading.ledger import find_load, find_news, known_loads
from social_vault.loading.staging import stage
from social_vault.model.catalogue import worlds
from social_vault.model.keys import hash_key, hashdiff
from social_vault.schema.apply import apply_schema
from social_vault.stores.vertica import open_warehouse
from tests.warehouse.small_network import AWKWARD, DIALOGS, GROUPS, LOG, USERS, small_network, user


def counts(vault):
    """Return how many rows each vault table holds, without those that hold none."""
    tables = [described.name for described in worlds()["social_network"].vault]
    found = {table: vault.rows(f"SELECT COUNT(*) FROM {{dwh}}.{table}")[0][0] for table in tables}
    return {table: count for table, count in found.items() if count}


def test_values_arrive_byte_for_byte(vault):
    """Quotes, commas, line feeds, backslashes and Cyrillic are data, and '' is not NULL."""
    vault.stage(
        "dialogs",
        DIALOGS + '1,2021-02-01 00:00:00,2,1,"' + AWKWARD.replace('"', '""') + '",\n'
        '2,2021-02-01 00:00:00,2,1,"",\n3,2021-02-01 00:00:00,2,1,,\n',
    )

    found = vault.rows("SELECT message FROM {staging}.dialogs ORDER BY message_id")

    assert found == [(AWKWARD,), ("",), (None,)]


def test_every_record_ends_in_one_place(vault):
    """Accepted, refused and blank records add up, and the ledger says so."""
    text = USERS + user(1) + "\n" + user(1) + user("x", age="200") + "5,short\n" + user(2)

    staged = vault.stage("users", text)

    assert (staged.read, staged.accepted, staged.rejected, staged.blank) == (6, 2, 3, 1)
    rejected = vault.rows("SELECT record_no, line_no, reasons FROM {staging}.users_rej ORDER BY 1")
    assert rejected == [
        (2, 4, "id: duplicate"),
        (3, 5, "id: not an integer; age: out of range"),
        (4, 6, "record: too few fields"),
    ]


def test_a_load_is_found_and_not_repeated(vault):
    """The ledger knows an object version; a second run of it changes nothing."""
    first = vault.stage("users", USERS + user(1), key="users.csv", etag="e1")
    again = vault.stage("users", USERS + user(1), key="users.csv", etag="e1")

    assert (again.load_id, again.already) == (first.load_id, True)
    assert vault.rows("SELECT COUNT(*) FROM {staging}.users") == [(1,)]
    with open_warehouse(vault.settings) as warehouse:
        known = replace(vault.request("users", USERS, key="users.csv", etag="e1").spooled.object)
        fresh = vault.request("users", USERS, key="users.csv", etag="e2").spooled.object
        later = replace(known, last_modified=known.last_modified + timedelta(seconds=1))
        found = known_loads(warehouse, [known, fresh, later])
    assert {each: load.load_id for each, load in found.items()} == {known: first.load_id}


def test_a_file_that_is_put_back_is_a_new_state(vault):
    """Where a bucket keeps no versions, A, B, A are three loads; the time of upload tells."""
    for day, country in enumerate(("Guam", "Chad", "Guam"), 1):
        uploaded = datetime(2021, 6, day, tzinfo=UTC)
        text = USERS + user(1, country=country)
        vault.stage("users", text, key="users.csv", etag=country, uploaded=uploaded)

    vault.load()

    found = vault.rows("SELECT country FROM {dwh}.s_user_socdem ORDER BY load_dt, load_id")
    assert found == [("Guam",), ("Chad",), ("Guam",)]
    assert vault.rows("SELECT COUNT(DISTINCT load_src) FROM {dwh}.s_user_socdem") == [(3,)]


def test_what_was_listed_in_a_versioned_bucket_is_known_without_its_id(vault):
    """A listing tells no ids; they come with the bytes, and the ledger has both."""
    request = vault.request("users", USERS + user(1), version_id="3/L4kqtJl")
    with open_warehouse(vault.settings) as warehouse:
        stage(warehouse, request)
        listed = replace(request.spooled.object, version_id="")

        assert list(known_loads(warehouse, [listed])) == [listed]
    assert vault.rows("SELECT object_version FROM {staging}.load_ledger") == [("3/L4kqtJl",)]


def test_the_ledger_is_asked_by_set(vault, monkeypatch):
    """However many objects there are, a few statements tell the known ones from the new."""
    staged = vault.request("users", USERS + user(1))
    known = staged.spooled.object
    fresh = [replace(known, key=f"more/{n}/users.csv") for n in range(6_000)]
    with open_warehouse(vault.settings) as warehouse:
        stage(warehouse, staged)
        asked, query = [], warehouse.query
        monkeypatch.setattr(warehouse, "query", lambda *a: asked.append(a[0]) or query(*a))

        news = find_news(warehouse, [*fresh, known])

    assert set(news.new) == set(fresh)
    assert (news.known.objects, news.known.accepted, news.pending) == (1, 1, 1)
    assert asked == ["ledgers/count_pending", *["ledgers/find_loads"] * 3]


def test_what_is_new_comes_the_oldest_first(vault):
    """A listing goes by keys, whose order says nothing of age: later loads are newer truth."""
    listed = vault.request("users", USERS + user(1)).spooled.object
    ages = {"a": 3, "b": 1, "c": 2, "d": 1}
    found = [
        replace(listed, key=key, last_modified=listed.last_modified + timedelta(hours=age))
        for key, age in ages.items()
    ]
    with open_warehouse(vault.settings) as warehouse:
        news = find_news(warehouse, iter(found))

    ordered = in_order(news.new, ObjectRequest("landing"))
    assert [each.key for each in ordered] == ["b", "d", "c", "a"]


def test_a_load_is_found_whatever_its_key_holds(vault):
    """Quotes, backslashes and what looks like a bind are a key like any other; case counts."""
    key = "it's\\' a\\\\b\\n/:source/Ё/users.csv"
    request = vault.request("users", USERS + user(1), key=key)
    other = vault.request("users", USERS + user(2), key=key.lower(), etag="e1")
    with open_warehouse(vault.settings) as warehouse:
        staged = stage(warehouse, request)
        found = find_load(warehouse, request.spooled.object, "users")

        assert found.load_id == staged.load_id
        assert find_load(warehouse, other.spooled.object, "users") is None
    assert vault.rows("SELECT object_key FROM {staging}.load_ledger") == [(key,)]


def test_two_runs_at_once_load_an_object_once(vault):
    """The table's lock makes the second look into the ledger after the first has committed."""
    requests = [
        vault.request("users", USERS + "".join(user(n) for n in range(500)), key="u", etag="e")
        for _ in range(4)
    ]

    def run(request):
        with open_warehouse(vault.settings) as warehouse:
            return stage(warehouse, request).already

    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(run, requests))

    assert sorted(outcomes) == [False, True, True, True]
    assert vault.rows("SELECT COUNT(*) FROM {staging}.users") == [(500,)]
    assert vault.rows("SELECT COUNT(*) FROM {staging}.load_ledger") == [(1,)]


def test_a_refused_file_leaves_its_reason_and_nothing_else(vault):
    """A wrong header refuses the file; the ledger and the reject table say so."""
    staged = vault.stage("users", "id,name\n1,x\n")

    assert (staged.status, staged.read, staged.rejected) == ("refused", 1, 1)
    assert vault.rows("SELECT stage FROM {staging}.users_rej") == [("file",)]
    assert vault.load().loads == ()


def test_too_many_rejects_leave_nothing(vault):
    """Above the limit nothing of a file is kept, so that it can be mended and loaded."""
    with pytest.raises(RejectLimitError, match="1 of 2 records were refused"):
        vault.stage("users", USERS + user(1) + "x\n", reject_limit=0.4)

    assert vault.rows("SELECT COUNT(*) FROM {staging}.load_ledger") == [(0,)]
    assert vault.rows("SELECT COUNT(*) FROM {staging}.users") == [(0,)]


def test_a_record_that_copy_refuses_is_kept_and_counted(vault):
    """Contract and table disagree about one record: it becomes a reject of stage copy."""
    request = vault.request("users", USERS + user(1) + user(2))
    accepted = request.validated.accepted
    accepted.write_bytes(accepted.read_bytes().replace(b"\x1f2\x1f", b"\x1ftwo\x1f"))

    with open_warehouse(vault.settings) as warehouse:
        staged = stage(warehouse, request)

    assert (staged.read, staged.accepted, staged.rejected) == (2, 1, 1)
    found = vault.rows("SELECT stage, record_no FROM {staging}.users_rej")
    assert found == [("copy", 2)]
    with open_warehouse(vault.settings) as warehouse:
        rules = accounting.broken_rules(warehouse, [staged])
    assert rules == {staged.load_id: {"copy: refused by the table": 1}}


def test_refusals_of_copy_count_towards_the_limit(vault):
    """A file that the contract accepts and COPY refuses beyond the limit leaves nothing."""
    request = vault.request("users", USERS + user(1) + user(2), reject_limit=0.4)
    accepted = request.validated.accepted
    accepted.write_bytes(accepted.read_bytes().replace(b"\x1f2\x1f", b"\x1ftwo\x1f"))

    with (
        open_warehouse(vault.settings) as warehouse,
        pytest.raises(RejectLimitError, match="1 of them by COPY"),
    ):
        stage(warehouse, request)

    assert vault.rows("SELECT COUNT(*) FROM {staging}.users") == [(0,)]
    assert vault.rows("SELECT COUNT(*) FROM {staging}.users_rej") == [(0,)]


def test_a_lost_record_rolls_the_load_back(vault):
    """What validation counted must be what the warehouse counts."""
    request = vault.request("users", USERS + user(1) + user(2))
    accepted = request.validated.accepted
    accepted.write_bytes(accepted.read_bytes().split(b"\x1e")[0] + b"\x1e")

    with (
        open_warehouse(vault.settings) as warehouse,
        pytest.raises(WarehouseError, match="expected 2"),
    ):
        stage(warehouse, request)

    assert vault.rows("SELECT COUNT(*) FROM {staging}.users") == [(0,)]


def test_the_vault_holds_the_network(vault):
    """Hubs take every key that any file names; links and satellites what belongs to them."""
    small_network(vault)

    batch = vault.load()

    assert counts(vault) == batch.added == {
        "h_users": 5, "h_groups": 2, "h_dialogs": 3,
        "l_user_message": 3, "l_admins": 2, "l_groups_dialogs": 2, "l_user_group_activity": 2,
        "s_admins": 2, "s_user_chatinfo": 3, "s_user_socdem": 3, "s_group_name": 2,
        "s_group_private_status": 2, "s_dialog_info": 3, "s_auth_history": 3,
    }  # fmt: skip
    assert vault.rows("SELECT DISTINCT load_dt FROM {dwh}.s_auth_history") == [(batch.load_dt,)]
    with open_warehouse(vault.settings) as warehouse:
        unknown = accounting.unknown_references(warehouse)
    assert (unknown["users"], unknown["groups"]) == (2, 0)


def test_nothing_new_changes_nothing(vault):
    """A second vault load finds nothing pending and makes no batch."""
    small_network(vault)
    vault.load()
    before = counts(vault)

    assert vault.load() == vault_loading.VaultBatch()
    assert counts(vault) == before
    assert vault.rows("SELECT COUNT(DISTINCT batch_id) FROM {dwh}.vault_ledger") == [(1,)]


@pytest.mark.parametrize("batches", [1, 3])
def test_a_return_to_an_earlier_value_is_kept(vault, batches):
    """A, B, A are three versions, whether they come in one batch or in three."""
    for country in ("Guam", "Chad", "Guam", "Guam"):
        vault.stage("users", USERS + user(1, country=country))
        if batches > 1:
            vault.load()
    vault.load()

    found = vault.rows("SELECT country FROM {dwh}.s_user_socdem ORDER BY load_dt, load_id")
    assert found == [("Guam",), ("Chad",), ("Guam",)]
    assert vault.rows("SELECT COUNT(*) FROM {dwh}.s_user_chatinfo") == [(1,)]


def test_the_same_events_again_add_nothing(vault):
    """Events overlap between files: each distinct one is kept once."""
    lines = [f"0,{n},,add,2021-01-03 00:00:00\n" for n in range(5)]
    vault.stage("group_log", LOG + "".join(lines[:3]))
    vault.stage("group_log", LOG + "".join(lines[1:4]))
    vault.load()
    vault.stage("group_log", LOG + "".join(lines))
    vault.load()

    assert vault.rows("SELECT COUNT(*) FROM {dwh}.s_auth_history") == [(5,)]


def test_load_dt_rises_from_batch_to_batch(vault):
    """Versions are ordered by the ledger, whatever a clock says."""
    vault.stage("users", USERS + user(1))
    first = vault.load()
    vault.tamper("UPDATE {dwh}.vault_ledger SET load_dt = CAST('2999-01-01' AS TIMESTAMP)")
    vault.stage("users", USERS + user(2))

    second = vault.load()

    assert first.load_dt < datetime(2999, 1, 1) < second.load_dt


def test_python_and_warehouse_agree_on_keys(vault):
    """The same keys and hashdiffs on both sides, for awkward texts and large numbers."""
    chance = random.Random(7)
    alphabet = "aZ9|^~;:'\"\\, Яё\t\u2028💬%_"
    names = [
        "",
        "NULL",
        "a||b",
        "^^",
        ";~",
        "1:5",
        *("".join(chance.choices(alphabet, k=12)) for _ in range(240)),
    ]
    numbers = [0, 5, 2**63 - 1, *(chance.randrange(2**62) for _ in range(243))]
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]
    lines = (user(number, name) for number, name in zip(numbers, quoted, strict=True))
    vault.stage("users", USERS + "".join(lines))
    vault.load()

    keys = dict(vault.rows("SELECT user_id, hk_user_id FROM {dwh}.h_users"))
    diffs = dict(vault.rows("SELECT hk_user_id, hashdiff FROM {dwh}.s_user_chatinfo"))

    registered = datetime(2021, 1, 1)
    assert keys == {number: hash_key("users", number) for number in numbers}
    assert diffs == {
        hash_key("users", number): hashdiff([name, registered])
        for number, name in zip(numbers, names, strict=True)
    }


def test_the_broken_rules_of_loads_are_read_back(vault):
    """Each load has its own, a record that breaks two counts for both, and tables do not mix."""
    users = vault.stage("users", USERS + user("x", age="200") + user(1) + "short\n")
    more = vault.stage("users", USERS + user("y"))
    log = vault.stage("group_log", LOG + "0,1,,dance,2021-01-03 00:00:00\n")

    with open_warehouse(vault.settings) as warehouse:
        rules = accounting.broken_rules(warehouse, [users, more, log])

    assert rules == {
        users.load_id: {
            "id: not an integer": 1,
            "age: out of range": 1,
            "record: too few fields": 1,
        },
        more.load_id: {"id: not an integer": 1},
        log.load_id: {"event: unknown value": 1},
    }


def test_only_what_a_batch_feeds_is_loaded(vault):
    """A batch of users runs no statement of messages or groups."""
    vault.stage("users", USERS + user(1))

    batch = vault.load()

    assert batch.tables == ("users",)
    assert batch.added == {"h_users": 1, "s_user_chatinfo": 1, "s_user_socdem": 1}


def test_loads_of_a_table_that_is_not_declared_stay_pending(vault):
    """A later version of the service knows it: its loads must not count as taken till then."""
    vault.stage("users", USERS + user(1))
    vault.tamper("UPDATE {staging}.load_ledger SET table_name = 'chats'")
    vault.stage("groups", GROUPS + "0,1,A,2021-01-01 00:00:00,0\n")

    batch = vault.load()

    assert batch.tables == ("groups",)
    vault.tamper("UPDATE {staging}.load_ledger SET table_name = 'users' WHERE table_name = 'chats'")
    assert vault.load().tables == ("users",)


def test_a_missing_schema_is_said_with_its_cure(vault):
    """Who has not created the tables is told how."""
    settings = vault.settings.model_copy(update={"dwh_schema": "not_there"})

    with open_warehouse(settings) as warehouse, pytest.raises(SettingsError, match="apply-schema"):
        find_news(warehouse, [])


def test_creating_the_schema_again_keeps_everything(vault):
    """apply_schema is safe to repeat."""
    vault.stage("users", USERS + user(1))
    with open_warehouse(vault.settings) as warehouse:
        apply_schema(warehouse)

    assert vault.rows("SELECT COUNT(*) FROM {staging}.users") == [(1,)]
