"""Read SELECT … INTO: a query that makes a table, as CREATE TABLE … AS does."""

from collections.abc import Sequence
from dataclasses import replace

from local_vertica.ddl.lexer import Token, syntax_error, tokenize
from local_vertica.ddl.nodes import CreateTable
from local_vertica.ddl.reader import Reader
from local_vertica.ddl.tables import read_on_commit, read_scope

ENDS_OF_LIST = frozenset({"FROM", "UNION", "INTERSECT", "EXCEPT", "MINUS", ";"})


def makes_table(sql: str) -> bool:
    """Say whether a query has an INTO after its first SELECT's list."""
    return "INTO" in sql.upper() and _place_of_into(tokenize(sql)) is not None


def read_select_into(reader: Reader) -> CreateTable:
    """Read a query with INTO [[scope] TEMP] [TABLE] name [ON COMMIT …] before its FROM."""
    place = _place_of_into(reader.tokens)
    if place is None:
        raise syntax_error(reader.tokens[0])
    reader.at = place + 1
    scope = read_scope(reader)
    reader.accept("TABLE")
    head = CreateTable(reader.qualified(), if_not_exists=False, scope=scope, keeps_rows=not scope)
    head = read_on_commit(reader, head)
    if not reader.is_next("FROM"):
        raise syntax_error(reader.token)
    rest = reader.balanced()
    reader.end()
    return replace(head, query=reader.sql[: reader.tokens[place].start] + rest)


def _place_of_into(tokens: Sequence[Token]) -> int | None:
    depth, is_in_list = 0, False
    for place, token in enumerate(tokens):
        word = token.upper
        depth += (word in ("(", "[")) - (word in (")", "]"))
        if depth:
            continue
        if is_in_list and word == "INTO":
            return place
        if is_in_list and word in ENDS_OF_LIST:
            return None
        is_in_list = is_in_list or word == "SELECT"
    return None
