"""The second day: what such systems do behind a reader's back."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from local.food.delivery import Maker


def go_on(maker: Maker) -> None:
    """Let a day go by: orders end, prices rise, tips come late, some things are deleted."""
    made, today = maker.made, datetime.combine(maker.today, time())
    _end_open_orders(maker)
    for restaurant in made.restaurants.values():
        dish = maker.chance.choice(restaurant["menu"])
        dish["price"] += 10
        restaurant["update_ts"] = today
    late = str(maker.today - timedelta(5))  # what is older than a week is not read again
    for delivery in made.deliveries[::4]:
        if delivery["order_ts"] > late and delivery["delivery_id"] not in made.bad:
            delivery["tip_sum"] += 50
    closed = (key for key, each in made.orders.items() if each.get("final_status") == "CLOSED")
    del made.orders[maker.chance.choice([key for key in closed if key not in made.bad])]
    del made.bonus_users[max(made.bonus_users)]
    name, _, least = made.ranks[2]
    made.ranks[2] = name, Decimal("0.17"), least
    for hour in range(8):
        maker.order(today + timedelta(hours=hour))


def _end_open_orders(maker: Maker) -> None:
    users = list(maker.made.users)
    for order in list(maker.made.orders.values()):
        if order.get("final_status") == "OPEN":
            user = users.index(order["user"]["id"]) + 1
            maker.finish(order, user, order["date"])
