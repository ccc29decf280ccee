"""Records that the contracts must refuse, one of each kind, with the reason of each."""

import copy
from collections.abc import Callable
from datetime import datetime
from typing import Any

from local.food.delivery import Document, Maker

Spoil = Callable[[Document], None]


def _set(**values: object) -> Spoil:
    return lambda record: record.update(values)


def _drop(name: str) -> Spoil:
    return lambda record: record.pop(name)


def _item(**values: object) -> Spoil:
    return lambda order: order["order_items"][0].update(values)


ORDERS: tuple[tuple[Spoil, str], ...] = (
    (_drop("final_status"), "final_status: missing"),
    (_set(final_status="LOST"), "final_status: unknown value"),
    (_set(cost=10.125), "cost: not a decimal"),
    (_set(cost=float("nan")), "cost: not a decimal"),
    (_set(update_ts="yesterday"), "update_ts: not a timestamp"),
    (_item(quantity=1.5), "order_items[].quantity: not an integer"),
    (_item(id="dish 7"), "order_items[].id: wrong form"),
    (_set(order_items="none"), "order_items: not a list"),
)
EVENTS: tuple[tuple[str, str, str], ...] = (
    ("user_balance", '{"user_id": 1, "balance": ', "event_value: no JSON"),
    ("user_balance", '{"balance": 10}', "event_value.user_id: missing"),
    ("user_balance", '{"user_id": 1, "balance": "much"}', "event_value.balance: not a decimal"),
    ("user_gone", '{"user_id": 1}', "event_type: unknown value"),
)
DELIVERIES: tuple[tuple[Spoil, str], ...] = (
    (_set(rate=6), "rate: out of range"),
    (_drop("courier_id"), "courier_id: missing"),
    (_set(sum="abc"), "order_sum: not a decimal"),
    (_set(delivery_ts="2026-13-01 00:00:00"), "delivery_ts: not a timestamp"),
)


def spoil(maker: Maker, at: datetime) -> None:
    """Add one bad record of each kind to what is made."""
    made = maker.made
    sound: Any = next(iter(made.orders.values()))
    carried = made.deliveries[-1]
    for change, reason in ORDERS:
        order = {**copy.deepcopy(sound), "_id": maker.object_id()}
        change(order)
        made.orders[order["_id"]] = order
        made.bad.add(order["_id"])
        made.refused["orders", reason] += 1
    for kind, text, reason in EVENTS:
        maker.raw_event(at, kind, text)
        made.refused["bonus_outbox", reason] += 1
    for change, reason in DELIVERIES:
        delivery = {**carried, "delivery_id": maker.api_id()}
        change(delivery)
        made.deliveries.append(delivery)
        made.bad.add(delivery["delivery_id"])
        made.refused["deliveries", reason] += 1
