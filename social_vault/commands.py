"""How every command ends: one sentence last, an exit code by family, the trace in a log file.

The codes stand in `errors`. What Prefect and the drivers write of a failure goes to the log alone.
"""

import errno
import io
import logging
import os
import select
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from social_vault.disk import refused
from social_vault.errors import PipelineError, WorkerError, exit_code_of

log = logging.getLogger("command")

INTERRUPTED, UNREAD = 130, 141  # as shells count SIGINT and SIGPIPE
SHOWN = ("social_vault", "tasks", "flows")
REFUSED_BY_DISK = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO),
    *(errno.EACCES, errno.EPERM, errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST),
}


def run_command(work: Callable[[], None], log_file: Path) -> int:
    """Do the work of a command and return its exit code; if it fails, say why in the last line."""
    show_any_text()
    try:
        begin_log(log_file)
        work()
        sys.stdout.flush()
    except KeyboardInterrupt:
        return failed("Stopped by Ctrl-C.", INTERRUPTED)
    except Exception as error:
        if isinstance(error, BrokenPipeError) and is_unread(sys.stdout):
            return UNREAD
        log.error("The command failed.", exc_info=error)  # noqa: TRY400 - the trace is wanted
        known = foreseen(error)
        if known is None:
            what = f"It failed with a {type(error).__name__} that nobody foresaw"
            return failed(f"{what}; {log_file} tells more.", 1)
        return failed(str(known), exit_code_of(known))
    return 0


def log_of(command: str) -> Path:
    """Return where a command keeps its log: in SOCIAL_VAULT_LOGS, or with this user's state."""
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return Path(os.environ.get("SOCIAL_VAULT_LOGS") or state / "social-vault") / f"{command}.log"


def show_any_text() -> None:
    """Let a terminal that lacks a character show another one: no load may fail at its report."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def begin_log(path: Path) -> None:
    """Start the log of a command, in which errors keep their traces."""
    logging.raiseExceptions = False  # a full disk has its one sentence already
    for folder in (path.parents[1], path.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_bytes(b"")  # of the last run alone: what it says belongs to what is on the screen
    keep_log(path)


def keep_log(path: Path) -> None:
    """Keep everything that is logged from here on; importing Prefect ends what was kept before."""
    file = logging.FileHandler(path, encoding="utf-8")
    file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    log.propagate = False  # the root may have a terminal, as Prefect gives it one
    for name in ("", "prefect", log.name):  # Prefect hands nothing on to the root
        logging.getLogger(name).addHandler(file)


def show_progress(*, told: Callable[[logging.LogRecord], bool] = lambda _record: True) -> None:
    """Let the terminal show what the steps of a flow say, each in one line and without traces."""
    shown = logging.StreamHandler(sys.stdout)
    shown.setFormatter(OneLine())
    shown.addFilter(told)
    for name in SHOWN:
        logger = logging.getLogger(name)
        logger.setLevel(logging.INFO)
        logger.addHandler(shown)


class OneLine(logging.Formatter):
    """Writes what is said and leaves out the trace, which the log file has."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the message alone."""
        return f"  {record.getMessage()}"


def foreseen(error: Exception) -> PipelineError | None:
    """Return the error as one of ours, or None for one that nobody foresaw."""
    if isinstance(error, PipelineError):
        return error
    if not isinstance(error, OSError) or error.errno not in REFUSED_BY_DISK:
        return None
    if error.filename is not None:
        return WorkerError(f"{refused(Path(os.fsdecode(error.filename)), error)}.")
    return WorkerError(f"The output cannot be written: {error.strerror}.")


def is_unread(stream: TextIO) -> bool:
    """Tell whether who read our output, as `head`, has had enough; no more is then written."""
    watch = select.poll()
    watch.register(stream.fileno(), 0)
    if not watch.poll(0):
        return False
    silence(stream)
    return True


def silence(stream: TextIO) -> None:
    """Lead an output that takes nothing to nowhere, or Python would complain of it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def failed(why: str, code: int) -> int:
    """Say why, as the last line."""
    try:
        sys.stdout.flush()
    except OSError:
        silence(sys.stdout)
    print(f"Failed: {' '.join(why.split())}", file=sys.stderr)
    return code
