"""Where the benchmark runs: servers and data of its own under .local/bench."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3

from local.paths import Paths
from local.prefect_home import serve_dashboard
from local.s3 import BUCKET, serve_s3
from local.sample import bad, generate
from local.upload import FILES, upload
from local.warehouse import serve_vertica

Figures = dict[str, float]
ROOT = Path(__file__).parents[2] / ".local" / "bench"
# DuckDB's reader takes a stray or open quote for a long field and loses the records up to its end
# in silence; and invalid UTF-8 stops it. The yardstick could not do the same job on such records.
BEYOND_THE_YARDSTICK = ("record: stray quote", "record: unclosed quote", "record: not UTF-8")


@dataclass(frozen=True)
class Site:
    """The benchmark's data and the environment in which the service runs."""

    data: Path
    prefix: str
    environment: Mapping[str, str]


def make_data(scale: float) -> Path:
    """Return the sample's files, without the damage that the yardstick cannot see."""
    folder = ROOT / "data" / f"{scale:g}"
    if not all((folder / name).exists() for name in FILES):
        for table, makers in bad.MAKERS.items():
            bad.MAKERS[table] = tuple(  # type: ignore[index]
                make for make in makers if not set(make(1, b"").reasons) & set(BEYOND_THE_YARDSTICK)
            )
        generate(folder, scale)
    return folder


@contextmanager
def site(scale: float) -> Iterator[Site]:
    """Run a Prefect server and an S3 with the data; the warehouses come and go run by run."""
    paths, data = Paths(ROOT), make_data(scale)
    shutil.rmtree(paths.storage, ignore_errors=True)
    with serve_s3(paths) as s3, serve_dashboard(paths) as prefect:
        prefix = f"{scale:g}/"
        upload(s3, data, prefix, lambda _: None)
        environment = {
            **os.environ,
            **s3.environment(),
            "PREFECT_HOME": str(paths.prefect),
            "PREFECT_API_URL": prefect.address,
            "PREFECT_LOGGING_LEVEL": "CRITICAL",
            "DO_NOT_TRACK": "1",
        }
        yield Site(data, prefix, environment)


@contextmanager
def warehouse() -> Iterator[Mapping[str, str]]:
    """Run a warehouse that holds nothing but the schema; return how to reach it."""
    paths = Paths(ROOT)
    shutil.rmtree(paths.database.parent, ignore_errors=True)
    with serve_vertica(paths) as vertica:
        environment = vertica.environment()
        subprocess.run(
            [sys.executable, "-c", CREATE], env={**os.environ, **environment}, check=True
        )
        yield environment


CREATE = """
from social_vault.model.catalogue import of_worlds
from social_vault.schema.apply import apply_schema
from social_vault.settings import WarehouseSettings
from social_vault.stores.vertica import open_warehouse
import logging; logging.disable()
with open_warehouse(WarehouseSettings.from_env()) as warehouse:
    apply_schema(warehouse, of_worlds(["social_network"]))
"""


def lay_out(environment: Mapping[str, str], folder: Path, prefix: str) -> None:
    """Upload the files of a folder under a prefix."""
    client = boto3.client(
        "s3",
        endpoint_url=environment["AWS_ENDPOINT_URL_S3"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        region_name=environment["AWS_DEFAULT_REGION"],
    )
    for path in sorted(folder.iterdir()):
        client.upload_file(str(path), BUCKET, f"{prefix}{path.name}")


def measured(module: str, *arguments: str, environment: Mapping[str, str] | None = None) -> Figures:
    """Run a module of the benchmark as a process of its own; return what it measured."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.bench.{module}", *arguments],
        env=dict(environment or os.environ),
        check=True,
        capture_output=True,
        text=True,
    )
    found: Figures = json.loads(done.stdout.strip().splitlines()[-1])
    return found
