"""Vertica's messages as bytes: builders for what the server sends, readers for what it gets.

Framing is that of PostgreSQL's protocol 3: a type byte, a big-endian length that counts itself,
a body. Only the start-up messages lack the type byte.
"""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from local_vertica.errors import VerticaError
from local_vertica.results import Field
from local_vertica.types import SPATIAL

PROTOCOL_3_0 = 3 << 16
PROTOCOL_3_15 = PROTOCOL_3_0 | 15
PROTOCOL_3_16 = PROTOCOL_3_0 | 16
STARTUP = PROTOCOL_3_0 | 5
LOAD_BALANCE = 80936960
SSL_REQUEST = 80877103
CANCEL_REQUEST = 80877102
LONGEST_STARTUP = 1 << 16
LONGEST_MESSAGE = 1 << 28  # one statement; the data of a COPY are read in pieces

COLUMN = struct.Struct("!BIhHHiH")
LENGTH = struct.Struct("!i")


class Disconnected(Exception):  # noqa: N818 - an event, not a fault
    """The client went away."""


def startup_head(data: bytes) -> tuple[int, int]:
    """Read the head of a message without a type: how many bytes follow, and its request code."""
    size, code = struct.unpack("!ii", data)
    if not 8 <= size <= LONGEST_STARTUP:
        raise Disconnected
    return size - 8, code


def head(data: bytes) -> tuple[bytes, int]:
    """Read the head of a message: its type and how many bytes its body has."""
    (size,) = LENGTH.unpack_from(data, 1)
    if size < 4:
        raise Disconnected
    return data[:1], size - 4


def message(kind: bytes, body: bytes = b"") -> bytes:
    """Frame a body."""
    return kind + LENGTH.pack(len(body) + 4) + body


def cstring(text: str) -> bytes:
    """Return text as a C string."""
    return text.encode() + b"\0"


def authentication(code: int, data: bytes = b"") -> bytes:
    """Ask for a password, or say that there is nothing left to ask."""
    return message(b"R", LENGTH.pack(code) + data)


def parameter_status(name: str, value: str) -> bytes:
    """Tell the client a setting of its session."""
    return message(b"S", cstring(name) + cstring(value))


def backend_key(pid: int, key: int) -> bytes:
    """Tell the client what a cancel request must name."""
    return message(b"K", struct.pack("!II", pid, key))


def ready(status: str) -> bytes:
    """Say that the next query may come; I is idle, T in a transaction."""
    return message(b"Z", status.encode())


def load_balance(host: str, port: int) -> bytes:
    """Tell the client which node to connect to; this answer has its own framing."""
    body = LENGTH.pack(port) + cstring(host)
    return b"Y" + LENGTH.pack(len(body) + 4) + body


def command_complete(tag: str) -> bytes:
    """End the answer to one statement."""
    return message(b"C", cstring(tag))


def error_response(error: VerticaError) -> bytes:
    """Refuse a statement."""
    fields = {
        b"S": error.severity,
        b"V": str(error.number),
        b"C": error.sqlstate,
        b"M": error.message,
        b"D": error.detail,
        b"H": error.hint,
    }
    body = b"".join(mark + cstring(text) for mark, text in fields.items() if text)
    return message(b"E", body + b"\0")


def notice(text: str) -> bytes:
    """Tell the client something it may show."""
    body = b"S" + cstring("NOTICE") + b"C" + cstring("00000") + b"M" + cstring(text)
    return message(b"N", body + b"\0")


def row_description(fields: Sequence[Field], *, binary: bool) -> bytes:
    """Describe the columns of a result, after the user types they have; none has children."""
    if not fields:
        return message(b"T", struct.pack("!h", 0))
    pool = list(dict.fromkeys(field.vtype.name for field in fields if field.vtype.is_spatial))
    body = [struct.pack("!hi", len(fields), len(pool))]
    body.extend(LENGTH.pack(SPATIAL[name]) + cstring(name.lower()) for name in pool)
    body.extend(column_description(field, pool, binary=binary) for field in fields)
    return message(b"T", b"".join(body))


def column_description(field: Field, pool: Sequence[str], *, binary: bool) -> bytes:
    """Describe one column; a user type is named by its place in the pool."""
    origin = struct.pack("!q", field.table_oid)
    if field.table_oid:
        origin += cstring(field.schema) + cstring(field.table)
    vtype = field.vtype
    return (
        cstring(field.name)
        + origin
        + struct.pack("!h", field.attnum)
        + COLUMN.pack(
            int(vtype.is_spatial),
            pool.index(vtype.name) if vtype.is_spatial else vtype.oid,
            vtype.size,
            int(field.nullable),
            int(field.is_identity),
            vtype.typmod,
            int(binary),
        )
    )


def parameter_description(oids: Iterable[tuple[int, int]]) -> bytes:
    """Describe the parameters of a prepared statement: type number and modifier of each."""
    types = list(oids)
    body = struct.pack("!h", len(types))
    if types:
        body += struct.pack("!i", 0)
    return message(b"t", body + b"".join(struct.pack("!BIiH", 0, *each, 0) for each in types))


def command_description(tag: str) -> bytes:
    """Say what a prepared statement is; it cannot be rewritten into a COPY."""
    return message(b"m", cstring(tag) + struct.pack("!h", 0) + cstring(""))


def copy_in(columns: int) -> bytes:
    """Ask for the data of COPY FROM STDIN."""
    return message(b"G", struct.pack("!bh", 0, columns) + bytes(2 * columns))


def verify_files(patterns: Sequence[str], rejects: str, exceptions: str) -> bytes:
    """Ask the client which files the patterns of COPY FROM LOCAL stand for."""
    names = b"".join(cstring(pattern) for pattern in patterns)
    return message(
        b"F", struct.pack("!h", len(patterns)) + names + cstring(rejects) + cstring(exceptions)
    )


def load_file(name: str) -> bytes:
    """Ask for the content of one of the client's files."""
    return message(b"H", cstring(name))


def write_file(name: str, content: bytes) -> bytes:
    """Let the client write a file of rejects or exceptions."""
    return message(b"O", cstring(name) + LENGTH.pack(len(content)) + content)


@dataclass(frozen=True)
class Bind:
    """The values for one execution of a prepared statement."""

    portal: str
    statement: str
    values: tuple[bytes | None, ...]
    binary: bool


def malformed(found: str) -> VerticaError:
    """Return the error for a message whose body is not what its type promises."""
    return VerticaError("08P01", f"Malformed message: {found}", 4000)


def utf8(data: bytes) -> str:
    """Return a client's text."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        message = f"Invalid UTF-8 in a message: byte {error.start} of {len(data)}"
        raise VerticaError("22021", message, 0) from error


class Body:
    """Reads the body of a message from left to right."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def text(self) -> str:
        """Return the next C string."""
        end = self.data.find(b"\0", self.position)
        if end < 0:
            raise malformed("a text that does not end")
        data = self.data[self.position : end]
        self.position = end + 1
        return utf8(data)

    def number(self, shape: str) -> int:
        """Return the next number of a struct format such as "h" or "i"."""
        size = struct.calcsize("!" + shape)
        (value,) = struct.unpack("!" + shape, self.octets(size))
        return int(value)

    def octets(self, size: int) -> bytes:
        """Return the next so many bytes."""
        value = self.data[self.position : self.position + size]
        if len(value) < size:
            raise malformed(f"{len(value)} bytes where {size} are announced")
        self.position += size
        return value


def read_bind(data: bytes) -> Bind:
    """Read a Bind message: names, values as text, the format wanted for results."""
    body = Body(data)
    portal, statement = body.text(), body.text()
    for _ in range(body.number("h")):
        body.number("h")
    count = body.number("h")
    for _ in range(count):
        body.number("i")
    values: list[bytes | None] = []
    for _ in range(count):
        size = body.number("i")
        values.append(None if size < 0 else body.octets(size))
    formats = [body.number("h") for _ in range(body.number("h"))]
    return Bind(portal, statement, tuple(values), bool(formats and formats[0]))


def negotiated(wanted: str) -> int:
    """Return the protocol to speak with a client that wants this one."""
    return min(int(wanted), PROTOCOL_3_16) if wanted.isdigit() else PROTOCOL_3_0


def read_settings(data: bytes) -> dict[str, str]:
    """Read a start-up message: protocol_version is a number, everything else text."""
    body = Body(data)
    settings: dict[str, str] = {}
    while body.position < len(data) and data[body.position] != 0:
        name = body.text()
        if name == "protocol_version":
            settings[name] = str(body.number("i"))
            body.position += 1
        else:
            settings[name] = body.text()
    return settings


def read_verified_files(data: bytes, *, wide: bool) -> list[tuple[str, int]]:
    """Read the names and sizes of the client's files; from protocol 3.15 on the count is wide."""
    body = Body(data)
    count = body.number("i" if wide else "h")
    return [(body.text(), body.number("q")) for _ in range(count)]
