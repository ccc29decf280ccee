"""A second official client, npm's vertica-nodejs, unmodified, against the local Vertica.

It is installed once into this folder's .local; a machine without node or the registry skips.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from local_vertica import Address

PACKAGE = Path(__file__).parents[2]
SOURCE = PACKAGE / "tests" / "data" / "node_client"
INSTALLED = PACKAGE / ".local" / "node_client"
LISTS = ("package.json", "package-lock.json")
UNREACHABLE = re.compile(r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH")
SECONDS = 60

ONE = [[1]]
TYPES = {
    "b": 5,
    "i": 6,
    "f": 7,
    "n": 16,
    "c": 8,
    "v": 9,
    "lv": 115,
    "d": 10,
    "t": 11,
    "ts": 12,
    "tz": 13,
    "iv": 14,
    "ym": 114,
    "vb": 17,
    "u": 20,
}
VALUES = [
    True,
    -7,
    1.5,
    "12.30",
    "ab ",
    "О'Коннор \\ x",
    "long",
    "2024-02-29",
    "23:59:58.5",
    "2024-02-29 23:59:58.25",
    "2024-02-29 12:00:00+00",
    "1 02:03:04.5",
    "1-2",
    r"\000\\\377",
    "6bbf0744-74b4-46b9-bb05-53905d4538e7",
]
TOO_LONG = "String of more than 5 octets is too long for type Varchar(5) for column v"


def install() -> None:
    """Install the client in the locked version, unless it stands there already."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("node or npm is absent: vertica-nodejs is not tried")
    INSTALLED.mkdir(parents=True, exist_ok=True)
    wanted = [(SOURCE / name).read_text() for name in LISTS]
    stamp = INSTALLED / "installed.json"
    if stamp.exists() and json.loads(stamp.read_text()) == wanted:
        return
    for name in LISTS:
        shutil.copy(SOURCE / name, INSTALLED)
    done = run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    if UNREACHABLE.search(done.stderr):
        pytest.skip("the npm registry cannot be reached: vertica-nodejs is not tried")
    assert done.returncode == 0, done.stderr
    stamp.write_text(json.dumps(wanted))


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in the folder of the installed client."""
    return subprocess.run(
        command,
        cwd=INSTALLED,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@pytest.fixture(scope="module")
def seen(
    secured: Address, certificate: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, object]:
    """Run the session once; return what each of its steps saw."""
    install()
    done = run(
        "node",
        str(SOURCE / "session.js"),
        str(tmp_path_factory.mktemp("node")),
        str(certificate[0]),
        V_HOST=secured.host,
        V_PORT=str(secured.port),
        V_USER=secured.user,
        V_PASSWORD=secured.password,
        V_DATABASE=secured.database,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


STEPS = {
    "password_is_asked_for": [
        ["28000", "FATAL", 'Invalid username or password for user "dbadmin"'],
        ONE,
    ],
    "tls": [ONE, ONE, ONE],
    "label_and_pool": [[1, 2, 3], [{"client_label": "node label"}]],
    "every_type": [
        [list(pair) for pair in TYPES.items()],
        [[None] * len(VALUES), VALUES],
    ],
    "several_statements": [
        ["SELECT", [{"a": 1}]],
        ["INSERT", [{"OUTPUT": 1}]],
        ["SELECT", [{"v": "x"}]],
        ["DELETE", [{"OUTPUT": 1}]],
    ],
    "empty_query": [[], []],
    "prepared_select": [[["О'Коннор \\ x", 2]], []],
    "prepared_delete_tells_the_count": [[2]],
    "transactions": [[[0]], ["22001", "ERROR", TOO_LONG], ONE, ONE],
    "copy_local_files": [[[2]], "x|b\n3|d|e\n", True, [[2, 2]], [[1, "a"], [2, "c"]]],
    "copy_local_returns_rejected": [[{"Rows Loaded": 1}], [2]],
    "copy_local_missing_file": ["22V02", ONE],
    "copy_local_aborts": ["22V04", ONE],
    "copy_local_stdin": [[{"Rows Loaded": 20000}], [[20000, 199990000, "Ж8"]]],
    "many_rows": [20000, [19999, "Ж1"]],
    "timeout_of_the_client": "Query read timeout",
    "cancel": ["57014", ONE],
}


@pytest.mark.parametrize("step", STEPS)
def test_the_node_client_sees_what_vertica_would_show(seen, step):
    """Each step of a session of all kinds of statements gives what Vertica documents."""
    assert seen[step] == STEPS[step]


def test_every_step_of_the_session_is_judged(seen):
    """A step that nobody looks at proves nothing."""
    assert set(seen) == {*STEPS, "simple_errors", "prepared_errors"}


def test_the_node_client_gets_sqlstates_and_goes_on(seen):
    """A refused simple query carries its SQLSTATE, and the connection serves the next."""
    assert [(text, code, after) for text, code, _, _, after in seen["simple_errors"]] == [
        ("SELEC 1", "42601", ONE),
        ("SELECT 1/0", "22012", ONE),
        ("SELECT * FROM nowhere", "42V01", ONE),
        ("SELECT x FROM few", "42703", ONE),
        ("CREATE TABLE few (a INT)", "42710", ONE),
        ("SELECT nosuch(1)", "42883", ONE),
        ("INSERT INTO few VALUES ('a', 'b')", "22V02", ONE),
        ("INSERT INTO few VALUES (1, 'toolong')", "22001", ONE),
        ("DROP SCHEMA nowhere", "3F000", ONE),
        ("SET SESSION AUTOCOMMIT TO MAYBE", "42601", ONE),
    ]


def test_the_node_client_gets_sqlstates_of_prepared_statements_and_goes_on(seen):
    """Refused by Parse, by Bind or by Execute: the code comes, and the connection serves on."""
    insert = "INSERT INTO few VALUES (?, ?)"

    assert [(text, code, after) for text, code, _, _, after in seen["prepared_errors"]] == [
        ("SELEC ?", "42601", ONE),
        ("SELECT * FROM nowhere WHERE a = ?", "42V01", ONE),
        ("SELECT ?::INT; SELECT 2", "42601", ONE),
        (insert, "22V02", ONE),
        (insert, "26000", ONE),
        ("SELECT 1/?::INT", "22012", ONE),
        (insert, "22001", ONE),
    ]
