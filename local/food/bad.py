"""Records that the contracts must refuse: a share of each kind, each known with its reason."""

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
SHARE = 0.005  # of the orders; at least one record of each kind
# An event of an unknown type is none that this system writes today: it shows what a new one does.
EVENTS: tuple[tuple[str, str, str], ...] = (
    ("user_balance", '{"user_id": 1, "balance": ', "event_value: no JSON"),
    ("user_balance", '{"balance": 10}', "event_value.user_id: missing"),
    ("user_balance", '{"user_id": 1, "balance": "much"}', "event_value.balance: not a decimal"),
    (
        "user_rank",
        '{"user_id": "1", "rank_id": "0", "rank_name": "JUNIOR", "rank_award": "five"}',
        "event_value.rank_award: not a decimal",
    ),
    ("user_gone", '{"user_id": 1}', "event_type: unknown value"),
)
DELIVERIES: tuple[tuple[Spoil, str], ...] = (
    (_set(rate=6), "rate: out of range"),
    (_drop("courier_id"), "courier_id: missing"),
    (_set(sum="abc"), "order_sum: not a decimal"),
    (_set(delivery_ts="2026-13-01 00:00:00"), "delivery_ts: not a timestamp"),
)


def spoil(maker: Maker, at: datetime) -> None:
    """Add bad records of each kind to what is made, and remember the reason of each."""
    made = maker.made
    orders: list[Any] = list(made.orders.values())
    carried = list(made.deliveries)
    for turn in range(max(1, round(len(orders) * SHARE / len(ORDERS)))):
        _spoil_orders(maker, orders[turn])
        for kind, text, reason in EVENTS:
            made.bad[maker.raw_event(at, kind, text)] = "bonus_outbox", reason
        _spoil_deliveries(maker, carried[-1 - turn])


def _spoil_orders(maker: Maker, sound: Document) -> None:
    for change, reason in ORDERS:
        order = {**copy.deepcopy(sound), "_id": maker.object_id()}
        change(order)
        maker.made.orders[order["_id"]] = order
        maker.made.bad[order["_id"]] = "orders", reason


def _spoil_deliveries(maker: Maker, sound: Document) -> None:
    for change, reason in DELIVERIES:
        delivery = {**sound, "delivery_id": maker.api_id()}
        change(delivery)
        maker.made.deliveries.append(delivery)
        maker.made.bad[delivery["delivery_id"]] = "deliveries", reason
