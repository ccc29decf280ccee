"""The one place where the engine asks for Vertica's SQL in DuckDB's words."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from local.vertica.ddl.context import QueryText
from local.vertica.engine.names import NameScope
from local.vertica.errors import VerticaError
from local.vertica.sql.translate import Translated, translate, translate_expression
from local.vertica.types import VType

if TYPE_CHECKING:
    from local.vertica.engine.session import EngineSession


def statement(session: "EngineSession", text: str, params: Sequence[object] | None) -> Translated:
    """Return a SELECT or a change of rows in DuckDB's SQL, read in the session's scope."""
    return translate(text, session.scope(), params)


def query_text(_session: "EngineSession", text: str, scope: NameScope) -> QueryText:
    """Return the query of a view or of CREATE TABLE AS."""
    translated = translate(text, scope, None)
    if translated.kind != "select" or translated.params:
        raise VerticaError("42601", "A query is expected here", 4856)
    return QueryText(translated.duck_sql, translated.fields, tuple(sorted(translated.reads)))


def expression(text: str, columns: Mapping[str, VType], scope: NameScope) -> str:
    """Return an expression over columns of these names, quoted in lower case."""
    return str(translate_expression(text, columns, scope))
