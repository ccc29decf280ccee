"""A session of the engine for tests of catalogue and rights, and the table the former look at."""

import pytest

from local_vertica.errors import VerticaError
from local_vertica.results import Rows
from local_vertica.statements import open_session

TABLE = """CREATE TABLE s.t (
    id INT NOT NULL PRIMARY KEY DISABLED,
    name VARCHAR(20) DEFAULT 'x' ENCODING RLE,
    price NUMERIC(10,2),
    at TIMESTAMP,
    CONSTRAINT positive CHECK (id > 0)
) ORDER BY id SEGMENTED BY HASH(id) ALL NODES KSAFE 1 PARTITION BY at::DATE"""


class Client:
    """A user's session that answers in plain rows."""

    def __init__(self, database, user="dbadmin"):
        self.session = open_session(database, user, {"client_label": "here"})

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

    def refusal(self, text):
        """Run a statement that must fail; return its error."""
        with pytest.raises(VerticaError) as error:
            self.run(text)
        return error.value

    def refused(self, text):
        """Run a statement that must fail; return its SQLSTATE."""
        return self.refusal(text).sqlstate

    def denied(self, text):
        """Run a statement that must be refused for want of rights; return the message."""
        error = self.refusal(text)
        assert error.sqlstate == "42501"
        return error.message
