"""Prefect on the laptop: a home of its own with a migrated database, quiet, and nothing sent out.

A server that is configured already, by the environment or by a profile, is used as it is.
"""

import os
import socket
import tomllib
from collections.abc import MutableMapping
from pathlib import Path
from urllib.parse import urlsplit

from local.places import Places
from local.servers import ServerError

QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",  # the run tells its progress itself
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
}


def configured_server(environment: MutableMapping[str, str]) -> str | None:
    """Return the address of the server that the environment or the active profile names."""
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
    try:
        socket.create_connection((parts.hostname or "", port), timeout=10).close()
    except OSError as error:
        raise ServerError(
            f"No Prefect server answers at {address}, which PREFECT_API_URL or the active profile "
            f"names: {error.strerror or error}."
        ) from None


def prepare_prefect(places: Places) -> str | None:
    """Set Prefect's environment, before it is imported; return the server that is configured."""
    server = configured_server(os.environ)
    if server is not None:
        check_server(server)
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    if server is None:
        places.prefect.mkdir(parents=True, exist_ok=True)
        os.environ["PREFECT_HOME"] = str(places.prefect)
    return server
