"""The files of an answer on a worker whose disk takes no more."""

import pytest

from social_vault.answers.run_report import RunReport
from social_vault.errors import WorkerError
from tasks.publication import Outputs, publish


def test_a_picture_that_cannot_be_written_is_told(tmp_path):
    """The loads are kept all the same, and the sentence says so."""
    (tmp_path / "file").touch()
    target = tmp_path / "file" / "answer.png"

    with pytest.raises(WorkerError, match=r"loads are kept, but the picture .*file/answer\.png"):
        publish.fn(RunReport((), answer=()), Outputs(tmp_path, picture_file=str(target)))
