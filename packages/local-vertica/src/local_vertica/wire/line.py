"""One client's socket: messages in, messages out.

Whatever happens to the socket is the same event, `Disconnected`, so that an OSError of a file
is never taken for a client that went away.
"""

import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from io import BufferedReader

from local_vertica.wire import messages
from local_vertica.wire.messages import Disconnected

LARGEST_SEND = 1 << 20
LARGEST_READ = 1 << 18
RECEIVE_BUFFER = 1 << 18
# Without it the client waits 40 ms for the acknowledgement of each small message it sends.
QUICKACK = getattr(socket, "TCP_QUICKACK", None)


def reader(connection: socket.socket) -> BufferedReader:
    """Return what reads ahead from a socket."""
    return BufferedReader(connection.makefile("rb", buffering=0), RECEIVE_BUFFER)


class Line:
    """Reads whole messages from a socket, and writes many in one go."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.stream = reader(connection)
        self.out = bytearray()

    def secure(self, context: ssl.SSLContext) -> None:
        """Begin TLS; what the client has sent before it does not count."""
        self.stream.close()
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.stream = reader(self.connection)

    def close(self) -> None:
        """End the connection; the client sees it at once."""
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        self.stream.close()
        self.connection.close()

    def send(self, data: bytes) -> None:
        """Queue messages; what has grown large goes out at once."""
        self.out += data
        if len(self.out) >= LARGEST_SEND:
            self.flush()

    def flush(self) -> None:
        """Send what is queued."""
        if not self.out:
            return
        try:
            self.connection.sendall(self.out)
        except OSError as error:
            raise Disconnected from error
        self.out.clear()

    def ask(self, data: bytes = b"") -> None:
        """Send a message that the client must answer, with all that is queued."""
        self.send(data)
        self.flush()

    def read(self, size: int) -> bytes:
        """Return so many bytes."""
        try:
            data = self.stream.read(size) if size else b""
        except OSError as error:
            raise Disconnected from error
        if len(data) < size:
            raise Disconnected
        return data

    def read_startup(self) -> tuple[int, bytes]:
        """Read a message without a type: its request code and the rest of its body."""
        size, code = messages.startup_head(self.read(8))
        return code, self.read(size)

    def read_head(self) -> tuple[bytes, int]:
        """Read the head of a message: its type and how many bytes its body has."""
        if QUICKACK is not None:
            try:
                self.connection.setsockopt(socket.IPPROTO_TCP, QUICKACK, 1)
            except OSError as error:
                raise Disconnected from error
        return messages.head(self.read(5))

    def read_message(self, longest: int = messages.LONGEST_MESSAGE) -> tuple[bytes, bytes]:
        """Read one message: its type and its body."""
        kind, size = self.read_head()
        if size > longest:
            raise Disconnected
        return kind, self.read(size)

    def read_pieces(self, size: int) -> Iterator[bytes]:
        """Read a body in pieces, so that a large one never lies in memory as a whole."""
        while size:
            piece = self.read(min(size, LARGEST_READ))
            size -= len(piece)
            yield piece
