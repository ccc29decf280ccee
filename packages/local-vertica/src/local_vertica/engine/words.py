"""Tell what kind of statement a text is, by its first words."""

from typing import Literal

from local_vertica.ddl.lexer import Token, syntax_error, tokenize
from local_vertica.ddl.select_into import makes_table

Kind = Literal[
    "query",
    "ddl",
    "transaction",
    "session",
    "lock",
    "copy",
    "explain",
    "profile",
    "unsupported",
    "empty",
]

KINDS: dict[str, Kind] = {
    **dict.fromkeys(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "("), "query"),
    **dict.fromkeys(("CREATE", "ALTER", "DROP", "TRUNCATE", "COMMENT", "GRANT", "REVOKE"), "ddl"),
    **dict.fromkeys(
        ("BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE"),
        "transaction",
    ),
    **dict.fromkeys(("SET", "SHOW"), "session"),
    "LOCK": "lock",
    "COPY": "copy",
    "EXPLAIN": "explain",
    "PROFILE": "profile",
    **dict.fromkeys(("CALL", "DO", "CONNECT", "EXPORT"), "unsupported"),
}


FIRST = 6  # CREATE OR REPLACE LOCAL TEMP VIEW
TAG_FILLERS = frozenset({"OR", "REPLACE", "GLOBAL", "LOCAL", "TEMP", "TEMPORARY"})


def kind_of(text: str) -> tuple[Kind, tuple[Token, ...]]:
    """Return a statement's kind and its first tokens; refuse what begins no statement."""
    tokens = tokenize(text, FIRST)
    first = tokens[0]
    if first.kind == "end":
        return "empty", tokens
    if first.upper == "AT" and tokens[1].upper in ("EPOCH", "TIME"):
        return "query", tokens
    if first.upper not in KINDS:
        raise syntax_error(first)
    if first.upper in ("SELECT", "WITH") and makes_table(text):
        return "ddl", tokens
    return KINDS[first.upper], tokens


def tag_of(tokens: tuple[Token, ...]) -> str:
    """Return the command tag: the first word, and the object's kind of data definition."""
    words = [token.upper for token in tokens if token.upper not in TAG_FILLERS][:2]
    if words and words[0] in ("CREATE", "DROP", "ALTER", "TRUNCATE", "LOCK"):
        return " ".join(words)
    return words[0] if words else ""
