import threading
import time

import pytest

from local_vertica.engine.locks import COMPATIBLE, MODE_NAMES, Owner, TableLocks, promoted
from local_vertica.errors import VerticaError

# Vertica's "Lock modes" page: requested mode, then the granted modes it can stand beside.
DOCUMENTED = {
    "S": {"S", "T", "U", "D"},
    "I": {"I", "IV", "T", "U", "D"},
    "SI": {"T", "U", "D"},
    "X": {"U"},
    "O": set(),
}


@pytest.fixture
def locks():
    """Return locks that nobody holds yet."""
    return TableLocks()


def owner(number):
    """Return a transaction."""
    return Owner(number, "dbadmin", "UPDATE t SET a = 1")


class Waiting(threading.Thread):
    """Asks for a lock in its own thread and keeps what came of it."""

    def __init__(self, locks, who, mode, timeout=10.0):
        super().__init__(daemon=True)
        self.error = None
        self.got = threading.Event()
        self.request = (who, "public.t", mode, timeout)
        self.locks = locks
        self.start()

    def run(self):
        """Ask, and wait."""
        try:
            self.locks.acquire(*self.request)
            self.got.set()
        except VerticaError as error:
            self.error = error


def wait_until(condition):
    """Wait for something that another thread brings about."""
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def is_in_line(locks, count=1):
    """Say whether so many requests wait."""
    return sum(request.granted_at is None for request in locks.requests()) == count


@pytest.mark.parametrize("requested", DOCUMENTED)
@pytest.mark.parametrize("granted", sorted(COMPATIBLE))
def test_modes_stand_beside_each_other_as_documented(locks, requested, granted):
    """A lock is granted at once exactly where Vertica's matrix says so."""
    locks.acquire(owner(1), "public.t", granted, 0)

    if granted in DOCUMENTED[requested]:
        assert locks.acquire(owner(2), "public.t", requested, 0)
    else:
        with pytest.raises(VerticaError):
            locks.acquire(owner(2), "public.t", requested, 0)


def test_compatibility_has_no_direction():
    """Who came first does not matter to whether two locks stand beside each other."""
    for granted, beside in COMPATIBLE.items():
        for requested in COMPATIBLE:
            assert (requested in beside) == (granted in COMPATIBLE[requested])


def test_the_lock_types_of_the_statement_are_the_documented_ones():
    """LOCK TABLE knows eight types; D locks cannot be asked for."""
    assert set(MODE_NAMES.values()) == set(COMPATIBLE) - {"D"}


def test_a_lock_that_does_not_come_in_time_is_55v03(locks):
    """The refusal names the mode, the table and who is in the way, but no values."""
    locks.acquire(owner(1), "public.t", "X", 0)

    with pytest.raises(VerticaError) as refused:
        locks.acquire(owner(2), "public.t", "X", 0.05)

    assert refused.value.sqlstate == "55V03"
    assert "Timed out X locking Table:public.t. X held by" in refused.value.message
    assert "a = 1" not in refused.value.message


def test_a_lock_goes_to_the_one_who_waits_when_its_holder_ends(locks):
    """Releasing a transaction's locks wakes the next in line."""
    first = owner(1)
    locks.acquire(first, "public.t", "X", 0)
    second = Waiting(locks, owner(2), "X")
    wait_until(lambda: is_in_line(locks))

    locks.release(first)

    assert second.got.wait(10)


def test_the_line_is_first_come_first_served(locks):
    """An insert does not overtake an exclusive lock that waits before it."""
    reader, writer, late = owner(1), owner(2), owner(3)
    locks.acquire(reader, "public.t", "I", 0)
    exclusive = Waiting(locks, writer, "X")
    wait_until(lambda: is_in_line(locks))
    insert = Waiting(locks, late, "I")
    wait_until(lambda: is_in_line(locks, 2))

    locks.release(reader)

    assert exclusive.got.wait(10)
    assert not insert.got.is_set()
    locks.release(writer)
    assert insert.got.wait(10)


def test_two_who_wait_for_each_other_do_not_wait_for_ever(locks):
    """Two transactions that both insert and then both want to update deadlock: 40V01."""
    first, second = owner(1), owner(2)
    locks.acquire(first, "public.t", "I", 0)
    locks.acquire(second, "public.t", "I", 0)
    waiting = Waiting(locks, first, "X")
    wait_until(lambda: is_in_line(locks))

    with pytest.raises(VerticaError) as refused:
        locks.acquire(second, "public.t", "X", 10)

    assert refused.value.sqlstate == "40V01"
    locks.release(second)
    assert waiting.got.wait(10)


def test_a_deadlock_over_two_tables_is_found(locks):
    """The wait-for graph spans tables."""
    first, second = owner(1), owner(2)
    locks.acquire(first, "public.t", "X", 0)
    locks.acquire(second, "public.u", "X", 0)
    waiting = Waiting(locks, second, "X")
    wait_until(lambda: is_in_line(locks))

    with pytest.raises(VerticaError) as refused:
        locks.acquire(first, "public.u", "X", 10)

    assert refused.value.sqlstate == "40V01"
    locks.release(first)
    assert waiting.got.wait(10)


def test_a_cancelled_statement_leaves_the_line(locks):
    """Cancelling wakes who waits for a lock and ends it with 57014."""
    stop = threading.Event()
    locks.acquire(owner(1), "public.t", "X", 0)
    waiting = Waiting(locks, Owner(2, "dbadmin", "", stop.is_set), "X")
    wait_until(lambda: is_in_line(locks))

    stop.set()
    locks.wake()
    waiting.join(10)

    assert waiting.error.sqlstate == "57014"
    assert len(locks.requests()) == 1


def test_locks_of_one_transaction_grow_and_never_shrink(locks):
    """An update after an insert holds X; an insert after that changes nothing."""
    who = owner(1)
    assert locks.acquire(who, "public.t", "I", 0)
    assert locks.acquire(who, "public.t", "X", 0)
    assert not locks.acquire(who, "public.t", "I", 0)
    assert [request.mode for request in locks.requests()] == ["X"]


def test_reading_and_inserting_together_is_shared_insert():
    """S and I of one transaction make SI, as the documentation's promotion has it."""
    assert promoted("S", "I") == "SI"
    assert promoted("I", "S") == "SI"
    assert promoted(None, "I") == "I"
    assert promoted("X", "S") == "X"


def test_locks_given_back_tell_how_long_they_were_waited_for(locks):
    """Who had to wait has waited, who had not has not; both have held."""
    first, second = owner(1), owner(2)
    locks.acquire(first, "public.t", "X", 1)
    waiting = Waiting(locks, second, "X")
    time.sleep(0.05)
    locks.release(first)
    assert waiting.got.wait(10)
    locks.release(second)

    one, two = locks.given_back()

    assert (one.transaction_id, one.mode, one.waited) == (1, "X", 0.0)
    assert (two.transaction_id, two.table) == (2, "public.t")
    assert one.held > 0.0
    assert two.waited > 0.0
