"""The deployments as a data engineer uses them: a server, a worker, blocks, a run by hand."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import boto3
import pytest

from local.s3 import BUCKET
from local.servers import free_ports

ROOT = Path(__file__).parents[2]
PREFECT = (sys.executable, "-m", "prefect")
USERS = "id,chat_name,registration_dt,country,age\n1,Анна,2020-09-03 10:00:00,RU,34\n"
BLOCKS = ("--param", "warehouse_block=social-vault", "--param", "storage_block=social-vault")


@contextmanager
def background(command, environment, log):
    """Run a program for as long as the block lasts."""
    with log.open("w") as words:
        process = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=words, stderr=subprocess.STDOUT
        )
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_for(url):
    """Wait until a server answers."""
    for _ in range(240):
        try:
            with urlopen(url):  # noqa: S310 - our own server on loopback
                return
        except OSError:
            time.sleep(0.5)
    pytest.fail(f"nobody answers at {url}")


@pytest.fixture
def environment(tmp_path):
    """Run a Prefect server of our own; say how to reach it, and nothing of the stores."""
    [port] = free_ports(1)
    url = f"http://127.0.0.1:{port}/api"
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "VERTICA_"))
    }
    told = {
        **kept,
        "DO_NOT_TRACK": "1",
        "PREFECT_API_URL": url,
        "PREFECT_HOME": str(tmp_path / "home"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "SOCIAL_VAULT_BUCKET": BUCKET,
        "SOCIAL_VAULT_PREFIX": "worker/",
        "SOCIAL_VAULT_HOME": str(ROOT),
    }
    server = (*PREFECT, "server", "start", "--port", str(port))
    with background(server, told, tmp_path / "server.log"):
        wait_for(f"{url}/health")
        yield told


@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_worker_runs_what_was_deployed(environment, services, tmp_path):
    """Deploy, save the blocks, start a worker that knows no secret: both flows complete."""

    def run(*command, **more):
        return subprocess.run(
            command,
            check=False,
            env={**environment, **more},
            cwd=ROOT,
            capture_output=True,
            text=True,
        )

    boto3.client("s3").put_object(Bucket=BUCKET, Key="worker/users.csv", Body=USERS.encode())
    assert run(sys.executable, "deployments/deploy.py").returncode == 0
    saved = run(sys.executable, "deployments/register_blocks.py", **services.environment)
    assert saved.returncode == 0, saved.stderr

    worker = (*PREFECT, "worker", "start", "--pool", "social-vault")
    with background(worker, environment, tmp_path / "worker.log"):
        start = (*PREFECT, "deployment", "run", "--watch")
        setup = run(*start, "apply-schema/setup", *BLOCKS[:2])
        load = run(*start, "social-network/manual", *BLOCKS)
        wrong = run(*start, "social-network/manual", "--param", "oldest_groups=5000")

    assert setup.returncode == 0, setup.stdout
    assert load.returncode == 0, load.stdout
    assert wrong.returncode == 1
    assert "5000 is greater than the maximum of 1000" in " ".join(wrong.stdout.split())
    log = (tmp_path / "worker.log").read_text()
    assert "worker/users.csv" in log  # the library's own lines and the accounting reach the log
    assert not any(secret in log for secret in services.secrets)
