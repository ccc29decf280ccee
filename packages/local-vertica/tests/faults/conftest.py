"""A server that tests may kill."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local_vertica import LocalVertica, running


@pytest.fixture
def mortal_vertica(tmp_path: Path) -> Iterator[LocalVertica]:
    """Run a server of the test's own, made to be killed and started again."""
    with running(tmp_path) as server:
        yield server
