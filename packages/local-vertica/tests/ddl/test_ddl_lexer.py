import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_vertica.ddl.lexer import split_statements, string_value, tokenize
from local_vertica.errors import VerticaError


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("SELECT 1", ["SELECT 1"]),
        ("SELECT 1;", ["SELECT 1"]),
        ("SELECT 1; ;\n SELECT 2 ;", ["SELECT 1", "SELECT 2"]),
        ("SELECT ';'; SELECT 2", ["SELECT ';'", "SELECT 2"]),
        ("SELECT E'\\';'; SELECT 2", ["SELECT E'\\';'", "SELECT 2"]),
        ('SELECT 1 AS "a;b"; SELECT 2', ['SELECT 1 AS "a;b"', "SELECT 2"]),
        ("SELECT 1 -- one; two\n; SELECT 2", ["SELECT 1", "SELECT 2"]),
        ("SELECT /* ; */ 1; SELECT 2", ["SELECT /* ; */ 1", "SELECT 2"]),
        ("SELECT $$a;b$$; SELECT 2", ["SELECT $$a;b$$", "SELECT 2"]),
        ("-- nothing\n", []),
        ("", []),
    ],
)
def test_statements_end_at_semicolons_outside_of_literals(text, statements):
    """A semicolon in a literal, a quoted name or a comment ends nothing."""
    assert split_statements(text) == statements


@pytest.mark.parametrize("text", ["SELECT 'open", 'SELECT "open', "SELECT /* open", "SELECT \x00"])
def test_what_is_no_token_is_refused(text):
    """An unclosed literal, name or comment is a syntax error."""
    with pytest.raises(VerticaError) as refused:
        tokenize(text)

    assert refused.value.sqlstate == "42601"


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00")))
def test_a_quoted_string_says_what_was_quoted(value):
    """Doubling quotes is all it takes to write any text as a literal."""
    token = tokenize("'" + value.replace("'", "''") + "'")[0]

    assert string_value(token) == value


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        (r"E'a\tb'", "a\tb"),
        (r"E'\037'", "\x1f"),
        (r"E'\x1e'", "\x1e"),
        (r"E'it\'s'", "it's"),
        (r"E'it''s'", "it's"),
        (r"E'\\'", "\\"),
        ("$$it's$$", "it's"),
        ("$tag$it's$tag$", "it's"),
        (r"'a\tb'", r"a\tb"),
    ],
)
def test_escapes_count_in_extended_strings_only(literal, value):
    """E'…' knows backslash sequences, '…' does not."""
    assert string_value(tokenize(literal)[0]) == value
