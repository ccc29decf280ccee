"""PROFILE: a statement is run as ever, and its transaction is told, to find its profile by.

v_monitor.query_profiles keeps every statement, profiled or not; how it was executed inside is
not known here, so that there is no v_monitor.execution_engine_profiles.
"""

from local_vertica.ddl.lexer import syntax_error, tokenize
from local_vertica.engine.session import EngineSession
from local_vertica.sql.refusals import unsupported

PROFILED = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "(")


def notice_of(session: EngineSession) -> str:
    """Return what comes before the rows of the statement that is about to run."""
    key = f"transaction_id={session.transaction_id} and statement_id={session.state.statement_id}"
    hint = f"Select * from v_monitor.query_profiles where {key};"
    return f"Statement is being profiled. {hint}"


def statement_of(text: str) -> str:
    """Return the statement behind PROFILE: a query, or one that changes rows."""
    _, first, *_ = tokenize(text, 2)
    if first.upper == "COPY":
        raise unsupported("PROFILE COPY")
    if first.upper not in PROFILED:
        raise syntax_error(first)
    return text[first.start :]
