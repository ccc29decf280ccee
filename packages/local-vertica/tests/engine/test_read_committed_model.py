"""Sessions that write in any order against READ COMMITTED as it is written down."""

import tempfile
from collections import Counter
from copy import deepcopy
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from local_vertica.engine.database import Database
from local_vertica.errors import VerticaError
from support.engine_client import Client

sessions = st.integers(0, 1)
tables = st.sampled_from("tu")
sources = st.sampled_from("tuv")
EMPTY = {"t": Counter(), "u": Counter()}


def is_run(client, text):
    """Run a statement; say whether it was, or stood behind another session's lock."""
    try:
        client.run(text)
    except VerticaError as error:
        if error.sqlstate != "55V03":
            raise
        return False
    return True


class Sessions(RuleBasedStateMachine):
    """The database and its model: committed rows, and what each session adds and takes away."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.database = Database(Path(self.folder.name) / "warehouse.duckdb")
        self.clients = [Client(self.database) for _ in range(2)]
        self.visitor = Client(self.database, autocommit="on")
        for client in (*self.clients, self.visitor):
            client.run("ALTER SESSION SET LockTimeout = 0")
        self.clients[0].run("CREATE TABLE t (a INT NOT NULL); CREATE TABLE u (a INT NOT NULL)")
        self.clients[0].run("CREATE VIEW v AS SELECT a FROM u")
        self.committed = deepcopy(EMPTY)
        self.own = [deepcopy(EMPTY) for _ in range(2)]
        self.saved = [None] * 2
        self.inserted = 0

    def seen(self, number, table):
        """Return the rows a session sees; v is a view of u."""
        table = "u" if table == "v" else table
        rows = Counter(self.committed[table])
        rows.update(self.own[number][table])
        return +rows

    def change(self, number, table, rows):
        """Let a session see other rows of a table."""
        self.own[number][table] = Counter(rows)
        self.own[number][table].subtract(self.committed[table])

    @rule(number=sessions, table=tables)
    def insert(self, number, table):
        """Put a row in."""
        self.inserted += 1
        if is_run(self.clients[number], f"INSERT INTO {table} VALUES ({self.inserted})"):
            self.own[number][table][self.inserted] += 1

    @rule(table=tables)
    def visit(self, table):
        """Let somebody else put a row in and commit it."""
        self.inserted += 1
        if is_run(self.visitor, f"INSERT INTO {table} VALUES ({self.inserted})"):
            self.committed[table][self.inserted] += 1

    @rule(number=sessions, table=tables, source=sources)
    def insert_select(self, number, table, source):
        """Put in what is seen of a table or view."""
        new = {a + 1000: n for a, n in self.seen(number, source).items() if a < 1000}
        text = f"INSERT INTO {table} SELECT a + 1000 FROM {source} WHERE a < 1000"
        if is_run(self.clients[number], text):
            self.own[number][table].update(new)

    @rule(number=sessions, table=tables)
    def update(self, number, table):
        """Change some of the rows that are seen."""
        rows = Counter()
        for a, n in self.seen(number, table).items():
            rows[a + 100_000 if a % 2 == 0 and a < 100_000 else a] += n
        text = f"UPDATE {table} SET a = a + 100000 WHERE a % 2 = 0 AND a < 100000"
        if is_run(self.clients[number], text):
            self.change(number, table, rows)

    @rule(number=sessions, table=tables, source=sources)
    def delete(self, number, table, source):
        """Take away rows that follow one of a table or view."""
        gone = {a + 1 for a in self.seen(number, source)}
        rows = {a: n for a, n in self.seen(number, table).items() if a not in gone}
        text = f"DELETE FROM {table} WHERE a IN (SELECT a + 1 FROM {source})"
        if is_run(self.clients[number], text):
            self.change(number, table, rows)

    @rule(number=sessions)
    def fail(self, number):
        """Run a statement that fails: it changes nothing."""
        assert self.clients[number].refused("INSERT INTO t VALUES (NULL)") in ("22004", "55V03")

    @rule(number=sessions)
    def save(self, number):
        """Set the savepoint."""
        self.clients[number].run("SAVEPOINT s")
        self.saved[number] = deepcopy(self.own[number])

    @rule(number=sessions)
    def roll_back_to_savepoint(self, number):
        """Take back what came after the savepoint, if there is one."""
        if self.saved[number] is not None:
            self.clients[number].run("ROLLBACK TO SAVEPOINT s")
            self.own[number] = deepcopy(self.saved[number])

    @rule(number=sessions)
    def commit(self, number):
        """Make what a session has done everybody's."""
        self.clients[number].run("COMMIT")
        for table in EMPTY:
            self.committed[table] = self.seen(number, table)
        self.forget(number)

    @rule(number=sessions)
    def roll_back(self, number):
        """Take back what a session has done."""
        self.clients[number].run("ROLLBACK")
        self.forget(number)

    def forget(self, number):
        """Begin a session's next transaction."""
        self.own[number] = deepcopy(EMPTY)
        self.saved[number] = None

    @invariant()
    def everybody_sees_what_the_model_says(self):
        """Each session sees what is committed, with what it has done itself."""
        for number, client in enumerate(self.clients):
            for table in "tuv":
                rows = Counter(a for (a,) in client.run(f"SELECT a FROM {table}"))
                assert rows == self.seen(number, table)

    def teardown(self):
        """Close the database."""
        self.database.close()
        self.folder.cleanup()


TestSessions = Sessions.TestCase
