"""The second day: what such systems do behind a reader's back."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from local.food.delivery import STATUSES, Maker

YOUNG = STATUSES[:-1]  # what an order has taken that goes on


def go_on(maker: Maker) -> None:
    """Let a day go by: orders end, prices rise, thanks come late, some things are deleted."""
    made, today = maker.made, datetime.combine(maker.today, time())
    _end_open_orders(maker)
    for restaurant in made.restaurants.values():
        dish = maker.chance.choice(restaurant["menu"])
        dish["price"] += 10
        restaurant["update_ts"] = today
    _late_thanks(maker)
    sound = (each for key, each in made.orders.items() if key not in made.bad)
    closed = [each["_id"] for each in sound if each["final_status"] == "CLOSED"]
    del made.orders[maker.chance.choice(closed)]
    del made.bonus_users[max(made.bonus_users)]
    name, _, least = made.ranks[2]
    made.ranks[2] = name, Decimal("0.17"), least
    for hour in range(8):
        maker.order(today + timedelta(hours=hour))


def _late_thanks(maker: Maker) -> None:
    """Let tips and ratings of some days ago come; what is older than a week is not read again."""
    late = str(maker.today - timedelta(5))
    made = maker.made
    young = [each for each in made.deliveries if each["order_ts"] > late]
    for number, each in enumerate(each for each in young if each["delivery_id"] not in made.bad):
        if number % 4 == 0:
            each["tip_sum"] += 50
        elif number % 4 == 1:
            each["rate"] = each["rate"] % 5 + 1  # always another


def _end_open_orders(maker: Maker) -> None:
    for key, order in list(maker.made.orders.items()):
        if key not in maker.made.bad and order["final_status"] in YOUNG:
            maker.finish(order)
