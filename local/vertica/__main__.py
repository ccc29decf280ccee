"""Start the server: `python -m local.vertica --database warehouse.duckdb`."""

import argparse
import logging
import os
import signal
import ssl
import sys
import threading
from pathlib import Path

from local.vertica.engine.database import Database, DatabaseInUseError
from local.vertica.wire.auth import METHODS
from local.vertica.wire.server import Door, Server

DESCRIPTION = """\
A server that speaks Vertica's wire protocol over an embedded DuckDB, for laptops and tests.
It prints one line, "listening on HOST:PORT", when it is ready; SIGTERM or SIGINT stop it."""


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        "python -m local.vertica",
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
    secret.add_argument("--password-file", type=Path, help="a file with the password")
    add("--auth", choices=METHODS[1:], default="sha512", help="how it is asked for")
    add("--tls-cert", type=Path, help="certificate chain (PEM): offers TLS")
    add("--tls-key", type=Path, help="its private key (PEM)")
    return parser.parse_args(argv)


def password(options: argparse.Namespace) -> str | None:
    """Return the password asked for, from the command line, a file or the environment."""
    if options.password_file is not None:
        return str(options.password_file.read_text().strip())
    if options.password is not None:
        return str(options.password)
    return os.environ.get("LOCAL_VERTICA_PASSWORD")


def tls(options: argparse.Namespace) -> ssl.SSLContext | None:
    """Return what TLS needs, if a certificate is given."""
    if options.tls_cert is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.tls_cert, options.tls_key)
    return context


def start(options: argparse.Namespace) -> Server:
    """Open the database and listen; raise what stands in the way."""
    door = Door(password(options), options.auth, tls(options))
    database = Database(options.database, user=options.user)
    try:
        return Server((options.host, options.port), database, door)
    except OSError:
        database.close()
        raise


def main(argv: list[str] | None = None) -> int:
    """Serve until told to stop."""
    logging.basicConfig(stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s")
    options = arguments(argv)
    try:
        server = start(options)
    except (DatabaseInUseError, OSError, ssl.SSLError) as error:
        print(f"local.vertica cannot start: {error}", file=sys.stderr)
        return 1
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    threading.Thread(target=server.serve, daemon=True).start()
    host, port = server.address
    print(f"listening on {host}:{port}", flush=True)
    stopped.wait()
    server.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
