"""Where the laptop keeps everything: one folder, `.local`, with secrets that only you may read."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

DATABASE = "warehouse"


@dataclass(frozen=True)
class Secrets:
    """The passwords of the local servers, made when they are first needed."""

    vertica_password: str
    s3_key_id: str
    s3_secret: str


@dataclass(frozen=True)
class Paths:
    """The folders and files under `.local`."""

    root: Path

    @property
    def database(self) -> Path:
        """Name the local Vertica's file, alone in its folder: its journal lies beside it."""
        return self.root / "vertica" / f"{DATABASE}.duckdb"

    def address(self, server: str) -> Path:
        """Name the file in which a running server leaves its port for other commands."""
        return self.root / f"{server}.port"

    @property
    def storage(self) -> Path:
        """Name the local S3's folder, buckets and all."""
        return self.root / "s3"

    def log(self, command: str) -> Path:
        """Name the log of a command's last run, with what the terminal does not show."""
        return self.logs / f"{command}.log"

    @property
    def logs(self) -> Path:
        """Name the folder of the logs of commands and servers."""
        return self.root / "logs"

    @property
    def sample(self) -> Path:
        """Name the folder of the samples, a folder a scale."""
        return self.root / "sample"

    @property
    def prefect(self) -> Path:
        """Name Prefect's home: its database is kept, since to migrate a new one takes long."""
        return self.root / "prefect"

    @property
    def picture(self) -> Path:
        """Name the picture of the last run's answer."""
        return self.root / "group_conversion.png"

    def make(self) -> None:
        """Make the folder, for this user's eyes only."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)

    def secrets(self) -> Secrets:
        """Read the secrets; make them at the first call."""
        path = self.root / "secrets.json"
        if not path.exists():
            made = Secrets(*(secrets.token_urlsafe(24) for _ in range(3)))
            self.make()
            write_private(path, json.dumps(vars(made)))
        return Secrets(**json.loads(path.read_text()))


def write_private(path: Path, text: str) -> None:
    """Write a file whole or not at all, and for this user's eyes only."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)  # before there is a word in it
    draft.write_text(text)
    draft.replace(path)
