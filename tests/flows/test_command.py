"""`python -m flows`: a run here and now."""

import os
import re
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import boto3
import httpx
import pytest
from prefect.exceptions import PrefectHTTPStatusError

from flows.__main__ import QUIET, arguments, main
from flows.social_network import social_network
from social_vault.errors import SettingsError, SourceError, UnavailableError
from tasks.reachability import Question, check_at_once, reached_prefect

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.usefixtures("logging_as_before", "logs")

WRONG = {
    "bucket": (("UPPER",), "bucket: String should match"),
    "groups": (("landing", "--oldest-groups", "0"), "oldest_groups: Input should be"),
    "tables": (
        ("landing", "--tables", "users", "chats"),
        "tables.1: Value error, 'chats' is no table",
    ),
    "share": (("landing", "--reject-limit", "7"), "reject_limit: Input should be"),
}


@pytest.fixture
def logs(tmp_path, monkeypatch):
    """Keep the logs of commands in a folder of the test."""
    monkeypatch.setenv("SOCIAL_VAULT_LOGS", str(tmp_path / "logs"))
    for name, value in QUIET.items():  # as a command sets them, but not for other tests
        monkeypatch.setenv(name, value)
    return tmp_path / "logs"


@pytest.fixture
def bucket(services):
    """Make an empty bucket in the S3 of the tests."""
    client = boto3.client("s3")
    with suppress(client.exceptions.BucketAlreadyOwnedByYou):
        client.create_bucket(Bucket="commands")
    return "commands"


@pytest.mark.parametrize(("words", "sentence"), WRONG.values(), ids=WRONG)
def test_a_wrong_parameter_ends_with_one_sentence(prefect_server, capsys, words, sentence):
    """It names the parameter and what it may be; nobody is shown a traceback for it."""
    assert main(["social-network", *words]) == SettingsError.exit_code

    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("Failed: ")
    assert sentence in last


def test_every_parameter_of_the_flow_has_an_option():
    """What a deployment can be told, a run here and now can be told, too."""
    options = vars(arguments(["social-network", "landing"]))

    assert set(options) - {"command"} == set(social_network.parameters.properties)


def test_a_failed_run_shows_no_trace_and_loses_none(prefect_server, bucket, logs, capfd):
    """Prefect's traces of task and flow are in the log; the terminal has one sentence."""
    main(["apply-schema"])
    capfd.readouterr()

    code = main(["social-network", bucket, "--keys", "absent/users.csv"])

    shown = capfd.readouterr()
    assert code == SourceError.exit_code
    assert shown.err.splitlines()[-1].startswith("Failed: ")
    assert "absent/users.csv" in shown.err
    assert "Traceback" not in shown.out + shown.err
    assert len((shown.out + shown.err).splitlines()) < 10
    assert "Traceback" in (logs / "social-network.log").read_text()


@pytest.mark.parametrize("kind", ["warehouse", "storage"])
def test_a_block_that_is_not_there_is_named(prefect_server, services, capfd, kind):
    """The name is wrong, or nobody saved it yet; no step is begun."""
    code = main(["social-network", "landing", f"--{kind}-block", "nope"])

    [last] = capfd.readouterr().err.splitlines()[-1:]
    assert code == SettingsError.exit_code
    assert re.search(r"Prefect server has no block [a-z]+-credentials/nope; .*register_bl", last)


@pytest.mark.parametrize(
    ("variable", "value", "sentence", "code"),
    [
        ("VERTICA_PORT", "9", "Vertica at 127.0.0.1:9 cannot be reached: .*refused", 4),
        ("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9", "/commands: no answer from 127.0.0.1:9", 4),
        ("VERTICA_HOST", "no.such.host.invalid", "no host of this name", 2),
        ("AWS_ENDPOINT_URL_S3", "http://no.such.host.invalid", "no host of this name", 2),
        ("VERTICA_PASSWORD", "", "VERTICA_PASSWORD is not set", 2),
    ],
)
def test_a_store_that_cannot_be_used_is_told_before_the_run(  # noqa: PLR0917
    prefect_server, bucket, monkeypatch, capfd, variable, value, sentence, code
):
    """A command asks once; only deployments try for minutes."""
    monkeypatch.setenv(variable, value)
    started = time.monotonic()

    assert main(["social-network", bucket]) == code

    assert time.monotonic() - started < 30
    assert re.search(sentence, capfd.readouterr().err.splitlines()[-1])


COMMANDS = {
    "schema": ["-m", "flows", "apply-schema"],
    "run": ["-m", "flows", "social-network", "landing"],
    "deploy": ["deployments/deploy.py"],
    "blocks": ["deployments/register_blocks.py"],
    "automations": ["deployments/automations.py"],
}
COMPLETE = {
    "SOCIAL_VAULT_BUCKET": "landing",
    "SOCIAL_VAULT_PREFIX": "",
    "VERTICA_HOST": "127.0.0.1",
    "VERTICA_DATABASE": "d",
    "VERTICA_USER": "u",
    "VERTICA_PASSWORD": "p",
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "secret",
}


def user():
    """Return the environment of somebody who has told Prefect nothing."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}


# Each start imports all of Prefect; that silence is told by all alike is asked at night.
OUT_OF_REACH = [
    pytest.param(
        words,
        silent,
        id=f"{name}-{'no answer' if silent else 'closed port'}",
        marks=pytest.mark.long if silent and name != "run" else [],
    )
    for name, words in COMMANDS.items()
    for silent in (False, True)
]


@pytest.mark.parametrize(("words", "silent"), OUT_OF_REACH)
def test_a_prefect_server_out_of_reach_is_told(tmp_path, words, silent):
    """Within seconds, by every command that needs one, in one sentence and nothing else."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        if not silent:
            server.close()
        environment = COMPLETE | {
            "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
            "SOCIAL_VAULT_LOGS": str(tmp_path / "logs"),
            "PREFECT_HOME": str(tmp_path / "home"),
            "PYTHONPATH": str(ROOT),
        }
        started = time.monotonic()
        done = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env=user() | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    assert time.monotonic() - started < 30
    assert done.returncode == UnavailableError.exit_code
    [line] = done.stderr.splitlines()
    assert line.startswith(f"Failed: The Prefect server at http://127.0.0.1:{port}/api")
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("status", "family"),
    [(401, SettingsError), (404, SettingsError), (429, UnavailableError), (503, UnavailableError)],
)
def test_what_a_prefect_server_answers_tells_the_family(status, family):
    """A wrong key or address is the user's; a server that is busy is not."""
    response = httpx.Response(status, request=httpx.Request("GET", "http://prefect/api"))
    answer = PrefectHTTPStatusError("canned", request=response.request, response=response)

    with pytest.raises(family, match=f"answered {status}"), reached_prefect():
        raise answer


def test_a_place_that_never_answers_ends_the_question():
    """Whatever a library does on its own account, the command goes on in time."""
    hanging = Question("It", lambda: time.sleep(20))

    with pytest.raises(UnavailableError, match=r"It gave no answer within 0\.1 s"):
        check_at_once([hanging], 0.1)
