"""Read a whole statement: SELECT, INSERT, UPDATE, DELETE or MERGE."""

from __future__ import annotations

from local_vertica.errors import VerticaError
from local_vertica.sql import nodes as n
from local_vertica.sql.cursor import TokenCursor
from local_vertica.sql.parse_expressions import read_expression
from local_vertica.sql.parse_queries import at_query, read_query
from local_vertica.sql.parse_sources import read_source, read_sources, read_table

Assignment = tuple[str, n.Expr | n.Default]


def parse_statement(text: str) -> tuple[n.Statement, int]:
    """Return the statement and the number of its `?` parameters, or refuse it."""
    cursor = TokenCursor(text)
    statement = _statement(cursor)
    cursor.finish()
    return statement, cursor.parameters


def parse_expression(text: str) -> n.Expr:
    """Return the expression a text holds, or refuse it."""
    cursor = TokenCursor(text)
    expression = read_expression(cursor)
    cursor.finish()
    return expression


def _statement(cursor: TokenCursor) -> n.Statement:
    match cursor.token.word:
        case "INSERT":
            return _insert(cursor)
        case "UPDATE":
            return _update(cursor)
        case "DELETE":
            return _delete(cursor)
        case "MERGE":
            return _merge(cursor)
    if at_query(cursor) or cursor.at("AT"):
        return read_query(cursor)
    raise cursor.error()


def _insert(cursor: TokenCursor) -> n.Insert:
    cursor.expect("INSERT", "INTO")
    target = read_table(cursor, alias=False)
    columns: tuple[str, ...] = ()
    if cursor.at("(") and not at_query(cursor):
        columns = cursor.names()
    if not columns and cursor.accept("DEFAULT", "VALUES"):
        return n.Insert(target, columns)
    if cursor.accept("VALUES"):
        # "You must insert one complete tuple at a time."
        return n.Insert(target, columns, values=_values(cursor))
    if not at_query(cursor):
        raise cursor.error()
    return n.Insert(target, columns, query=read_query(cursor))


def _values(cursor: TokenCursor) -> tuple[n.Expr | n.Default, ...]:
    cursor.expect("(")
    found = [_value(cursor)]
    while cursor.accept(","):
        found.append(_value(cursor))
    cursor.expect(")")
    return tuple(found)


def _value(cursor: TokenCursor) -> n.Expr | n.Default:
    return n.Default() if cursor.accept("DEFAULT") else read_expression(cursor)


def _assignments(cursor: TokenCursor) -> tuple[Assignment, ...]:
    cursor.expect("SET")
    found = [_assignment(cursor)]
    while cursor.accept(","):
        found.append(_assignment(cursor))
    return tuple(found)


def _assignment(cursor: TokenCursor) -> Assignment:
    name = cursor.name()
    cursor.expect("=")
    return name, _value(cursor)


def _update(cursor: TokenCursor) -> n.Update:
    cursor.expect("UPDATE")
    target = read_table(cursor)
    assignments = _assignments(cursor)
    sources = read_sources(cursor) if cursor.accept("FROM") else ()
    where = read_expression(cursor) if cursor.accept("WHERE") else None
    return n.Update(target, assignments, sources, where)


def _delete(cursor: TokenCursor) -> n.Delete:
    cursor.expect("DELETE", "FROM")
    target = read_table(cursor)
    where = read_expression(cursor) if cursor.accept("WHERE") else None
    return n.Delete(target, where)


def _merge(cursor: TokenCursor) -> n.Merge:
    cursor.expect("MERGE", "INTO")
    target = read_table(cursor)
    cursor.expect("USING")
    source = read_source(cursor)
    cursor.expect("ON")
    parts = _MergeParts(read_expression(cursor))
    while cursor.accept("WHEN"):
        if cursor.accept("NOT", "MATCHED"):
            parts.read_insert(cursor)
        else:
            cursor.expect("MATCHED")
            parts.read_update(cursor)
    if not parts.update and not parts.values:
        raise cursor.error()
    return n.Merge(
        target,
        source,
        parts.on,
        parts.update,
        parts.update_where,
        parts.columns,
        parts.values,
        parts.insert_where,
    )


class _MergeParts:
    """The clauses of a MERGE while it is read; each may come once."""

    def __init__(self, on: n.Expr) -> None:
        self.on = on
        self.update: tuple[Assignment, ...] = ()
        self.update_where: n.Expr | None = None
        self.columns: tuple[str, ...] = ()
        self.values: tuple[n.Expr | n.Default, ...] = ()
        self.insert_where: n.Expr | None = None

    def read_update(self, cursor: TokenCursor) -> None:
        """Read what follows WHEN MATCHED."""
        if self.update:
            raise VerticaError("42601", "MERGE may have only one WHEN MATCHED clause", 4856)
        self.update_where = read_expression(cursor) if cursor.accept("AND") else None
        cursor.expect("THEN", "UPDATE")
        self.update = _assignments(cursor)
        self.update_where = _filter(cursor, self.update_where)

    def read_insert(self, cursor: TokenCursor) -> None:
        """Read what follows WHEN NOT MATCHED."""
        if self.values:
            raise VerticaError("42601", "MERGE may have only one WHEN NOT MATCHED clause", 4856)
        self.insert_where = read_expression(cursor) if cursor.accept("AND") else None
        cursor.expect("THEN", "INSERT")
        self.columns = cursor.names() if cursor.at("(") else ()
        cursor.expect("VALUES")
        self.values = _values(cursor)
        self.insert_where = _filter(cursor, self.insert_where)


def _filter(cursor: TokenCursor, before: n.Expr | None) -> n.Expr | None:
    if not cursor.at("WHERE"):
        return before
    if before is not None:
        raise cursor.error()
    cursor.expect("WHERE")
    return read_expression(cursor)
