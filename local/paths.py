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
        """Return the local Vertica's file."""
        return self.root / "vertica" / f"{DATABASE}.duckdb"

    def address(self, server: str) -> Path:
        """Return the file in which a running server leaves its port."""
        return self.root / f"{server}.port"

    @property
    def storage(self) -> Path:
        """Return the local S3's folder."""
        return self.root / "s3"

    def log(self, command: str) -> Path:
        """Return the log of a command's last run, with what the terminal does not show."""
        return self.logs / f"{command}.log"

    @property
    def logs(self) -> Path:
        """Return the folder of the servers' logs."""
        return self.root / "logs"

    @property
    def sample(self) -> Path:
        """Return the folder of the sample's files."""
        return self.root / "sample"

    @property
    def prefect(self) -> Path:
        """Return Prefect's home, with its migrated database."""
        return self.root / "prefect"

    @property
    def picture(self) -> Path:
        """Return where a run puts the picture of its answer."""
        return self.root / "group_conversion.png"

    def make(self) -> None:
        """Make the folder, for this user's eyes only."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)

    def secrets(self) -> Secrets:
        """Return the secrets; make them at the first call."""
        path = self.root / "secrets.json"
        if not path.exists():
            made = Secrets(*(secrets.token_urlsafe(24) for _ in range(3)))
            self.make()
            write_private(path, json.dumps(vars(made)))
        return Secrets(**json.loads(path.read_text()))


def write_private(path: Path, text: str) -> None:
    """Write a file whole or not at all, and for this user's eyes only."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(text)
    draft.replace(path)
