"""What follows from all declarations together."""

from pathlib import Path

import pytest

from social_vault.model import food_delivery, social_network
from social_vault.model.catalogue import catalogue, declared_table, worlds

FOLDERS = [Path(world.__file__).parent for world in (social_network, food_delivery)]


def test_every_module_of_the_worlds_is_found():
    """A table is declared by being there; no list names it a second time."""
    modules = [module.stem for folder in FOLDERS for module in folder.glob("[!_]*.py")]

    assert list(catalogue().tables) == sorted(modules)


def test_no_two_worlds_share_a_key():
    """Equal integers of two worlds mean nothing: their hubs, links and satellites stand apart."""
    social, food = worlds().values()

    assert {*social.vault, *food.vault} == {*catalogue().vault}
    assert not {each.name for each in social.vault} & {each.name for each in food.vault}


def test_parts_are_loaded_behind_the_versions_that_they_follow():
    """The items of an order are those of the version that the same batch has just brought."""
    places = {each.name: place for place, each in enumerate(catalogue().vault)}

    following = [each for each in catalogue().satellites if each.follows]
    assert {each.name for each in following} == {"s_order_items", "s_menu_item"}
    assert all(places[each.name] > places[each.follows.name] for each in following)


def test_each_staging_table_is_filled_by_its_source_table():
    """Children, kinds of events and the log of changes are parts of the table they come with."""
    filled = {
        name: [part.name for part in catalogue().tables[name].parts]
        for name in ("users", "orders", "bonus_outbox")
    }

    assert filled == {
        "users": ["users"],
        "orders": ["orders", "order_items", "order_statuses", "order_changes"],
        "bonus_outbox": [
            "bonus_user_ranks",
            "bonus_user_balances",
            "bonus_transactions",
            "bonus_payments",
        ],
    }
    for part in catalogue().parts:
        assert part.name in filled.get(catalogue().table_filling(part).name, [part.name])


def test_a_hub_is_fed_by_every_column_that_names_it():
    """Senders and receivers, admins and members, and who added them: all are users."""
    [users] = [hub for hub in catalogue().hubs if hub.name == "h_users"]

    sources = {f"{each.table.name}.{each.column.name}" for each in catalogue().namings(users)}

    assert sources >= {
        "users.id",
        "groups.admin_id",
        "dialogs.message_from",
        "dialogs.message_to",
        "group_log.user_id",
        "group_log.user_id_from",
    }


def test_a_table_feeds_what_its_columns_name_and_no_more():
    """Hubs come first, then links, then satellites: none points to what is not there."""
    fed = [each.name for each in catalogue().fed_by(["group_log"])]

    assert fed == ["h_groups", "h_users", "l_user_group_activity", "s_auth_history"]
    assert catalogue().fed_by(catalogue().tables) == catalogue().vault


@pytest.mark.parametrize(
    ("key", "table"),
    [
        ("2021/users.csv", "users"),
        ("group_log.csv", "group_log"),
        ("users.csv/part-0", None),
        ("Users.csv", None),
        ("", None),
    ],
)
def test_the_last_segment_of_a_key_names_the_table(key, table):
    """A key that names none feeds none."""
    found = catalogue().table_of(key)

    assert (found and found.name) == table


def test_a_wrong_table_is_told_with_those_there_are():
    """Who mistypes sees what could have been meant."""
    with pytest.raises(ValueError, match=r"'user' is no table: expected one of .*users"):
        declared_table("user")
