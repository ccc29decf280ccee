"""The questions to a real Vertica, put to the stand-in: it answers as its probe says it does."""

import warnings
from collections.abc import Iterator
from pathlib import Path

from vertica_python import errors

import local_vertica
from support.driver import log_in

PROBE = Path(local_vertica.__file__).with_name("probe_real_vertica.sql")


def statements(text: str) -> Iterator[tuple[str, bytes]]:
    """Cut the script as vsql does: statements, and the lines that follow a COPY FROM STDIN."""
    lines = iter(text.splitlines())
    statement = ""
    for line in lines:
        if not statement and (not line or line.startswith(("--", "\\"))):
            continue
        statement += f"{line}\n"
        if not line.endswith(";"):
            continue
        data = ""
        if "FROM STDIN" in statement:
            data = "".join(f"{each}\n" for each in iter(lines.__next__, "\\."))
        yield statement, data.encode()
        statement = ""


def test_the_stand_in_answers_as_the_probe_assumes(local_vertica):
    """No answer differs; the statements that fail are those announced as perhaps refused."""
    failed, answers = [], []
    with warnings.catch_warnings(), log_in(local_vertica) as connection:
        warnings.simplefilter("ignore")
        cursor = connection.cursor()
        for statement, data in statements(PROBE.read_text()):
            try:
                if data:
                    cursor.copy(statement, data)
                    continue
                cursor.execute(statement)
                if statement.startswith("SELECT question"):
                    answers = [answer for (answer,) in cursor.fetchall()]
            except (errors.DatabaseError, OSError) as error:
                failed.append(f"{statement}: {error}")

    assert len(answers) > 40
    assert [answer for answer in answers if not answer.endswith(": as assumed")] == []
    assert [line for line in failed if line.startswith(("INSERT INTO answers", "CREATE"))] == []
