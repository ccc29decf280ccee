"""`python -m flows`: a run here and now."""

import pytest

from flows.__main__ import arguments, main
from flows.social_network import social_network

WRONG = {
    "bucket": (("UPPER",), "bucket: String should match"),
    "groups": (("landing", "--oldest-groups", "0"), "oldest_groups: Input should be"),
    "tables": (
        ("landing", "--tables", "users", "chats"),
        "tables.1: Value error, 'chats' is no table",
    ),
    "share": (("landing", "--reject-limit", "7"), "reject_limit: Input should be"),
}


@pytest.mark.parametrize(("words", "sentence"), WRONG.values(), ids=WRONG)
def test_a_wrong_parameter_ends_with_one_sentence(prefect_server, capsys, words, sentence):
    """It names the parameter and what it may be; nobody is shown a traceback for it."""
    assert main(["social-network", *words]) == 1

    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("Failed: ")
    assert sentence in last


def test_every_parameter_of_the_flow_has_an_option():
    """What a deployment can be told, a run here and now can be told, too."""
    options = vars(arguments(["social-network", "landing"]))

    assert set(options) - {"command"} == set(social_network.parameters.properties)
