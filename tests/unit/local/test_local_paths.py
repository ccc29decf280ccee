import subprocess
import sys
import time
from pathlib import Path

import pytest

from local.kept import FORMAT, check_kept, forget
from local.lock import alone
from local.paths import Paths
from local.prefect_home import check_server, configured_server
from local.servers import free_ports
from local.upload import FILES, fingerprint
from social_vault.errors import SettingsError, UnavailableError

ROOT = Path(__file__).parents[3]
PROFILES = """
active = "work"
[profiles.work]
PREFECT_API_URL = "http://work:4200/api"
[profiles.home]
PREFECT_API_URL = "http://home:4200/api"
[profiles.bare]
"""
HOLDER = """
import sys, time
from pathlib import Path
from local.kept import FORMAT, check_kept, forget
from local.lock import alone
from local.paths import Paths
with alone(Paths(Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def test_secrets_are_made_once_and_for_one_user(tmp_path):
    """The servers of tomorrow take the passwords of today, which nobody else may read."""
    paths = Paths(tmp_path / "state")

    made, again = paths.secrets(), paths.secrets()

    assert made == again
    assert len({made.vertica_password, made.s3_key_id, made.s3_secret}) == 3
    assert (paths.root / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert paths.root.stat().st_mode & 0o777 == 0o700


def test_two_checkouts_share_no_secret(tmp_path):
    """They are random, not derived."""
    assert Paths(tmp_path / "a").secrets() != Paths(tmp_path / "b").secrets()


def test_a_second_command_waits_for_the_first(tmp_path, capsys):
    """Two owners of one warehouse would stop each other's servers."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path), "1"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    with holder:
        holder.stdout.readline()
        started = time.monotonic()
        with alone(Paths(tmp_path)):
            waited = time.monotonic() - started

    assert waited > 0.5
    assert "Waiting for another command" in capsys.readouterr().err


def test_the_lock_of_a_killed_command_is_free(tmp_path):
    """The system takes it back, so no stale lock stops anybody."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path), "600"], stdout=subprocess.PIPE, cwd=ROOT
    )
    with holder:
        holder.stdout.readline()
        holder.kill()
        holder.wait()

    with alone(Paths(tmp_path)):
        pass


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "http://work:4200/api"),
        ({"PREFECT_PROFILE": "home"}, "http://home:4200/api"),
        ({"PREFECT_PROFILE": "bare"}, None),
        ({"PREFECT_API_URL": "http://named/api"}, "http://named/api"),
    ],
)
def test_the_prefect_server_is_the_one_that_is_configured(tmp_path, environment, expected):
    """The environment goes before the profile, and a profile without a server is none."""
    (tmp_path / "profiles.toml").write_text(PROFILES)

    found = configured_server({"PREFECT_HOME": str(tmp_path), **environment})

    assert found == expected


def test_a_configured_server_that_is_down_is_told_at_once():
    """One sentence names it; nothing is tried for minutes."""
    [port] = free_ports(1)

    with pytest.raises(UnavailableError, match=f"127.0.0.1:{port}.*Connection refused"):
        check_server(f"http://127.0.0.1:{port}/api")


def test_the_fingerprint_of_a_folder_follows_its_bytes(tmp_path):
    """The same files again are nothing new; one other byte, or one file less, is."""
    for name in FILES:
        (tmp_path / name).write_text("id\n1\n")
    first = fingerprint(tmp_path)
    (tmp_path / "notes.txt").write_text("no table")
    assert fingerprint(tmp_path) == first

    (tmp_path / FILES[0]).write_text("id\n2\n")
    second = fingerprint(tmp_path)
    (tmp_path / FILES[0]).unlink()

    assert len({first, second, fingerprint(tmp_path)}) == 3


def test_a_kept_folder_without_a_stamp_is_used_and_stamped(tmp_path):
    """What versions kept before there were stamps can be used as it is."""
    paths = Paths(tmp_path / "state")
    paths.database.parent.mkdir(parents=True)
    paths.database.touch()

    check_kept(paths)
    check_kept(paths)

    assert (paths.root / "format").read_text() == f"{FORMAT}\n"
    assert paths.database.exists()


@pytest.mark.parametrize("stamp", [b"0\n", b"999\n", b"", b"\xff", b"new\n"], ids=repr)
def test_what_another_version_keeps_is_refused_and_can_be_forgotten(tmp_path, stamp):
    """One sentence says what helps, and that does help."""
    paths = Paths(tmp_path / "state")
    for folder in (paths.database.parent, paths.storage, paths.prefect):
        folder.mkdir(parents=True)
    (paths.root / "format").write_bytes(stamp)

    with pytest.raises(SettingsError, match=r"another version of social-vault.*FRESH=1` forgets"):
        check_kept(paths)
    forget(paths)
    check_kept(paths)

    assert not paths.database.parent.exists()
    assert not paths.prefect.exists()


def test_forgetting_ones_own_keeps_what_is_slow_to_make(tmp_path):
    """Prefect's database is as good as before; secrets and samples are, too."""
    paths = Paths(tmp_path / "state")
    secrets = paths.secrets()
    for folder in (paths.database.parent, paths.prefect, paths.sample):
        folder.mkdir(parents=True)

    forget(paths)

    assert not paths.database.parent.exists()
    assert paths.prefect.exists()
    assert paths.sample.exists()
    assert paths.secrets() == secrets
