"""A disk that is full, or no place at all, is the worker's matter and told with its room."""

import errno
import resource
from contextlib import contextmanager

import pytest

from social_vault.answers.run_report import ANSWER_COLUMNS, RunReport
from social_vault.disk import free_room, on_disk
from social_vault.errors import WorkerError
from social_vault.landing.spool import spool_folder
from social_vault.model.catalogue import catalogue
from social_vault.records.validation import validate_file
from social_vault.report.answer_table import write_answer

USERS = catalogue().tables["users"]
ROOM = r"\([\d,.]+ MB are free there\)"


@contextmanager
def room_for(octets):
    """Let no file of this process grow beyond so many octets."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (octets, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_told_with_folder_and_free_room(tmp_path):
    """Who reads it knows where to make room, and how much there is."""
    with pytest.raises(WorkerError) as caught, on_disk("It cannot be kept", tmp_path):
        raise OSError(errno.ENOSPC, "No space left on device")

    assert str(caught.value).startswith(f"It cannot be kept: {tmp_path}: No space left on device (")
    assert "MB are free there)." in str(caught.value)


def test_other_refusals_of_a_disk_say_nothing_of_room(tmp_path):
    """A folder that may not be written to has room enough."""
    with pytest.raises(WorkerError, match=r": Permission denied\.$"), on_disk("It", tmp_path):
        raise PermissionError(errno.EACCES, "Permission denied")


def test_the_room_of_a_place_that_is_not_there_is_that_of_its_parent(tmp_path):
    """The file that could not be made lies nowhere."""
    assert free_room(tmp_path / "absent" / "file").endswith("MB are free there")


@pytest.mark.parametrize("octets", [0, 10, 5000], ids=str)
def test_parting_records_onto_a_full_disk_is_told(tmp_path, octets):
    """Wherever the room ends: in the accepted file, the refused one or among the keys."""
    rows = "".join(f"{number},name,2020-01-01 00:00:00,RU,34\n" for number in range(1000))
    source = tmp_path / "users.csv"
    source.write_text("id,chat_name,registration_dt,country,age\n" + rows + "x\n" * 1000)

    with room_for(octets), pytest.raises(WorkerError, match=f"cannot be parted: .*{ROOM}"):
        validate_file(source, USERS, tmp_path)


def test_an_answer_for_a_full_disk_is_told(tmp_path):
    """The loads are kept all the same, and the sentence says so."""
    row = dict.fromkeys(ANSWER_COLUMNS, "x" * 100)

    with room_for(50), pytest.raises(WorkerError, match=f"loads are kept.*{ROOM}"):
        write_answer(RunReport((), answer=(row,)), tmp_path / "answer.csv")


def test_a_spool_that_cannot_be_made_is_told(tmp_path, monkeypatch):
    """A file stands where the folder should be."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("SOCIAL_VAULT_SPOOL", str(tmp_path / "file" / "spool"))

    with (
        pytest.raises(WorkerError, match=r"No temporary folder can be made: .*file/spool"),
        spool_folder(),
    ):
        pass
