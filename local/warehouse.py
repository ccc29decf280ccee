"""The laptop's Vertica: `local_vertica` as a process of its own, on the kept file."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from local.paths import DATABASE, Paths
from local.servers import (
    LOOPBACK,
    Program,
    announced,
    free_ports,
    running,
    running_port,
)

NAME = "vertica"
USER = "dbadmin"


@dataclass(frozen=True)
class LocalVertica:
    """A running local Vertica and how to get in."""

    port: int
    password: str = field(repr=False)

    def environment(self) -> dict[str, str]:
        """Give the variables that the service reads to find it; loopback needs no TLS."""
        return {
            "VERTICA_HOST": LOOPBACK,
            "VERTICA_PORT": str(self.port),
            "VERTICA_DATABASE": DATABASE,
            "VERTICA_USER": USER,
            "VERTICA_PASSWORD": self.password,
            "VERTICA_TLSMODE": "disable",
        }


@contextmanager
def serve_vertica(paths: Paths) -> Iterator[LocalVertica]:
    """Run the local Vertica for as long as the block lasts; others find its port in a file."""
    paths.database.parent.mkdir(parents=True, exist_ok=True)
    [port] = free_ports(1)
    password = paths.secrets().vertica_password
    command = (sys.executable, "-m", "local_vertica", "--host", LOOPBACK, "--port", str(port))
    program = Program(
        "The local Vertica",
        (*command, "--database", str(paths.database), "--user", USER),
        paths.logs / "vertica.log",
        lambda log: "listening on" in log,
        # The list of processes shows arguments to everybody, and no environment.
        {"LOCAL_VERTICA_PASSWORD": password},
    )
    with running(program), announced(paths.address(NAME), port):
        yield LocalVertica(port, password)


@contextmanager
def reach_vertica(paths: Paths) -> Iterator[LocalVertica]:
    """Use the local Vertica that runs, or run one for as long as the block lasts."""
    port = running_port(paths.address(NAME))
    if port is not None:
        yield LocalVertica(port, paths.secrets().vertica_password)
        return
    with serve_vertica(paths) as vertica:
        yield vertica
