"""The vault of the food delivery: versions within a load, parts, presence, audits."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from social_vault.answers import accounting
from social_vault.errors import AuditError
from social_vault.loading import vault as vault_loading
from social_vault.model.catalogue import catalogue
from social_vault.model.keys import hash_key
from social_vault.schema.statements import audit
from social_vault.stores.vertica import open_warehouse
from tests.warehouse.food_rows import (
    Food,
    api_id,
    begin,
    bonus_user,
    courier,
    deleted,
    delivery,
    draws_on_one_vault,
    oid,
    order,
    order_user,
    restaurant,
    transaction,
)

WORLDS = ["social_network", "food_delivery"]

DESCRIBED = {described.name: described for described in catalogue().vault}
ORDERS = tuple(each.name for each in catalogue().fed_by(["orders"]))


@pytest.fixture
def food(vault):
    """Return the staging of the food delivery."""
    return Food(vault)


def test_a_load_brings_every_version_of_a_document(food):
    """One object holds what happened to an order: four states, and one that is told twice."""
    states = ["OPEN", "COOKING", "OPEN", "OPEN", "CLOSED"]
    food.stage("orders", *(order(1, status) for status in states))

    food.vault.load()

    found = food.vault.rows(
        "SELECT final_status, record_no FROM {dwh}.s_order_info ORDER BY record_no"
    )
    assert found == [("OPEN", 1), ("COOKING", 2), ("OPEN", 3), ("CLOSED", 5)]
    events = food.vault.rows("SELECT status FROM {dwh}.s_order_status ORDER BY status")
    assert events == [("CLOSED",), ("COOKING",), ("OPEN",)]


def test_the_items_of_an_order_are_those_of_its_latest_version(food):
    """A removed item leaves with its version, a product twice stands twice, a repeat adds none."""
    food.stage("orders", order(1, items=[(1, "10.00", 1), (1, "10.00", 1), (2, "5.50", 3)]))
    food.vault.load()
    food.stage("orders", order(1, items=[(1, "10.00", 1), (1, "10.00", 1), (2, "5.50", 3)]))
    food.vault.load()
    food.stage("orders", order(2, items=[]), order(1, items=[(2, "5.50", 3)]))
    food.vault.load()

    found = food.vault.rows(
        "SELECT load_id, record_no, item_no, product_id, price, quantity"
        " FROM {dwh}.s_order_items ORDER BY load_id, record_no, item_no"
    )
    assert [(*row[:4], str(row[4]), row[5]) for row in found] == [
        (1, 1, 1, oid(1), "10.00", 1),
        (1, 1, 2, oid(1), "10.00", 1),
        (1, 1, 3, oid(2), "5.50", 3),
        (3, 2, 1, oid(2), "5.50", 3),
    ]
    keys = food.vault.rows("SELECT DISTINCT hk_order_id FROM {dwh}.s_order_items")
    assert keys == [(hash_key("orders", oid(1)),)]


LINES = st.one_of(
    st.builds(
        order,
        st.integers(1, 3),
        st.sampled_from(["OPEN", "CLOSED"]),
        st.sampled_from(["10.00", "20.50"]),
        items=st.sampled_from([[], [(1, "10.00", 1)], [(2, "20.50", 1), (2, "20.50", 1)]]),
    ),
    st.builds(deleted, st.integers(1, 3)),
)


@draws_on_one_vault(3)
@given(data=st.data())
def test_orders_are_the_same_object_by_object_or_all_at_once(food, data):
    """Hubs, links, versions, parts and presence do not tell in how many batches they came."""
    food.forget("orders")
    for _ in range(data.draw(st.integers(1, 3))):
        lines = data.draw(st.lists(LINES, max_size=4))
        is_whole = data.draw(st.booleans())
        food.stage("orders", *([begin()] if is_whole else []), *lines)
        food.vault.load()
    one_by_one = food.content(*ORDERS)

    food.empty_vault("orders")
    food.vault.load()

    assert food.content(*ORDERS) == one_by_one


NUMBERS = st.sets(st.integers(1, 4)).map(sorted)
CHANGES = st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["update", "delete"])), max_size=4)
READS = st.fixed_dictionaries(
    {
        "changes": CHANGES,
        "is_whole": st.booleans(),
        "rejected": st.sampled_from([0, 0, 1]),
        "is_last_of_batch": st.booleans(),
    }
)


def read(*changes, is_whole=False, rejected=0, is_last_of_batch=False):
    """Return what one load is to bring."""
    return {
        "changes": list(changes),
        "is_whole": is_whole,
        "rejected": rejected,
        "is_last_of_batch": is_last_of_batch,
    }


SEEN = read((1, "update"), (2, "update"))
GONE = read((2, "update"), is_whole=True)


def reckoned(loads):
    """Return the rows of presence by the words of the rule: (key, is_deleted, load, record)."""
    is_gone, rows = {}, []
    for load_id, observed, marker in loads:
        named = {key for _, key, _ in observed}
        absent = [] if marker is None else [(marker, key, True) for key in is_gone.keys() - named]
        for record_no, key, deleted_now in sorted([*absent, *observed]):
            if is_gone.get(key) is not deleted_now:
                rows.append((key, deleted_now, load_id, record_no))
            is_gone[key] = deleted_now
    return sorted(rows, key=lambda row: (row[0], *row[2:]))


def presence(food, table, hub):
    """Return the rows of presence, with business keys."""
    key = DESCRIBED[hub]
    return food.vault.rows(
        f"SELECT hub.{key.business_key}, told.is_deleted, told.load_id, told.record_no"
        f" FROM {{dwh}}.{table} AS told INNER JOIN {{dwh}}.{hub} AS hub"
        f" ON hub.{key.key} = told.{key.key} ORDER BY 1, 3, 4"
    )


@draws_on_one_vault(8)
@given(reads=st.lists(READS, min_size=1, max_size=5))
@example(reads=[SEEN, GONE, SEEN])
@example(reads=[SEEN | {"is_last_of_batch": True}, GONE | {"is_last_of_batch": True}, GONE])
@example(reads=[SEEN, GONE | {"rejected": 1}])
@example(reads=[read((1, "update"), (2, "delete"), (2, "update"), is_whole=True)])
def test_presence_is_told_by_deletes_and_by_absence_in_whole_reads(food, reads):
    """However the loads come together in batches; a refused record proves no absence."""
    food.forget("order_users")
    loads = []
    for each in reads:
        lines = [*([(0, "begin")] if each["is_whole"] else []), *each["changes"]]
        records = [order_user(number, op) for number, op in lines]
        load_id = food.stage("order_users", *records, rejected=each["rejected"])
        observed = [
            (place, oid(number), op == "delete")
            for place, (number, op) in enumerate(lines, 1)
            if op != "begin"
        ]
        loads.append((load_id, observed, 1 if each["is_whole"] and not each["rejected"] else None))
        if each["is_last_of_batch"]:
            food.vault.load()
    food.vault.load()

    assert presence(food, "s_order_user_presence", "h_order_users") == reckoned(loads)


@draws_on_one_vault(5)
@given(
    reads=st.lists(
        st.tuples(NUMBERS, st.sampled_from([0, 0, 1]), st.booleans()), min_size=1, max_size=5
    )
)
def test_who_is_absent_from_a_table_that_is_read_whole_has_gone(food, reads):
    """Each load is a whole read, an empty one too."""
    food.forget("bonus_users")
    loads = []
    for numbers, rejected, is_last_of_batch in reads:
        records = [bonus_user(number) for number in numbers]
        load_id = food.stage("bonus_users", *records, rejected=rejected)
        observed = [(place, number, False) for place, number in enumerate(numbers, 1)]
        loads.append((load_id, observed, None if rejected else 0))
        if is_last_of_batch:
            food.vault.load()
    food.vault.load()

    assert presence(food, "s_bonus_user_presence", "h_bonus_users") == reckoned(loads)


def test_absence_is_told_by_the_time_of_the_whole_read(food):
    """The clock is the source's, or that of the upload where the source tells none."""
    food.stage("bonus_users", bonus_user(1))
    food.stage("bonus_users")
    food.vault.load()

    told = food.vault.rows(
        "SELECT told.is_deleted, told.source_at = loads.last_modified"
        " FROM {dwh}.s_bonus_user_presence AS told INNER JOIN {staging}.load_ledger AS loads"
        " ON loads.load_id = told.load_id ORDER BY 1"
    )
    assert told == [(False, True), (True, True)]


def test_an_event_is_kept_once_however_often_it_is_read(food):
    """The outbox is read again where its reading was cut: the ids of the events tell."""
    first = transaction(1, 1, [(1, "1.00", "0.10"), (1, "1.00", "0.10")])
    food.stage("bonus_outbox", first)
    food.vault.load()
    food.stage("bonus_outbox", first, transaction(2, 1, [(1, "1.00", "0.10")]))
    food.vault.load()

    tables = ("l_bonus_payments", "s_bonus_transaction", "s_product_payment")
    counts = [len(rows) for rows in food.content(*tables).values()]
    assert counts == [1, 2, 3]


@pytest.mark.parametrize(
    ("table", "records", "link"),
    [
        ("orders", [order(1, restaurant=1), order(1, restaurant=2)], "l_orders"),
        ("deliveries", [delivery(1), delivery(1, courier=2)], "l_deliveries"),
    ],
    ids=["of two restaurants", "by two couriers"],
)
def test_what_moves_to_another_end_is_refused(food, table, records, link):
    """An order never changes its restaurant: else it would be paid twice, to two of them."""
    food.stage(table, records[0])
    food.vault.load()
    food.stage(table, records[1])

    with pytest.raises(AuditError, match=rf"audit/{link}: .*a key has a second row"):
        food.vault.load()

    assert len(food.vault.rows(f"SELECT load_dt FROM {{dwh}}.{link}")) == 1


REPEATED = (
    "INSERT INTO {{dwh}}.{0} SELECT {1}, load_dt, load_id, record_no + 1, load_src FROM {{dwh}}.{0}"
)
INFO = "order_dt, cost, payment, bonus_payment, bonus_grant, final_status, update_ts, items_digest"
FAULTS = [
    ("DELETE FROM {dwh}.s_order_items", "s_order_items", "other parts than were staged"),
    (
        "INSERT INTO {dwh}.s_order_items SELECT * FROM {dwh}.s_order_items",
        "s_order_items",
        "other parts than were staged",
    ),
    ("UPDATE {dwh}.s_order_items SET price = 1", "s_order_items", "other parts than were staged"),
    ("UPDATE {dwh}.s_order_items SET record_no = 9", "s_order_items", "no version that it is of"),
    ("DELETE FROM {dwh}.h_orders", "s_order_items", "a parent row is absent"),
    ("DELETE FROM {dwh}.s_order_presence", "s_order_presence", "has no row"),
    ("UPDATE {dwh}.s_order_presence SET is_deleted = TRUE", "s_order_presence", "not that of its"),
    (
        "UPDATE {dwh}.s_order_presence SET record_no = 1, is_deleted = TRUE",
        "s_order_presence",
        "a whole read names is gone",
    ),
    (
        REPEATED.format("s_order_presence", "hk_order_id, is_deleted, source_at, hashdiff"),
        "s_order_presence",
        "equal versions",
    ),
    (
        REPEATED.format("s_order_info", f"hk_order_id, {INFO}, hashdiff"),
        "s_order_info",
        "equal versions",
    ),
    ("UPDATE {dwh}.s_order_info SET cost = 1", "s_order_info", "a hashdiff is not that of its row"),
]


def test_an_audit_finds_what_must_not_be_in_the_food_delivery(food):
    """Each fault is planted in a transaction of its own, audited, and taken back."""
    food.stage("orders", begin(), order(1))
    batch = food.vault.load()
    binds = {"batch_id": batch.batch_id, "load_dt": batch.load_dt}
    names = {"dwh": food.vault.settings.dwh_schema}

    for fault, table, words in FAULTS:
        with open_warehouse(food.vault.settings) as warehouse:
            warehouse._cursor.execute(fault.format(**names))
            warehouse._cursor.fetchall()
            with pytest.raises(AuditError, match=words):
                vault_loading.audit(warehouse, audit(catalogue(), DESCRIBED[table]), binds)


def test_keys_that_nobody_delivered_are_counted_world_by_world(food):
    """What another system names is known only when the system that owns it has told of it."""
    food.stage("orders", order(1))
    food.stage("couriers", courier(1, "Анна"))
    food.stage("deliveries", delivery(1), delivery(2, order=5, courier=9))
    food.stage("restaurants", restaurant(1, "Кофейня №1"))
    food.vault.load()

    with open_warehouse(food.vault.settings) as warehouse:
        found = accounting.unknown_references(warehouse, "food_delivery")
        others = accounting.unknown_references(warehouse)

    assert found == {
        "bonus_users": 0,
        "couriers": 1,
        "order_users": 1,
        "orders": 1,
        "ranks": 0,
        "restaurants": 0,
    }
    assert others == {"groups": 0, "users": 0}
    assert food.vault.rows("SELECT COUNT(*) FROM {dwh}.h_couriers") == [(2,)]
    hubs = food.vault.rows("SELECT courier_id FROM {dwh}.h_couriers ORDER BY 1")
    assert hubs == [(api_id(1),), (api_id(9),)]
