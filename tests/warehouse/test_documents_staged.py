"""Source tables in several parts against a warehouse: orders with their children, the outbox."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from social_vault.answers import accounting
from social_vault.errors import RejectLimitError, WarehouseError
from social_vault.loading.staging import stage
from social_vault.model.catalogue import catalogue
from social_vault.stores.vertica import open_warehouse

WORLDS = ["food_delivery"]

ORDERS = catalogue().tables["orders"]
OUTBOX = "id,event_ts,event_type,event_value\n"
MOMENT = "2022-01-02 03:04:05"


def oid(number):
    """Return the Extended JSON of an ObjectId."""
    return {"$oid": f"{number:024x}"}


def order(number, **changes):
    """Return an order as MongoDB's drivers write it, of two items and one status."""
    item = {"id": oid(70), "name": "Кофе", "price": {"$numberInt": "90"}, "quantity": 1}
    document = {
        "_id": oid(number),
        "restaurant": {"id": oid(50)},
        "user": {"id": oid(60)},
        "date": {"$date": {"$numberLong": "1641092645000"}},
        "order_items": [item, {**item, "id": oid(71), "price": "100.5", "quantity": 2}],
        "cost": 291,
        "payment": {"$numberDouble": "291.0"},
        "bonus_payment": 0,
        "bonus_grant": {"$numberDecimal": "29.10"},
        "statuses": [{"status": "OPEN", "dttm": {"$date": "2022-01-02T03:04:05Z"}}],
        "final_status": "OPEN",
        "update_ts": MOMENT,
    }
    return document | changes


def change(op, number=None, doc=None):
    """Return a line of changes."""
    key = None if number is None else oid(number)
    return json.dumps({"op": op, "at": MOMENT, "_id": key, "doc": doc}, ensure_ascii=False) + "\n"


CHANGES = (
    change("begin")
    + change("read", 1, order(1))
    + change("insert", 2, order(2, order_items=[]))
    + "\n"
    + change("insert", 3, order(3, cost="x", statuses=[{"status": "?", "dttm": MOMENT}]))
    + "{\n"
    + change("update", 4)
    + change("delete", 1)
)


def test_a_change_brings_rows_to_every_part(vault):
    """Documents, their children and the log stand under one load and the number of their line."""
    staged = vault.stage("orders", CHANGES)

    assert (staged.read, staged.accepted, staged.rejected, staged.blank) == (8, 5, 2, 1)
    orders = "SELECT record_no, order_id, order_dt::VARCHAR, cost::VARCHAR, bonus_grant::VARCHAR"
    assert vault.rows(orders + " FROM {staging}.orders ORDER BY 1") == [
        (number, f"{number - 1:024x}", MOMENT, "291.00", "29.10") for number in (2, 3)
    ]
    items = "SELECT record_no, order_id, item_no, product_id, price::VARCHAR, quantity"
    assert vault.rows(items + " FROM {staging}.order_items ORDER BY 1, 3") == [
        (2, f"{1:024x}", 1, f"{70:024x}", "90.00", 1),
        (2, f"{1:024x}", 2, f"{71:024x}", "100.50", 2),
    ]
    log = "SELECT record_no, op, order_id FROM {staging}.order_changes ORDER BY 1"
    assert vault.rows(log) == [
        (1, "begin", None),
        (2, "read", f"{1:024x}"),
        (3, "insert", f"{2:024x}"),
        (6, "update", f"{4:024x}"),
        (7, "delete", f"{1:024x}"),
    ]
    assert vault.rows("SELECT COUNT(*) FROM {staging}.order_statuses") == [(2,)]
    for part in ("orders", "order_items", "order_statuses", "order_changes"):
        loads = vault.rows("SELECT DISTINCT load_id FROM {staging}." + part)
        assert loads == [(staged.load_id,)]


def test_refused_documents_stand_in_one_table_with_all_their_reasons(vault):
    """A reason names the place within the document; broken rules are counted without it."""
    staged = vault.stage("orders", CHANGES)

    rejects = vault.rows(
        "SELECT stage, record_no, line_no, reasons FROM {staging}.orders_rej ORDER BY record_no"
    )
    assert rejects == [
        ("contract", 4, 5, "cost: not a decimal; statuses[0].status: unknown value"),
        ("record", 5, 6, "record: no JSON"),
    ]
    with open_warehouse(vault.settings) as warehouse:
        rules = accounting.broken_rules(warehouse, [staged])
    assert rules[staged.load_id] == {
        "cost: not a decimal": 1,
        "statuses[].status: unknown value": 1,
        "record: no JSON": 1,
    }


def test_an_object_in_several_parts_is_loaded_once(vault):
    """However many runs take it at once: the locks of all parts come before the ledger."""
    requests = [vault.request("orders", CHANGES, key="o", etag="e") for _ in range(3)]

    def run(request):
        with open_warehouse(vault.settings) as warehouse:
            return stage(warehouse, request).already

    with ThreadPoolExecutor(3) as threads:
        outcomes = list(threads.map(run, requests, timeout=60))

    assert sorted(outcomes) == [False, True, True]
    assert vault.rows("SELECT COUNT(*) FROM {staging}.order_items") == [(2,)]
    assert vault.rows("SELECT COUNT(*) FROM {staging}.load_ledger") == [(1,)]


def test_an_empty_object_is_a_load_of_nothing(vault):
    """A source without a document is a state like any other."""
    staged = vault.stage("orders", "")

    assert (staged.read, staged.accepted, staged.rejected, staged.status) == (0, 0, 0, "staged")
    assert vault.rows("SELECT read_count FROM {staging}.load_ledger") == [(0,)]


def test_a_row_that_copy_refuses_fails_the_load_of_several_parts(vault):
    """The document would else stand there without its item; nothing of the load is kept."""
    request = vault.request("orders", CHANGES)
    items = next(part for part in request.validated.parts if part.name == "order_items")
    items.path.write_bytes(items.path.read_bytes().replace(b"\x1f100.50\x1f", b"\x1fmuch\x1f"))

    with (
        open_warehouse(vault.settings) as warehouse,
        pytest.raises(WarehouseError, match="COPY into order_items refused 1 of 2 rows"),
    ):
        stage(warehouse, request)

    for table in ("orders", "order_items", "order_changes", "orders_rej", "load_ledger"):
        assert vault.rows("SELECT COUNT(*) FROM {staging}." + table) == [(0,)]


def test_a_lost_row_of_a_child_rolls_the_load_back(vault):
    """The rows of each part are counted again, and not the documents alone."""
    request = vault.request("orders", CHANGES)
    parts = [
        replace(part, rows=part.rows + (part.name == "order_items"))
        for part in request.validated.parts
    ]
    request = replace(request, validated=replace(request.validated, parts=tuple(parts)))

    with (
        open_warehouse(vault.settings) as warehouse,
        pytest.raises(WarehouseError, match=r"holds 2, 2, 2, 5 accepted rows.*expected 2, 3, 2, 5"),
    ):
        stage(warehouse, request)

    assert vault.rows("SELECT COUNT(*) FROM {staging}.orders") == [(0,)]


def test_the_limit_of_rejects_counts_documents(vault):
    """Two of eight lines are refused, whatever rows the others bring."""
    with pytest.raises(RejectLimitError, match="2 of 8 records were refused"):
        vault.stage("orders", CHANGES, reject_limit=0.2)


def event(number, kind, value):
    """Return a record of the outbox."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    quoted = text.replace('"', '""')
    return f'{number},{MOMENT},{kind},"{quoted}"\n'


def payment(number, **changes):
    """Return what a bonus transaction tells."""
    paid = {
        "product_id": f"{70:024x}",
        "product_name": "Чай",
        "price": 90,
        "quantity": 1,
        "product_cost": 90.0,
        "bonus_payment": 10.5,
        "bonus_grant": 1,
    }
    value = {
        "user_id": str(number),
        "order_id": f"{number:024x}",
        "order_date": MOMENT,
        "product_payments": [paid, {**paid, "price": 5}],
    }
    return value | changes


def test_an_event_of_the_outbox_goes_where_its_type_says(vault):
    """Each kind has tables of its own; what is wrong with one of any kind stands in one table."""
    text = (
        OUTBOX
        + event(1, "user_balance", {"user_id": 5, "balance": 12.5})
        + event(2, "user_rank", {"user_id": 5, "rank_id": 0, "rank_name": "J", "rank_award": 0.05})
        + event(3, "bonus_transaction", payment(7))
        + event(4, "bonus_transaction", payment(8, product_payments=[{"price": "x"}]))
        + event(5, "user_balance", {"balance": 1})
        + event(6, "user_level", {"user_id": 5})
        + event(7, "user_balance", "{")
    )

    staged = vault.stage("bonus_outbox", text)

    assert (staged.read, staged.accepted, staged.rejected) == (7, 3, 4)
    balances = "SELECT event_id, bonus_user_id, balance::VARCHAR FROM {staging}.bonus_user_balances"
    assert vault.rows(balances) == [(1, 5, "12.50")]
    ranks = "SELECT event_id, rank_name, rank_award::VARCHAR FROM {staging}.bonus_user_ranks"
    assert vault.rows(ranks) == [(2, "J", "0.05000")]
    transactions = "SELECT record_no, event_id, bonus_user_id FROM {staging}.bonus_transactions"
    assert vault.rows(transactions) == [(3, 3, 7)]
    payments = "SELECT record_no, event_id, order_id, item_no, price::VARCHAR"
    assert vault.rows(payments + " FROM {staging}.bonus_payments ORDER BY item_no") == [
        (3, 3, f"{7:024x}", 1, "90.00"),
        (3, 3, f"{7:024x}", 2, "5.00"),
    ]
    rejects = dict(vault.rows("SELECT record_no, reasons FROM {staging}.bonus_outbox_rej"))
    assert rejects.pop(4).startswith(
        "event_value.product_payments[0].product_id: missing; "
        "event_value.product_payments[0].price: not a decimal; "
    )
    assert rejects == {
        5: "event_value.user_id: missing",
        6: "event_type: unknown value",
        7: "event_value: no JSON",
    }


def test_a_chain_of_csv_may_hold_a_header_alone(vault):
    """An outbox in which nothing happened is a load of nothing."""
    staged = vault.stage("bonus_outbox", OUTBOX)

    assert (staged.read, staged.status) == (0, "staged")
