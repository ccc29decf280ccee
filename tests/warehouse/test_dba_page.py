"""The page for DBAs: each of its statements runs, and what it promises of them holds."""

import re
from pathlib import Path

from social_vault.loading.staging import stage
from social_vault.model.catalogue import catalogue
from social_vault.schema.statements import copying
from social_vault.stores.vertica import open_warehouse
from tests.warehouse.small_network import USERS, small_network, user

WORLDS = ["social_network", "food_delivery"]

LEDGER = "vault_ledger"
PAGE = Path(__file__).parents[2] / "deployments" / "vertica.md"
VAULT = {each.name for each in catalogue().vault}
CONTENT = {  # of each table that a rebuild must bring back; load_dt is told to be another
    "h_users": "hk_user_id, user_id",
    "h_groups": "hk_group_id, group_id",
    "h_dialogs": "hk_message_id, message_id",
    "l_user_message": "hk_l_user_message, hk_user_id, hk_message_id",
    "l_admins": "hk_l_admin_id, hk_user_id, hk_group_id",
    "l_groups_dialogs": "hk_l_groups_dialogs, hk_message_id, hk_group_id",
    "l_user_group_activity": "hk_l_user_group_activity, hk_user_id, hk_group_id",
    "s_admins": "hk_l_admin_id, hashdiff, load_id",
    "s_user_chatinfo": "hk_user_id, hashdiff, load_id",
    "s_user_socdem": "hk_user_id, hashdiff, load_id",
    "s_group_name": "hk_group_id, hashdiff, load_id",
    "s_group_private_status": "hk_group_id, hashdiff, load_id",
    "s_dialog_info": "hk_message_id, hashdiff, load_id",
    "s_auth_history": "hk_l_user_group_activity, hashdiff, load_id",
}


def statements(start, end="$$"):
    """Return the statements of the page between two of its headings or paragraphs."""
    part = PAGE.read_text().split(start)[1].split(end)[0]
    blocks = re.findall(r"```sql\n(.*?)```", part, re.DOTALL)
    return [each.strip() for block in blocks for each in re.split(r";\n", block) if each.strip()]


def run(vault, *statements):
    """Run statements of the page in one session, under the test's names; return the last rows."""
    names = {"staging": vault.settings.staging_schema, "dwh": vault.settings.dwh_schema}
    with open_warehouse(vault.settings) as warehouse:
        cursor = warehouse._cursor
        for statement in statements:
            cursor.execute(re.sub(r"\b(staging|dwh)(?=[.'])", lambda n: names[n[1]], statement))
            rows = cursor.fetchall()
    return [tuple(row) for row in rows or ()]


def bring(vault, request):
    """Stage a request; asked again, find it."""
    with open_warehouse(vault.settings) as warehouse:
        return stage(warehouse, request)


def contents(vault):
    """Return what the vault holds, but for when it came."""
    return {
        table: sorted(map(str, vault.rows(f"SELECT {columns} FROM {{dwh}}.{table}")))
        for table, columns in CONTENT.items()
    }


def test_what_to_look_at_can_be_looked_at(vault):
    """Every query of the page has an answer, or nothing to tell."""
    small_network(vault)
    pending, days, refused, *_ = (run(vault, each) for each in statements("## What to look at"))

    assert [row[1] for row in pending] == ["users", "groups", "dialogs", "group_log"]
    assert {row[1]: row[2] for row in days} == dict.fromkeys([row[1] for row in pending], 1)
    assert refused == []


def test_statistics_are_asked_for_table_by_table(vault):
    """What the query prints runs, and leaves no table out."""
    printed = [row[0] for row in run(vault, statements("Collect statistics")[0])]

    staging = len(catalogue().parts) + len(catalogue().tables)  # what was refused lies apart
    assert len(printed) == staging + 1 + len(VAULT) + 1
    assert [vault.rows(each) for each in printed] == [[(0,)]] * len(printed)


def test_who_holds_a_lock_is_found_by_the_label_of_its_session(vault):
    """The query of locks names table, mode and session."""
    query = next(each for each in statements("## What to look at") if "v_monitor.locks" in each)
    with open_warehouse(vault.settings) as warehouse, warehouse.transaction():
        warehouse.execute(copying("lock", catalogue().tables["users"]))
        rows = run(vault, query)

    assert [(row[0].rpartition(".")[2], row[1], row[7]) for row in rows] == [
        ("users", "X", "social-vault")
    ]


def test_a_load_that_is_forgotten_is_loaded_again(vault):
    """Its records are there once, under a new number."""
    request = vault.request("users", USERS + user(1) + "short\n")
    first = bring(vault, request)
    forget = statements("**Forget a load**", "**Rebuild")
    run(vault, *(each.replace("42", str(first.load_id)) for each in forget))

    again = bring(vault, request)

    assert (again.already, again.load_id > first.load_id) == (False, True)
    assert vault.rows("SELECT load_id FROM {staging}.users") == [(again.load_id,)]
    assert vault.rows("SELECT load_id FROM {staging}.users_rej") == [(again.load_id,)]
    assert vault.rows("SELECT load_id FROM {staging}.load_ledger") == [(again.load_id,)]


def test_the_vault_can_be_built_anew_from_staging(vault):
    """The same keys and versions, those of several batches too."""
    small_network(vault)
    vault.load()
    vault.stage("users", USERS + user(1, "renamed") + user(99))
    vault.load()
    before = contents(vault)

    [query] = statements("**Rebuild the vault**", "**Thin out")
    printed = [row[0] for row in run(vault, query)]
    assert {text.rpartition(".")[2] for text in printed} == {f"{n};" for n in VAULT | {LEDGER}}
    assert printed[-1].endswith(f".{LEDGER};")
    run(vault, *printed)
    assert set(map(len, contents(vault).values())) == {0}
    vault.load()

    assert contents(vault) == before
    assert all(before.values())


def test_staging_is_thinned_out_by_days(vault):
    """The days that are named go, the ledger stays."""
    vault.stage("users", USERS + user(1))
    vault.load()
    day = str(vault.rows("SELECT MAX(staged_at)::DATE FROM {staging}.users")[0][0])
    thin_out = statements("**Thin out staging**")
    run(vault, *(re.sub(r"2021-\d\d-\d\d", day, each) for each in thin_out))

    assert vault.rows("SELECT COUNT(*) FROM {staging}.users") == [(0,)]
    assert vault.rows("SELECT COUNT(*) FROM {staging}.load_ledger") == [(1,)]
