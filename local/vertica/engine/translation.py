"""The one place where the engine asks for Vertica's SQL in DuckDB's words."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.vertica.engine.names import NameScope
from local.vertica.errors import VerticaError
from local.vertica.sql.scope import SequenceInfo, TableInfo
from local.vertica.sql.translate import Translated, translate, translate_expression
from local.vertica.types import VType

if TYPE_CHECKING:
    from local.vertica.engine.session import EngineSession


def statement(session: "EngineSession", text: str, params: Sequence[object] | None) -> Translated:
    """Return a SELECT or a change of rows in DuckDB's SQL, read in the session's scope."""
    return translate(text, session.scope(), params)


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


def default_expression(text: str, scope: NameScope) -> str | None:
    """Return a DEFAULT that says the same whenever it is asked; None if it is the session's."""
    try:
        return translate_expression(text, {}, TimelessScope(scope)).sql
    except AsksSessionError:
        translate_expression(text, {}, scope)  # refuse what is wrong besides
        return None


class AsksSessionError(Exception):
    """An expression asks for the session's user, clock or the like."""


@dataclass(frozen=True)
class TimelessScope:
    """A scope that knows names but neither clock nor user."""

    scope: NameScope

    def resolve_table(self, schema: str | None, name: str) -> TableInfo:
        """Return the table meant."""
        return self.scope.resolve_table(schema, name)

    def resolve_sequence(self, schema: str | None, name: str) -> SequenceInfo:
        """Return the sequence meant."""
        return self.scope.resolve_sequence(schema, name)

    def session_values(self) -> Mapping[str, object]:
        """Refuse to answer."""
        raise AsksSessionError

    def cache_key(self) -> Hashable:
        """Return what the scope's own key is."""
        return self.scope.cache_key()
