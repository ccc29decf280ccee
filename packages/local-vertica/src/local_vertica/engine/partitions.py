"""Partitions of a table: drop them, or move, copy or swap them, or copy all; each commits."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from local_vertica.catalog.model import Table
from local_vertica.engine import definitions
from local_vertica.engine.newer import Sources
from local_vertica.engine.session import EngineSession
from local_vertica.engine.transaction import Transaction, Write
from local_vertica.errors import VerticaError
from local_vertica.resolve import constraints, privileges
from local_vertica.results import Row
from local_vertica.sql.translate import translate_expression
from local_vertica.types import parse_type

COPY = ("INSERT INTO {target} SELECT * FROM {source} WHERE {test}",)
MOVE = (*COPY, "DELETE FROM {source} WHERE {test}")
SWAP = (
    "CREATE TEMP TABLE temp.main.swapped AS SELECT * FROM {source} WHERE {test}",
    "DELETE FROM {source} WHERE {test}",
    "INSERT INTO {source} SELECT * FROM {target} WHERE {test}",
    "DELETE FROM {target} WHERE {test}",
    "INSERT INTO {target} SELECT * FROM temp.main.swapped",
    "DROP TABLE temp.main.swapped",
)
CALENDAR = re.compile(
    r"CALENDAR_HIERARCHY_DAY\s*\((?P<key>.+?)(?:,\s*(?P<months>\d+)\s*(?:,\s*(?P<years>\d+)\s*)?)?\)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Range:
    """Partition keys of a table from one to another; `key` and `test` are DuckDB's SQL."""

    table: Table
    key: str
    test: str


def named_table(session: EngineSession, name: str) -> Table:
    """Return the table a name in a text means."""
    relation = session.scope().find_relation(*name_parts(name))
    if not isinstance(relation, Table):
        raise VerticaError("42V01", f'Relation "{name}" does not exist', 4566)
    return relation


def name_parts(name: str) -> tuple[str | None, str]:
    """Return the schema, if it is said, and the name that a text gives."""
    parts = [part.strip('"') for part in name.split(".")]
    return parts[-2] if len(parts) > 1 else None, parts[-1]


def drop_partitions(session: EngineSession, arguments: Sequence[str]) -> list[Row]:
    """Delete the rows of a range of keys."""
    chosen = _range(session, arguments[:3])
    privileges.require_partitions(session.scope(), chosen.table)
    with _alone(session, chosen.table) as transaction:
        _check_groups(session, chosen, arguments[3:])
        _run(transaction, ("DELETE FROM {source} WHERE {test}",), chosen, chosen.table)
    return [("Partition dropped",)]


def move_partitions(session: EngineSession, arguments: Sequence[str]) -> list[Row]:
    """Move the rows of a range of keys to another table, which is made if it is missing."""
    return _transfer(session, arguments, MOVE, "moved")


def copy_partitions(session: EngineSession, arguments: Sequence[str]) -> list[Row]:
    """Copy the rows of a range of keys to another table, which is made if it is missing."""
    return _transfer(session, arguments, COPY, "copied")


def swap_partitions(session: EngineSession, arguments: Sequence[str]) -> list[Row]:
    """Exchange the rows of a range of keys between two tables."""
    named_table(session, arguments[3])
    return _transfer(session, arguments, SWAP, "swapped")


def copy_table(session: EngineSession, arguments: Sequence[str]) -> list[Row]:
    """Copy all rows to another table; one that is missing is made, for the same owner."""
    source, name = named_table(session, arguments[0]), arguments[1]
    scope = session.scope()
    privileges.require_on(scope, source, ("SELECT",))
    if source.scope:
        raise VerticaError("0A000", f'Table "{source.name}" is temporary: it cannot be copied', 0)
    is_new = scope.find_relation(*name_parts(name)) is None
    target = _target(session, source, name)
    if not is_new:
        privileges.require_on(scope, target, ("INSERT",))
    elif session.holder().is_admin:
        _give(session, target, source.owner)
    _check_alike(source, target)
    with _alone(session, source, target) as transaction:
        _run(transaction, COPY, Range(source, "", "true"), target)
    made = f"Created table {name}.\n" if is_new else ""
    return [(f"{made}Copied table {arguments[0]} to {name}",)]


def _give(session: EngineSession, table: Table, owner: str) -> None:
    """Give a table to another owner."""
    definitions.run(session, f'ALTER TABLE "{table.schema}"."{table.name}" OWNER TO "{owner}"')


def _transfer(
    session: EngineSession, arguments: Sequence[str], steps: tuple[str, ...], done: str
) -> list[Row]:
    chosen = _range(session, arguments[:3])
    privileges.require_partitions(session.scope(), chosen.table, also=("SELECT",))
    target = _target(session, chosen.table, arguments[3])
    privileges.require_on(session.scope(), target, ("TRUNCATE",) if steps == SWAP else ("INSERT",))
    _check_alike(chosen.table, target)
    with _alone(session, chosen.table, target) as transaction:
        _check_groups(session, chosen, arguments[4:])
        query = f"SELECT count(DISTINCT {chosen.key}) FROM {chosen.table.duck_name} WHERE"
        count = _number(session, f"{query} {chosen.test}")
        _run(transaction, steps, chosen, target)
    return [(f"{count} distinct partition values {done}.",)]


def _range(session: EngineSession, arguments: Sequence[str]) -> Range:
    """Return the range meant, or refuse it."""
    name, low, high = arguments
    table = named_table(session, name)
    if not table.partition_by:
        raise VerticaError("42809", f'Table "{table.name}" is not partitioned', 0)
    columns = {column.name.lower(): parse_type(column.type) for column in table.columns}
    key = translate_expression(table.partition_by, columns, session.scope())
    ends = [f"'{end.replace(chr(39), chr(39) * 2)}'::{key.vtype}" for end in (low, high)]
    if not _number(session, f"SELECT {translate_expression(f'{ends[0]} <= {ends[1]}', {})}"):
        raise VerticaError("22023", "The first partition key must not be above the last", 3900)
    text = f"({table.partition_by}) BETWEEN {ends[0]} AND {ends[1]}"
    return Range(table, key.sql, translate_expression(text, columns, session.scope()).sql)


def _target(session: EngineSession, source: Table, name: str) -> Table:
    """Return the table the rows go to; make one like the source if there is none."""
    if session.scope().find_relation(*name_parts(name)) is None:
        like = f'"{source.schema}"."{source.name}"'
        place = ".".join(f'"{part}"' for part in name_parts(name) if part)
        definitions.run(session, f"CREATE TABLE {place} LIKE {like} INCLUDING PROJECTIONS")
    return named_table(session, name)


def _check_alike(source: Table, target: Table) -> None:
    """Refuse tables that differ in what must be the same."""
    for what, first, second in (
        ("column definitions", _columns(source), _columns(target)),
        ("segmentation", source.segmented_by, target.segmented_by),
        ("partition clauses", _clause(source), _clause(target)),
        ("sort orders", source.order_by, target.order_by),
        ("keys", _keys(source), _keys(target)),
    ):
        if first != second:
            message = f'Tables "{source.name}" and "{target.name}" have different {what}'
            raise VerticaError("0A000", message, 0)


def _columns(table: Table) -> list[tuple[str, str, bool]]:
    return [(column.name.lower(), column.type, column.nullable) for column in table.columns]


def _clause(table: Table) -> list[str]:
    return f"{table.partition_by} GROUP BY {table.group_by}".lower().split()


def _keys(table: Table) -> set[tuple[str, tuple[str, ...]]]:
    kinds = ("primary", "unique")
    return {(c.kind, c.columns) for c in table.constraints if c.kind in kinds}


@contextmanager
def _alone(session: EngineSession, *tables: Table) -> Iterator[Transaction]:
    """Lend a transaction of its own that owns the tables; it commits, or nothing has happened."""
    session.commit()
    transaction = session.begin()
    try:
        for name in sorted({f"{table.schema}.{table.name}" for table in tables}):
            transaction.lock(name, "O")
        yield transaction
    except BaseException:
        session.roll_back()
        raise
    session.commit()


def _run(transaction: Transaction, steps: tuple[str, ...], chosen: Range, target: Table) -> None:
    """Run the steps as one write; enabled keys of the tables hold afterwards."""
    names = {"source": chosen.table.duck_name, "target": target.duck_name, "test": chosen.test}
    tables = {table.duck_name: table for table in (chosen.table, target)}

    def action(_newer: Sources) -> int:
        for step in steps:
            transaction.connection.execute(step.format(**names))
        for table in tables.values():
            for key in constraints.enforced_keys(table):
                constraints.check_key(transaction.connection, table, key)
        return 0

    written = tuple(f"{table.schema}.{table.name}" for table in tables.values())
    transaction.write(Write(action, written, single=False))


def key_counts(session: EngineSession, table: Table) -> list[tuple[str, str, int]]:
    """Return group, key and number of rows of each partition of a table, in their order.

    What is no group of partitions is a group of its own.
    """
    key, group = table.partition_by, _group(table.group_by) if table.group_by else ""
    columns = {column.name.lower(): parse_type(column.type) for column in table.columns}

    def duck(text: str) -> str:
        return translate_expression(text, columns, session.scope()).sql

    texts = f"{duck(f'({group or key})::VARCHAR(8192)')}, {duck(f'({key})::VARCHAR(8192)')}"
    order = f"min({duck(group or key)}), min({duck(key)})"
    return session.connection.execute(
        f"SELECT {texts}, count(*) FROM {session.source(table)} GROUP BY 1, 2 ORDER BY {order}"
    ).fetchall()


def _check_groups(session: EngineSession, chosen: Range, forced: Sequence[str]) -> None:
    """Refuse a range that takes a part of a partition group, unless it is to be split."""
    if not chosen.table.group_by or (forced and forced[0].lower() in ("true", "t", "1")):
        return
    columns = {column.name.lower(): parse_type(column.type) for column in chosen.table.columns}
    group = translate_expression(_group(chosen.table.group_by), columns, session.scope()).sql
    rows = f"FROM {chosen.table.duck_name} WHERE"
    inside = f"SELECT {group} {rows} {chosen.test}"
    if _number(session, f"SELECT count(*) {rows} NOT ({chosen.test}) AND {group} IN ({inside})"):
        message = "The partition keys are a part of a partition group: force_split must be true"
        raise VerticaError("55000", message, 0)


def _group(text: str) -> str:
    """Return the expression of a partition group, the calendar's hierarchy written out."""
    calendar = CALENDAR.fullmatch(text.strip())
    if calendar is None:
        return text
    key, months, years = calendar["key"], calendar["months"] or 2, calendar["years"] or 2
    return (
        f"CASE WHEN DATEDIFF('year', {key}, NOW()) >= {years} THEN DATE_TRUNC('year', {key}) "
        f"WHEN DATEDIFF('month', {key}, NOW()) >= {months} THEN DATE_TRUNC('month', {key}) "
        f"ELSE DATE_TRUNC('day', {key}) END"
    )


def _number(session: EngineSession, sql: str) -> int:
    row = session.connection.execute(sql).fetchone()
    return int(row[0]) if row else 0
