import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from local.servers import Program, ServerError, announced, free_ports, running, running_port

ROOT = Path(__file__).parents[3]
OBEDIENT = "import time; print('ready', flush=True); time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + OBEDIENT
STARTER = """
import sys, time
from pathlib import Path
from local.servers import Program, running
child = "import time; print('ready', flush=True); time.sleep(600)"
command = (sys.executable, "-c", child)
program = Program("It", command, Path(sys.argv[1]), lambda log: "ready" in log)
with running(program) as server:
    print(server.pid, flush=True)
    time.sleep(600)
"""


def python(code: str, folder: Path, **options: float) -> Program:
    """Return a server in Python that is ready when it says so."""
    return Program(
        "The server",
        (sys.executable, "-c", code),
        folder / "logs" / "server.log",
        lambda log: "ready" in log,
        **options,
    )


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that ended and waits to be collected does not."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def seconds_until_gone(pid: int) -> float:
    """Wait until a process is gone, at most for ten seconds."""
    started = time.monotonic()
    while is_alive(pid) and time.monotonic() - started < 10:
        time.sleep(0.02)
    assert not is_alive(pid)
    return time.monotonic() - started


def test_a_server_runs_as_long_as_its_block(tmp_path):
    """It is ready inside and gone behind."""
    with running(python(OBEDIENT, tmp_path)) as server:
        assert is_alive(server.pid)
        assert "ready" in server.log()

    assert not is_alive(server.pid)


def test_a_server_is_stopped_when_the_block_fails(tmp_path):
    """An error leaves nothing running."""
    with pytest.raises(ZeroDivisionError), running(python(OBEDIENT, tmp_path)) as server:
        raise ZeroDivisionError

    assert not is_alive(server.pid)


def test_a_server_that_ignores_sigterm_is_killed(tmp_path):
    """Politeness has an end."""
    with running(python(STUBBORN, tmp_path, grace=0.2)) as server:
        pass

    assert not is_alive(server.pid)


def test_a_server_that_ends_early_is_told_with_the_end_of_its_log(tmp_path):
    """The reader sees its exit code, where the log is, and its last lines."""
    code = "import sys; print('no such disk'); sys.exit(7)"

    expected = pytest.raises(ServerError, match=r"The server did not come up.*code 7.*log")
    with expected as caught, running(python(code, tmp_path)):
        pass

    assert caught.value.details == ("no such disk",)


def test_a_server_that_never_answers_is_given_up_and_stopped(tmp_path):
    """Waiting has an end, too."""
    code = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"

    expected = pytest.raises(ServerError, match="no answer within 1 seconds")
    with expected as caught, running(python(code, tmp_path, seconds=1)):
        pass

    seconds_until_gone(int(caught.value.details[0]))


def test_a_server_dies_with_a_starter_that_was_killed(tmp_path):
    """Not even SIGKILL leaves an orphan."""
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(tmp_path / "log")],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    with starter:
        pid = int(starter.stdout.readline())
        assert is_alive(pid)

        starter.send_signal(signal.SIGKILL)
        starter.wait()

        seconds_until_gone(pid)


def test_free_ports_are_all_different():
    """They are held together while they are chosen."""
    ports = free_ports(20)

    assert len(set(ports)) == 20


def test_an_announced_server_is_found_only_while_it_listens(tmp_path):
    """A file that a killed command left behind leads nowhere."""
    address = tmp_path / "it.port"
    [silent] = free_ports(1)
    assert running_port(address) is None
    with announced(address, silent):
        assert running_port(address) is None

    assert not address.exists()
