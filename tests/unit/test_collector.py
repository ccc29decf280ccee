"""The collector of cycles is held back for a moment's work, and runs again behind it."""

import gc
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from social_vault.memory import without_collector


@pytest.fixture(autouse=True)
def _collector_is_on_again():
    """Leave the collector as it was found, also where a test fails."""
    yield
    gc.enable()


def test_the_collector_runs_again_when_the_last_thread_is_done():
    """Each of several threads keeps it back, and an error lets it go, too."""
    barrier, seen = Barrier(3, timeout=10), []

    def look():
        barrier.wait()
        with without_collector():
            barrier.wait()
            seen.append(gc.isenabled())
            barrier.wait()
            raise ValueError("done")

    def work(_number):
        with pytest.raises(ValueError, match="done"):
            look()

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(work, range(3), timeout=30))

    assert seen == [False, False, False]
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off():
    """Whoever turned it off had a reason."""
    gc.disable()

    with without_collector():
        pass

    assert not gc.isenabled()
