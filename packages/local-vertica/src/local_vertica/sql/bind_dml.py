"""Work out INSERT, UPDATE, DELETE and MERGE."""

from __future__ import annotations

from collections.abc import Sequence

from local_vertica.errors import VerticaError
from local_vertica.sql import bind_expressions
from local_vertica.sql import nodes as n
from local_vertica.sql.assignment import assign
from local_vertica.sql.bind_queries import bind_query
from local_vertica.sql.bind_select import Target
from local_vertica.sql.bind_sources import bind_source, bind_sources, bind_table
from local_vertica.sql.blocks import Block, Context
from local_vertica.sql.bound import quoted
from local_vertica.sql.parse_statements import parse_expression
from local_vertica.sql.scope import ColumnInfo, TableInfo

Assignments = tuple[tuple[str, n.Expr | n.Default], ...]


def target_table(ref: n.TableRef, context: Context) -> TableInfo:
    """Return the table a statement changes, or refuse what is none."""
    info = context.scope.resolve_table(ref.schema, ref.name)
    if info.kind == "view":
        raise VerticaError("42809", f'"{info.name}" is a view: it cannot be changed', 4571)
    if info.kind == "system":
        raise VerticaError("42501", f"Permission denied for relation {info.name}", 4367)
    if info.kind == "reject":
        message = f"DML is not allowed on reject table {info.name}: it is filled by COPY"
        raise VerticaError("0A000", message, 3055)
    return info


def insert(statement: n.Insert, context: Context) -> tuple[str, TableInfo]:
    """Return an INSERT in DuckDB's SQL and the table it fills."""
    info = target_table(statement.target, context)
    columns = _columns(info, statement.columns)
    names = ", ".join(quoted(column.name) for column in columns)
    head = f"INSERT INTO {info.duck_name} ({names}) "
    if statement.query is not None:
        if not statement.columns:
            columns = columns[: _width(statement.query, len(columns))]
            names = ", ".join(quoted(column.name) for column in columns)
            head = f"INSERT INTO {info.duck_name} ({names}) "
        targets = [Target(column.vtype, column.name, is_column=True) for column in columns]
        return head + bind_query(statement.query, Block(context), targets).sql, info
    if statement.values is None:
        return f"INSERT INTO {info.duck_name} DEFAULT VALUES", info
    if not statement.columns:
        columns = columns[: len(statement.values)]
        names = ", ".join(quoted(column.name) for column in columns)
        head = f"INSERT INTO {info.duck_name} ({names}) "
    return f"{head}VALUES {_row(statement.values, columns, context)}", info


def _width(query: n.Query, most: int) -> int:
    """Return how many columns a query without a star surely has."""
    body: n.Body = query.body
    while not isinstance(body, n.Select):
        body = body.left if isinstance(body, n.Combined) else body.body
    if any(isinstance(item.expr, n.Star) for item in body.items):
        return most
    return min(len(body.items), most)


def _columns(info: TableInfo, names: tuple[str, ...]) -> list[ColumnInfo]:
    if not names:
        return [column for column in info.columns if not column.is_identity]
    found = [_changeable(info, name) for name in names]
    if len({column.name.lower() for column in found}) < len(found):
        twice = next(c.name for i, c in enumerate(found) if c in found[:i])
        raise VerticaError("42701", f'Column "{twice}" specified more than once', 2615)
    return found


def _changeable(info: TableInfo, name: str) -> ColumnInfo:
    """Return a column that a statement may give a value: an IDENTITY column gives its own."""
    column = find_column(info, name)
    if column.is_identity:
        message = f'Cannot insert into or update IDENTITY/AUTO_INCREMENT column "{column.name}"'
        raise VerticaError("0A000", message, 2444)
    return column


def find_column(info: TableInfo, name: str) -> ColumnInfo:
    """Return a table's column by its name, or refuse the name."""
    for column in info.columns:
        if column.name.lower() == name.lower():
            return column
    message = f'Column "{name}" of relation "{info.name}" does not exist'
    raise VerticaError("42703", message, 2624)


def _row(
    row: tuple[n.Expr | n.Default, ...], columns: Sequence[ColumnInfo], context: Context
) -> str:
    if len(row) > len(columns):
        raise VerticaError("42601", "INSERT has more expressions than target columns", 3630)
    if len(row) < len(columns):
        raise VerticaError("42601", "INSERT has more target columns than expressions", 3631)
    block = Block(context, clause="VALUES")
    values = (_value(expr, column, block) for expr, column in zip(row, columns, strict=True))
    return "(" + ", ".join(values) + ")"


def _value(expr: n.Expr | n.Default, column: ColumnInfo, block: Block) -> str:
    if isinstance(expr, n.Default):
        if column.default is None:
            return "NULL" if block.clause == "SET" else "DEFAULT"
        if block.clause != "SET":
            return "DEFAULT"
        expr = parse_expression(column.default)
    bound = bind_expressions.bind(expr, block)
    if bound.subquery and block.clause == "SET":
        raise VerticaError("0A000", "Subqueries in SET of UPDATE are not supported", 4952)
    return assign(bound, column.vtype, column.name).sql


def update(statement: n.Update, context: Context) -> tuple[str, TableInfo]:
    """Return an UPDATE in DuckDB's SQL and the table it changes."""
    info = target_table(statement.target, context)
    block, alias = _target_block(statement.target, context)
    tail = ""
    if statement.sources:
        tail = f" FROM {bind_sources(statement.sources, block)}"
        _no_self_join(info, block)
    pairs = _assignments(statement.assignments, info, block)
    where = _where(statement.where, block)
    return f"UPDATE {info.duck_name} AS {alias} SET {pairs}{tail}{where}", info


def _no_self_join(info: TableInfo, block: Block) -> None:
    for source in block.sources[1:]:
        for column in source.columns:
            if column.origin is not None and column.origin.oid == info.oid and info.oid:
                message = f"Self joins in UPDATE statements are not allowed: {info.name}"
                raise VerticaError("0A000", message, 4707)


def _target_block(ref: n.TableRef, context: Context) -> tuple[Block, str]:
    if ref.columns or ref.sample:
        raise VerticaError("42601", f'Syntax error at or near "{ref.name}"', 4856)
    block = Block(context)
    reads = set(context.reads)
    part = bind_table(ref, block)
    context.reads = reads
    block.sources.extend(part.sources)
    return block, part.sql.rsplit(" AS ", 1)[1]


def _assignments(assignments: Assignments, info: TableInfo, block: Block) -> str:
    pairs, seen = [], set()
    block.clause = "SET"
    for name, expr in assignments:
        column = _changeable(info, name)
        if column.name.lower() in seen:
            raise VerticaError("42701", f'Column "{name}" specified more than once', 2615)
        seen.add(column.name.lower())
        pairs.append(f"{quoted(column.name)} = {_value(expr, column, block)}")
    return ", ".join(pairs)


def _where(where: n.Expr | None, block: Block) -> str:
    if where is None:
        return ""
    block.clause = "WHERE"
    return f" WHERE {bind_expressions.bind_condition(where, block, 'WHERE').sql}"


def delete(statement: n.Delete, context: Context) -> tuple[str, TableInfo]:
    """Return a DELETE in DuckDB's SQL and the table it empties."""
    info = target_table(statement.target, context)
    block, alias = _target_block(statement.target, context)
    return f"DELETE FROM {info.duck_name} AS {alias}{_where(statement.where, block)}", info


def merge(statement: n.Merge, context: Context) -> tuple[str, TableInfo]:
    """Return a MERGE in DuckDB's SQL and the table it changes."""
    info = target_table(statement.target, context)
    block, alias = _target_block(statement.target, context)
    source = bind_source(statement.source, block)
    if isinstance(statement.source, n.Join):
        raise VerticaError("42601", 'Syntax error at or near "JOIN"', 4856)
    both = block.sources + source.sources
    block.sources = both
    block.clause = "ON"
    on = bind_expressions.bind_condition(statement.on, block, "MERGE/ON")
    using = source.sql
    if statement.update:
        using = _guarded(f"{info.duck_name} AS {alias}", source.sql, on.sql)
    text = f"MERGE INTO {info.duck_name} AS {alias} USING {using} ON {on.sql}"
    text += _matched(statement, info, block)
    block.sources = source.sources
    return text + _not_matched(statement, info, block), info


def _guarded(target: str, source: str, on: str) -> str:
    """Return the source of a MERGE so that it fails if a target row meets two of its rows."""
    row = target.rsplit(" AS ", 1)[1]
    twice = f"SELECT 1 FROM {target} JOIN {source} ON {on} GROUP BY {row}.rowid HAVING count(*) > 1"
    message = "VERTICA|23505|3147|Duplicate MERGE key detected in join"
    guard = f"(SELECT CASE WHEN EXISTS ({twice}) THEN CAST(error('{message}') AS BOOLEAN) "
    guard += "ELSE TRUE END)"
    return f"(SELECT * FROM {source} WHERE {guard}) AS {source.rsplit(' AS ', 1)[1]}"


def _matched(statement: n.Merge, info: TableInfo, block: Block) -> str:
    if not statement.update:
        return ""
    condition = _extra(statement.update_where, block)
    pairs = _assignments(statement.update, info, block)
    return f" WHEN MATCHED{condition} THEN UPDATE SET {pairs}"


def _not_matched(statement: n.Merge, info: TableInfo, block: Block) -> str:
    if not statement.insert_values:
        return ""
    condition = _extra(statement.insert_where, block)
    columns = _columns(info, statement.insert_columns)
    if not statement.insert_columns:
        columns = columns[: len(statement.insert_values)]
    if len(columns) < len(statement.insert_values):
        raise VerticaError("42601", "INSERT has more expressions than target columns", 3630)
    if len(columns) > len(statement.insert_values):
        raise VerticaError("42601", "INSERT has more target columns than expressions", 3631)
    block.clause = "VALUES"
    values = ", ".join(
        _value(expr, column, block)
        for expr, column in zip(statement.insert_values, columns, strict=True)
    )
    names = ", ".join(quoted(column.name) for column in columns)
    return f" WHEN NOT MATCHED{condition} THEN INSERT ({names}) VALUES ({values})"


def _extra(where: n.Expr | None, block: Block) -> str:
    if where is None:
        return ""
    block.clause = "WHERE"
    return f" AND {bind_expressions.bind_condition(where, block, 'MERGE/WHERE').sql}"
