"""kill -9 of the server while clients commit: acknowledged means whole, open means absent.

Each transaction writes to two tables by COPY and INSERT and moves its writer's mark by UPDATE; it
ends in COMMIT, in a COPY that commits, or in ROLLBACK. A file is killed several times in a row.
"""

import random
import threading
import time
from dataclasses import dataclass, field

import pytest
from vertica_python import errors

from support.driver import leave, log_in

WRITERS = 2
ROWS_INSERTED = 3
KILLS = {"short": 2, "long": 4}
PATIENCE = 60
WIDE = "x" * 180  # with thousands of rows the log grows until the database writes its file anew
LOST = (errors.Error, OSError, EOFError)
SEEDS = [
    *(pytest.param(seed, "short", id=f"seed-{seed}") for seed in range(6)),
    *(
        pytest.param(seed, "long", id=f"long-seed-{seed}", marks=pytest.mark.long)
        for seed in range(100, 200)
    ),
]


@dataclass
class Writer:
    """One client, what the server told it, and what it has to hold from then on."""

    number: int
    rng: random.Random
    wide: bool
    sizes: dict[int, int] = field(default_factory=dict)  # rows copied, by transaction
    kept: set[int] = field(default_factory=set)  # acknowledged, or found after a kill
    dropped: set[int] = field(default_factory=set)  # rolled back, or not found after a kill
    in_flight: int | None = None
    failure: BaseException | None = None

    def write(self, server, killed):
        """Run transactions until the server is gone; what fails before that is a failure."""
        connection = log_in(server)
        try:
            while True:
                self.transact(connection)
        except LOST as error:
            if not killed.is_set():
                self.failure = error
        except BaseException as error:  # noqa: BLE001 - shown by the test's own thread
            self.failure = error
        finally:
            leave(connection)

    def transact(self, connection):
        """Run one transaction; it is in flight from its first statement to its answer."""
        number, cursor = len(self.sizes), connection.cursor()
        self.sizes[number] = self.rng.randint(1, 8000 if self.wide else 60)
        ending = self.rng.choice(("COMMIT", "COMMIT", "COPY", "ROLLBACK"))
        rows = "".join(
            f"{self.number}|{number}|{part}|{WIDE}\n" for part in range(self.sizes[number])
        )
        self.in_flight = number
        run(cursor, f"UPDATE marks SET txn = {number} WHERE writer = {self.number}")
        for part in range(ROWS_INSERTED):
            run(cursor, f"INSERT INTO inserted VALUES ({self.number}, {number}, {part})")
        no_commit = "" if ending == "COPY" else " NO COMMIT"
        cursor.copy(f"COPY copied FROM STDIN ABORT ON ERROR{no_commit}", rows)
        if ending == "COMMIT":
            connection.commit()
        if ending == "ROLLBACK":
            connection.rollback()
        (self.dropped if ending == "ROLLBACK" else self.kept).add(number)
        self.in_flight = None

    def check(self, found):
        """Compare what the server shows with what it told; the one in flight may be either."""
        copied, inserted, mark = found
        seen = set(copied) | set(inserted)
        if self.in_flight is not None:
            (self.kept if self.in_flight in seen else self.dropped).add(self.in_flight)
            self.in_flight = None
        assert seen == self.kept, f"writer {self.number}: lost or extra: {seen ^ self.kept}"
        assert copied == {each: (self.sizes[each], self.sizes[each]) for each in self.kept}
        assert inserted == dict.fromkeys(self.kept, (ROWS_INSERTED, ROWS_INSERTED))
        assert mark == max(self.kept, default=-1)


def run(cursor, statement):
    """Run a statement and read its answer to the end."""
    cursor.execute(statement)
    return [tuple(row) for row in cursor.fetchall()]


def prepare(server):
    """Make the tables of the writers."""
    connection = log_in(server)
    cursor = connection.cursor()
    run(cursor, "CREATE TABLE copied (writer INT, txn INT, part INT, wide VARCHAR(200))")
    run(cursor, "CREATE TABLE inserted (writer INT, txn INT, part INT)")
    run(cursor, "CREATE TABLE marks (writer INT, txn INT)")
    for writer in range(WRITERS):
        run(cursor, f"INSERT INTO marks VALUES ({writer}, -1)")
    connection.commit()
    connection.close()


def shown(cursor, writer):
    """Return rows and distinct parts of each of a writer's transactions, and its mark."""
    tables = [
        {
            txn: (rows, parts)
            for txn, rows, parts in run(
                cursor,
                f"SELECT txn, COUNT(*), COUNT(DISTINCT part) FROM {table} "
                f"WHERE writer = {writer} GROUP BY txn",
            )
        }
        for table in ("copied", "inserted")
    ]
    marks = run(cursor, f"SELECT txn FROM marks WHERE writer = {writer}")
    assert len(marks) == 1
    return *tables, marks[0][0]


def kill_while_writing(server, writers, seconds, *, is_last):
    """Let all writers work, kill the server under them, and wait until they have noticed.

    Before the last kill something must have been committed, however slow the machine is.
    """
    killed = threading.Event()
    threads = [threading.Thread(target=each.write, args=(server, killed)) for each in writers]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    deadline = time.monotonic() + PATIENCE
    while is_last and not any(each.kept for each in writers) and time.monotonic() < deadline:
        time.sleep(0.01)
    killed.set()
    server.kill()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "a client did not notice that its server is dead"
    failures = [each.failure for each in writers if each.failure]
    assert not failures, f"before the kill: {failures}"


@pytest.mark.parametrize(("seed", "length"), SEEDS)
def test_a_killed_server_keeps_whole_what_it_acknowledged(mortal_vertica, seed, length):
    """After each kill -9 every acknowledged transaction is there whole, and none in part."""
    print(f"seed {seed}")
    rng = random.Random(seed)
    writers = [
        Writer(number, random.Random(f"{seed}/{number}"), wide=bool(seed % 2))
        for number in range(WRITERS)
    ]
    prepare(mortal_vertica)

    for kills_left in reversed(range(KILLS[length])):
        seconds = rng.uniform(0.1, 0.8)
        kill_while_writing(mortal_vertica, writers, seconds, is_last=not kills_left)
        mortal_vertica.start()
        with log_in(mortal_vertica) as connection:
            for writer in writers:
                writer.check(shown(connection.cursor(), writer.number))

    assert sum(len(each.kept) for each in writers) > 0, "nothing was committed: nothing is proven"
