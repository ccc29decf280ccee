"""The laptop's MongoDB: SecantusDB, which speaks the protocol, on loopback with TLS and a password.

It is a place to run against and no more: it takes no snapshots, and forgets its history late.
"""

import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from local.certificates import make_certificates
from local.paths import write_private
from local.servers import LOOPBACK, Program, free_ports, running

USER = "owner"
DATABASE = "orders"


@dataclass(frozen=True)
class LocalMongo:
    """A running MongoDB and how to get in as its owner."""

    port: int
    password: str = field(repr=False)
    ca_file: Path

    def client(self) -> "MongoClient[dict[str, Any]]":
        """Connect as the owner."""
        login = {"username": USER, "password": self.password, "authSource": "admin"}
        return reach(self.port, self.ca_file, **login)

    def environment(self) -> dict[str, str]:
        """Give the variables that the service reads to find it."""
        return {
            "ORDER_SYSTEM_HOSTS": f"{LOOPBACK}:{self.port}",
            "ORDER_SYSTEM_DATABASE": DATABASE,
            "ORDER_SYSTEM_USER": USER,
            "ORDER_SYSTEM_PASSWORD": self.password,
            "ORDER_SYSTEM_AUTH_SOURCE": "admin",
            "ORDER_SYSTEM_TLS_CAFILE": str(self.ca_file),
        }


def reach(port: int, ca_file: Path, **login: str) -> "MongoClient[dict[str, Any]]":
    """Make a client of the one server."""
    return MongoClient(
        LOOPBACK,
        port,
        directConnection=True,
        tls=True,
        tlsCAFile=str(ca_file),
        serverSelectionTimeoutMS=5000,
        **login,  # type: ignore[arg-type]
    )


@contextmanager
def serve_mongo(folder: Path, *options: str) -> Iterator[LocalMongo]:
    """Run a MongoDB on a folder's data, made at the first time, while the block lasts."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ca_file = folder / "tls" / "ca.pem"
    if not (folder / "password").exists():
        provision(folder)
    [port] = free_ports(1)
    with running(program(folder, port, "--auth", *options)):
        yield LocalMongo(port, (folder / "password").read_text(), ca_file)


def provision(folder: Path) -> None:
    """Make the data and their owner: only who needs no password yet can be given one."""
    shutil.rmtree(folder / "data", ignore_errors=True)
    make_certificates(folder / "tls")
    password, [port] = secrets.token_urlsafe(24), free_ports(1)
    with running(program(folder, port)), reach(port, folder / "tls" / "ca.pem") as client:
        client.admin.command("createUser", USER, pwd=password, roles=["root"])
    write_private(folder / "password", password)


def program(folder: Path, port: int, *options: str) -> Program:
    """Say how the server is started."""
    files = folder / "tls"
    return Program(
        "The local MongoDB",
        (
            *(str(Path(sys.executable).with_name("secantusd-py")), "--host", LOOPBACK),
            *("--port", str(port), "--storage-path", str(folder / "data")),
            *("--tls-cert-file", str(files / "server.pem")),
            *("--tls-key-file", str(files / "server.key"), "--cache-size", "256M"),
            *("--log-level", "ERROR", "--config", str(empty(folder / "none.toml")), *options),
        ),
        folder / "mongo.log",
        lambda _: answers(port, files / "ca.pem"),
    )


def empty(path: Path) -> Path:
    """Make a file that says nothing: else settings of the user's home would be read."""
    path.touch()
    return path


def answers(port: int, ca_file: Path) -> bool:
    """Tell whether the server takes requests."""
    with reach(port, ca_file) as client:
        try:
            client.admin.command("hello")
        except PyMongoError:
            return False
    return True
