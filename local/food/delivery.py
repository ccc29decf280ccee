"""One food delivery, made up from a seed: what its three systems hold, and what is wrong in it.

The quirks are those of the real systems: payment is the cost even when bonuses were paid, update_ts
ties, ids are texts in one kind of event and numbers in another, Cyrillic is escaped in events.
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

Document = dict[str, Any]
DAYS = 40
DISHES = 50
MINUTES = 5  # between two orders, at least
RESTAURANTS = {
    "626a81cfefa404208fe9abae": "Кофейня №1",
    "a51e4e31ae4602047ec52534": "Кубдари",
    "ebfa4c9b8dadfc1da37ab58d": "PLove",
    "ef8c42c19b7518a9aebec106": "Вкус Индии",
}
CATEGORIES = ("Закуски", "Супы", "Гарниры", "Основные блюда", "Выпечка", "Чай", "Напитки")
WORDS = ("с грибами", "по-домашнему", "острый", "с сыром", "с зеленью", "на гриле", "с лимоном")
NAMES = ("Анна", "Борис", "Вера", "Глеб", "Дина", "Егор", "Жанна", "Захар", "Инна", "Кирилл")
SURNAMES = ("Орлов", "Лебедев", "Соколов", "Зайцев", "Волков", "Медведев", "Быков", "Журавлёв")
STREETS = ("Мира", "Садовая", "Лесная", "Речная", "Школьная")
RANKS = ((0, "JUNIOR", "0.05", "0"), (1, "MIDDLE", "0.10", "5000"), (2, "SENIOR", "0.15", "15000"))
STATUSES = ("OPEN", "COOKING", "DELIVERING", "CLOSED")
# How a courier is liked: the odds of one to five stars. All four bands of pay occur.
PROFILES = ((1, 1, 2, 4, 2), (0, 0, 2, 4, 4), (0, 0, 0, 3, 7), (0, 0, 0, 1, 40))
ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass
class Delivery:
    """What the three systems hold; of what is `bad` the keys, and counts by table and reason."""

    ranks: dict[int, tuple[str, Decimal, Decimal]] = field(default_factory=dict)
    bonus_users: dict[int, str] = field(default_factory=dict)
    outbox: list[tuple[int, datetime, str, str]] = field(default_factory=list)
    restaurants: dict[ObjectId, Document] = field(default_factory=dict)
    users: dict[ObjectId, Document] = field(default_factory=dict)
    orders: dict[ObjectId, Document] = field(default_factory=dict)
    couriers: list[Document] = field(default_factory=list)
    deliveries: list[Document] = field(default_factory=list)
    bad: set[object] = field(default_factory=set)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)


class Maker:
    """Makes a delivery and lets it go on; the same seed makes the same."""

    def __init__(self, seed: int, today: date) -> None:
        self.chance = Random(seed)  # noqa: S311 - a sample, and no secret
        self.today = today
        self.made = Delivery()

    def begin(self, scale: float) -> Delivery:
        """Make what there is on the first day: some thousands of orders at scale 1."""
        for number, name, percent, least in RANKS:
            self.made.ranks[number] = name, Decimal(percent), Decimal(least)
        self._people(max(20, int(2_000 * scale)), max(8, int(40 * scale)))
        for key, name in RESTAURANTS.items():
            self.made.restaurants[ObjectId(key)] = self._restaurant(ObjectId(key), name)
        count = max(40, int(20_000 * scale))
        first = datetime.combine(self.today - timedelta(DAYS), time())
        gap = max(timedelta(minutes=MINUTES), timedelta(days=DAYS) / count)
        for number in range(count):
            self.order(first + number * gap)
        return self.made

    def object_id(self) -> ObjectId:
        """Make an id of the order system."""
        return ObjectId(self.chance.randbytes(12))

    def api_id(self) -> str:
        """Make an id of the courier system."""
        return "".join(self.chance.choices(ALPHABET, k=23))

    def _people(self, users: int, couriers: int) -> None:
        start = datetime.combine(self.today - timedelta(DAYS + 20), time())
        for number in range(1, users + 1):
            key = self.object_id()
            name = f"{self.chance.choice(NAMES)} {self.chance.choice(SURNAMES)}"
            login = f"user{number}"
            self.made.users[key] = {"_id": key, "name": name, "login": login, "update_ts": start}
            self.made.bonus_users[number] = str(key)
            rank = self.chance.choice(RANKS)
            award = {"user_id": str(number), "rank_id": str(rank[0]), "rank_name": rank[1]}
            self.event(start, "user_rank", {**award, "rank_award": float(rank[2])})
        for _ in range(couriers):
            name = f"{self.chance.choice(NAMES)} {self.chance.choice(SURNAMES)}"
            self.made.couriers.append({"_id": self.api_id(), "name": name})

    def _restaurant(self, key: ObjectId, name: str) -> Document:
        menu = []
        for number in range(DISHES):
            category = CATEGORIES[number % len(CATEGORIES)]
            dish = f"{category[:-1]} {self.chance.choice(WORDS)} №{number}"
            price = self.chance.randrange(60, 900, 10)
            menu.append(
                {"_id": self.object_id(), "name": dish, "price": price, "category": category}
            )
        start = datetime.combine(self.today - timedelta(DAYS + 20), time())
        return {"_id": key, "name": name, "menu": menu, "update_ts": start}

    def order(self, placed: datetime) -> Document:
        """Place an order; unless it is young, it is closed, delivered and rewarded."""
        restaurant = self.chance.choice(list(self.made.restaurants.values()))
        user = self.chance.randrange(len(self.made.users))
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
        # One in forty pays with bonuses more than what the restaurant would be left with.
        paid = self.chance.choice([0] * 30 + [0.1] * 9 + [0.9])
        bonus = round(cost * paid)
        key = self.object_id()
        order = {
            "_id": key,
            "restaurant": {"id": restaurant["_id"]},
            "user": {"id": list(self.made.users)[user]},
            "order_items": items,
            "cost": cost,
            "payment": cost,  # even when bonuses were paid
            "bonus_payment": bonus,
            "bonus_grant": round((cost - bonus) * 0.1, 2),
            "statuses": [],
        }
        self.made.orders[key] = order
        self.walk(order, placed, "OPEN")
        if placed.date() < self.today - timedelta(1):
            self.finish(order, user + 1, placed)
        return order

    def walk(self, order: Document, at: datetime, status: str) -> None:
        """Let an order take a status; the newest stands first, and `date` is its time."""
        order["statuses"].insert(0, {"status": status, "dttm": at})
        order["final_status"] = status
        order["date"] = at
        order["update_ts"] = at + timedelta(seconds=self.chance.randrange(2))

    def finish(self, order: Document, user: int, placed: datetime) -> None:
        """Close an order, or cancel one in twenty; a closed one is delivered and rewarded."""
        if self.chance.random() < 0.05:
            self.walk(order, placed + timedelta(minutes=3), "CANCELLED")
            return
        minutes = self.chance.randint(28, 107)
        for part, status in enumerate(STATUSES[1:], 1):
            self.walk(order, placed + timedelta(minutes=minutes * part // 3), status)
        self._deliver(order, placed, placed + timedelta(minutes=minutes))
        self._reward(order, user)

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

    def _reward(self, order: Document, user: int) -> None:
        payments = [
            {
                "product_id": str(item["id"]),
                "product_name": item["name"],
                "price": item["price"],
                "quantity": item["quantity"],
                "product_cost": item["price"] * item["quantity"],
                "bonus_payment": order["bonus_payment"] if number == 0 else 0,
                "bonus_grant": float(order["bonus_grant"]) if number == 0 else 0.0,
            }
            for number, item in enumerate(order["order_items"])
        ]
        at: datetime = order["date"]
        told = {"user_id": user, "order_id": str(order["_id"]), "product_payments": payments}
        self.event(at, "bonus_transaction", {**told, "order_date": f"{at:%Y-%m-%d %H:%M:%S}"})
        self.event(at, "user_balance", {"user_id": user, "balance": order["bonus_grant"]})

    def event(self, at: datetime, kind: str, value: Mapping[str, object]) -> None:
        """Write an event into the outbox: as JSON in ASCII, as the bonus system does."""
        self.raw_event(at, kind, json.dumps(value))

    def raw_event(self, at: datetime, kind: str, text: str) -> None:
        """Write a text into the outbox."""
        self.made.outbox.append((len(self.made.outbox) + 1, at, kind, text))
