"""The folder in which objects lie between the storage and the warehouse."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from social_vault.disk import on_disk


@contextmanager
def spool_folder() -> Iterator[Path]:
    """Lend a fresh folder that only this user may read; it is gone at the end, come what may.

    It is made inside SOCIAL_VAULT_SPOOL, or else where this system keeps temporary files.
    """
    # Not a setting of the stores: a worker has one disk, whatever it is connected to.
    with made_folder(os.environ.get("SOCIAL_VAULT_SPOOL") or None) as folder:
        yield Path(folder)


def made_folder(parent: str | None = None) -> "TemporaryDirectory[str]":
    """Make a temporary folder in a parent, or where this system keeps such."""
    with on_disk("No temporary folder can be made", Path(parent or "TMPDIR")):
        folder = Path(parent or gettempdir())  # which fails where none can be written to
        folder.mkdir(parents=True, exist_ok=True)
        return TemporaryDirectory(prefix="social-vault-", dir=folder)
