"""Try a client of Vertica against the local one: `python packages/local-vertica/tests/clients dbt`.

The client is installed by uv into an environment of its own, which the project's never sees.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from local_vertica import Address, running

HERE = Path(__file__).parent
ROOT = HERE.parents[3]
DBT_COMMANDS = (
    "debug",
    "seed",
    "run",
    "run",
    "snapshot",
    "snapshot",
    "test",
    "docs generate",
    "run --full-refresh",
)
PACKAGES = {
    "dbt": ("dbt-vertica==1.8.6",),
    "verticapy": ("verticapy==1.1.1", "ipython", "setuptools<81"),
    "sqlalchemy": ("vertica-sqlalchemy-dialect==0.0.8.2",),
    "soda": ("soda-core-vertica==3.5.6", "setuptools<81"),
}


def main() -> int:
    """Run one client's session; return how many of its commands failed."""
    parser = argparse.ArgumentParser("clients", description=__doc__)
    parser.add_argument("client", choices=PACKAGES)
    client = parser.parse_args().client
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder)) as address,
    ):
        codes = [run(client, each, address, folder) for each in commands(client, folder)]
    return sum(code != 0 for code in codes)


def commands(client: str, folder: str) -> list[list[str]]:
    """Return what a client is asked to do; what it writes goes into the folder."""
    if client != "dbt":
        return [["python", "-W", "ignore", str(HERE / f"{client}_session.py")]]
    project = shutil.copytree(HERE / "dbt", Path(folder) / "dbt")
    places = ["--project-dir", str(project), "--profiles-dir", str(project)]
    return [["dbt", "--quiet", *words.split(), *places] for words in DBT_COMMANDS]


def run(client: str, command: list[str], address: Address, folder: str) -> int:
    """Run a command where the client is installed; return its exit code."""
    uv = shutil.which("uv") or str(ROOT / ".local" / "bootstrap" / "bin" / "uv")
    packages = [word for package in PACKAGES[client] for word in ("--with", package)]
    prefix = [uv, "run", "--isolated", "--no-project", "--python", sys.executable, *packages]
    told = {
        "VERTICA_HOST": address.host,
        "VERTICA_PORT": str(address.port),
        "VERTICA_USER": address.user,
        "VERTICA_PASSWORD": address.password,
        "VERTICA_DATABASE": address.database,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "OTEL_SDK_DISABLED": "true",  # Soda tells its makers how it is used
    }
    done = subprocess.run([*prefix, *command], cwd=folder, env={**os.environ, **told}, check=False)
    print(f"{'ok' if done.returncode == 0 else 'FAILED'}: {' '.join(command[:3])}", flush=True)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
