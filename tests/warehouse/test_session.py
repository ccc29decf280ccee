"""What a session of the product means does not hang on the defaults of a database."""

import socket

from local_vertica import running

from social_vault.stores.vertica import open_warehouse
from tests.warehouse.address import Address


def shown(warehouse, name):
    """Return what SHOW tells of a setting."""
    warehouse._cursor.execute(f"SHOW {name}")
    return warehouse._cursor.fetchall()[0][1]


def test_a_session_means_the_same_on_every_database(tmp_path):
    """A database may default to SERIALIZABLE, another locale, another time zone."""
    with running(tmp_path) as server:
        address = Address.of(server)
        with address.connect() as connection:
            for default in (
                "TransactionIsolationLevel = 'SERIALIZABLE'",
                "Timezone = 'Asia/Tokyo'",
            ):
                connection.cursor().execute(f"ALTER DATABASE DEFAULT SET {default}")

        with open_warehouse(address.settings()) as warehouse:
            assert shown(warehouse, "TRANSACTION_ISOLATION") == "READ COMMITTED"
            assert shown(warehouse, "LOCALE").startswith("en_US@collation=binary")
            assert shown(warehouse, "TIMEZONE") == "UTC"


def test_a_silent_line_is_probed(warehouse_address):
    """The system's own two hours would let a run wait for a server that is gone."""
    with open_warehouse(warehouse_address.settings()) as warehouse:
        line = warehouse._connection.socket

        assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 60
