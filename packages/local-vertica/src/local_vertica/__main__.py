"""Start the server: `local-vertica --database warehouse.duckdb`."""

import argparse
import ipaddress
import logging
import os
import signal
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from local_vertica.engine.database import Database, DatabaseInUseError
from local_vertica.process import PASSWORD_VARIABLE
from local_vertica.wire.auth import METHODS
from local_vertica.wire.server import Door, Server

DESCRIPTION = f"""\
A server that speaks Vertica's wire protocol over an embedded DuckDB, for laptops and tests.

It prints one line, "listening on HOST:PORT", when it is ready. SIGTERM and SIGINT stop it: open
transactions are rolled back. The password may also stand in {PASSWORD_VARIABLE},
where the list of processes does not show it."""


class StartError(Exception):
    """What stands in the way of a start, in a sentence."""


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        "local-vertica",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    add("--port", type=int, default=5433, help="port; 0 takes a free one (default: %(default)s)")
    add("--database", type=Path, required=True, help="the DuckDB file; made if absent")
    add("--user", default="dbadmin", help="the superuser's name (default: %(default)s)")
    secret = parser.add_mutually_exclusive_group()
    secret.add_argument("--password", help="the password; without one any is taken")
    secret.add_argument("--password-file", type=Path, help="a file that holds the password")
    ways = "how the password is asked for (default: %(default)s)"
    add("--auth", choices=METHODS[1:], default="sha512", help=ways)
    add(
        "--tls-cert",
        type=Path,
        help="certificate chain (PEM); offers TLS to who asks for it",
    )
    add("--tls-key", type=Path, help="its private key (PEM), if it is not in the same file")
    return parser.parse_args(argv)


@contextmanager
def said(what: str, *errors: type[Exception]) -> Iterator[None]:
    """Turn an error at the start into a sentence."""
    try:
        yield
    except errors as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise StartError(f"{what}: {reason}") from error


def password(options: argparse.Namespace) -> str | None:
    """Return the password asked for, from the command line, a file or the environment."""
    if options.password_file is not None:
        with said(f"cannot read the password file {options.password_file}", OSError):
            return str(options.password_file.read_text().strip())
    if options.password is not None:
        return str(options.password)
    return os.environ.get(PASSWORD_VARIABLE) or None


def tls(options: argparse.Namespace) -> ssl.SSLContext | None:
    """Return what TLS needs, if a certificate is given."""
    if options.tls_cert is None:
        if options.tls_key is not None:
            raise StartError("--tls-key needs --tls-cert")
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    key = f" with the key {options.tls_key}" if options.tls_key else ""
    with said(f"cannot use the certificate {options.tls_cert}{key}", OSError):
        context.load_cert_chain(options.tls_cert, options.tls_key)
    return context


def check_host(host: str, *, is_guarded: bool) -> None:
    """Refuse to let everybody in from other machines."""
    try:
        is_near = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_near = False
    if not is_near and not is_guarded:
        raise StartError(f"--host {host} is open to other machines: give a password")


def start(options: argparse.Namespace) -> Server:
    """Open the database and listen; raise what stands in the way."""
    door = Door(password(options), options.auth, tls(options))
    check_host(options.host, is_guarded=bool(door.password))
    with said(f"cannot open the database {options.database}", OSError, duckdb.Error):
        database = Database(options.database, user=options.user)
    try:
        with said(f"cannot listen on {options.host}:{options.port}", OSError, OverflowError):
            return Server((options.host, options.port), database, door)
    except StartError:
        database.close()
        raise


def main(argv: list[str] | None = None) -> int:
    """Serve until told to stop."""
    logging.basicConfig(stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s")
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    try:
        server = start(arguments(argv))
    except (StartError, DatabaseInUseError) as error:
        print(f"local-vertica cannot start: {error}", file=sys.stderr)
        return 1
    threading.Thread(target=server.serve, daemon=True).start()
    host, port = server.address
    print(f"listening on {host}:{port}", flush=True)
    stopped.wait()
    server.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
