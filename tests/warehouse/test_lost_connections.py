"""What a run is told, and what the warehouse holds, when a connection breaks."""

import gc
import socket
import threading
import time
import warnings
from contextlib import contextmanager, suppress

import pytest
from pydantic import SecretStr

from social_vault.errors import PipelineError, SettingsError, UnavailableError
from social_vault.loading.ledger import count_pending
from social_vault.loading.staging import stage
from social_vault.model.catalogue import catalogue
from social_vault.schema.statements import rules_of_loads
from social_vault.stores.vertica import open_warehouse

USERS = "id,chat_name,registration_dt,country,age\n"


class Relay:
    """Stand between client and server; cut the line at a word of the client's."""

    def __init__(self, address, word, *, deliver):
        self.address, self.word, self.deliver = address, word, deliver
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.cuts = 0
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        """Take one client after the other until the listener is closed."""
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                server = socket.create_connection(self.address)
                threading.Thread(target=self.back, args=(server, client), daemon=True).start()
                threading.Thread(target=self.forth, args=(client, server), daemon=True).start()

    def forth(self, client, server):
        """Carry what the client says; at the word, cut both ends, with or without handing it on."""
        with suppress(OSError):
            while data := client.recv(65536):
                if self.word in data:
                    self.cuts += 1
                    self.hang_up(client)
                    if self.deliver:
                        server.sendall(data)
                        time.sleep(0.5)  # let the server do what it was told
                    break
                server.sendall(data)
        self.hang_up(server)

    def back(self, server, client):
        """Carry what the server says."""
        with suppress(OSError):
            while data := server.recv(65536):
                client.sendall(data)
        self.hang_up(client)

    def hang_up(self, end):
        """End a connection for both who use it."""
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


@contextmanager
def cut_at(vault, word, *, deliver=False):
    """Yield the settings of a line that breaks at a word, and the relay."""
    settings = vault.settings
    if settings.tlsmode != "disable":
        pytest.skip("the relay must be able to read what the client says")
    relay = Relay((settings.host, settings.port), word, deliver=deliver)
    try:
        yield settings.model_copy(update={"host": "127.0.0.1", "port": relay.port}), relay
    finally:
        relay.listener.close()


def users(count):
    """Return a users file."""
    return USERS + "".join(f"{n},name {n},2021-01-01 00:00:00,Guam,30\n" for n in range(count))


@pytest.mark.parametrize("word", [b"LOCK TABLE", b"name 4999\x1f", b"INSERT INTO"])
def test_a_line_that_breaks_leaves_nothing_and_is_worth_another_try(vault, word):
    """Before, within or after the COPY: the load is rolled back, and the next try loads it."""
    request = vault.request("users", users(5000))

    with cut_at(vault, word) as (settings, relay):
        started = time.monotonic()
        with pytest.raises(UnavailableError), open_warehouse(settings) as warehouse:
            stage(warehouse, request)
        assert time.monotonic() - started < 20
    again = stage_directly(vault, request)

    assert relay.cuts == 1
    assert (again.accepted, again.already) == (5000, False)
    assert vault.rows("SELECT COUNT(*) FROM {staging}.users") == [(5000,)]


def test_a_commit_without_an_answer_is_told_by_the_ledger(vault):
    """Nobody knows whether the COMMIT came through; the next try looks and does not load twice."""
    request = vault.request("users", users(10))

    with (
        cut_at(vault, b"COMMIT;", deliver=True) as (settings, _relay),
        pytest.raises(UnavailableError, match="the ledger knows"),
        open_warehouse(settings) as warehouse,
    ):
        stage(warehouse, request)
    again = stage_directly(vault, request)

    assert again.already
    assert vault.rows("SELECT COUNT(*) FROM {staging}.users") == [(10,)]


def stage_directly(vault, request):
    """Stage over a line that holds."""
    with open_warehouse(vault.settings) as warehouse:
        return stage(warehouse, request)


def test_why_nobody_answers_is_said(vault):
    """The driver hides the cause of a failed connection; the message has it, for each address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = vault.settings.model_copy(
        update={"host": "127.0.0.1", "port": port, "backup_nodes": f"localhost:{port}"}
    )

    with pytest.raises(UnavailableError, match=r"refused.*localhost.*refused") as caught:
        open_warehouse(settings).__enter__()

    assert caught.value.__cause__ is None


def test_a_backup_node_is_used(vault):
    """Where the first address does not answer, the next one does."""
    address = f"{vault.settings.host}:{vault.settings.port}"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = vault.settings.model_copy(
        update={"host": "127.0.0.1", "port": port, "backup_nodes": address}
    )

    with open_warehouse(settings) as warehouse:
        assert count_pending(warehouse) == 0


def test_an_error_gives_no_value_away(vault):
    """The driver's message holds the SQL with its values; ours holds a name and a SQLSTATE."""
    vault.stage("users", USERS + "x\n")
    question = rules_of_loads(catalogue().tables["users"])

    with open_warehouse(vault.settings) as warehouse, pytest.raises(PipelineError) as caught:
        warehouse.query(question, {"load_ids": "canary-value"})

    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert "answers/rules_of_loads.users" in str(caught.value)


def test_a_wrong_password_is_no_outage(warehouse_address):
    """A closed door is told at once, without the password."""
    settings = warehouse_address.settings().model_copy(
        update={"password": SecretStr("canary-secret")}
    )

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the driver forgets its socket
        with pytest.raises(SettingsError, match="user or the password") as caught:
            open_warehouse(settings).__enter__()
        message = str(caught.value)
        del caught
        gc.collect()

    assert "canary" not in message
