"""The marketers' answer over the wire, against plain Python over the same records."""

import random

import pytest

from social_vault.answers import questions as answer
from social_vault.stores.vertica import open_warehouse

GROUPS = "id,admin_id,group_name,registration_dt,is_private\n"
DIALOGS = "message_id,message_ts,message_from,message_to,message,message_group\n"
LOG = "group_id,user_id,user_id_from,event,datetime\n"


def test_the_answer_is_what_plain_python_finds(vault):
    """Conversions, intervals and order agree with a computation from the records themselves."""
    chance = random.Random(11)
    groups = {n: f"2021-01-{1 + n % 9:02} 00:00:00" for n in range(14)}
    added = {(g, u) for g in groups for u in range(40) if chance.random() < 0.1 * (g % 7)}
    wrote = {(chance.randrange(14), chance.randrange(60)) for _ in range(300)}
    vault.stage("groups", GROUPS + "".join(f"{g},1,Group {g},{dt},0\n" for g, dt in groups.items()))
    vault.stage(
        "group_log", LOG + "".join(f"{g},{u},,add,2021-02-01 00:00:00\n" for g, u in sorted(added))
    )
    vault.stage(
        "dialogs",
        DIALOGS
        + "".join(
            f"{i},2021-02-01 00:00:00,{u},1,x,{g}\n" for i, (g, u) in enumerate(sorted(wrote))
        ),
    )
    vault.load()

    with open_warehouse(vault.settings) as warehouse:
        found = answer.group_conversion(warehouse, 10)
        ages = answer.author_ages(warehouse, 10)

    oldest = sorted(groups, key=lambda g: (groups[g], g))[:10]
    expected = sorted(
        (oracle(g, added, wrote) for g in oldest),
        key=lambda row: (row[3] is None, -(row[3] or 0), row[0]),
    )
    columns = (
        "group_id",
        "cnt_added_users",
        "cnt_users_in_group_with_messages",
        "group_conversion",
        "cnt_added_users_with_messages",
        "added_user_conversion",
        "conversion_low",
        "conversion_high",
    )
    assert [[row[name] for name in columns] for row in found] == [
        [value if not isinstance(value, float) else pytest.approx(value) for value in row]
        for row in expected
    ]
    assert vault.rows("SELECT group_id FROM {dwh}.group_conversion") == [
        (row["group_id"],) for row in found
    ]
    writers = {u for g, u in wrote if g in oldest}
    assert ages == [{"age": None, "cnt_users": len(writers)}]


def oracle(group, added, wrote):
    """Return one group's figures by the words of the question; Wilson's interval by his formula."""
    new = {u for g, u in added if g == group}
    writers = {u for g, u in wrote if g == group}
    if not new:
        return [group, 0, len(writers), None, 0, None, None, None]
    n, x, z = len(new), len(new & writers), 1.959963984540054
    p = x / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    return [group, n, len(writers), len(writers) / n, x, p, middle - half, middle + half]


def test_a_group_bears_the_name_of_its_latest_version(vault):
    """A group that was renamed is shown once, under its name of today."""
    for name in ("Old", "New"):
        vault.stage("groups", GROUPS + f"7,1,{name},2021-01-01 00:00:00,0\n")
        vault.load()

    with open_warehouse(vault.settings) as warehouse:
        found = answer.group_conversion(warehouse, 10)

    assert [(row["group_id"], row["group_name"]) for row in found] == [(7, "New")]
    assert found[0]["group_conversion"] is None


def test_the_ages_are_those_of_the_writers(vault):
    """Writers in the oldest groups by age, the most frequent first, others left out."""
    header = "id,chat_name,registration_dt,country,age\n"
    ages = {1: 30, 2: 30, 3: 19, 4: 50}
    vault.stage(
        "users", header + "".join(f"{n},x,2021-01-01 00:00:00,Guam,{a}\n" for n, a in ages.items())
    )
    vault.stage("groups", GROUPS + "7,1,A,2021-01-01 00:00:00,0\n8,1,B,2021-02-01 00:00:00,0\n")
    paths = [(1, 7), (2, 7), (3, 7), (3, 7), (4, 8), (9, 7)]
    vault.stage(
        "dialogs",
        DIALOGS
        + "".join(f"{i},2021-03-01 00:00:00,{u},1,x,{g}\n" for i, (u, g) in enumerate(paths)),
    )
    vault.load()

    with open_warehouse(vault.settings) as warehouse:
        found = answer.author_ages(warehouse, 1)

    assert found[0] == {"age": 30, "cnt_users": 2}
    assert {row["age"]: row["cnt_users"] for row in found} == {30: 2, 19: 1, None: 1}


def test_an_interval_ends_where_a_share_must(vault):
    """Nobody writing gives 0 as the lower end, everybody writing 1 as the upper, never beyond."""
    vault.stage(
        "groups", GROUPS + "1,1,Silent,2021-01-01 00:00:00,0\n2,1,Lively,2021-01-02 00:00:00,0\n"
    )
    added = (f"{group},{user},,add,2021-02-01 00:00:00\n" for group in (1, 2) for user in (5, 6, 7))
    vault.stage("group_log", LOG + "".join(added))
    vault.stage(
        "dialogs",
        DIALOGS + "".join(f"{user},2021-02-01 00:00:00,{user},1,x,2\n" for user in (5, 6, 7)),
    )
    vault.load()

    found = vault.rows(
        "SELECT conversion_low, conversion_high FROM {dwh}.group_conversion_by_age"
        " ORDER BY group_id"
    )

    assert found[0][0] == 0.0
    assert 1 - 1e-12 < found[1][1] <= 1
    assert 0 < found[0][1] < 1
    assert 0 < found[1][0] < 1
