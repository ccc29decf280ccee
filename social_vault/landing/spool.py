"""The folder in which objects lie between the storage and the warehouse."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def spool_folder() -> Iterator[Path]:
    """Lend a fresh folder that only this user may read; it is gone at the end, come what may.

    It is made inside SOCIAL_VAULT_SPOOL, or else where this system keeps temporary files.
    """
    # Not a setting of the stores: a worker has one disk, whatever it is connected to.
    parent = os.environ.get("SOCIAL_VAULT_SPOOL")
    if parent:
        Path(parent).mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="social-vault-", dir=parent or None) as folder:
        yield Path(folder)
