"""docs/add-a-table.md, followed word for word in a copy of the tree."""

import csv
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import boto3
import local_vertica
import pytest
import vertica_python
from prefect.settings import get_current_settings

from tests.flows.checkout import ROOT, check_out

PAGE = (ROOT / "docs" / "add-a-table.md").read_text()
FILE = re.compile(r"`(\S+/\S+)`:\n\n```\w+\n(.*?)```", re.DOTALL)
COMMANDS = re.compile(r"```sh\n(.*?)```", re.DOTALL)
QUESTION = re.compile(r"```sql\n(.*?);\n```\n\n```csv\n(.*?)```", re.DOTALL)
LOADER, READER, PASSWORD = "etl", "marketing", "secret-of-the-test"
SECONDS = 60  # for one command; all of them take less on a machine that does nothing else


@dataclass
class Follower:
    """Who does what the page says: writes its files, types its commands, asks its questions."""

    folder: Path
    vertica: local_vertica.Address
    environment: dict[str, str]
    told: dict[str, str] = field(default_factory=dict)

    def write_files(self) -> list[Path]:
        """Write every file that the page shows; return where they lie in the tree."""
        names = []
        for name, text in FILE.findall(PAGE):
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text)
            names.append(Path(name))
        return names

    def type(self, command: str) -> None:
        """Run a command of the page; keep what it prints under its first words."""
        program, *words = shlex.split(command)
        if program == "aws":
            self.deliver(*words[2:])
            return
        self.told[" ".join([program, *words[:1]])] = self.run(*typed(program, words))

    def run(self, *command: str) -> str:
        """Run a command in the copy; return what it prints."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    def deliver(self, source: str, target: str) -> None:
        """Put a file where `aws s3 cp` would."""
        bucket, key = target.removeprefix("s3://").split("/", 1)
        storage = boto3.client("s3")
        storage.create_bucket(Bucket=bucket)
        storage.upload_file(str(self.folder / source), bucket, key)

    def administer(self, *statements: str) -> list[list[str]]:
        """Run statements as the superuser; return the rows of the last one as texts."""
        with vertica_python.connect(**self.vertica.connect_options()) as connection:
            cursor = connection.cursor()
            cursor.disable_sqldata_converter = True
            for statement in statements:
                cursor.execute(statement)
                rows = [[value.decode() for value in row] for row in cursor.fetchall()]
        return rows

    def become(self, user: str) -> None:
        """Go on as a user who has the rights that were granted and no others."""
        self.environment |= {"VERTICA_USER": user, "VERTICA_PASSWORD": PASSWORD}


def typed(program: str, words: list[str]) -> list[str]:
    """Return a command as it runs in this environment: nothing is installed a second time."""
    if program == "make":
        return ["make", "--no-print-directory", "-o", "setup", "RUN=env", *words]
    assert [program, words[0]] == ["uv", "run"], f"the page has another command: {program}"
    return words[1:]


@pytest.fixture
def follower(prefect_server, services, tmp_path):
    """Return somebody with a copy of the tree and an empty Vertica to use it on."""
    with local_vertica.running(tmp_path / "vertica") as vertica:
        environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PREFECT_API_URL": str(get_current_settings().api.url),
            "VERTICA_HOST": vertica.host,
            "VERTICA_PORT": str(vertica.port),
            "VERTICA_DATABASE": vertica.database,
            "VERTICA_USER": vertica.user,
            "VERTICA_PASSWORD": vertica.password,
            "VERTICA_TLSMODE": vertica.tlsmode,
        }
        yield Follower(check_out(tmp_path / "social-vault"), vertica, environment)


@pytest.mark.timeout(2 * SECONDS, func_only=True)
def test_the_page_leads_from_a_module_to_rows_in_the_vault(follower):
    """One new module and its sample are enough, and the printed grants for who loads with it."""
    declare, test, prepare, load = COMMANDS.findall(PAGE)
    module, *sample = follower.write_files()

    for command in (declare + test + prepare).splitlines():
        follower.type(command)
    grants = follower.told["make grants"].split(";\n")
    follower.administer(
        f"CREATE USER {LOADER} IDENTIFIED BY '{PASSWORD}'",
        f"CREATE ROLE {READER}",
        *filter(str.strip, grants),
    )
    follower.become(LOADER)
    for command in load.splitlines():
        follower.type(command)

    for question, answer in QUESTION.findall(PAGE):
        assert follower.administer(question) == list(csv.reader(answer.splitlines()))
    assert {path.parts[:3] for path in sample} == {("tests", "data", "likes")}
    assert follower.run("ruff", "check", str(module)) == "All checks passed!\n"
    follower.run("ruff", "format", "--check", str(module))
