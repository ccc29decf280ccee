"""EXPLAIN: a statement is checked as if it ran, and what it reads and writes is told."""

from collections.abc import Sequence

from local_vertica.engine import queries
from local_vertica.engine.session import EngineSession
from local_vertica.results import Field, Rows
from local_vertica.sql.cursor import TokenCursor
from local_vertica.sql.refusals import unsupported
from local_vertica.sql.translate import Translated
from local_vertica.types import VType

FIELDS = (Field("QUERY PLAN", VType("LONG VARCHAR", length=1_048_576)),)
LINE = "-" * 30


def run(session: EngineSession, text: str, params: Sequence[object] | None) -> Rows:
    """Return the lines that tell of a statement, which is not run."""
    translated = queries.allowed(session, statement_of(text), params)
    if translated.writes and not queries.target_table(session, translated.writes).scope:
        session.modes.require_write(f"EXPLAIN {translated.kind.upper()}")
    return Rows(FIELDS, iter([[(line,) for line in _lines(text, translated)]]), "EXPLAIN")


def describe(session: EngineSession, text: str) -> list[VType]:
    """Return the types of the statement's parameters."""
    return list(queries.allowed(session, statement_of(text), None).parameters)


def statement_of(text: str) -> str:
    """Return the statement behind EXPLAIN and its options, which stand in one order only."""
    cursor = TokenCursor(text)
    cursor.expect("EXPLAIN")
    options = [word for word in ("LOCAL", "VERBOSE", "JSON", "ANNOTATED") if cursor.accept(word)]
    if cursor.at("COPY") or set(options) - {"VERBOSE"}:
        raise unsupported(f"EXPLAIN {' '.join(options) or 'COPY'}")
    return text[cursor.token.start :]


def _lines(text: str, translated: Translated) -> list[str]:
    reads = ", ".join(f"{schema}.{name}" for schema, name in sorted(translated.reads))
    writes = ".".join(translated.writes or ())
    return [
        *(LINE, "QUERY PLAN DESCRIPTION:", LINE, "", *text.splitlines(), ""),
        "The local Vertica makes no plan: an embedded engine runs the statement.",
        f"Reads: {reads or 'no table'}",
        *([f"Writes: {writes}"] if writes else []),
    ]
