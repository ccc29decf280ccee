"""Read column definitions and constraints."""

from dataclasses import dataclass, field, replace

from local_vertica.catalog.model import Column, Constraint
from local_vertica.ddl.lexer import syntax_error
from local_vertica.ddl.reader import Reader
from local_vertica.errors import VerticaError
from local_vertica.types import parse_type

ENCODINGS = frozenset(
    [
        "AUTO",
        "BLOCK_DICT",
        "BLOCKDICT_COMP",
        "BZIP_COMP",
        "COMMONDELTA_COMP",
        "DELTARANGE_COMP",
        "DELTAVAL",
        "GCDDELTA",
        "GZIP_COMP",
        "RLE",
        "ZSTD_COMP",
        "ZSTD_FAST_COMP",
        "ZSTD_HIGH_COMP",
    ]
)
EXPRESSION_STOPS = (
    ",", "CONSTRAINT", "CHECK", "NOT", "NULL", "PRIMARY", "REFERENCES", "UNIQUE",
    "ENCODING", "ACCESSRANK", "SET", "DEFAULT", "PROJECTIONS",
)  # fmt: skip


@dataclass
class ColumnDraft:
    """A column while its clauses are read; a clause said twice is refused."""

    column: Column
    constraints: list[Constraint] = field(default_factory=list)
    said: set[str] = field(default_factory=set)

    def say(self, reader: Reader, clause: str) -> None:
        """Note a clause; refuse it the second time."""
        if clause in self.said:
            raise syntax_error(reader.token)
        self.said.add(clause)

    def change(self, **values: object) -> None:
        """Set fields of the column."""
        self.column = replace(self.column, **values)  # type: ignore[arg-type] # by field name


def read_column(reader: Reader) -> tuple[Column, tuple[Constraint, ...]]:
    """Read `name type [clauses]`."""
    name = reader.name()
    # An IDENTITY column is an integer and need not say so.
    has_type = reader.token.upper not in ("IDENTITY", "AUTO_INCREMENT")
    draft = ColumnDraft(Column(name, str(reader.type()) if has_type else "int"))
    while _read_clause(reader, draft):
        pass
    return check_encoding(draft.column), tuple(draft.constraints)


def check_encoding(column: Column) -> Column:
    """Return a column; refuse BLOCK_DICT of binary values, as the page of encoding types does."""
    if column.encoding == "BLOCK_DICT" and parse_type(column.type).is_binary:
        message = f'Column "{column.name}" of type {column.type} does not support BLOCK_DICT'
        raise VerticaError("0A000", message, 4160)
    return column


def _read_clause(reader: Reader, draft: ColumnDraft) -> bool:
    """Read one clause of a column; say whether there was one."""
    word = reader.token.upper
    if word in ("IDENTITY", "AUTO_INCREMENT"):
        _read_identity(reader, draft)
    elif word in ("DEFAULT", "SET"):
        _read_default(reader, draft)
    elif word in ("NOT", "NULL"):
        draft.say(reader, "null")
        draft.change(nullable=not reader.accept("NOT"))
        reader.expect("NULL")
    elif word == "ENCODING":
        draft.say(reader, "encoding")
        reader.take()
        draft.change(encoding=read_encoding(reader))
    elif word == "ACCESSRANK":
        draft.say(reader, "accessrank")
        reader.take()
        draft.change(access_rank=reader.integer())
    else:
        return _read_column_constraint(reader, draft)
    return True


def read_encoding(reader: Reader) -> str:
    """Read the name of an encoding; refuse one Vertica does not have."""
    token = reader.token
    if token.upper not in ENCODINGS:
        raise syntax_error(token)
    return reader.take().upper


def _read_identity(reader: Reader, draft: ColumnDraft) -> None:
    """Read IDENTITY[(start[, increment[, cache]])]; one number alone is the cache."""
    draft.say(reader, "default")
    reader.take()
    numbers: list[int] = []
    if reader.accept("("):
        while not reader.accept(")"):
            numbers.append(reader.integer())
            if not reader.is_next(")"):
                reader.expect(",")
    if len(numbers) > 3:
        raise syntax_error(reader.token)
    start, increment = (numbers[0], numbers[1]) if len(numbers) > 1 else (1, 1)
    if draft.column.type != "int":
        message = f'IDENTITY column "{draft.column.name}" must be of type INTEGER'
        raise VerticaError("42611", message, 3508)
    draft.change(identity=(start, increment), nullable=False)


def _read_default(reader: Reader, draft: ColumnDraft) -> None:
    """Read DEFAULT, SET USING or DEFAULT USING with its expression."""
    if reader.accept("DEFAULT", "USING"):
        draft.say(reader, "default")
        draft.say(reader, "using")
        text = read_expression(reader)
        draft.change(default=text, set_using=text)
    elif reader.accept("SET", "USING"):
        draft.say(reader, "using")
        draft.change(set_using=read_expression(reader))
    else:
        draft.say(reader, "default")
        reader.expect("DEFAULT")
        draft.change(default=read_expression(reader))


def read_expression(reader: Reader) -> str:
    """Read an expression up to the next clause; NULL and NOT may begin it."""
    start = reader.at
    if reader.token.upper in ("NULL", "NOT"):
        reader.take()
        if reader.token.kind == "end" or reader.token.upper in (*EXPRESSION_STOPS, ")"):
            return reader.text_since(start)
    reader.balanced(*EXPRESSION_STOPS)
    return reader.text_since(start)


def _read_column_constraint(reader: Reader, draft: ColumnDraft) -> bool:
    """Read [CONSTRAINT name] CHECK, PRIMARY KEY, REFERENCES or UNIQUE of one column."""
    name = _constraint_name(reader)
    columns = (draft.column.name,)
    if reader.accept("CHECK"):
        found = Constraint(name, "check", (), expression=reader.parenthesised())
    elif reader.accept("PRIMARY"):
        draft.say(reader, "primary")
        reader.expect("KEY")
        found = Constraint(name, "primary", columns)
    elif reader.accept("UNIQUE"):
        draft.say(reader, "unique")
        found = Constraint(name, "unique", columns)
    elif reader.accept("REFERENCES"):
        found = _references(reader, Constraint(name, "foreign", columns))
    elif name and reader.token.upper in ("NOT", "NULL", "DEFAULT"):
        return _read_clause(reader, draft)
    elif name:
        raise syntax_error(reader.token)
    else:
        return False
    draft.constraints.append(replace(found, enabled=_read_enabled(reader)))
    return True


def is_table_constraint(reader: Reader) -> bool:
    """Say whether a table constraint comes next."""
    word, following = reader.token.upper, reader.peek().upper
    if word == "CONSTRAINT":
        return True
    return (word, following) in {("PRIMARY", "KEY"), ("FOREIGN", "KEY")} or (
        word in ("UNIQUE", "CHECK") and following == "("
    )


def read_table_constraint(reader: Reader) -> Constraint:
    """Read [CONSTRAINT name] PRIMARY KEY, FOREIGN KEY, UNIQUE or CHECK of a table."""
    name = _constraint_name(reader)
    word = reader.choose("PRIMARY", "FOREIGN", "UNIQUE", "CHECK")
    if word == "CHECK":
        found = Constraint(name, "check", (), expression=reader.parenthesised())
    elif word == "UNIQUE":
        found = Constraint(name, "unique", reader.names())
    elif word == "PRIMARY":
        reader.expect("KEY")
        found = Constraint(name, "primary", reader.names())
    else:
        reader.expect("KEY")
        found = Constraint(name, "foreign", reader.names())
        reader.expect("REFERENCES")
        found = _references(reader, found)
    return replace(found, enabled=_read_enabled(reader))


def _constraint_name(reader: Reader) -> str:
    """Read CONSTRAINT name if it comes next."""
    return reader.name() if reader.accept("CONSTRAINT") else ""


def _references(reader: Reader, constraint: Constraint) -> Constraint:
    """Read what a foreign key refers to: table [(columns)]."""
    schema, table = reader.qualified()
    columns = reader.names() if reader.is_next("(") else ()
    return replace(constraint, references=(schema or "", table), referenced_columns=columns)


def _read_enabled(reader: Reader) -> bool | None:
    """Read ENABLED or DISABLED if it was said."""
    if reader.accept("ENABLED"):
        return True
    return False if reader.accept("DISABLED") else None
