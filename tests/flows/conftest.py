"""One Prefect API, one S3 and one local Vertica for all flow tests of a session."""

from dataclasses import dataclass

import pytest
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from prefect.testing.utilities import prefect_test_harness

from local.paths import Paths
from local.s3 import serve_s3
from local.warehouse import serve_vertica


@dataclass(frozen=True)
class Services:
    """What the environment must say to reach the servers, and what must never be seen."""

    environment: dict[str, str]
    secrets: tuple[str, ...]


@pytest.fixture(scope="session")
def prefect_server():
    """Run a real Prefect API; without heartbeats, whose thread takes a second a run to end."""
    with (
        prefect_test_harness(server_startup_timeout=120),
        temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
    ):
        yield


@pytest.fixture(scope="session")
def servers(tmp_path_factory):
    """Run an S3 and a Vertica as processes of their own."""
    paths = Paths(tmp_path_factory.mktemp("servers"))
    secrets = paths.secrets()
    with serve_s3(paths) as s3, serve_vertica(paths) as vertica:
        yield Services(
            {**s3.environment(), **vertica.environment()},
            (secrets.vertica_password, secrets.s3_secret),
        )


@pytest.fixture
def services(servers, monkeypatch):
    """Set the environment as a worker's would be."""
    for name, value in servers.environment.items():
        monkeypatch.setenv(name, value)
    return servers
