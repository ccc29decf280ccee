"""The unmodified driver, as the tests use it."""

from contextlib import suppress

import vertica_python

from local_vertica import Address


def log_in(address: Address, **options: object) -> vertica_python.Connection:
    """Open a connection of the driver."""
    return vertica_python.connect(**address.connect_options(**options))


def leave(connection: vertica_python.Connection) -> None:
    """Close a connection whose server may be dead; the driver would leave its socket open."""
    socket = connection.socket
    with suppress(Exception):
        connection.close()
    if socket is not None:
        socket.close()
