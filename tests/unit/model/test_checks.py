"""A declaration with a fault is refused before Vertica could find it."""

from dataclasses import replace

import pytest

from social_vault.model.catalogue import Catalogue, catalogue
from social_vault.model.checks import faults
from social_vault.model.food_delivery.bonus_outbox import BONUS_OUTBOX, USER_RANKS
from social_vault.model.food_delivery.bonus_users import BONUS_USERS
from social_vault.model.food_delivery.orders import ORDER_ITEMS, ORDERS, S_ORDER_INFO
from social_vault.model.food_delivery.restaurants import H_PRODUCTS
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
    return Table(name="tags", version=1, columns=(tag,), key=("tag",))


def users(**given):
    """Return the users' table, changed."""
    return replace(USERS, **given)


def test_what_is_declared_has_no_fault():
    """The declarations of all worlds can be used."""
    assert faults(catalogue()) == []


@pytest.mark.parametrize("pattern", ["[0-9a-f]{24}", "[0-9a-z]+", "T-[0-9]{1,9}"])
def test_a_text_key_of_a_safe_pattern_may_be(pattern):
    """A pattern without the separator keeps the parts of a key apart."""
    assert faults(Catalogue([tags(pattern=pattern)])) == []


def table(column, **given):
    """Return a table of one column, which is its key."""
    return Table(name="t", version=1, columns=(column,), **{"key": (column.name,), **given})


OTHER_USERS = table(replace(USER_ID, hub=replace(H_USERS, key="hk_member")))
FAULTS = {
    "a text key of any text": (tags(), "tags.tag is a text key: expected a pattern without ;"),
    "a text key whose pattern lets all through": (tags(pattern=".*"), "pattern without ;"),
    "a text key whose pattern has the separator": (tags(pattern="[a;]+"), "pattern without ;"),
    "a key longer than its hub": (
        tags(pattern="[a-z]+", max_octets=25),
        "tags.tag holds keys longer than h_tags has room for.",
    ),
    "a key of another kind": (
        table(replace(USER_ID, kind="timestamp")),
        "is of kind timestamp, the key of h_users is integer",
    ),
    "a table that feeds nothing": (
        table(Column("note", "text", max_octets=9)),
        "t feeds nothing in the vault",
    ),
    "a key column that is not there": (users(key=("uid",)), "users names the column uid"),
    "a key that may be missing": (
        table(replace(USER_ID, required=False)),
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
        table(replace(USER_ID, required=False)),
        "h_users is named by no required column",
    ),
}


def orders(**given):
    """Return the orders' table, changed."""
    return replace(ORDERS, **given)


def items(**given):
    """Return the orders' table with other items."""
    return orders(children=(replace(ORDER_ITEMS, **given), *ORDERS.children[1:]))


def item(**given):
    """Return the orders' table with another satellite of the items."""
    return items(satellites=(replace(S_ORDER_ITEMS, **given),))


def outbox(**given):
    """Return the outbox, changed."""
    return replace(BONUS_OUTBOX, **given)


def priced(**given):
    """Return the users' table with a price."""
    return users(columns=(*USERS.columns, Column("price", **{"kind": "decimal", **given})))


def without(columns, *names):
    """Return columns but for some."""
    return tuple(column for column in columns if column.name not in names)


[S_ORDER_ITEMS] = ORDER_ITEMS.satellites
[S_ORDER_PRESENCE] = ORDERS.log.satellites
FAULTS_OF_PARTS = {
    "a decimal without digits": (
        priced(),
        "users.price is of kind decimal and has digits None",
    ),
    "digits of another kind": (
        priced(kind="integer", digits=(14, 2)),
        "users.price is of kind integer and has digits (14, 2): decimals alone have some.",
    ),
    "more digits behind the point than in all": (
        priced(digits=(2, 3)),
        "users.price has the digits (2, 3)",
    ),
    "more digits than a frame holds": (
        priced(digits=(39, 2)),
        "users.price has the digits (39, 2)",
    ),
    "a path with an empty name": (
        priced(digits=(14, 2), path="cost..sum"),
        "users.price is read at cost..sum: expected names with a point between them.",
    ),
    "a child at no path": (items(path=""), "order_items is read at ''"),
    "children of a csv": (
        orders(form="csv", log=None),
        "orders has children: expected documents or changes",
    ),
    "a part of the name of another": (items(name="order_changes"), "The name order_changes is not"),
    "a part of the name of the rejects": (items(name="orders_rej"), "The name orders_rej is not"),
    "a part sorted by nothing": (
        items(spread=()),
        "order_items is sorted by nothing: expected spread, as it has no key.",
    ),
    "a source without what it calls the table": (
        orders(origin=""),
        "orders has a source or an origin alone: expected both, or neither.",
    ),
    "a table sorted by nothing": (orders(spread=()), "orders is sorted by nothing"),
    "a part sorted by what it does not have": (
        items(spread=("id",)),
        "order_items names the column",
    ),
    "a part with a column of ours": (
        items(columns=(*ORDER_ITEMS.columns, Column("record_no", "integer"))),
        "order_items may not have a column record_no.",
    ),
    "a text key in a part that may be any text": (
        items(
            columns=(
                *without(ORDER_ITEMS.columns, "product_id"),
                replace(ORDER_ITEMS.column("product_id"), pattern=None),
            )
        ),
        "order_items.product_id is a text key: expected a pattern without ;, found None.",
    ),
    "a digest of no child": (
        orders(children=ORDERS.children[1:]),
        "orders.items_digest is a digest of order_items, which is no child.",
    ),
    "a digest without room": (
        orders(
            columns=(
                *without(ORDERS.columns, "items_digest"),
                replace(ORDERS.column("items_digest"), max_octets=31),
            )
        ),
        "orders.items_digest is a digest: expected a text of 32 octets or more.",
    ),
    "changes without a log": (
        orders(log=None),
        "orders is of the form changes and has no log: changes have one.",
    ),
    "a log of no changes": (
        orders(form="documents"),
        "orders is of the form documents and has a log",
    ),
    "a log that does not say what happened": (
        orders(log=replace(ORDERS.log, columns=without(ORDERS.log.columns, "op"))),
        "order_changes has no column op",
    ),
    "a log that does not say when": (
        orders(log=replace(ORDERS.log, columns=without(ORDERS.log.columns, "source_at"))),
        "order_changes has no column source_at",
    ),
    "a log without the key": (
        orders(log=replace(ORDERS.log, columns=without(ORDERS.log.columns, "order_id"))),
        "order_changes has 0 columns that name a hub, expected the key alone.",
    ),
    "presence told by a table that is read in pieces": (
        orders(satellites=(*ORDERS.satellites, replace(S_ORDER_PRESENCE, name="s_x"))),
        "s_x tells presence from orders: expected a log of changes, or a table that is read whole.",
    ),
    "presence of columns": (
        orders(log=replace(ORDERS.log, satellites=(replace(S_ORDER_PRESENCE, columns=("op",)),))),
        "s_order_presence tells presence: expected no columns of its own.",
    ),
    "presence of a relation": (
        replace(
            BONUS_USERS, satellites=(Satellite("s_x", BONUS_USERS.links[0], is_presence=True),)
        ),
        "s_x tells presence of l_bonus_order_users: expected a hub.",
    ),
    "a satellite of two kinds": (item(is_event=True), "s_order_items is of two kinds"),
    "parts of versions that nothing keeps": (
        item(follows=replace(S_ORDER_INFO, name="s_other")),
        "s_order_items follows s_other, which is no satellite of versions.",
    ),
    "parts of events": (
        item(follows=ORDERS.children[1].satellites[0]),
        "s_order_items follows s_order_status, which is no satellite of versions.",
    ),
    "parts of another parent": (
        item(parent=H_PRODUCTS),
        "s_order_items follows s_order_info, which describes h_orders.",
    ),
    "parts that are no child": (
        orders(satellites=(S_ORDER_INFO, replace(S_ORDER_ITEMS, name="s_x", columns=("cost",)))),
        "s_x follows s_order_info, of which orders is no child.",
    ),
    "parts whose change makes no version": (
        orders(
            satellites=(replace(S_ORDER_INFO, columns=("cost",)),),
            children=(
                replace(
                    ORDER_ITEMS,
                    satellites=(
                        replace(S_ORDER_ITEMS, follows=replace(S_ORDER_INFO, columns=("cost",))),
                    ),
                ),
                *ORDERS.children[1:],
            ),
        ),
        "s_order_items follows s_order_info, which holds no digest of order_items.",
    ),
    "variants that nothing tells apart": (
        outbox(kind_in="kind"),
        "bonus_outbox reads its variants from 'kind', which it does not have.",
    ),
    "variants that stand nowhere": (outbox(value_in=""), "bonus_outbox reads its variants from ''"),
    "a variant of no choice": (
        outbox(variants=(*BONUS_OUTBOX.variants, replace(USER_RANKS, name="x", kind="refund"))),
        "bonus_outbox has a variant of the kind refund, which is no choice of event_type.",
    ),
    "a choice without a variant": (
        outbox(variants=BONUS_OUTBOX.variants[:1]),
        "bonus_outbox has no variant for the choice bonus_transaction of event_type.",
    ),
    "two variants of one kind": (
        outbox(variants=(*BONUS_OUTBOX.variants, replace(USER_RANKS, name="x"))),
        "bonus_outbox has two variants of the kind user_rank.",
    ),
    "a kind and no variants": (
        users(kind_in="country"),
        "users says where the kinds of its records stand, and has no variants.",
    ),
    "a satellite of what has no staging table": (
        outbox(satellites=(Satellite("s_x", H_USERS, ("event_ts",)),)),
        "bonus_outbox has variants and no staging table",
    ),
}


@pytest.mark.parametrize(("found", "words"), FAULTS_OF_PARTS.values(), ids=FAULTS_OF_PARTS.keys())
def test_a_fault_of_a_source_in_several_parts_is_said_in_a_sentence(found, words):
    """Children, kinds of records and logs of changes are looked at as tables are."""
    told = faults(Catalogue([found]))

    assert any(words in fault for fault in told), told


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


@pytest.mark.parametrize(("found", "words"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_said_in_a_sentence(found, words):
    """Where, what was found and what was expected."""
    told = faults(Catalogue([found]))

    assert any(words in fault for fault in told), told
