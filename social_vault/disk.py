"""What this machine's disk refuses, told as one error that names the place and its free room."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from social_vault.errors import WorkerError

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, None}  # numpy tells no number


@contextmanager
def on_disk(what: str, place: Path) -> Iterator[None]:
    """Turn a failure of the disk into WorkerError; only work on local files belongs inside."""
    try:
        yield
    except OSError as error:
        raise WorkerError(f"{what}: {refused(place, error)}.") from error


def refused(place: Path, error: OSError) -> str:
    """Say why a place on disk refused; where it may be full, with how much room is left."""
    why = f"{place}: {error.strerror or error}"
    return f"{why} ({free_room(place)})" if error.errno in FULL else why


def free_room(place: Path) -> str:
    """Say how much room is free where a file or folder lies, or would lie."""
    for folder in (place, *place.absolute().parents):
        with suppress(OSError):
            return f"{shutil.disk_usage(folder).free / 1e6:,.1f} MB are free there"
    return "how much room is free there is unknown"
