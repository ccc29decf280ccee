"""`running`, the way in for who needs a server in a test or a script."""

import pytest

from local_vertica import Address, StartError, running
from support.driver import log_in


def test_what_was_committed_is_there_in_the_next_run(tmp_path):
    """The file outlives the process; each run has a port and a password of its own."""
    with running(tmp_path, database="shop") as first, log_in(first) as connection:
        connection.cursor().execute("CREATE TABLE t (n INT)")

    with running(tmp_path, database="shop") as second, log_in(second) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT table_name FROM tables")
        assert cursor.fetchall() == [["t"]]

    assert first.password != second.password
    assert [path.name for path in tmp_path.glob("*.duckdb")] == ["shop.duckdb"]


def test_a_server_is_gone_when_its_block_has_failed(tmp_path):
    """Whatever happens in the block, nothing is left running."""
    with pytest.raises(ValueError, match="mine"), running(tmp_path) as server:
        raise ValueError("mine")

    assert server.process.returncode == 0


def test_a_server_that_cannot_start_says_why(tmp_path):
    """The sentence is the server's own, from its log."""
    with (
        pytest.raises(StartError, match="cannot use the certificate"),
        running(tmp_path, "--tls-cert", tmp_path / "none.pem"),
    ):
        pass


def test_an_address_shows_no_password_and_gives_the_drivers_options():
    """What is asked for goes before what stands in the address."""
    address = Address("example.org", 5433, "ann", "shop", "canary")

    assert "canary" not in repr(address)
    assert address.connect_options(tlsmode="require", read_timeout=5) == {
        "host": "example.org",
        "port": 5433,
        "user": "ann",
        "database": "shop",
        "password": "canary",
        "tlsmode": "require",
        "read_timeout": 5,
    }
