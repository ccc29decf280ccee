"""A session of the engine for tests of transactions."""

import pytest

from local_vertica.copy.context import SpooledSource
from local_vertica.errors import VerticaError
from local_vertica.results import CopyNeeded, Rows
from local_vertica.statements import open_session


class Client:
    """A session that answers in plain rows."""

    def __init__(self, database, autocommit="off", user="dbadmin"):
        self.database = database
        self.session = open_session(database, user, {"autocommit": autocommit})

    def run(self, text):
        """Run statements; return the rows of the last."""
        rows = []
        for statement in self.session.statements(text):
            result = self.session.run(statement)
            assert not isinstance(result, CopyNeeded)
            rows = (
                [row for batch in result.batches for row in batch]
                if isinstance(result, Rows)
                else []
            )
        return rows

    def value(self, text):
        """Run a query of one value."""
        return self.run(text)[0][0]

    def copy(self, text, data):
        """Run a COPY FROM STDIN."""
        path = self.database.spool_folder / "stdin"
        path.write_bytes(data)
        outcome = self.session.copy(self.session.run(text), [SpooledSource(path, "STDIN")])
        path.unlink()
        return outcome

    def refused(self, text):
        """Run a statement that must fail; return its SQLSTATE."""
        with pytest.raises(VerticaError) as error:
            self.run(text)
        return error.value.sqlstate
