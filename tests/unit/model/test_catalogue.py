"""What follows from all declarations together."""

from pathlib import Path

import pytest

from social_vault.model import social_network
from social_vault.model.catalogue import catalogue, declared_table

MODULES = Path(social_network.__file__).parent.glob("[!_]*.py")


def test_every_module_of_the_world_is_found():
    """A table is declared by being there; no list names it a second time."""
    assert list(catalogue().tables) == sorted(module.stem for module in MODULES)


def test_a_hub_is_fed_by_every_column_that_names_it():
    """Senders and receivers, admins and members, and who added them: all are users."""
    [users] = [hub for hub in catalogue().hubs if hub.name == "h_users"]

    sources = {f"{each.table.name}.{each.column.name}" for each in catalogue().sources(users)}

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
