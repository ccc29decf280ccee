"""AUDIT, which measures the raw size of rows.

All rows are counted, none are sampled: the octets of their values as text, those of binary values
as they are.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from local_vertica.catalog.model import DATABASE_OID, Table, quoted
from local_vertica.engine.history import AuditRecord
from local_vertica.engine.partitions import named_table
from local_vertica.engine.session import EngineSession
from local_vertica.errors import VerticaError
from local_vertica.results import Row
from local_vertica.types import parse_type

LEVELS = ("database", "schema", "table")
TOLERANCE, CONFIDENCE = 5.0, 99.0  # the documented defaults, in percent
BINARY = ("BINARY", "VARBINARY", "LONG VARBINARY", "GEOMETRY", "GEOGRAPHY")


def audit(session: EngineSession, arguments: Sequence[str]) -> list[Row]:
    """Measure the database, a schema or a table; the parts of it where a lower level is told."""
    name, *rest = arguments
    granularity = rest.pop(0).lower() if rest and not _is_number(rest[0]) else ""
    tolerance, confidence = _percents(rest)
    started = datetime.now(UTC)
    scope, tables = _scope(session, name)
    level = granularity or scope
    if level not in LEVELS or LEVELS.index(level) < LEVELS.index(scope):
        raise VerticaError("22023", f'"{granularity}" is no granularity of a {scope}')
    records = [
        AuditRecord(session.state.user, *part, confidence, tolerance, started)
        for part in _measured(session, level, tables)
    ]
    for record in records:
        session.database.history.add_audit(record)
    if level != scope:
        what = f"{scope} {name}".strip()
        return [(f"See {level} sizes in v_catalog.user_audits for {what}",)]
    return [(str(sum(record.size for record in records)),)]


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


def _percents(arguments: Sequence[str]) -> tuple[float, float]:
    """Return tolerance and confidence; refuse what is no percentage."""
    found = [TOLERANCE, CONFIDENCE]
    if len(arguments) > len(found):
        raise VerticaError("42883", "Function AUDIT with these arguments does not exist", 3457)
    for number, text in enumerate(arguments):
        if not _is_number(text) or float(text) > 100:
            raise VerticaError("22023", f'"{text}" is no percentage')
        found[number] = float(text)
    return found[0], found[1]


def _scope(session: EngineSession, name: str) -> tuple[str, list[Table]]:
    """Return what kind of object a name means, and the tables of it that the user may read."""
    holder = session.holder()
    tables = [t for t in session.catalog.tables() if not t.scope and holder.has("SELECT", t.oid)]
    if not name:
        return "database", tables
    if name.lower() in session.catalog.schemas:
        session.scope().require_usage(name)
        return "schema", [table for table in tables if table.schema.lower() == name.lower()]
    found = named_table(session, name)
    if found not in tables:
        raise VerticaError("42501", f"Permission denied for relation {found.name}", 4367)
    return "table", [found]


Part = tuple[str, int, str, str, int]  # kind, identifier, schema, name, size


def _measured(session: EngineSession, level: str, tables: Sequence[Table]) -> Iterator[Part]:
    """Go through the parts of a level with their sizes."""
    sizes = {table: _size(session, table) for table in tables}
    if level == "database":
        yield "DATABASE", DATABASE_OID, "", session.database.name, sum(sizes.values())
    elif level == "schema":
        for name in sorted({table.schema for table in tables}):
            size = sum(size for table, size in sizes.items() if table.schema == name)
            yield "SCHEMA", session.catalog.schemas[name.lower()].oid, name, name, size
    else:
        for table, size in sizes.items():
            yield "TABLE", table.oid, table.schema, table.name, size


def _size(session: EngineSession, table: Table) -> int:
    """Return how many octets the values of a table have as text."""
    lengths = []
    for column in table.columns:
        name, kind = quoted(column.name.lower()), parse_type(column.type).name
        length = f"octet_length({name})" if kind in BINARY else f"strlen({name}::VARCHAR)"
        if kind == "BOOLEAN":
            length = f"({name} IS NOT NULL)::INTEGER"
        lengths.append(f"coalesce(sum({length}), 0)")
    query = f"SELECT {' + '.join(lengths)} FROM {table.duck_name}"
    row = session.connection.execute(query).fetchone()
    return int(row[0]) if row else 0
