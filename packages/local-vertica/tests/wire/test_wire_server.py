"""The listening server: it outlives bad moments and knows its sessions by number and key."""

import socket
import threading
import time
from types import SimpleNamespace

import pytest

from local_vertica.wire.server import Door, Server


class Listening(Server):
    """A server that only notes who comes in."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), SimpleNamespace(close=lambda: None), Door())
        self.welcomed = threading.Event()

    def welcome(self, connection: socket.socket) -> None:
        """Note that a client came, and send it away."""
        connection.close()
        self.welcomed.set()


class BadMoment:
    """A listener that fails once before it accepts, as one without free descriptors does."""

    def __init__(self, listener: socket.socket) -> None:
        self.listener = listener
        self.failures = 1

    def accept(self) -> tuple[socket.socket, object]:
        """Fail once."""
        if self.failures:
            self.failures -= 1
            raise OSError(24, "Too many open files")
        return self.listener.accept()

    def __getattr__(self, name: str) -> object:
        return getattr(self.listener, name)


@pytest.fixture
def listening():
    """Return a server that listens; its loop has ended when the test has."""
    server = Listening()
    yield server
    server.close()


def serve(server):
    """Run the accept loop in a thread."""
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    return thread


def knock(server):
    """Connect and wait until the server has closed the connection."""
    with socket.create_connection(server.address, 10) as client:
        client.recv(1)


def test_a_failing_accept_is_logged_and_the_next_client_is_served(listening, caplog):
    """Running out of descriptors for a moment does not end the server."""
    listening.listener = BadMoment(listening.listener)

    serve(listening)
    knock(listening)

    assert listening.welcomed.wait(10)
    assert "no further client can be accepted for now" in caplog.text


def test_a_client_without_a_thread_is_sent_away_and_the_next_is_served(
    listening, monkeypatch, caplog
):
    """When the system gives no more threads, only that client is turned away."""
    serve(listening)
    real = threading.Thread.start
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", no_thread)
        knock(listening)
    assert threading.Thread.start is real

    assert not listening.welcomed.is_set()
    knock(listening)
    assert listening.welcomed.wait(10)
    assert "there is no thread for it" in caplog.text


def no_thread(_thread):
    """Refuse as the interpreter does."""
    raise RuntimeError("can't start new thread")


def test_closing_ends_the_accept_loop(listening):
    """The loop does not spin on a closed listener."""
    thread = serve(listening)
    time.sleep(0.1)

    listening.close()
    thread.join(10)

    assert not thread.is_alive()


def test_a_session_is_cancelled_by_its_own_key_only(listening):
    """Number and key must belong together, and a dismissed session is out of reach."""
    cancelled = []
    session = SimpleNamespace(cancel=lambda: cancelled.append("cancelled"))
    pid, key = listening.admit(session)

    listening.cancel(pid, key ^ 1)
    listening.cancel(pid ^ 1, key)
    assert cancelled == []
    listening.cancel(pid, key)
    assert cancelled == ["cancelled"]
    listening.dismiss(pid)
    listening.cancel(pid, key)
    assert cancelled == ["cancelled"]
