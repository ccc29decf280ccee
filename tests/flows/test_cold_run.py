"""What a newcomer does: a checkout, `make run`, `make run` again, and one with a wrong setting."""

import csv
import json
import os
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from local.sample import generate
from social_vault.answers.run_report import ANSWER_COLUMNS
from tests.flows.checkout import check_out

SCALE = 0.005
SECONDS = 600
# A newcomer has none of these; what this machine needs to reach its package index stays.
OURS = (
    "AWS_",
    "PREFECT_",
    "VERTICA_",
    "SOCIAL_VAULT_",
    "VIRTUAL_ENV",
    "PYTHONPATH",
    "MAKE",
    "COVERAGE",
)
KEPT = ("AWS_CA_BUNDLE",)
COUNTS = """
    SELECT 'hubs', COUNT(*) FROM dwh.h_users UNION ALL
    SELECT 'events', COUNT(*) FROM dwh.s_auth_history UNION ALL
    SELECT 'loads', COUNT(*) FROM staging.load_ledger UNION ALL
    SELECT 'rejects', COUNT(*) FROM staging.dialogs_rej
    ORDER BY 1
"""


@dataclass(frozen=True)
class Checkout:
    """A copy of the project as git would give it, and commands run in it."""

    folder: Path

    def make(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run make as a newcomer types it."""
        return self.run("make", "--no-print-directory", *words, **environment)

    def sql(self, statement: str) -> list[list[str]]:
        """Look into the kept warehouse; return the rows below the header."""
        done = self.local("sql", statement)
        assert done.returncode == 0, done.stderr
        return list(csv.reader(done.stdout.splitlines()))[1:]

    def local(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run one of the laptop's commands."""
        return self.run(str(self.folder / ".venv/bin/python"), "-m", "local", *words)

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start one of the laptop's commands; all it says comes from one pipe."""
        return subprocess.Popen(
            [str(self.folder / ".venv/bin/python"), "-m", "local", *words],
            cwd=self.folder,
            env=newcomer(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=hear_ctrl_c,  # noqa: PLW1509 - no other thread runs here
        )

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the checkout, in a newcomer's environment."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env=newcomer() | environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    def left_running(self) -> list[str]:
        """Return the command lines of processes that belong to the checkout."""
        lines = [read(entry / "cmdline") for entry in Path("/proc").glob("[0-9]*")]
        return [line for line in lines if str(self.folder) in line]


def newcomer() -> dict[str, str]:
    """Return the environment of somebody who has set nothing of ours."""
    return {n: v for n, v in os.environ.items() if n in KEPT or not n.startswith(OURS)}


def hear_ctrl_c() -> None:
    """Take Ctrl-C as a terminal's shell would; a background job of CI ignores it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def read(path: Path) -> str:
    """Return a process's command line; one that has just ended has none."""
    try:
        return path.read_text().replace("\0", " ")
    except OSError:
        return ""


def numbers(text: str, table: str) -> list[int]:
    """Return read, accepted, rejected and blank of a table from the printed accounting."""
    [line] = [line for line in text.splitlines() if f"{table}.csv  " in line]
    return [int(word.replace(",", "")) for word in line.split()[-4:]]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """Copy what git tracks, and nothing else, to a folder of its own."""
    return Checkout(check_out(tmp_path_factory.mktemp("newcomer") / "social-vault"))


@pytest.fixture(scope="module")
def first(checkout):
    """Run `make run` for the first time."""
    done = checkout.make("run", f"SCALE={SCALE}", "ANSWER=answer.csv")
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.mark.timeout(SECONDS)
def test_the_first_run_installs_loads_and_answers(checkout, first, tmp_path):
    """One command, and every record that was put in is accounted for by rule."""
    expected = generate(tmp_path, SCALE).files

    for table, counts in expected.items():
        found = [counts.read, counts.accepted, counts.rejected, counts.blank]
        assert numbers(first.stdout, table) == found
        for rule, count in counts.rules.items():
            assert [table, *rule.split(), str(count)] in [
                line.replace(",", "").split() for line in first.stdout.splitlines()
            ]
    assert "Where newcomers start to talk" in first.stdout
    assert (checkout.folder / ".local" / "group_conversion.png").stat().st_size > 10_000


def test_the_answer_is_written_as_csv(checkout, first):
    """Its columns are those of the view, its rows the ten oldest groups, the best one first."""
    with (checkout.folder / "answer.csv").open() as file:
        rows = list(csv.DictReader(file))

    assert tuple(rows[0]) == ANSWER_COLUMNS
    assert len(rows) == 10
    shares = [float(row["group_conversion"]) for row in rows]
    assert shares == sorted(shares, reverse=True)
    assert 0.3 < sum(shares) / len(shares) < 0.8


def test_nothing_is_left_running(checkout, first):
    """S3, Vertica and Prefect are stopped, and no file says that they still run."""
    assert checkout.left_running() == []
    assert list((checkout.folder / ".local").glob("*.port")) == []


def test_secrets_are_generated_and_never_shown(checkout, first):
    """They lie in one file for one user, and in no output and no log."""
    folder = checkout.folder / ".local"
    kept = folder / "secrets.json"
    secrets = json.loads(kept.read_text())

    shown = first.stdout + first.stderr
    logs = "".join(log.read_text(errors="replace") for log in (folder / "logs").iterdir())

    assert kept.stat().st_mode & 0o777 == 0o600
    assert secrets["s3_key_id"] not in shown  # SeaweedFS names it in its log, which is no secret
    assert secrets["s3_secret"] not in shown + logs
    assert secrets["vertica_password"] not in shown + logs


@pytest.mark.timeout(SECONDS)
def test_the_second_run_finds_nothing_new_and_changes_nothing(checkout, first):
    """It says so, and the warehouse holds what it held."""
    before = checkout.sql(COUNTS)

    second = checkout.make("run", f"SCALE={SCALE}", "ANSWER=again.csv")

    assert second.returncode == 0, second.stderr
    assert "nothing is new" in second.stdout
    assert checkout.sql(COUNTS) == before
    answers = [(checkout.folder / name).read_bytes() for name in ("answer.csv", "again.csv")]
    assert answers[0] == answers[1]


@pytest.mark.timeout(SECONDS)
def test_own_files_are_loaded_beside_the_sample(checkout, first, tmp_path):
    """DATA=folder takes what lies there, names what does not, and refuses a wrong file alone."""
    (tmp_path / "users.csv").write_text(
        "id,chat_name,registration_dt,country,age\n"
        "900001,Ada,2021-01-01 00:00:00,Malta,36.0\n"
        "900002,Bob,not a time,Malta,36.5\n"
    )
    (tmp_path / "groups.csv").write_text("nothing;of;this\n")

    done = checkout.make("run", f"DATA={tmp_path}")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "dialogs.csv is not in" in done.stdout
    assert numbers(done.stdout, "users") == [2, 1, 1, 0]
    assert numbers(done.stdout, "groups") == [1, 0, 1, 0]
    assert f"was also given sample-{SCALE}/: the answer is over all of it" in done.stdout
    reasons = checkout.sql("SELECT reasons FROM staging.users_rej WHERE raw_record LIKE '900002%'")
    assert reasons == [["registration_dt: not a timestamp; age: not an integer"]]


@dataclass(frozen=True)
class Mistake:
    """A wrong setting, and what the last line must say of it."""

    words: tuple[str, ...]
    sentence: str
    code: int = 2
    environment: Mapping[str, str] = field(default_factory=dict)


NO_SERVER = {"PREFECT_API_URL": "http://127.0.0.1:9/api"}
MISTAKES = {
    "prefect": Mistake(("run",), "The Prefect server at http://127.0.0.1:9/api", 4, NO_SERVER),
    "data": Mistake(("run", "DATA=/nowhere"), "/nowhere is not a folder"),
    "answer": Mistake(("run", "ANSWER=/nowhere/answer.csv"), "/nowhere/answer.csv is no file"),
    "scale": Mistake(("run", "SCALE=big"), "big is no scale"),
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
@pytest.mark.timeout(SECONDS)
def test_a_run_that_fails_ends_with_one_sentence(checkout, first, mistake):
    """It exits non-zero, says why in its last line, and shows no traceback."""
    done = checkout.make(*mistake.words, **mistake.environment)

    ours = [line for line in done.stderr.splitlines() if not line.startswith("make: ")]
    assert done.returncode == 2  # make's own; the code of the command stands in make's last line
    assert mistake.sentence in ours[-1]
    assert done.stderr.splitlines()[-1].endswith(f"Error {mistake.code}")
    assert "Traceback" not in done.stdout + done.stderr
    assert checkout.left_running() == []


@pytest.mark.timeout(SECONDS)
def test_ctrl_c_stops_everything(checkout, first):
    """It ends soon, says so, and leaves nothing running."""
    process = checkout.start("run", "--scale", str(SCALE))
    with process:
        seen = ""
        while "Waiting for Prefect" not in seen:
            line = process.stdout.readline()
            assert line, f"the run ended too early: {seen}"
            seen += line
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()

    assert process.returncode == 130
    assert rest.splitlines()[-1] == "Failed: Stopped by Ctrl-C."
    assert "Traceback" not in rest
    assert checkout.left_running() == []


def test_a_wrong_statement_ends_with_one_sentence(checkout, first):
    """`sql` says what the warehouse says, and exits non-zero."""
    done = checkout.local("sql", "SELECT nope")

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines()[-1].startswith("Failed: ")
    assert "Traceback" not in done.stderr


def test_rows_that_nobody_reads_are_no_failure(checkout, first):
    """`head` may have had enough: nothing is said of it."""
    rows = "SELECT a.record_no FROM staging.group_log a, staging.group_log b"
    command = f".venv/bin/python -m local sql '{rows}' | head -2"

    done = checkout.run("bash", "-o", "pipefail", "-c", command)

    assert done.stdout.splitlines()[0] == "record_no"
    assert done.stderr == ""
    assert done.returncode == 141


def test_every_statement_of_several_is_shown_or_told_of(checkout, first):
    """The client keeps the results and errors behind the first one until it is asked."""
    two = checkout.local("sql", "SELECT 1 AS a; SELECT 2 AS b")
    wrong = checkout.local("sql", "SELECT 1 AS a; SELECT nope")

    assert two.stdout.splitlines() == ["a", "1", "b", "2"]
    assert wrong.returncode == 2
    assert wrong.stderr.splitlines()[-1].startswith("Failed: ")
