"""Read a COPY statement as Vertica's grammar has it; every clause at most once."""

from collections.abc import Callable
from typing import get_args

from local_vertica.copy.checks import check_statement, conflict
from local_vertica.copy.cursor import TokenCursor
from local_vertica.copy.options import (
    Compression,
    CopyColumn,
    CopyStatement,
    FieldFormat,
    ParserCall,
    Path,
    Rejection,
    RejectTable,
    Source,
)
from local_vertica.errors import VerticaError
from local_vertica.types import VType, parse_type

Options = dict[str, object]
Reader = Callable[[TokenCursor, Options], None]

COMPRESSIONS: dict[str, Compression] = {word: word for word in get_args(Compression)}
FOREIGN_FORMATS = ("NATIVE", "FIXEDWIDTH", "ORC", "PARQUET")
FOREIGN_CLAUSES = ("SOURCE", "FILTER", "COLSIZES", "PARTITION")
PARSERS = ("fcsvparser",)


def parse_copy(text: str) -> CopyStatement:
    """Return what a COPY statement says; refuse what Vertica's documentation does not know."""
    cursor = TokenCursor(text)
    cursor.expect("COPY")
    schema, table = read_table_name(cursor)
    columns = read_columns(cursor) if cursor.at("(") else ()
    options: Options = {}
    if cursor.take("COLUMN", "OPTION"):
        options["column_options"] = read_column_options(cursor)
    source = read_source(cursor)
    while cursor.token.kind != "end" and not cursor.at(";"):
        read_option(cursor, options)
    cursor.take(";")
    if cursor.token.kind != "end":
        raise cursor.refusal()
    statement = build(CopyStatement(schema, table, source, columns), options)
    check_statement(statement)
    return statement


def build(target: CopyStatement, options: Options) -> CopyStatement:
    """Return the statement with its options in place."""
    formats = ("delimiter", "null", "escape", "no_escape", "enclosed", "enforce_length", "trim")
    rejects = ("table", "data_path", "exceptions_path", "row_numbers", "limit", "abort")
    own = set(options) - set(formats) - set(rejects) - {"load method"}
    return CopyStatement(
        schema=target.schema,
        table=target.table,
        source=target.source,
        columns=target.columns,
        format=FieldFormat(**{k: options[k] for k in formats if k in options}),  # type: ignore[arg-type]
        rejection=Rejection(**{k: options[k] for k in rejects if k in options}),  # type: ignore[arg-type]
        **{name: options[name] for name in own},  # type: ignore[arg-type]
    )


def read_table_name(cursor: TokenCursor) -> tuple[str | None, str]:
    """Read [[database.]schema.]table."""
    parts = [cursor.name()]
    while cursor.take("."):
        parts.append(cursor.name())
    if len(parts) > 3:
        raise cursor.refusal()
    return (parts[-2] if len(parts) > 1 else None), parts[-1]


def read_columns(cursor: TokenCursor) -> tuple[CopyColumn, ...]:
    """Read the column list: columns, computed columns, fillers."""
    return read_list(cursor, read_column)


def read_column_options(cursor: TokenCursor) -> tuple[CopyColumn, ...]:
    """Read COLUMN OPTION (column options, …)."""

    def entry(inner: TokenCursor) -> CopyColumn:
        name = inner.name()
        options: Options = {}
        while not inner.at(",") and not inner.at(")"):
            read_field_option(inner, options)
        if not options:
            raise inner.refusal()
        return CopyColumn(name, format=FieldFormat(**options))  # type: ignore[arg-type]

    return read_list(cursor, entry)


def read_list(
    cursor: TokenCursor, entry: Callable[[TokenCursor], CopyColumn]
) -> tuple[CopyColumn, ...]:
    """Read bracketed entries with commas between them."""
    cursor.expect("(")
    found = [entry(cursor)]
    while cursor.take(","):
        found.append(entry(cursor))
    cursor.expect(")")
    return tuple(found)


def read_column(cursor: TokenCursor) -> CopyColumn:
    """Read one entry of the column list."""
    name = cursor.name()
    if cursor.take("AS"):
        return CopyColumn(name, expression=cursor.span())
    options: Options = {}
    filler: VType | None = None
    while not cursor.at(",") and not cursor.at(")"):
        if cursor.take("FILLER"):
            if filler is not None:
                raise conflict()
            filler = read_type(cursor)
        else:
            read_field_option(cursor, options)
    return CopyColumn(name, filler=filler, format=FieldFormat(**options))  # type: ignore[arg-type]


def read_type(cursor: TokenCursor) -> VType:
    """Read a type: the longest run of words, with numbers in brackets, that is one."""
    start, depth, ends = cursor.place, 0, []
    while cursor.token.kind in ("word", "number") or cursor.token.word in ("(", ")", ","):
        word = cursor.token.word
        if depth == 0 and word in (",", ")"):
            break
        depth += (word == "(") - (word == ")")
        cursor.step()
        if depth == 0:
            ends.append(cursor.place)
    error: VerticaError | None = None
    for end in reversed(ends):
        text = cursor.text[cursor.tokens[start].start : cursor.tokens[end - 1].end]
        try:
            vtype = parse_type(text)
        except VerticaError as refused:
            error = refused
            continue
        cursor.place = end
        return vtype
    raise error or cursor.refusal()


def read_source(cursor: TokenCursor) -> Source:
    """Read FROM and what follows it up to the first option."""
    if not cursor.take("FROM"):
        if cursor.token.kind == "end" or cursor.at("WITH"):
            message = (
                "COPY requires a data source; either a FROM clause "
                "or a WITH SOURCE for a user-defined source"
            )
            raise VerticaError("42601", message, 2778)
        raise cursor.refusal()
    if cursor.at("VERTICA"):
        raise unsupported("COPY FROM VERTICA")
    local = cursor.take("LOCAL")
    if cursor.take("STDIN"):
        return Source("local stdin" if local else "stdin", (), read_compression(cursor))
    paths = [read_path(cursor, local)]
    while cursor.take(","):
        paths.append(read_path(cursor, local))
    return Source("local" if local else "server", tuple(paths))


def read_path(cursor: TokenCursor, local: bool) -> Path:
    """Read 'path' [ON node | ON ANY NODE | ON EACH NODE | ON (nodes)] [compression]."""
    path = cursor.string()
    if not local and cursor.take("ON"):
        read_nodes(cursor)
    return Path(path, read_compression(cursor))


def read_nodes(cursor: TokenCursor) -> None:
    """Read the nodes a path is on; a single node has them all."""
    if cursor.take("ANY", "NODE") or cursor.take("EACH", "NODE"):
        return
    if not cursor.take("("):
        cursor.name()
        return
    cursor.name()
    while cursor.take(","):
        cursor.name()
    cursor.expect(")")


def read_compression(cursor: TokenCursor) -> Compression:
    """Read the compression of one source, if it is named."""
    for word, meaning in COMPRESSIONS.items():
        if cursor.take(word):
            if meaning == "LZO":
                raise unsupported("LZO compression")
            return meaning
    return "UNCOMPRESSED"


def read_field_option(cursor: TokenCursor, options: Options) -> None:
    """Read one option that a single column may have."""
    for words, reader in FIELD_OPTIONS.items():
        if cursor.take(*words):
            reader(cursor, options)
            return
    raise cursor.refusal()


def read_option(cursor: TokenCursor, options: Options) -> None:
    """Read one option of the whole statement."""
    cursor.take("WITH")
    if cursor.token.word in (*FOREIGN_FORMATS, *FOREIGN_CLAUSES):
        raise unsupported(f"COPY {cursor.token.word}")
    for words, reader in STATEMENT_OPTIONS.items():
        if cursor.take(*words):
            reader(cursor, options)
            return
    raise cursor.refusal()


def put(options: Options, name: str, value: object) -> None:
    """Note an option; refuse it the second time."""
    if name in options:
        raise conflict()
    options[name] = value


def text_option(name: str, optional: str | None = None) -> Reader:
    """Return the reader of an option with a string, perhaps after a small word."""

    def read(cursor: TokenCursor, options: Options) -> None:
        if optional is not None:
            cursor.take(optional)
        put(options, name, cursor.string())

    return read


def number_option(name: str) -> Reader:
    """Return the reader of an option with an unsigned integer."""

    def read(cursor: TokenCursor, options: Options) -> None:
        put(options, name, cursor.integer())

    return read


def read_skipped_octets(_cursor: TokenCursor, _options: Options) -> None:
    """Refuse SKIP BYTES, which is for records of a fixed width."""
    raise unsupported("SKIP BYTES")


def flag_option(name: str) -> Reader:
    """Return the reader of an option that stands alone."""

    def read(_cursor: TokenCursor, options: Options) -> None:
        put(options, name, True)

    return read


def read_rejected(cursor: TokenCursor, options: Options) -> None:
    """Read what follows REJECTED DATA: a path, or AS TABLE and a name."""
    if cursor.take("AS", "TABLE"):
        schema, name = read_table_name(cursor)
        if "data_path" in options:
            raise both_rejects()
        put(options, "table", RejectTable(schema, name))
        return
    if "table" in options:
        raise both_rejects()
    read_file("data_path", cursor, options)


def read_exceptions(cursor: TokenCursor, options: Options) -> None:
    """Read what follows EXCEPTIONS."""
    read_file("exceptions_path", cursor, options)


def read_file(name: str, cursor: TokenCursor, options: Options) -> None:
    """Read 'path' [ON node] of a file of rejects; one path serves all sources."""
    put(options, name, cursor.string())
    if cursor.take("ON"):
        read_nodes(cursor)


def read_parser(cursor: TokenCursor, options: Options) -> None:
    """Read PARSER name (argument = value, …)."""
    name = cursor.name().lower()
    if name not in PARSERS:
        raise unsupported(f"PARSER {name}")
    arguments: dict[str, str] = {}
    cursor.expect("(")
    while not cursor.take(")"):
        if arguments:
            cursor.expect(",")
        argument = cursor.name().lower()
        cursor.expect("=")
        if argument in arguments:
            raise conflict()
        arguments[argument] = cursor.step().value
    put(options, "parser", ParserCall(name, tuple(arguments.items())))


def unsupported(what: str) -> VerticaError:
    """Return the refusal of something that Vertica has and this server has not."""
    return VerticaError("0A000", f"{what} is not supported here")


def both_rejects() -> VerticaError:
    """Return the refusal of a reject file together with a reject table."""
    message = "Cannot specify both a rejected data file and a rejected table in the same statement"
    return VerticaError("42601", message)


FIELD_OPTIONS: dict[tuple[str, ...], Reader] = {
    ("DELIMITER",): text_option("delimiter", "AS"),
    ("NULL",): text_option("null", "AS"),
    ("ESCAPE",): text_option("escape", "AS"),
    ("NO", "ESCAPE"): flag_option("no_escape"),
    ("ENCLOSED",): text_option("enclosed", "BY"),
    ("ENFORCELENGTH",): flag_option("enforce_length"),
    ("FORMAT",): text_option("layout"),
    ("TRIM",): text_option("trim"),
}
STATEMENT_OPTIONS: dict[tuple[str, ...], Reader] = {
    **{words: reader for words, reader in FIELD_OPTIONS.items() if words != ("FORMAT",)},
    ("RECORD", "TERMINATOR"): text_option("record_terminator"),
    ("TRAILING", "NULLCOLS"): flag_option("trailing_nullcols"),
    ("SKIP", "BYTES"): read_skipped_octets,
    ("SKIP",): number_option("skip"),
    ("REJECTED", "DATA"): read_rejected,
    ("EXCEPTIONS",): read_exceptions,
    ("RETURNREJECTED",): flag_option("row_numbers"),
    ("REJECTMAX",): number_option("limit"),
    ("ABORT", "ON", "ERROR"): flag_option("abort"),
    ("ERROR", "TOLERANCE"): flag_option("error_tolerance"),
    ("STREAM", "NAME"): text_option("stream_name"),
    ("NO", "COMMIT"): flag_option("no_commit"),
    ("DIRECT",): flag_option("load method"),
    ("AUTO",): flag_option("load method"),
    ("TRICKLE",): flag_option("load method"),
    ("PARSER",): read_parser,
}
