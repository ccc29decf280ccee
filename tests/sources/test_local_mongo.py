import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure, ServerSelectionTimeoutError

from local.mongo import DATABASE, reach, serve_mongo
from local.servers import LOOPBACK

ROOT = Path(__file__).parents[2]
STARTER = """
import sys
from pathlib import Path
from local.mongo import serve_mongo
with serve_mongo(Path(sys.argv[1])):
    print("ready", flush=True)
    sys.stdin.read()
"""


def servers_on(folder):
    """List the processes that were started on a folder's data."""
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = each.read_bytes()
        except (FileNotFoundError, ProcessLookupError):  # it ended under our eyes
            continue
        if f"{folder}/data".encode() in words:
            found.append(each.parent.name)
    return found


def test_it_ends_when_its_starter_is_killed(tmp_path):
    """No server is left behind, whatever happens to a test."""
    folder = tmp_path / "kept"
    with subprocess.Popen(
        [sys.executable, "-c", STARTER, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as starter:
        assert starter.stdout.readline() == "ready\n"
        assert servers_on(folder)
        starter.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 30
    while servers_on(folder) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert not servers_on(folder)


def test_its_data_and_its_password_are_kept(tmp_path):
    """A second start finds what the first one wrote; what may be read is for this user alone."""
    folder = tmp_path / "kept"
    with serve_mongo(folder) as server, server.client() as owner:
        owner[DATABASE].orders.insert_one({"_id": 1})
        password = server.password

    with serve_mongo(folder) as server, server.client() as owner:
        assert server.password == password
        assert list(owner[DATABASE].orders.find()) == [{"_id": 1}]
    private = [folder, folder / "password", folder / "tls" / "server.key"]
    assert [each.stat().st_mode & 0o077 for each in private] == [0, 0, 0]


def test_nobody_gets_in_without_tls_or_a_password(mongo):
    """As at the order system's own door: else a test of ours would prove nothing of it."""
    plain = MongoClient(LOOPBACK, mongo.port, serverSelectionTimeoutMS=500)
    with plain, pytest.raises(ServerSelectionTimeoutError):
        plain[DATABASE].orders.find_one()
    with reach(mongo.port, mongo.ca_file) as guest, pytest.raises(OperationFailure) as told:
        guest[DATABASE].orders.find_one()

    assert told.value.code == 13
