"""One food delivery, made up from a seed: what its three systems hold, and what is wrong in it.

The quirks are those of the real systems: payment is the cost even when bonuses were paid, update_ts
ties, ids are texts in one kind of event and numbers in another, as sums are whole or broken numbers
without a pattern, Cyrillic is escaped in events. What the rules of the reports turn on is there at
any scale and date: orders brought in another month, and bonuses above what the fee leaves.
"""

import json
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from bson import ObjectId

from local.food.words import DISHES, KINDS, NAMES, STREETS, SURNAMES

Document = dict[str, Any]
DAYS = 40  # a month always ends within them
MENU = 50
RESTAURANTS = {
    "626a81cfefa404208fe9abae": "Кофейня №1",
    "a51e4e31ae4602047ec52534": "Кубдари",
    "ebfa4c9b8dadfc1da37ab58d": "PLove",
    "ef8c42c19b7518a9aebec106": "Вкус Индии",
}
RANKS = ((0, "JUNIOR", 5, 0), (1, "MIDDLE", 10, 5000), (2, "SENIOR", 15, 15000))
STATUSES = ("OPEN", "COOKING", "DELIVERING", "CLOSED")
# Of ten orders one pays a part with bonuses; one of forty more than is left behind the fee.
BONUSES = (0,) * 35 + (10,) * 4 + (90,)
AT_ONCE = 3  # orders of one time: of three that are touched within two seconds two tie
# How a courier is liked: the odds of one to five stars. All four bands of pay occur.
PROFILES = ((1, 1, 2, 4, 2), (0, 0, 2, 4, 4), (0, 0, 0, 3, 7), (0, 0, 0, 1, 40))
ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass
class Delivery:
    """What the three systems hold; of each record that is `bad` its table and the reason."""

    ranks: dict[int, tuple[str, Decimal, Decimal]] = field(default_factory=dict)
    bonus_users: dict[int, str] = field(default_factory=dict)
    outbox: list[tuple[int, datetime, str, str]] = field(default_factory=list)
    restaurants: dict[ObjectId, Document] = field(default_factory=dict)
    users: dict[ObjectId, Document] = field(default_factory=dict)
    orders: dict[ObjectId, Document] = field(default_factory=dict)
    couriers: list[Document] = field(default_factory=list)
    deliveries: list[Document] = field(default_factory=list)
    bad: dict[object, tuple[str, str]] = field(default_factory=dict)  # by its id

    @property
    def refused(self) -> Counter[tuple[str, str]]:
        """Count the bad records by table and reason, as their contracts must."""
        return Counter(self.bad.values())


class Maker:
    """Makes a delivery and lets it go on; the same seed makes the same."""

    def __init__(self, seed: int, today: date) -> None:
        self.chance = Random(seed)  # noqa: S311 - a sample, and no secret
        self.today = today
        self.made = Delivery()
        # Who orders: the number in the bonus system, and the percent that the rank grants.
        self.members: dict[ObjectId, tuple[int, int]] = {}

    def begin(self, scale: float) -> Delivery:
        """Make what there is on the first day: about 20,000 orders at scale 1."""
        for number, name, percent, least in RANKS:
            self.made.ranks[number] = name, Decimal(percent) / 100, Decimal(least)
        self._people(max(20, int(2_000 * scale)), max(8, int(40 * scale)))
        for key, name in RESTAURANTS.items():
            self.made.restaurants[ObjectId(key)] = self._restaurant(ObjectId(key), name)
        count = max(40, int(20_000 * scale))
        first = self._days_ago(DAYS)
        # Whole seconds, as the order system keeps them; the last order is placed before today.
        gap = timedelta(seconds=DAYS * 86_400 // count)
        self._opening_day()
        for number in range(count):
            self.order(first + number * gap)
        self._nights()
        return self.made

    def _days_ago(self, days: int) -> datetime:
        return datetime.combine(self.today - timedelta(days), time())

    def _opening_day(self) -> None:
        """Sell for bonuses alone on a day of its own, which leaves restaurants in debt."""
        for hour in (12, 13):
            order = self._placed(self._days_ago(DAYS + 1) + timedelta(hours=hour), 90)
            self._close(order, 45)

    def _nights(self) -> None:
        """Place orders together before midnight and bring them behind it: also in a new month."""
        month = (self.today - timedelta(2)).replace(day=1)
        for day in (self._days_ago(2), datetime.combine(month, time())):
            for _ in range(AT_ONCE):
                self._close(self._placed(day - timedelta(minutes=10), 0), 40)

    def object_id(self) -> ObjectId:
        """Make an id of the order system."""
        return ObjectId(self.chance.randbytes(12))

    def api_id(self) -> str:
        """Make an id of the courier system."""
        return "".join(self.chance.choices(ALPHABET, k=23))

    def _people(self, users: int, couriers: int) -> None:
        start = self._days_ago(DAYS + 20)
        for number in range(1, users + 1):
            key = self.object_id()
            name = f"{self.chance.choice(NAMES)} {self.chance.choice(SURNAMES)}"
            login = f"user{number}"
            self.made.users[key] = {"_id": key, "name": name, "login": login, "update_ts": start}
            self.made.bonus_users[number] = str(key)
            rank, title, percent, _ = self.chance.choice(RANKS)
            self.members[key] = number, percent
            award = {"user_id": str(number), "rank_id": str(rank), "rank_name": title}
            self.event(start, "user_rank", {**award, "rank_award": percent / 100})
        for _ in range(couriers):
            name = f"{self.chance.choice(NAMES)} {self.chance.choice(SURNAMES)}"
            self.made.couriers.append({"_id": self.api_id(), "name": name})

    def _restaurant(self, key: ObjectId, name: str) -> Document:
        menu = []
        for number in range(1, MENU + 1):
            category, dish = list(DISHES.items())[number % len(DISHES)]
            menu.append(
                {
                    "_id": self.object_id(),
                    "name": f"{dish} {self.chance.choice(KINDS)} №{number}",
                    "price": self.chance.randrange(60, 900, 10),
                    "category": category,
                }
            )
        return {"_id": key, "name": name, "menu": menu, "update_ts": self._days_ago(DAYS + 20)}

    def order(self, placed: datetime) -> Document:
        """Place an order; unless it is young, it is closed, delivered and rewarded."""
        order = self._placed(placed, self.chance.choice(BONUSES))
        if placed.date() < self.today - timedelta(1):
            self.finish(order)
        elif placed.date() < self.today:
            # One in three has got no further than OPEN, one is being cooked, one is on its way.
            for step in range(1, 1 + len(self.made.orders) % 3):
                self.walk(order, placed + timedelta(minutes=5 * step), STATUSES[step])
        return order

    def _placed(self, placed: datetime, in_bonuses: int) -> Document:
        """Place an order, of whose cost so many of a hundred are paid with bonuses."""
        restaurant = self.chance.choice(list(self.made.restaurants.values()))
        user = self.chance.choice(list(self.members))
        items = [
            {
                "id": dish["_id"],
                "name": dish["name"],
                "price": dish["price"],
                "quantity": self.chance.randint(1, 4),
            }
            for dish in self.chance.sample(restaurant["menu"], self.chance.randint(1, 4))
        ]
        cost = sum(item["price"] * item["quantity"] for item in items)
        bonus = cost * in_bonuses // 100
        key = self.object_id()
        order = {
            "_id": key,
            "restaurant": {"id": restaurant["_id"]},
            "user": {"id": user},
            "order_items": items,
            "cost": cost,
            "payment": cost,  # even when bonuses were paid
            "bonus_payment": bonus,
            "bonus_grant": (cost - bonus) * self.members[user][1] / 100,
            "statuses": [],
        }
        self.made.orders[key] = order
        self.walk(order, placed, "OPEN")
        return order

    def walk(self, order: Document, at: datetime, status: str) -> None:
        """Let an order take a status; the newest stands first, and `date` is its time."""
        order["statuses"].insert(0, {"status": status, "dttm": at})
        order["final_status"] = status
        order["date"] = at
        order["update_ts"] = at + timedelta(seconds=self.chance.randrange(2))

    def finish(self, order: Document) -> None:
        """Close an order, or cancel one in twenty; a closed one is delivered and rewarded."""
        if self.chance.random() < 0.05:
            self.walk(order, order["date"] + timedelta(minutes=3), "CANCELLED")
        else:
            self._close(order, self.chance.randint(28, 107))

    def _close(self, order: Document, minutes: int) -> None:
        """Let an order take the statuses that are still before it, and be there after minutes."""
        placed, taken = order["statuses"][-1]["dttm"], len(order["statuses"])
        for part, status in list(enumerate(STATUSES))[taken:]:
            self.walk(order, placed + timedelta(minutes=minutes * part // 3), status)
        self._deliver(order, placed, order["date"])
        self._reward(order)

    def _deliver(self, order: Document, placed: datetime, brought: datetime) -> None:
        number = self.chance.randrange(len(self.made.couriers))
        stars = self.chance.choices(range(1, 6), PROFILES[number % len(PROFILES)])[0]
        total = order["cost"] if self.chance.random() < 0.9 else order["cost"] + 10
        self.made.deliveries.append(
            {
                "order_id": str(order["_id"]),
                "order_ts": f"{placed:%Y-%m-%d %H:%M:%S}.{self.chance.randrange(1000):03}000",
                "delivery_id": self.api_id(),
                "courier_id": self.made.couriers[number]["_id"],
                "address": f"Ул. {self.chance.choice(STREETS)}, {self.chance.randint(1, 90)}, "
                f"кв. {self.chance.randint(1, 300)}",
                "delivery_ts": f"{brought:%Y-%m-%d %H:%M:%S}.{self.chance.randrange(1000):03}000",
                "rate": stars,
                "sum": total,
                "tip_sum": math.floor(total * self.chance.choice((5, 10, 15)) / 100),
            }
        )

    def _reward(self, order: Document) -> None:
        """Tell of an order's bonuses, product by product, and of the user's balance after it."""
        user, percent = self.members[order["user"]["id"]]
        left, payments = order["bonus_payment"], []
        for item in order["order_items"]:
            cost = item["price"] * item["quantity"]
            paid = min(left, cost)  # the first products are covered wholly, and grant nothing
            left -= paid
            payments.append(
                {
                    "product_id": str(item["id"]),
                    "product_name": item["name"],
                    "price": self._written(item["price"]),
                    "quantity": item["quantity"],
                    "product_cost": self._written(cost),
                    "bonus_payment": self._written(paid),
                    "bonus_grant": (cost - paid) * percent / 100,
                }
            )
        at: datetime = order["date"]
        told = {"user_id": user, "order_id": str(order["_id"]), "product_payments": payments}
        self.event(at, "bonus_transaction", {**told, "order_date": f"{at:%Y-%m-%d %H:%M:%S}"})
        self.event(at, "user_balance", {"user_id": user, "balance": order["bonus_grant"]})

    def _written(self, number: int) -> int | float:
        """Write a sum as the bonus system does: 360 here, 159.0 there."""
        return float(number) if self.chance.random() < 0.3 else number

    def event(self, at: datetime, kind: str, value: Mapping[str, object]) -> None:
        """Write an event into the outbox: as JSON in ASCII, as the bonus system does."""
        self.raw_event(at, kind, json.dumps(value))

    def raw_event(self, at: datetime, kind: str, text: str) -> int:
        """Write a text into the outbox; return the event's id."""
        number = len(self.made.outbox) + 1
        self.made.outbox.append((number, at, kind, text))
        return number
