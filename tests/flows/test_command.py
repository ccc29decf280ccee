"""`python -m flows`: a run here and now."""

import pytest

from flows.__main__ import main

WRONG = {
    "bucket": (("UPPER",), "bucket: String should match"),
    "groups": (("landing", "--oldest-groups", "0"), "oldest_groups: Input should be"),
    "share": (("landing", "--reject-limit", "7"), "reject_limit: Input should be"),
}


@pytest.mark.parametrize(("words", "sentence"), WRONG.values(), ids=WRONG)
def test_a_wrong_parameter_ends_with_one_sentence(prefect_server, capsys, words, sentence):
    """It names the parameter and what it may be; nobody is shown a traceback for it."""
    assert main(["social-network", *words]) == 1

    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("Failed: ")
    assert sentence in last
