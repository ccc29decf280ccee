import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from local import postgres
from local.postgres import serve_postgres

ROOT = Path(__file__).parents[2]
STARTER = """
import sys
from pathlib import Path
from local.postgres import serve_postgres
with serve_postgres(Path(sys.argv[1])) as server:
    print(server.pid, server.port, flush=True)
    sys.stdin.read()
"""


def is_running(pid):
    """Tell whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_it_ends_when_its_starter_is_killed(tmp_path):
    """No server is left behind, whatever happens to a test."""
    command = [sys.executable, "-c", STARTER, str(tmp_path / "kept")]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as starter:
        pid = starter.stdout.readline().split()[0]
        assert is_running(pid)
        starter.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 30
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert not is_running(pid)


def test_its_data_and_its_password_are_kept(tmp_path):
    """A second start finds what the first one wrote, and a guest does not hold it up."""
    with serve_postgres(tmp_path / "kept") as server:
        guest = psycopg.connect(server.address(), autocommit=True)
        guest.execute("CREATE TABLE kept (id int)")
        password = server.password
    guest.close()

    with serve_postgres(tmp_path / "kept") as server, psycopg.connect(server.address()) as again:
        assert server.password == password
        assert again.execute("SELECT count(*) FROM kept").fetchone() == (0,)
        assert again.pgconn.ssl_in_use


def test_its_secrets_are_for_this_user_alone(tmp_path):
    """The folder, and in it the key and the password."""
    with serve_postgres(tmp_path / "kept"):
        private = ["", "password", "hba.conf", "tls/server.key", "data"]
        modes = [(tmp_path / "kept" / each).stat().st_mode & 0o077 for each in private]

    assert modes == [0] * len(private)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another user")
def test_root_becomes_nobody_where_there_are_no_namespaces(monkeypatch):
    """As in a container that forbids them."""
    monkeypatch.setattr(postgres, "lowered", postgres.nobody)
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    try:
        with serve_postgres(folder / "kept") as server, psycopg.connect(server.address()) as owner:
            assert owner.execute("SELECT 1").fetchone() == (1,)
            assert Path(f"/proc/{server.pid}").stat().st_uid == 65534
    finally:
        shutil.rmtree(folder)
