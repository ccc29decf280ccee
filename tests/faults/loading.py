"""A process that brings files into the vault, and dies where it is told: `-m tests.faults.loading`.

It reads its orders as JSON from standard input and says "ready" when all is imported.
"""

import hashlib
import json
import os
import signal
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import vertica_python
from vertica_python.vertica.messages import Query

from social_vault.landing.objects import ObjectVersion, SpooledObject
from social_vault.loading.staging import StageRequest, stage
from social_vault.loading.vault import load_vault
from social_vault.model.catalogue import catalogue
from social_vault.records.validation import validate_file
from social_vault.settings import WarehouseSettings
from social_vault.stores.vertica import open_warehouse

TABLES = ("dialogs", "group_log", "groups", "users")
COMMITS = len(TABLES) + 1  # one a file, one for the vault


def load(settings: WarehouseSettings, files: Path) -> None:
    """Validate and stage every file of a folder, then bring all of them into the vault."""
    with tempfile.TemporaryDirectory() as folder, open_warehouse(settings) as warehouse:
        for name in TABLES:
            table = catalogue().tables[name]
            path = files / table.file_name
            data = path.read_bytes()
            digest = hashlib.sha256(data).hexdigest()
            version = ObjectVersion(
                source="s3",
                bucket="landing",
                key=path.name,
                etag=digest,
                size=len(data),
                last_modified=datetime(2021, 6, 1, tzinfo=UTC),
            )
            split = Path(folder) / name
            split.mkdir()
            validated = validate_file(path, table, split)
            spooled = SpooledObject(version, path, len(data), digest)
            stage(warehouse, StageRequest(spooled, validated, table))
        load_vault(warehouse)


def die() -> None:
    """End this process as kill -9 does."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_at(point: str, wanted: int) -> None:
    """Let the process die before, within or after its COMMIT of that number."""
    commit, seen = vertica_python.Connection.commit, 0

    def counted(connection: vertica_python.Connection) -> None:
        nonlocal seen
        seen += 1
        if seen != wanted:
            return commit(connection)
        if point == "sent":
            connection.write(Query("COMMIT;"))
        if point == "after":
            commit(connection)
        return die()

    vertica_python.Connection.commit = counted


def main() -> None:
    """Do as the orders say."""
    orders = json.loads(sys.stdin.readline())
    if orders["point"] is not None:
        die_at(orders["point"], orders["commit"])
    print("ready", flush=True)
    load(WarehouseSettings(**orders["settings"]), Path(orders["files"]))


if __name__ == "__main__":
    main()
