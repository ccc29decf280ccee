"""What translated SQL calls and no macro can compute: digests, addresses, averages."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Callable
from functools import wraps

import duckdb
from duckdb.func import SPECIAL

Answer = bytes | str | int | list[float] | None
Host = Callable[..., Answer]

ADDRESS_OCTETS, ADDRESS_BITS = 16, 128
MAPPED, COMPATIBLE = b"\0" * 10 + b"\xff\xff", b"\0" * 12
GLOBAL, LINK_LOCAL, LOOPBACK, UNSPECIFIED, MULTICAST = range(5)
# Which addresses are of which kind: the octets they begin with, and how many bits of them count.
KINDS_OF_4 = (
    (b"\0", 8, UNSPECIFIED),
    (b"\x0a", 8, LINK_LOCAL),
    (b"\x7f", 8, LOOPBACK),
    (b"\xa9\xfe", 16, LINK_LOCAL),
    (b"\xac\x10", 12, LINK_LOCAL),
    (b"\xc0\xa8", 16, LINK_LOCAL),
    (b"\xe0", 4, MULTICAST),
)
KINDS_OF_6 = ((b"\xfe\x80", 10, LINK_LOCAL), (b"\xff", 8, MULTICAST))


def address_of(shown: str) -> bytes | None:
    """Return the octets of an address of IPv6, or of IPv4 mapped to it; None if it is neither."""
    shown = shown.strip(" ")
    try:
        return socket.inet_pton(socket.AF_INET6, shown if ":" in shown else f"::ffff:{shown}")
    except (OSError, ValueError):
        return None


def shown_address(octets: bytes) -> str | None:
    """Return an address as people write it; one mapped from IPv4 as IPv4."""
    if len(octets) > ADDRESS_OCTETS:
        return None
    shown = socket.inet_ntop(socket.AF_INET6, octets.ljust(ADDRESS_OCTETS, b"\0"))
    return shown.removeprefix("::ffff:") if "." in shown else shown


def subnet_of(octets: bytes, bits: int) -> bytes | None:
    """Return an address with all but its first bits cleared."""
    if len(octets) > ADDRESS_OCTETS or not 0 <= bits <= ADDRESS_BITS:
        return None
    number = int.from_bytes(octets.ljust(ADDRESS_OCTETS, b"\0"))
    rest = ADDRESS_BITS - bits
    return (number >> rest << rest).to_bytes(ADDRESS_OCTETS)


def kind_of(octets: bytes) -> int | None:
    """Return the number of an address's kind."""
    if len(octets) > ADDRESS_OCTETS:
        return None
    octets = octets.ljust(ADDRESS_OCTETS, b"\0")
    number = int.from_bytes(octets)
    if number < 2:
        return LOOPBACK if number else UNSPECIFIED
    if octets.startswith((MAPPED, COMPATIBLE)):
        return _kind(octets[12:], KINDS_OF_4)
    return _kind(octets, KINDS_OF_6)


def _kind(octets: bytes, kinds: tuple[tuple[bytes, int, int], ...]) -> int:
    for start, bits, kind in kinds:
        rest = 8 * len(start) - bits
        if int.from_bytes(octets[: len(start)]) >> rest == int.from_bytes(start) >> rest:
            return kind
    return GLOBAL


def _digest(name: str) -> Callable[[bytes], str]:
    return lambda octets: hashlib.new(name, octets).hexdigest()


def moving_average(values: list[float], factor: float) -> list[float]:
    """Return for each value the exponential moving average up to it."""
    average = values[0]
    return [average := average + factor * (value - average) for value in values]


FUNCTIONS: dict[str, tuple[Host, tuple[str, ...], str]] = {
    "v_sha224": (_digest("sha224"), ("BLOB",), "VARCHAR"),
    "v_sha384": (_digest("sha384"), ("BLOB",), "VARCHAR"),
    "v_sha512": (_digest("sha512"), ("BLOB",), "VARCHAR"),
    "v_address": (address_of, ("VARCHAR",), "BLOB"),
    "v_shown_address": (shown_address, ("BLOB",), "VARCHAR"),
    "v_subnet": (subnet_of, ("BLOB", "BIGINT"), "BLOB"),
    "v_address_kind": (kind_of, ("BLOB",), "BIGINT"),
    "v_moving_average": (moving_average, ("DOUBLE[]", "DOUBLE"), "DOUBLE[]"),
}


def register_host_functions(connection: duckdb.DuckDBPyConnection) -> None:
    """Give the database the functions; all its connections have them then."""
    for name, (function, takes, gives) in FUNCTIONS.items():
        known = _of_known(function)
        connection.create_function(name, known, [*takes], gives, null_handling=SPECIAL)


def _of_known(function: Host) -> Host:
    """Return the function that gives NULL for NULL; DuckDB lets only such give NULL at all."""

    @wraps(function)
    def answer(*args: object) -> Answer:
        return None if None in args else function(*args)

    return answer
