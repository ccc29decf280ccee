"""The one place where the engine asks for Vertica's SQL in DuckDB's words."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NoReturn

from local_vertica.errors import VerticaError
from local_vertica.resolve.names import NameScope
from local_vertica.sql.literals import now_literal
from local_vertica.sql.scope import FunctionInfo, SequenceInfo, TableInfo
from local_vertica.sql.translate import Translated, translate, translate_expression
from local_vertica.types import VType


def statement(text: str, scope: NameScope, params: Sequence[object] | None) -> Translated:
    """Return a SELECT or a change of rows in DuckDB's SQL."""
    return translate(text, scope, params)


def query_text(text: str, scope: NameScope) -> Translated:
    """Return the query of a view or of CREATE TABLE AS in DuckDB's SQL."""
    translated = translate(text, scope)
    if translated.kind != "select" or translated.parameters:
        raise VerticaError("42601", "A query is expected here", 4856)
    return translated


def expression(text: str, columns: Mapping[str, VType], scope: NameScope) -> str:
    """Return an expression over columns of these names, quoted in lower case."""
    return translate_expression(text, columns, scope).sql


def check_expression(text: str, columns: Mapping[str, VType]) -> str:
    """Return the expression of a CHECK: of the row alone, without subqueries and clock."""
    return translate_expression(text, columns).sql


def default_expression(text: str, scope: NameScope) -> str:
    """Return a DEFAULT in DuckDB's SQL; clock and user are those of the session that inserts.

    DuckDB fills defaults in by itself, so it must find them when it does: session values are
    read from a variable of the connection, which `session_variable` sets before each write.
    """
    sql = translate_expression(text, {}, StandInScope(scope)).sql
    for value, name in STAND_INS.items():
        literal = now_literal(value) if isinstance(value, datetime) else f"'{value}'"
        kind = "TIMESTAMPTZ" if isinstance(value, datetime) else "VARCHAR"
        sql = sql.replace(literal, f"CAST(getvariable('{VARIABLE}')['{name}'] AS {kind})")
    if any(str(value) in sql for value in STAND_INS):
        raise VerticaError("0A000", "This DEFAULT is not supported", 4160)
    return sql


def session_variable(values: Mapping[str, object]) -> str:
    """Return the statement that tells DuckDB the session values for defaults."""
    parts = []
    for name in STAND_INS.values():
        value = values[name]
        literal = now_literal(value) if isinstance(value, datetime) else _text(str(value))
        parts.append(f"'{name}': {literal}")
    return f"SET VARIABLE {VARIABLE} = {{{', '.join(parts)}}}"


def _text(value: str) -> str:
    """Return a character constant."""
    escaped = value.replace("'", "''")
    return f"'{escaped}'"


VARIABLE = "v_session"
# What stands in a translated DEFAULT where a session value was asked for.
STAND_INS: dict[object, str] = {
    datetime(9731, 3, 7, 11, 13, 17, 919231, UTC): "now",
    datetime(9731, 3, 7, 11, 13, 17, 919233, UTC): "statement_timestamp",
    "v_session_timezone": "timezone",
    "v_session_current_user": "current_user",
    "v_session_current_schema": "current_schema",
    "v_session_current_session": "current_session",
}


class _StandIns(dict[str, object]):
    """What stands in for session values, by their names."""

    def __missing__(self, name: str) -> object:
        """Refuse what cannot be a default."""
        raise VerticaError("0A000", f"{name} in a DEFAULT is not supported", 4160)


@dataclass(frozen=True)
class StandInScope:
    """A scope that knows names, and of session values only what stands in for them."""

    scope: NameScope

    def resolve_table(self, schema: str | None, name: str) -> TableInfo:
        """Return the table meant."""
        return self.scope.resolve_table(schema, name)

    def resolve_sequence(self, schema: str | None, name: str) -> SequenceInfo:
        """Return the sequence meant."""
        return self.scope.resolve_sequence(schema, name)

    def resolve_functions(self, schema: str | None, name: str) -> Sequence[FunctionInfo]:
        """Return the SQL functions that may be meant."""
        return self.scope.resolve_functions(schema, name)

    def of_view(self, info: TableInfo) -> NoReturn:
        """Refuse a view that is read by its text: its session values would be today's for ever."""
        raise VerticaError("0A000", f'"{info.name}" in a DEFAULT is not supported', 4160)

    def session_values(self) -> Mapping[str, object]:
        """Return what stands in for session values; the others cannot be a default."""
        return _StandIns((name, value) for value, name in STAND_INS.items())

    def cache_key(self) -> Hashable:
        """Return what the scope's own key is."""
        return self.scope.cache_key()
