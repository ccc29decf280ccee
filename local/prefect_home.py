"""Prefect on the laptop: a home of its own with a migrated database, quiet, and nothing sent out.

A server that is configured already, by the environment or by a profile, is used as it is.
"""

import os
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from local.paths import Paths
from local.servers import (
    LOOPBACK,
    Program,
    announced,
    free_ports,
    running,
    running_port,
    started,
)
from social_vault.stores.addresses import refusals, unreachable

NAME = "prefect"
SECONDS_TO_REACH = 10.0
SECONDS_TO_START = 180.0  # the first time it makes its database

QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",  # the run tells its progress itself
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
}


def configured_server(environment: Mapping[str, str]) -> str | None:
    """Find the address that the environment or the active profile names; None if neither does.

    Read by hand, since Prefect fixes its settings when it is imported.
    """
    if environment.get("PREFECT_API_URL"):
        return environment["PREFECT_API_URL"]
    home = Path(environment.get("PREFECT_HOME") or Path.home() / ".prefect")
    profiles = home / "profiles.toml"
    if not profiles.exists():
        return None
    known = tomllib.loads(profiles.read_text())
    active = environment.get("PREFECT_PROFILE") or known.get("active")
    address = known.get("profiles", {}).get(active, {}).get("PREFECT_API_URL")
    return str(address) if address else None


def check_server(address: str) -> None:
    """Refuse an address at which nobody answers, rather than try it for minutes."""
    parts = urlsplit(address)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    place = [(parts.hostname or "", port)]
    [cause] = refusals(place, SECONDS_TO_REACH)
    if cause is not None:
        named = "which PREFECT_API_URL or the active profile names"
        raise unreachable(f"The Prefect server at {address}, {named},", place, [cause])


@dataclass(frozen=True)
class LocalPrefect:
    """A Prefect server: its address, and how to wait for it."""

    address: str
    wait: Callable[[], None]


def point_at(address: str, home: Path | None) -> None:
    """Set Prefect's environment; it is read when Prefect is imported."""
    # A default and no more: who wants Prefect to talk has said so.
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    os.environ["PREFECT_API_URL"] = address
    if home is not None:
        home.mkdir(parents=True, exist_ok=True)
        os.environ["PREFECT_HOME"] = str(home)


def program(paths: Paths, port: int, *, dashboard: bool) -> Program:
    """Describe a Prefect server, which keeps its database from run to run."""
    command = ("-m", "prefect", "server", "start", "--host", LOOPBACK, "--port", str(port))
    environment = {
        "PREFECT_HOME": str(paths.prefect),
        "PREFECT_SERVER_UI_ENABLED": str(dashboard).lower(),
        # The dashboard looks for its API at port 4200 unless told.
        "PREFECT_SERVER_UI_API_URL": address_at(port),
    }
    return Program(
        "The Prefect server",
        (sys.executable, *command),
        paths.logs / "prefect.log",
        lambda _log: is_healthy(port),
        QUIET | environment,
        SECONDS_TO_START,
    )


def address_at(port: int) -> str:
    """Write the address of the API of a server on loopback, as PREFECT_API_URL wants it."""
    return f"http://{LOOPBACK}:{port}/api"


def is_healthy(port: int) -> bool:
    """Tell whether a Prefect server answers at a port."""
    door = HTTPConnection(LOOPBACK, port, timeout=2)
    try:
        door.request("GET", "/api/health")
        return door.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        door.close()


@contextmanager
def reach_prefect(paths: Paths) -> Iterator[LocalPrefect]:
    """Use the server that is configured or that runs here; else start one, without waiting."""
    configured = configured_server(os.environ)
    # It may be a team's server: nothing of its home or its settings is touched.
    if configured is not None:
        check_server(configured)
        point_at(configured, None)
        yield LocalPrefect(configured, lambda: None)
        return
    port = running_port(paths.address(NAME))
    if port is not None:
        point_at(address_at(port), paths.prefect)
        yield LocalPrefect(address_at(port), lambda: None)
        return
    [port] = free_ports(1)
    point_at(address_at(port), paths.prefect)
    # Not waited for here: it comes up while S3 and Vertica start and the sample is made.
    with started(program(paths, port, dashboard=False)) as server:
        yield LocalPrefect(address_at(port), server.wait_until_ready)


@contextmanager
def serve_dashboard(paths: Paths) -> Iterator[LocalPrefect]:
    """Run a Prefect server with its dashboard; others find its port in a file."""
    paths.prefect.mkdir(parents=True, exist_ok=True)
    [port] = free_ports(1)
    server = program(paths, port, dashboard=True)
    with running(server), announced(paths.address(NAME), port):
        yield LocalPrefect(address_at(port), lambda: None)
