"""`python -m social_vault.schema`: what is committed of the SQL, and grants to hand to a DBA."""

from pathlib import Path

import pytest

from social_vault.errors import SettingsError
from social_vault.schema.__main__ import arguments, carry_out, check, render

FILES = {Path("load/one.sql"): "SELECT 1;\n", Path("two.sql"): "SELECT 2;\n"}


def test_what_was_written_is_found_up_to_date(tmp_path):
    """`make sql`, then `make check`; the second writing has nothing to do."""
    for _ in range(2):
        render(tmp_path, FILES)
        check(tmp_path, FILES)

    assert (tmp_path / "load" / "one.sql").read_text() == "SELECT 1;\n"


def test_a_file_of_no_statement_is_removed(tmp_path):
    """It would be read as a statement that still runs."""
    render(tmp_path, {**FILES, Path("load/gone.sql"): "SELECT 3;\n"})

    render(tmp_path, FILES)

    assert sorted(path.name for path in tmp_path.rglob("*.sql")) == ["one.sql", "two.sql"]


@pytest.mark.parametrize("changed", [{}, {Path("two.sql"): "SELECT 3;\n"}], ids=["gone", "other"])
def test_a_file_that_is_not_what_is_declared_is_named(tmp_path, capsys, changed):
    """A declaration without its `make sql` fails the check, which says the cure."""
    render(tmp_path, {Path("load/one.sql"): "SELECT 1;\n", **changed})

    with pytest.raises(SettingsError):
        check(tmp_path, FILES)

    told = capsys.readouterr().err
    assert "says: two.sql. `make sql` writes it" in told


def test_grants_are_printed_for_the_names_that_were_given(capsys):
    """A DBA gets statements to run, each with its end."""
    carry_out(arguments(["grants", "--loader", "ann", "--vault", "core"]))

    printed = " ".join(capsys.readouterr().out.split())
    assert "core.author_ages, " in printed
    assert "core.delivery_differences TO social_vault_reader;" in printed
    assert "TO ann;" in printed


def test_a_name_that_would_need_quotes_is_refused(capsys):
    """It would become SQL."""
    with pytest.raises(SystemExit):
        arguments(["grants", "--loader", "ann; DROP USER bob"])

    assert "is not a plain identifier" in capsys.readouterr().err
