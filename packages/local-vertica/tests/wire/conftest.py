"""What the tests of the wire share."""

from collections.abc import Callable, Iterator

import pytest

from support.wire_stand import Stand


@pytest.fixture
def stand(tmp_path) -> Iterator[Callable[..., Stand]]:
    """Return a function that opens sessions over a fake engine; they must end well."""
    opened: list[Stand] = []

    def open_one(answers: dict[str, object] | None = None, **client: str) -> Stand:
        opened.append(Stand(tmp_path, answers or {}, client))
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()
    assert list(tmp_path.iterdir()) == [], "a spool file was left behind"
