"""Rows of the food delivery, put into staging and the load ledger as a load would leave them."""

import hashlib
from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, settings
from support.drawing import draws

from social_vault.model.catalogue import catalogue, worlds
from social_vault.stores.vertica import open_warehouse

START = datetime(2026, 11, 1, 12)
FOOD = worlds()["food_delivery"]


def draws_on_one_vault(examples):
    """Decorate a test that draws and empties its warehouse itself: to make one takes seconds."""
    return settings(draws(examples), suppress_health_check=[HealthCheck.function_scoped_fixture])


def oid(number):
    """Return an id of the order system."""
    return f"{number:024x}"


def api_id(number):
    """Return an id of the courier system."""
    return f"{number:023d}"


def order(number, status="CLOSED", cost="100.00", **given):
    """Return a line of changes with an order: by default one of one item, closed at the start."""
    items = given.pop("items", [(1, cost, 1)])
    row = {
        "order_id": oid(number),
        "restaurant_id": oid(given.pop("restaurant", 1)),
        "order_user_id": oid(1),
        "order_dt": given.pop("at", START),
        "cost": Decimal(cost),
        "payment": Decimal(cost),
        "bonus_payment": Decimal(given.pop("bonus", "0.00")),
        "bonus_grant": Decimal(given.pop("grant", "0.00")),
        "final_status": status,
        "update_ts": START,
        "items_digest": hashlib.sha256(repr(items).encode()).hexdigest()[:32],
        **given,
    }
    key = {"order_id": oid(number)}
    statuses = [{"item_no": 1, "status": status, "status_dt": row["order_dt"]}]
    parts = [
        {
            "item_no": place,
            "product_id": oid(product),
            "product_name": f"Блюдо {product}",
            "price": Decimal(price),
            "quantity": quantity,
        }
        for place, (product, price, quantity) in enumerate(items, 1)
    ]
    return {
        "orders": [row],
        "order_items": [key | part for part in parts],
        "order_statuses": [key | each for each in statuses],
        "order_changes": [key | {"op": "update", "source_at": START}],
    }


def deleted(number):
    """Return a line of changes that says that an order was deleted."""
    return {"order_changes": [{"order_id": oid(number), "op": "delete", "source_at": START}]}


def begin():
    """Return the line that begins a whole read of the orders."""
    return {"order_changes": [{"op": "begin", "source_at": START}]}


def order_user(number, op="update", name="Яна"):
    """Return a line of changes with a user of the order system, or without, for a delete."""
    key = {} if op == "begin" else {"order_user_id": oid(number)}
    change = {"order_user_changes": [key | {"op": op, "source_at": START}]}
    if op in ("begin", "delete"):
        return change
    row = key | {"user_name": name, "user_login": "login", "update_ts": START}
    return change | {"order_users": [row]}


def bonus_user(number):
    """Return a record of a user of the bonus system."""
    return {"bonus_users": [{"bonus_user_id": number, "order_user_id": oid(number)}]}


def restaurant(number, name):
    """Return a line of changes with a restaurant that has no menu."""
    row = {
        "restaurant_id": oid(number),
        "restaurant_name": name,
        "menu_digest": "0" * 32,
        "update_ts": START,
    }
    change = {"restaurant_id": oid(number), "op": "update", "source_at": START}
    return {"restaurants": [row], "restaurant_changes": [change]}


def courier(number, name):
    """Return a courier."""
    return {"couriers": [{"courier_id": api_id(number), "courier_name": name}]}


def delivery(number, **given):
    """Return a delivery: by default of the order and by the courier of its own number."""
    order_ts = given.pop("at", START)
    row = {
        "delivery_id": api_id(number),
        "order_id": oid(given.pop("order", number)),
        "courier_id": api_id(given.pop("courier", number)),
        "order_ts": order_ts,
        "delivery_ts": order_ts + timedelta(minutes=50),
        "address": "Ул. Мира, 1, кв. 2",
        "rate": given.pop("rate", 5),
        "order_sum": Decimal(given.pop("sum", "100.00")),
        "tip_sum": Decimal(given.pop("tip", "0.00")),
        **given,
    }
    return {"deliveries": [row]}


def transaction(event, number, payments):
    """Return an event of the bonus system: an order with (product, payment, grant) of each."""
    told = {"event_id": event, "event_ts": START, "order_id": oid(number)}
    parts = [
        told
        | {
            "item_no": place,
            "product_id": oid(product),
            "product_name": f"Блюдо {product}",
            "price": Decimal(100),
            "quantity": 1,
            "product_cost": Decimal(100),
            "bonus_payment": Decimal(payment),
            "bonus_grant": Decimal(grant),
        }
        for place, (product, payment, grant) in enumerate(payments, 1)
    ]
    own = told | {"bonus_user_id": 7, "order_date": START}
    return {"bonus_transactions": [own], "bonus_payments": parts}


class Food:
    """The staging of the food delivery in a warehouse of the test's own."""

    def __init__(self, vault):
        self.vault = vault
        self.loads = 0

    def stage(self, table, *records, rejected=0):
        """Put the records of one object into staging; return the number of the load."""
        self.loads += 1
        by_part = defaultdict(list)
        for record_no, record in enumerate(records, 1):
            own = {"load_id": self.loads, "staged_at": self.now, "record_no": record_no}
            for part, rows in record.items():
                for row in rows:
                    by_part[part].append(own | row)
        with open_warehouse(self.vault.settings) as warehouse, warehouse.transaction():
            for part, rows in by_part.items():
                warehouse._cursor.execute(inserting(self.vault.settings, part, rows))
                warehouse._cursor.fetchall()
            warehouse.execute("ledgers/record_load", self.ledger_row(table, len(records), rejected))
        return self.loads

    @property
    def now(self):
        """Tell the time of the load: each is a second later than the one before it."""
        return START + timedelta(seconds=self.loads)

    def ledger_row(self, table, accepted, rejected):
        """Return what the ledger is to hold of the load."""
        return {
            "load_id": self.loads,
            "source": "s3",
            "bucket": "landing",
            "object_key": f"sources/{table}/{self.loads:012}",
            "object_version": "",
            "table_name": table,
            "load_src": f"s3://landing/sources/{table}/{self.loads:012}",
            "etag": "e",
            "size_bytes": 1,
            "sha256": "0",
            "last_modified": self.now,
            "contract_version": 1,
            "status": "staged",
            "read_count": accepted + rejected,
            "accepted_count": accepted,
            "rejected_count": rejected,
            "blank_count": 0,
            "staged_at": self.now,
            "run_id": None,
        }

    def content(self, *tables):
        """Return all that tables of the vault hold, but for when it came there."""
        return {table: sorted(self.vault.rows(self.asking(table)), key=repr) for table in tables}

    def asking(self, table):
        """Return the query for a table's columns, without load_dt."""
        found = self.vault.rows(
            "SELECT column_name FROM v_catalog.columns"
            f" WHERE table_schema = '{self.vault.settings.dwh_schema}' AND table_name = '{table}'"
            " ORDER BY ordinal_position"
        )
        names = [name for (name,) in found if name != "load_dt"]
        return f"SELECT {', '.join(names)} FROM {{dwh}}.{table}"

    def empty_vault(self, *sources):
        """Take all that some source tables brought out of the vault: their loads are pending."""
        names = [each.name for each in catalogue().fed_by(sources)]
        self.delete_from(self.vault.settings.dwh_schema, *names, "vault_ledger")

    def forget(self, *sources):
        """Empty the vault, and let no load be pending."""
        self.empty_vault(*sources)
        self.delete_from(self.vault.settings.staging_schema, "load_ledger")

    def delete_from(self, schema, *tables):
        """Take all rows out of some tables."""
        with open_warehouse(self.vault.settings) as warehouse, warehouse.transaction():
            for table in tables:
                warehouse._cursor.execute(f"DELETE FROM {schema}.{table}")
                warehouse._cursor.fetchall()


def inserting(settings, part, rows):
    """Return the statement that inserts rows of a staging table; what a row lacks is NULL."""
    declared = next(each for each in FOOD.parts if each.name == part)
    names = ("load_id", "staged_at", "record_no", *declared.names)
    selects = (f"SELECT {', '.join(literal(row.get(name)) for name in names)}" for row in rows)
    target = f"{settings.staging_schema}.{part} ({', '.join(names)})"
    return f"INSERT INTO {target} " + " UNION ALL ".join(selects)


def literal(value):
    """Write a value as SQL."""
    match value:
        case None:
            return "NULL"
        case datetime():
            return f"CAST('{value.isoformat(' ')}' AS TIMESTAMP)"
        case str():
            return "'" + value.replace("'", "''") + "'"
    return str(value)
