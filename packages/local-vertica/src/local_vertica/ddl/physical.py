"""Read ORDER BY, segmentation, KSAFE and partition clauses, each at its documented place."""

from dataclasses import replace

from local_vertica.ddl.lexer import syntax_error
from local_vertica.ddl.nodes import Physical
from local_vertica.ddl.reader import Reader
from local_vertica.errors import VerticaError


def read_physical(reader: Reader, *, partitions: bool = True) -> Physical:
    """Read [ORDER BY] [segmentation] [KSAFE] [PARTITION BY] [privileges]."""
    found = Physical()
    if reader.accept("ORDER", "BY"):
        found = replace(found, order_by=read_order(reader))
    found = read_segmentation(reader, found)
    if reader.accept("KSAFE"):
        found = replace(found, ksafe=reader.integer() if reader.token.kind == "number" else 1)
    if partitions and reader.accept("PARTITION", "BY"):
        found = read_partition(reader, found)
    return replace(found, includes=read_privileges(reader))


def read_order(reader: Reader) -> tuple[str, ...]:
    """Read the columns of ORDER BY, in parentheses or not."""
    if reader.is_next("("):
        return reader.names()
    columns = [_order_column(reader)]
    while reader.accept(","):
        columns.append(_order_column(reader))
    return tuple(columns)


def _order_column(reader: Reader) -> str:
    """Read column or table.column; Vertica sorts projections upwards only."""
    name = reader.qualified()[1]
    reader.accept("ASC")
    return name


def read_segmentation(reader: Reader, found: Physical) -> Physical:
    """Read SEGMENTED BY … ALL NODES or UNSEGMENTED … if it comes next."""
    if reader.accept("UNSEGMENTED"):
        if not reader.accept("ALL", "NODES"):
            reader.expect("NODE")
            reader.name()
        return replace(found, is_unsegmented=True)
    if not reader.accept("SEGMENTED", "BY"):
        return found
    text, columns = _segmentation_expression(reader)
    if reader.accept("ALL", "NODES"):
        if reader.accept("OFFSET"):
            reader.integer()
    else:
        reader.expect("NODES")
        reader.qualified_list()
    return replace(found, segmented_by=text, segmented_columns=columns)


def _segmentation_expression(reader: Reader) -> tuple[str, tuple[str, ...]]:
    """Read HASH(columns) or MODULARHASH(columns); another expression must be an integer column."""
    start = reader.at
    if reader.token.upper in ("HASH", "MODULARHASH") and reader.peek().text == "(":
        reader.take()
        reader.expect("(")
        columns = [reader.qualified()[1]]
        while reader.accept(","):
            columns.append(reader.qualified()[1])
        reader.expect(")")
        if len(columns) > 32:
            raise VerticaError("54000", f"HASH has {len(columns)} arguments, limit 32", 3458)
        return reader.text_since(start), tuple(columns)
    name = reader.qualified()[1]
    return name, (name,)


def read_partition(reader: Reader, found: Physical) -> Physical:
    """Read the partition expression, GROUP BY and SET ACTIVEPARTITIONCOUNT."""
    found = replace(found, partition_by=reader.balanced(*PARTITION_STOPS))
    if reader.accept("GROUP", "BY"):
        found = replace(found, group_by=reader.balanced(*PARTITION_STOPS))
    if reader.accept("SET", "ACTIVEPARTITIONCOUNT") or reader.accept("ACTIVEPARTITIONCOUNT"):
        found = replace(found, active_partitions=reader.integer())
    return found


PARTITION_STOPS = (
    "GROUP", "SET", "ACTIVEPARTITIONCOUNT", "INCLUDE", "EXCLUDE", "REORGANIZE", "ORDER",
    "SEGMENTED", "UNSEGMENTED", "KSAFE", "PARTITION", ",",
)  # fmt: skip


def read_privileges(reader: Reader) -> bool | None:
    """Read {INCLUDE|EXCLUDE} [SCHEMA] PRIVILEGES; None if it does not come next."""
    if reader.token.upper not in ("INCLUDE", "EXCLUDE"):
        return None
    includes = reader.take().upper == "INCLUDE"
    reader.accept("SCHEMA")
    reader.expect("PRIVILEGES")
    return includes


def check_columns(physical: Physical, known: set[str]) -> None:
    """Refuse physical clauses that name a column the table does not have."""
    for name in (*physical.order_by, *physical.segmented_columns):
        if name.lower() not in known:
            raise VerticaError("42703", f'Column "{name}" does not exist', 2624)
    for text in (physical.partition_by, physical.group_by):
        _check_expression(text, known)


def _check_expression(text: str, known: set[str]) -> None:
    """Refuse an expression that names an unknown column: a bare word that is no function."""
    reader = Reader(text)
    while reader.token.kind != "end":
        token = reader.take()
        before = reader.tokens[reader.at - 2].text if reader.at > 1 else ""
        is_column = token.kind in ("word", "quoted") and reader.token.text not in ("(", ".")
        if is_column and before not in ("::", "::!") and token.upper not in EXPRESSION_WORDS:
            _require(token.text.strip('"'), known)
        elif token.kind == "symbol" and token.text in ("[", "{", ";", "?"):
            raise syntax_error(token)


EXPRESSION_WORDS = frozenset(
    [
        "AND",
        "OR",
        "NOT",
        "NULL",
        "IS",
        "IN",
        "BETWEEN",
        "CASE",
        "WHEN",
        "THEN",
        "ELSE",
        "END",
        "AS",
        "AT",
        "TIME",
        "ZONE",
        "FROM",
        "DATE",
        "TIMESTAMP",
        "INT",
        "INTEGER",
        "VARCHAR",
        "TRUE",
        "FALSE",
        "YEAR",
        "MONTH",
        "DAY",
        "HOUR",
        "MINUTE",
        "SECOND",
        "QUARTER",
        "WEEK",
        "DOY",
    ]
)


def _require(name: str, known: set[str]) -> None:
    """Refuse a name that is no column."""
    if name.lower() not in known:
        raise VerticaError("42703", f'Column "{name}" does not exist', 2624)
