"""How commands end: the exit code of a family, one sentence last, the trace in the log alone."""

import errno
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from social_vault import commands, errors
from social_vault.commands import log_of, run_command

ROOT = Path(__file__).parents[2]
WORDS = "привет … ─"
SCRIPT = """
import sys
from pathlib import Path
from social_vault.commands import run_command
def work():
    for _ in range(int(sys.argv[2])):
        print(sys.argv[3])
raise SystemExit(run_command(work, Path(sys.argv[1])))
"""
CODES = {
    errors.PipelineError("x"): 1,
    errors.WarehouseError("x"): 1,
    ZeroDivisionError("x"): 1,
    errors.SettingsError("x"): 2,
    errors.StorageError("x"): 2,
    errors.WarehouseSetupError("x"): 2,
    errors.SourceError("x"): 3,
    errors.MissingObjectError("x"): 3,
    errors.RejectLimitError("x"): 3,
    errors.AuditError("x"): 3,
    errors.IncompleteRunError("x", None): 3,
    errors.IncompleteRunError("x", None, [4]): 4,
    errors.IncompleteRunError("x", None, [3, 4]): 3,
    errors.IncompleteRunError("x", None, [3, 5, 4]): 5,
    errors.UnavailableError("x"): 4,
    errors.WorkerError("x"): 5,
    OSError(errno.ENOSPC, "No space left on device", "/spool/file"): 5,
    KeyboardInterrupt(): 130,
}


pytestmark = pytest.mark.usefixtures("logging_as_before")


def failing(error):
    """Return work that raises an error."""

    def work():
        raise error

    return work


@pytest.mark.parametrize(("error", "code"), CODES.items(), ids=lambda each: repr(each)[:60])
def test_the_exit_code_tells_the_family(tmp_path, capsys, error, code):
    """An operator's script needs no log to tell data from an outage."""
    assert run_command(failing(error), tmp_path / "logs" / "log") == code

    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("Failed: ")


def test_what_nobody_foresaw_names_the_log_with_its_trace(tmp_path, capsys):
    """The terminal shows no trace, and none is lost."""
    log = tmp_path / "logs" / "log"

    run_command(failing(ZeroDivisionError("canary")), log)

    shown = capsys.readouterr().err
    assert (
        shown
        == f"Failed: It failed with a ZeroDivisionError that nobody foresaw; {log} tells more.\n"
    )
    assert "Traceback" in log.read_text()
    assert "canary" in log.read_text()


def test_an_error_of_several_lines_is_told_in_one(tmp_path, capsys):
    """The last line is the whole sentence."""
    run_command(failing(errors.SourceError("one\n  two")), tmp_path / "logs" / "log")

    assert capsys.readouterr().err == "Failed: one two\n"


def test_progress_is_shown_without_traces(tmp_path, capsys):
    """A step that logs an error with its trace has it in the log alone."""
    log = tmp_path / "logs" / "log"

    def work():
        commands.show_progress()
        try:
            raise ZeroDivisionError
        except ZeroDivisionError:
            logging.getLogger("tasks.storage").exception("It is away.")

    assert run_command(work, log) == 0
    assert capsys.readouterr().out == "  It is away.\n"
    assert "Traceback" in log.read_text()


def test_a_log_that_cannot_be_made_is_told(tmp_path, capsys):
    """It is the first thing that a command writes."""
    (tmp_path / "file").touch()

    assert run_command(lambda: None, tmp_path / "file" / "logs" / "log") == 5

    assert "file" in capsys.readouterr().err


def test_logs_lie_where_the_environment_says(monkeypatch, tmp_path):
    """Without a word of it they lie with the other state of this user."""
    monkeypatch.setenv("SOCIAL_VAULT_LOGS", str(tmp_path))
    assert log_of("deploy") == tmp_path / "deploy.log"

    monkeypatch.delenv("SOCIAL_VAULT_LOGS")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert log_of("deploy") == tmp_path / "state" / "social-vault" / "deploy.log"


def script(tmp_path, lines, redirection="", encoding="utf-8"):
    """Run a command that prints, in a shell, so that its output may go anywhere."""
    words = f"'{sys.executable}' -c '{SCRIPT}' {tmp_path}/logs/log {lines} '{WORDS}' {redirection}"
    return subprocess.run(
        ["/bin/bash", "-o", "pipefail", "-c", words],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHONIOENCODING": encoding},
        capture_output=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(("encoding", "shown"), [("ascii", b"?????? ? ?\n"), ("cp1251", None)])
def test_a_terminal_that_lacks_a_character_fails_no_command(tmp_path, encoding, shown):
    """The load was done; its report must not undo the exit code."""
    done = script(tmp_path, 1, encoding=encoding)

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == shown or done.stdout == WORDS.encode(encoding, "replace") + b"\n"


@pytest.mark.parametrize("lines", [1, 100_000], ids=["at the end", "on the way"])
def test_an_output_that_takes_no_more_is_told(tmp_path, lines):
    """It is a full disk, too, and no complaint of the interpreter follows."""
    done = script(tmp_path, lines, "> /dev/full")

    assert done.returncode == 5
    assert done.stderr.decode() == (
        "Failed: The output cannot be written: No space left on device.\n"
    )


def test_output_that_nobody_reads_is_no_failure(tmp_path):
    """`head` may have had enough: nothing is said of it."""
    done = script(tmp_path, 100_000, "| head -1")

    assert (done.returncode, done.stderr) == (141, b"")
