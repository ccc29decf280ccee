"""The three systems: filled with a delivery, and changed as such systems change."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from pymongo import DeleteOne, ReplaceOne
from pymongo.collection import Collection

from local.courier_api import LocalCourierApi, write_list
from local.food.delivery import RESTAURANTS, Delivery, Document
from local.mongo import DATABASE, LocalMongo
from local.postgres import LocalPostgres

TABLES = """
CREATE TABLE IF NOT EXISTS public.ranks (
    id int PRIMARY KEY, name varchar(2048) NOT NULL, bonus_percent numeric(19, 5) NOT NULL,
    min_payment_threshold numeric(19, 5) NOT NULL
);
CREATE TABLE IF NOT EXISTS public.users (id int PRIMARY KEY, order_user_id text);
CREATE TABLE IF NOT EXISTS public.outbox (
    id int PRIMARY KEY, event_ts timestamp, event_type varchar, event_value text
);
"""
WRITES = {
    "ranks": "INSERT INTO public.ranks VALUES (%s, %s, %s, %s) ON CONFLICT (id) DO UPDATE SET "
    "name = EXCLUDED.name, bonus_percent = EXCLUDED.bonus_percent, "
    "min_payment_threshold = EXCLUDED.min_payment_threshold",
    "users": "INSERT INTO public.users VALUES (%s, %s) ON CONFLICT (id) DO NOTHING",
    "outbox": "INSERT INTO public.outbox VALUES (%s, %s, %s, %s) ON CONFLICT (id) DO NOTHING",
}


@dataclass(frozen=True)
class Systems:
    """The running systems, and the folder that the courier API serves."""

    postgres: LocalPostgres
    mongo: LocalMongo
    couriers: LocalCourierApi
    folder: Path

    def environment(self) -> dict[str, str]:
        """Give the variables that the service reads to find them."""
        systems = (self.postgres, self.mongo, self.couriers)
        return {name: value for each in systems for name, value in each.environment().items()}

    def hold(self, made: Delivery) -> None:
        """Make the systems hold what was made, and nothing else."""
        self._bonus(made)
        with self.mongo.client() as client:
            database = client[DATABASE]
            for name, documents in _collections(made).items():
                _replace(database[name], documents)
        self._courier_api(made)

    def _bonus(self, made: Delivery) -> None:
        with psycopg.connect(self.postgres.address()) as connection:
            connection.execute(TABLES)
            cursor = connection.cursor()
            cursor.executemany(WRITES["ranks"], [(key, *row) for key, row in made.ranks.items()])
            cursor.executemany(WRITES["users"], list(made.bonus_users.items()))
            cursor.execute("DELETE FROM public.users WHERE NOT id = ANY(%s)", [[*made.bonus_users]])
            held = cursor.execute("SELECT COALESCE(MAX(id), 0) FROM public.outbox").fetchone()
            cursor.executemany(WRITES["outbox"], made.outbox[held[0] if held else 0 :])

    @contextmanager
    def late_commit(self, made: Delivery) -> Iterator[None]:
        """Leave one event uncommitted while the block lasts, and commit one behind it before."""
        at, kind, text = made.outbox[0][1:]
        late, quick = ((len(made.outbox) + n, at, kind, text) for n in (1, 2))
        with psycopg.connect(self.postgres.address()) as slow:
            slow.execute(WRITES["outbox"], late)
            with psycopg.connect(self.postgres.address()) as connection:
                connection.execute(WRITES["outbox"], quick)
            yield
        made.outbox += [late, quick]

    def _courier_api(self, made: Delivery) -> None:
        restaurants = [{"_id": key, "name": name} for key, name in RESTAURANTS.items()]
        write_list(self.folder, "restaurants", restaurants)
        write_list(self.folder, "couriers", made.couriers)
        write_list(self.folder, "deliveries", made.deliveries)


def _collections(made: Delivery) -> dict[str, dict[Any, Document]]:
    return {"restaurants": made.restaurants, "users": made.users, "orders": made.orders}


def _replace(collection: "Collection[Document]", documents: dict[Any, Document]) -> None:
    """Write the documents that differ, and delete those that are no more."""
    held = {each["_id"]: each for each in collection.find()}
    changed = [
        ReplaceOne({"_id": key}, document, upsert=True)
        for key, document in documents.items()
        if held.get(key) != document
    ]
    gone = [DeleteOne({"_id": key}) for key in held.keys() - documents.keys()]
    if changed or gone:
        collection.bulk_write([*changed, *gone], ordered=False)
