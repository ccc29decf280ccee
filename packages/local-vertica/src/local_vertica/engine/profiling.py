"""PROFILE: a statement is run as ever, and its transaction is told, to find its profile by.

v_monitor.query_profiles keeps every statement, profiled or not; how it was executed inside is
not known here, so that there is no v_monitor.execution_engine_profiles.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from local_vertica.ddl.lexer import syntax_error, tokenize
from local_vertica.engine import queries
from local_vertica.results import Field, Rows
from local_vertica.sql.refusals import unsupported
from local_vertica.types import VType

if TYPE_CHECKING:
    from local_vertica.engine.session import EngineSession

PROFILED = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "(")


def run(session: "EngineSession", text: str, params: Sequence[object] | None) -> Rows:
    """Run the statement behind PROFILE; a notice comes before its rows."""
    key = f"transaction_id={session.transaction_id} and statement_id={session.state.statement_id}"
    rows = queries.run(session, statement_of(text), params)
    hint = f"Select * from v_monitor.query_profiles where {key};"
    return replace(rows, notices=(f"Statement is being profiled. {hint}",))


def describe(
    session: "EngineSession", text: str
) -> tuple[list[VType], tuple[Field, ...] | None, str]:
    """Return parameter types, fields and tag of the statement."""
    return queries.describe(session, statement_of(text))


def statement_of(text: str) -> str:
    """Return the statement behind PROFILE: a query, or one that changes rows."""
    _, first, *_ = tokenize(text, 2)
    if first.upper == "COPY":
        raise unsupported("PROFILE COPY")
    if first.upper not in PROFILED:
        raise syntax_error(first)
    return text[first.start :]
