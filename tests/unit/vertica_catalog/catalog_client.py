"""A session of the engine for tests of the catalogue, and the table they look at."""

import pytest

from local.vertica.errors import VerticaError
from local.vertica.results import Rows

TABLE = """CREATE TABLE s.t (
    id INT NOT NULL PRIMARY KEY DISABLED,
    name VARCHAR(20) DEFAULT 'x' ENCODING RLE,
    price NUMERIC(10,2),
    at TIMESTAMP,
    CONSTRAINT positive CHECK (id > 0)
) ORDER BY id SEGMENTED BY HASH(id) ALL NODES KSAFE 1 PARTITION BY at::DATE"""


class Client:
    """A session that answers in plain rows."""

    def __init__(self, database, user="dbadmin"):
        self.session = database.open_session(user, {"client_label": "here"})

    def run(self, text):
        """Run statements; return the rows of the last."""
        result = None
        for statement in self.session.statements(text):
            result = self.session.run(statement)
        return (
            [row for batch in result.batches for row in batch] if isinstance(result, Rows) else []
        )

    def notices(self, text):
        """Run a statement without rows; return its notices."""
        return self.session.run(text).notices

    def refused(self, text):
        """Run a statement that must fail; return its SQLSTATE."""
        with pytest.raises(VerticaError) as error:
            self.run(text)
        return error.value.sqlstate
