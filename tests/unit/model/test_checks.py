"""A declaration with a fault is refused before Vertica could find it."""

from dataclasses import replace

import pytest

from social_vault.model.catalogue import Catalogue, catalogue
from social_vault.model.checks import faults
from social_vault.model.social_network.dialogs import DIALOGS
from social_vault.model.social_network.groups import GROUPS, H_GROUPS, L_ADMINS
from social_vault.model.social_network.users import H_USERS, USERS
from social_vault.model.table import Column, Table
from social_vault.model.vault import Hub, Link, Satellite

TEXT_HUB = Hub("h_tags", "tags", "hk_tag", "tag", kind="text", max_octets=24)
USER_ID = Column("user_id", "integer", required=True, hub=H_USERS)


def tags(**given):
    """Return a table of tags whose key is a text."""
    tag = Column("tag", "text", **{"required": True, "max_octets": 24, "hub": TEXT_HUB, **given})
    return Table("tags", 1, (tag,), ("tag",))


def users(**given):
    """Return the users' table, changed."""
    return replace(USERS, **given)


def test_what_is_declared_has_no_fault():
    """The declaration of the social network can be used."""
    assert faults(catalogue()) == []


@pytest.mark.parametrize("pattern", ["[0-9a-f]{24}", "[0-9a-z]+", "T-[0-9]{1,9}"])
def test_a_text_key_of_a_safe_pattern_may_be(pattern):
    """A pattern without the separator keeps the parts of a key apart."""
    assert faults(Catalogue([tags(pattern=pattern)])) == []


OTHER_USERS = Table(
    "members", 1, (replace(USER_ID, hub=replace(H_USERS, key="hk_member")),), ("user_id",)
)
FAULTS = {
    "a text key of any text": (tags(), "tags.tag is a text key: expected a pattern without ;"),
    "a text key whose pattern lets all through": (tags(pattern=".*"), "pattern without ;"),
    "a text key whose pattern has the separator": (tags(pattern="[a;]+"), "pattern without ;"),
    "a key longer than its hub": (
        tags(pattern="[a-z]+", max_octets=25),
        "tags.tag holds keys longer than h_tags has room for.",
    ),
    "a key of another kind": (
        Table("t", 1, (replace(USER_ID, kind="timestamp"),), ("user_id",)),
        "is of kind timestamp, the key of h_users is integer",
    ),
    "a table that feeds nothing": (
        Table("notes", 1, (Column("note", "text", max_octets=9),), ("note",)),
        "notes feeds nothing in the vault",
    ),
    "a key column that is not there": (users(key=("uid",)), "users names the column uid"),
    "a key that may be missing": (
        Table("t", 1, (replace(USER_ID, required=False),), ("user_id",)),
        "t has the key user_id, which may be missing: expected a required column.",
    ),
    "a sort column that is not there": (users(spread=("uid",)), "users names the column uid"),
    "a column twice": (users(columns=(*USERS.columns, USERS.columns[1])), "chat_name twice"),
    "a column of ours": (
        users(columns=(*USERS.columns, Column("load_id", "integer"))),
        "users may not have a column load_id",
    ),
    "a name that must be quoted": (
        users(columns=(*USERS.columns, Column("Выше", "integer"))),
        "Выше is not a plain lower-case name",
    ),
    "a text without a width": (
        users(columns=(*USERS.columns, Column("note", "text"))),
        "users.note is a text without max_octets",
    ),
    "a choice that does not fit": (
        users(columns=(*USERS.columns, Column("sex", "text", max_octets=1, choices=("m", "жен")))),
        "users.sex has a choice of 6 octets, max_octets is 1",
    ),
    "a number with a width": (
        users(columns=(*USERS.columns, Column("n", "integer", max_octets=1))),
        "users.n is of kind integer",
    ),
    "a satellite of a column that is not there": (
        users(satellites=(Satellite("s_x", H_USERS, ("height",)),)),
        "s_x describes by users.height, which is not there.",
    ),
    "a satellite of nothing": (
        users(satellites=(Satellite("s_x", H_USERS, ()),)),
        "s_x has no column",
    ),
    "a satellite of a hub that the table does not name": (
        users(satellites=(Satellite("s_x", H_GROUPS, ("age",)),)),
        "0 columns of users name h_groups, expected one",
    ),
    "a satellite of a hub that two columns name": (
        replace(DIALOGS, satellites=(Satellite("s_x", H_USERS, ("message",)),)),
        "2 columns of dialogs name h_users, expected one",
    ),
    "a satellite of another table's link": (
        users(satellites=(Satellite("s_x", L_ADMINS, ("age",)),)),
        "s_x describes l_admins, which users does not feed.",
    ),
    "a link of a column that is not there": (
        users(links=(Link("l_x", "hk_x", ("id", "uid")),)),
        "l_x joins users.uid, which is not there.",
    ),
    "a link of a column that names no hub": (
        users(links=(Link("l_x", "hk_x", ("id", "age")),)),
        "l_x joins users.age, which names no hub.",
    ),
    "a link of one hub": (users(links=(Link("l_x", "hk_x", ("id",)),)), "l_x joins 1 hub"),
    "a link of one hub with itself": (
        replace(DIALOGS, links=(Link("l_x", "hk_x", ("message_from", "message_to")),)),
        "l_x joins h_users twice",
    ),
    "a link that lies by a hub it does not join": (
        replace(GROUPS, links=(Link("l_x", "hk_x", ("id", "admin_id"), TEXT_HUB),)),
        "l_x is to lie as h_tags does, which it does not join.",
    ),
    "two tables of one name": (
        users(satellites=(Satellite("s_x", H_USERS, ("age",)), Satellite("s_x", H_USERS, ("id",)))),
        "The name s_x is not unique.",
    ),
    "a hub that may never get a row": (
        Table("t", 1, (replace(USER_ID, required=False),), ("user_id",)),
        "h_users is named by no required column",
    ),
}


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ([USERS, users(version=2)], "The name users is not unique."),
        ([USERS, replace(tags(pattern="[a-z]+"), name="users_rej")], "The name users_rej is not"),
        ([USERS, GROUPS, OTHER_USERS], "The name h_users is not unique."),
        ([USERS, tags(hub=replace(TEXT_HUB, entity="users"))], "Two hubs have the entity users."),
    ],
    ids=["twice", "the rejects of another", "another hub of the name", "another of the entity"],
)
def test_declarations_that_do_not_go_together_are_found(tables, words):
    """What each says alone is right."""
    assert any(words in fault for fault in faults(Catalogue(tables)))


@pytest.mark.parametrize(("table", "words"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_said_in_a_sentence(table, words):
    """Where, what was found and what was expected."""
    found = faults(Catalogue([table]))

    assert any(words in fault for fault in found), found
