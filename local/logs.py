"""What the terminal shows of a run, and what only the log keeps."""

import logging
import sys
from pathlib import Path

SHOWN = ("social_vault", "tasks", "flows")


def tell(line: str) -> None:
    """Say how far a command is."""
    print(line, flush=True)


def begin_log(path: Path) -> None:
    """Start the log of a command, in which errors keep their traces."""
    path.parents[1].mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"")  # of the last run alone: what it says belongs to what is on the screen
    keep_log(path)


def keep_log(path: Path) -> None:
    """Keep everything that is logged from here on; importing Prefect ends what was kept before."""
    file = logging.FileHandler(path, encoding="utf-8")
    file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    for name in ("", "prefect"):  # Prefect hands nothing on to the root
        logging.getLogger(name).addHandler(file)


def show_progress() -> None:
    """Let the terminal show what the flow's steps say."""
    shown = logging.StreamHandler(sys.stdout)
    shown.setFormatter(logging.Formatter("  %(message)s"))
    # On loopback nothing is encrypted, and need not be.
    shown.addFilter(lambda record: "tlsmode" not in record.getMessage().lower())
    for name in SHOWN:
        logger = logging.getLogger(name)
        logger.setLevel(logging.INFO)
        logger.addHandler(shown)
