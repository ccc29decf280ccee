import random
import time
from threading import Event, Thread

import pytest

from social_vault.sources.chain import Chain, extend
from tests.sources.bonus import rows_of
from tests.unit.sources.memory_store import MemoryStore

CHAIN = Chain("landing", "", "bonus", "bonus_outbox", "csv")
INSERT = "INSERT INTO outbox (event_value) VALUES (%s) RETURNING id"
TURNS = 40
WRITERS = 8


class Writer(Thread):
    """Writes events in transactions of every kind, and knows which it has committed."""

    def __init__(self, bonus, seed):
        super().__init__(daemon=True)
        self.bonus, self.random, self.name = bonus, random.Random(seed), f"w{seed}"
        self.committed, self.failure = {}, None

    def run(self):
        """Take all turns, or keep what went wrong."""
        try:
            with self.bonus.connect() as link:
                for turn in range(TURNS):
                    kind = self.random.choice(
                        ["plain", "early", "savepoint", "rollback", "update", "prepared"]
                    )
                    getattr(self, kind)(link, f"{self.name} {turn}")
        except Exception as error:  # noqa: BLE001 - the test looks at it
            self.failure = error

    def pause(self):
        """Let others commit."""
        time.sleep(self.random.random() * 0.15)

    def insert(self, link, value):
        """Write one event."""
        return link.execute(INSERT, (value,)).fetchone()[0]

    def plain(self, link, value):
        """Commit late."""
        found = self.insert(link, value)
        self.pause()
        link.commit()
        self.committed[found] = value

    def early(self, link, value):
        """Draw a number long before the transaction that uses it has one."""
        [found] = link.execute("SELECT nextval('outbox_id_seq')").fetchone()
        self.pause()
        link.execute("INSERT INTO outbox (id, event_value) VALUES (%s, %s)", (found, value))
        link.commit()
        self.committed[found] = value

    def savepoint(self, link, value):
        """Write in a transaction within a transaction, and in one that is undone."""
        outer = self.insert(link, value)
        with link.transaction():
            inner = self.insert(link, f"{value} inner")
            self.pause()
        link.execute("SAVEPOINT undone")
        self.insert(link, "undone")
        link.execute("ROLLBACK TO SAVEPOINT undone")
        link.commit()
        self.committed |= {outer: value, inner: f"{value} inner"}

    def rollback(self, link, _value):
        """Write what never was."""
        self.insert(link, "rolled back")
        self.pause()
        link.rollback()

    def update(self, link, value):
        """Change an event of one's own."""
        if self.committed:
            found = self.random.choice(list(self.committed))
            link.execute("UPDATE outbox SET event_value = %s WHERE id = %s", (value, found))
            self.pause()
            link.commit()
            self.committed[found] = value

    def prepared(self, link, value):
        """Commit in two phases, between which no session is at work."""
        link.tpc_begin(link.xid(1, f"{self.bonus.database} {value}", "x"))
        found = self.insert(link, value)
        link.tpc_prepare()
        self.pause()
        link.tpc_commit()
        self.committed[found] = value


class Extractor(Thread):
    """Extracts again and again, and dies before the PUT in a fifth of the turns."""

    def __init__(self, bonus, store, seed, is_over):
        super().__init__(daemon=True)
        self.bonus, self.store, self.random = bonus, store, random.Random(seed)
        self.is_over, self.reads, self.failure = is_over, 0, None

    def run(self):
        """Extract until the writers are done."""
        try:
            while not self.is_over.wait(0.05 + self.random.random() * 0.05):
                extract(self.bonus, self.store, self.random.random() < 0.2)
                self.reads += 1
        except Exception as error:  # noqa: BLE001 - the test looks at it
            self.failure = error


class DiedError(Exception):
    """The extractor was killed."""


class Dying:
    """A reader whose extractor dies when all is read."""

    def __init__(self, reader):
        self.reader = reader

    def read(self, since, path):
        """Read, and die."""
        self.reader.read(since, path)
        raise DiedError


def extract(bonus, store, dies=False):
    """Extend the chain once."""
    with bonus.snapshot() as readers:
        reader = readers["bonus_outbox"]
        try:
            extend(store, CHAIN, Dying(reader) if dies else reader, bonus.folder)
        except DiedError:
            return


class Naive(Thread):
    """Remembers the highest id, as public solutions do."""

    def __init__(self, bonus, is_over):
        super().__init__(daemon=True)
        self.bonus, self.is_over, self.found, self.last = bonus, is_over, set(), 0

    def run(self):
        """Read beside the others, and once when they are done."""
        with self.bonus.connect(autocommit=True) as link:
            while not self.is_over.wait(0.05):
                self.look(link)
            self.look(link)

    def look(self, link):
        """Read what is above the last id."""
        rows = link.execute("SELECT id FROM outbox WHERE id > %s ORDER BY id", (self.last,))
        ids = [row[0] for row in rows]
        self.found.update(ids)
        self.last = max(ids, default=self.last)


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(s, marks=pytest.mark.long) for s in range(2, 12))]
)
def test_no_event_is_lost_to_late_commits(bonus, seed):
    """The chain's last word on each event is the table's; who remembers ids loses events."""
    print("seed", seed)
    store, is_over = MemoryStore(), Event()
    writers = [Writer(bonus, seed * 100 + number) for number in range(WRITERS)]
    readers = [Extractor(bonus, store, seed * 100 + 50 + number, is_over) for number in range(2)]
    naive = Naive(bonus, is_over)
    for each in (*writers, *readers, naive):
        each.start()
    for each in writers:
        each.join(60)
    is_over.set()
    for each in (*readers, naive):
        each.join(60)
    extract(bonus, store)

    assert [each.failure for each in (*writers, *readers) if each.failure] == []
    assert min(each.reads for each in readers) > 3
    with bonus.connect() as link:
        table = {str(key): text for key, text in link.execute("SELECT id, event_value FROM outbox")}
    said = {str(key): text for each in writers for key, text in each.committed.items()}
    landed = [row for key in sorted(store.contents) for row in rows_of(store.contents[key])]
    assert table == said
    assert {row["id"]: row["event_value"] for row in landed} == table
    assert {int(key) for key in table} - naive.found, f"seed {seed} bites nobody"
