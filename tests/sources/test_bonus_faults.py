import logging
import os
import socket
from contextlib import contextmanager
from threading import Thread

import psycopg
import pytest
from psycopg import errors

from local.certificates import make_certificates
from local.servers import LOOPBACK, free_ports
from social_vault.errors import (
    PipelineError,
    SettingsError,
    SourceError,
    UnavailableError,
    WorkerError,
)
from social_vault.settings import PostgresSettings
from social_vault.sources.postgres import open_bonus
from social_vault.sources.postgres_connection import (
    Place,
    options_of,
    refusal,
    system_cas,
    unconnected,
)

PLACE = Place("bonus", "public.outbox", ("id", "event_ts"))


def refused(bonus, family, **changed):
    """Return the sentence with which nobody is let in, which holds no part of the address."""
    with pytest.raises(family) as caught, bonus.snapshot(**changed):
        raise AssertionError("somebody was let in")
    sentence = str(caught.value)
    secrets = [bonus.password, bonus.reader, bonus.database, LOOPBACK, str(bonus.server.port)]
    secrets += [str(value) for name, value in changed.items() if not name.startswith("ssl")]
    assert [each for each in secrets if each in sentence] == []
    assert sentence.startswith("The bonus system's PostgreSQL")
    return sentence


def read_refused(bonus, family, table="bonus_outbox"):
    """Return the sentence with which a table is not read."""
    with pytest.raises(family) as caught:
        bonus.read(table=table)
    assert bonus.reader not in str(caught.value)
    return str(caught.value)


@contextmanager
def without_tls():
    """Run a server that answers the question for TLS with no."""
    with socket.create_server((LOOPBACK, 0)) as door:

        def answer():
            guest, _ = door.accept()
            with guest:
                guest.recv(8)
                guest.sendall(b"N")
                guest.recv(1)

        Thread(target=answer, daemon=True).start()
        yield door.getsockname()[1]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"password": "wr0ng-pa55"}, "refuses the user or the password"),
        ({"user": "nobody-known"}, "refuses the user or the password"),
        ({"dbname": "no-such-database"}, "has no such database"),
        ({"password": None}, "asks for a password"),
        ({"sslmode": "disable"}, "refuses connections without TLS"),
        ({"sslrootcert": "/no/such/ca.pem"}, "file of sslrootcert cannot be read"),
        ({"host": "bonus.example", "hostaddr": LOOPBACK}, "certificate of another name"),
        ({"sslmode": "verify-ca", "sslrootcert": "system"}, "unless sslmode is verify-full"),
    ],
)
def test_a_closed_door_is_a_setting_s_matter(bonus, changed, sentence):
    """It is told in one sentence without the address, and not tried again."""
    assert sentence in refused(bonus, SettingsError, **changed)


def test_a_server_without_tls_is_refused(bonus):
    """Whatever it would say, it is not asked in clear."""
    with without_tls() as port:
        assert "offers no TLS" in refused(bonus, SettingsError, port=port)


def test_a_server_of_another_ca_is_refused(bonus, tmp_path):
    """Its CA has the name of ours, which proves nothing."""
    make_certificates(tmp_path / "other")

    sentence = refused(bonus, SettingsError, sslrootcert=tmp_path / "other" / "ca.pem")

    assert "certificate" in sentence


def test_a_server_must_prove_itself_to_the_machine_s_cas_unless_more_is_said(bonus, monkeypatch):
    """Without sslmode and sslrootcert ours is unknown, until the machine trusts its CA."""
    unsaid = {"sslmode": None, "sslrootcert": None}
    assert "can be trusted" in refused(bonus, SettingsError, **unsaid)
    monkeypatch.setenv("SSL_CERT_FILE", str(bonus.server.ca_file))

    with bonus.snapshot(**unsaid) as readers:
        assert list(readers) == ["bonus_outbox", "bonus_ranks", "bonus_users"]
    assert system_cas() == str(bonus.server.ca_file)


def test_an_unverified_connection_is_warned_of(bonus, caplog):
    """It must be said, and then it is told in the log."""
    with bonus.snapshot(sslmode="require", sslrootcert=None):
        pass

    [warned] = [each for each in caplog.records if each.levelno == logging.WARNING]
    assert (
        warned.getMessage() == "The bonus system's PostgreSQL is not verified: sslmode is require."
    )


def test_a_server_out_of_reach_is_tried_three_times(bonus, caplog):
    """Then it is Prefect's matter."""
    [port] = free_ports(1)

    refused(bonus, UnavailableError, port=port)

    assert caplog.text.count("Trying again") == 2
    assert bonus.password not in caplog.text


@pytest.mark.parametrize("address", ["postgresql://u:s3cret@[", "host=x s3cret", "nonsense=s3cret"])
def test_what_is_no_address_is_told_without_a_word_of_it(address):
    """A password may stand anywhere in it."""
    with pytest.raises(SettingsError) as caught, open_bonus(PostgresSettings(connection=address)):
        pass

    assert "s3cret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_nothing_is_said_at_the_start_that_a_pooler_refuses(bonus):
    """Settings are made in the transaction, and nothing is prepared."""
    with bonus.snapshot() as readers:
        connection = readers["bonus_outbox"].connection
        assert connection.prepare_threshold is None
        assert "options" not in options_of(bonus.settings(), PLACE)
        isolation, is_read_only = (
            connection.execute(f"SHOW {name}").fetchone()[0]
            for name in ("transaction_isolation", "transaction_read_only")
        )

    assert (isolation, is_read_only) == ("repeatable read", "on")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("ALTER TABLE outbox DROP COLUMN event_ts", "there is no column event_ts: expected id,"),
        ("ALTER TABLE outbox RENAME event_type TO kind", "there is no column event_type"),
        ("DROP TABLE outbox", "there is no such table"),
        ("REVOKE SELECT ON outbox FROM {reader}", "the user lacks the right"),
    ],
)
def test_a_table_that_is_not_as_expected_is_named(bonus, change, sentence):
    """And the others of the same snapshot can be read."""
    bonus.run("INSERT INTO users VALUES (1, 'a')")
    bonus.run(change.format(reader=bonus.reader))

    told = read_refused(bonus, SettingsError)

    assert told.startswith("The bonus system's PostgreSQL, public.outbox: ")
    assert sentence in told
    with bonus.snapshot() as readers:
        with pytest.raises(SettingsError):
            readers["bonus_outbox"].read(None, bonus.folder / "outbox.csv")
        assert readers["bonus_users"].read(None, bonus.folder / "users.csv").records == 1


@pytest.mark.parametrize("act", ["pg_terminate_backend", "pg_cancel_backend"])
def test_a_read_that_is_cut_is_an_error_and_never_a_short_file(bonus, tmp_path, act):
    """The server ends or cancels it in mid-COPY."""
    bonus.run(
        "INSERT INTO outbox (event_value) SELECT repeat('x', 1000) FROM generate_series(1, 60000)"
    )
    pipe, outcome = tmp_path / "pipe", []
    os.mkfifo(pipe)

    def read():
        try:
            with bonus.snapshot() as readers:
                outcome.append(readers["bonus_outbox"].read(None, pipe))
        except PipelineError as error:
            outcome.append(error)

    reader = Thread(target=read, daemon=True)
    reader.start()
    with pipe.open("rb") as output:  # the reader is held up as long as nobody takes its octets
        output.read(1000)
        bonus.run(f"SELECT {act}(pid) FROM pg_stat_activity WHERE usename = %s", bonus.reader)
        received = 1000 + sum(len(chunk) for chunk in iter(lambda: output.read(1 << 16), b""))
    reader.join(60)

    assert received < 60_000_000
    assert isinstance(outcome[0], UnavailableError)
    assert "public.outbox: the read was cut off" in str(outcome[0])


def test_a_disk_that_takes_no_more_is_the_worker_s_matter(bonus, tmp_path):
    """It is not told as a fault of the source."""
    with bonus.snapshot() as readers, pytest.raises(WorkerError, match="bonus_outbox"):
        readers["bonus_outbox"].read(None, tmp_path / "no such folder" / "x.csv")


@pytest.mark.parametrize(
    ("code", "family"),
    [
        ("57P01", UnavailableError),  # the server shuts down
        ("57014", UnavailableError),  # cancelled, also by our own time limit
        ("53300", UnavailableError),  # too many connections
        ("40001", UnavailableError),  # a standby needed what we read
        ("55P03", UnavailableError),  # a lock was not had
        ("08006", UnavailableError),
        ("42883", SettingsError),  # a server without these functions
        ("22P05", SourceError),  # a letter that UTF-8 does not have
        ("XX001", SourceError),  # a page that is broken
        ("42601", PipelineError),  # our statement is wrong
    ],
)
def test_each_refusal_belongs_to_a_family(code, family):
    """What passes is tried again; what does not, is told to whom it concerns."""
    error = refusal(errors.lookup(code)("s3cret words"), PLACE)

    assert type(error) is family
    assert code in str(error)
    assert "s3cret" not in str(error)


def test_a_connection_that_was_lost_has_no_code(bonus):
    """It is worth another try."""
    assert type(refusal(psycopg.OperationalError("server closed"), PLACE)) is UnavailableError


@pytest.mark.parametrize(
    ("words", "family"),
    [
        ('FATAL:  role "x" does not exist', SettingsError),
        ("FATAL:  no such user: x", SettingsError),
        ('could not translate host name "x" to address: Name or service not known', SettingsError),
        ("could not translate host name: Temporary failure in name resolution", UnavailableError),
        ("FATAL:  the database system is starting up", UnavailableError),
        ("FATAL:  the database system is shutting down", UnavailableError),
        ("FATAL:  sorry, too many clients already", UnavailableError),
        ('FATAL:  too many connections for database "x"', UnavailableError),
        ("SSL error: unexpected eof while reading", UnavailableError),
        ("connection timeout expired", UnavailableError),
        ("FATAL:  query_wait_timeout", UnavailableError),
    ],
)
def test_what_is_said_at_the_door_is_told_apart(words, family):
    """A server that comes up is worth another try, a name that is not there is none."""
    error = unconnected(psycopg.OperationalError(words), PLACE)

    assert type(error) is family
    assert "x" not in str(error).replace("expected", "").replace("outbox", "").split()
