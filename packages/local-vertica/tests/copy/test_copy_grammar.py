"""What the grammar of COPY accepts and what it refuses."""

import pytest

from local_vertica.copy.grammar import parse_copy
from local_vertica.copy.options import CopyStatement, FieldFormat, ParserCall, RejectTable
from local_vertica.errors import VerticaError
from local_vertica.types import VType

PRODUCT = (
    "COPY staging.users (load_id AS 1, staged_at AS '2021-01-01 00:00:00'::TIMESTAMP, record_no,"
    " id)"
    r" FROM STDIN DELIMITER E'\037' RECORD TERMINATOR E'\036' NULL E'\025' NO ESCAPE ENFORCELENGTH"
    " REJECTED DATA AS TABLE users_copy_rejects NO COMMIT"
)

ACCEPTED = [
    "COPY t FROM STDIN",
    "copy T from stdin;",
    "COPY s.t FROM STDIN GZIP DELIMITER ','",
    "COPY db.s.t FROM STDIN BZIP",
    'COPY "s"."T t" FROM STDIN ZSTD',
    "COPY /*+ DIRECT */ t FROM STDIN UNCOMPRESSED DIRECT",
    "COPY t FROM STDIN AUTO",
    "COPY t FROM STDIN TRICKLE",
    "COPY t (a, b) FROM LOCAL STDIN DELIMITER AS ';'",
    "COPY t FROM LOCAL 'a.csv', 'b*.csv' GZIP ENCLOSED BY '\"'",
    "COPY t FROM '/data/a.csv' ON ANY NODE, '/data/b.csv' ON node01 GZIP",
    "COPY t FROM '/data/a.csv' ON (node01, node02)",
    "COPY t FROM '/data/a.csv' ON EACH NODE",
    "COPY t FROM 's3://bucket/*.csv' ON ANY NODE DELIMITER ','",
    "COPY t FROM STDIN ESCAPE AS '!' ENCLOSED '#' NULL AS 'n/a'",
    "COPY t FROM STDIN ESCAPE '!' ENCLOSED BY '#' NULL 'n/a'",
    "COPY t FROM STDIN NO ESCAPE ENCLOSED BY '\\'",
    "COPY t FROM STDIN SKIP 1 TRAILING NULLCOLS TRIM ' '",
    "COPY t FROM STDIN TRIM ''",
    "COPY t FROM STDIN REJECTMAX 10 STREAM NAME 'night' ERROR TOLERANCE",
    "COPY t FROM STDIN ABORT ON ERROR NO COMMIT ENFORCELENGTH",
    "COPY t FROM STDIN REJECTED DATA '/r' ON node01 EXCEPTIONS '/e'",
    "COPY t FROM STDIN REJECTED DATA AS TABLE s.r",
    "COPY t FROM LOCAL 'a' RETURNREJECTED",
    "COPY t (a, b FILLER INT, c AS b + 1) FROM STDIN",
    "COPY t (a FILLER VARCHAR(10) NULL 'x', b FILLER LONG VARCHAR DELIMITER ';', c) FROM STDIN",
    "COPY t (a FILLER TIMESTAMP(3) WITH TIME ZONE, b AS a::DATE) FROM STDIN",
    "COPY t (a FORMAT 'hex', b ENFORCELENGTH, c NO ESCAPE) FROM STDIN",
    "COPY t COLUMN OPTION (a NULL 'x' DELIMITER ';', b TRIM '*') FROM STDIN",
    "COPY t FROM STDIN PARSER fcsvparser(type='traditional', delimiter=';', header='false')",
    "COPY t FROM STDIN WITH PARSER fcsvparser()",
    "COPY t (a, b AS CASE WHEN a IN (1, 2) THEN f(a, ')') ELSE NULL END) FROM STDIN",
    "COPY t FROM STDIN -- the end",
    r"COPY t FROM STDIN RECORD TERMINATOR E'\r\n'",
    r"COPY t FROM STDIN DELIMITER E'\t' NULL E'\\N'",
]

REFUSED = [
    ("COPY t", "42601", 2778),
    ("COPY t WITH SOURCE s()", "42601", 2778),
    ("COPY FROM STDIN", "42601", 4856),
    ("COPY t TO STDOUT", "42601", 4856),
    ("COPY t FROM STDOUT", "42601", 4856),
    ("COPY t FROM STDIN CSV", "42601", 4856),
    ("COPY t FROM STDIN HEADER", "42601", 4856),
    ("COPY t FROM STDIN (FORMAT csv)", "42601", 4856),
    ("COPY t FROM STDIN QUOTE '\"'", "42601", 4856),
    ("COPY t FROM STDIN DELIMITER", "42601", 4856),
    ("COPY t FROM STDIN DELIMITER |", "42601", 4856),
    ("COPY t FROM STDIN SKIP -1", "42601", 4856),
    ("COPY t FROM STDIN SKIP 'x'", "42601", 4856),
    ("COPY t FROM STDIN REJECTMAX 1.5", "42601", 4856),
    ("COPY t FROM STDIN NO", "42601", 4856),
    ("COPY t FROM STDIN FORMAT 'hex'", "42601", 4856),
    ("COPY t () FROM STDIN", "42601", 4856),
    ("COPY t (a,) FROM STDIN", "42601", 4856),
    ("COPY t (a AS) FROM STDIN", "42601", 4856),
    ("COPY t (a FILLER) FROM STDIN", "42601", 4856),
    ("COPY t (a SKIP 1) FROM STDIN", "42601", 4856),
    ("COPY t COLUMN OPTION (a) FROM STDIN", "42601", 4856),
    ("COPY t FROM LOCAL 'a' ON ANY NODE", "42601", 4856),
    ("COPY t FROM STDIN, '/a'", "42601", 4856),
    ("COPY t FROM STDIN; SELECT 1", "42601", 4856),
    ("COPY (SELECT 1) FROM STDIN", "42601", 4856),
    ("COPY a.b.c.t FROM STDIN", "42601", 4856),
    ("COPY t FROM STDIN EXCEPTIONS AS TABLE e", "42601", 4856),
    ("COPY t (a FILLER NUMBERS) FROM STDIN", "42704", 5108),
    ("COPY t FROM STDIN DELIMITER ',' DELIMITER ';'", "2200B", 2699),
    ("COPY t FROM STDIN NULL 'a' NULL 'b'", "2200B", 2699),
    ("COPY t FROM STDIN SKIP 1 SKIP 2", "2200B", 2699),
    ("COPY t FROM STDIN NO COMMIT NO COMMIT", "2200B", 2699),
    ("COPY t FROM STDIN DIRECT TRICKLE", "2200B", 2699),
    ("COPY t FROM STDIN ABORT ON ERROR REJECTMAX 1 ABORT ON ERROR", "2200B", 2699),
    ("COPY t (a NULL 'x' NULL 'y') FROM STDIN", "2200B", 2699),
    ("COPY t (a FILLER INT FILLER INT) FROM STDIN", "2200B", 2699),
    ("COPY t COLUMN OPTION (a NULL 'x', A NULL 'y') FROM STDIN", "2200B", 2699),
    ("COPY t FROM STDIN REJECTED DATA '/a' REJECTED DATA '/b'", "2200B", 2699),
    ("COPY t FROM STDIN PARSER fcsvparser(type='a', type='b')", "2200B", 2699),
    ("COPY t FROM STDIN DELIMITER '||'", "22019", 2730),
    ("COPY t FROM STDIN DELIMITER ''", "22019", 2730),
    ("COPY t FROM STDIN DELIMITER 'й'", "22019", 2730),
    ("COPY t (a DELIMITER ';;') FROM STDIN", "22019", 2729),
    ("COPY t FROM STDIN ENCLOSED BY '\"\"'", "22019", 2734),
    ("COPY t (a ENCLOSED BY '\"\"') FROM STDIN", "22019", 2733),
    ("COPY t FROM STDIN ENCLOSED BY ' '", "22019", 2731),
    ("COPY t (a ENCLOSED BY ' ') FROM STDIN", "22019", 2732),
    ("COPY t FROM STDIN ESCAPE AS 'ab'", "22019", 2737),
    ("COPY t (a ESCAPE AS 'ab') FROM STDIN", "22019", 2736),
    ("COPY t FROM STDIN TRIM 'ab'", "22019", 2759),
    ("COPY t (a TRIM 'ab') FROM STDIN", "22019", 2758),
    ("COPY t FROM STDIN NO ESCAPE ESCAPE AS '!'", "22V0B", 2746),
    ("COPY t FROM STDIN ESCAPE AS '!' NO ESCAPE", "22V0B", 2746),
    ("COPY t (a NO ESCAPE ESCAPE AS '!') FROM STDIN", "22V0B", 2747),
    ("COPY t FROM STDIN ENCLOSED BY '\"' ESCAPE AS '\"'", "22023", 3169),
    ("COPY t FROM STDIN ENCLOSED BY '\\'", "22023", 3169),
    ("COPY t FROM STDIN ENCLOSED BY '|'", "22023", 0),
    ("COPY t FROM STDIN DELIMITER ',' NULL 'a,b'", "22023", 0),
    ("COPY t FROM STDIN RECORD TERMINATOR ''", "22023", 0),
    ("COPY t FROM STDIN REJECTED DATA '/a' EXCEPTIONS '/a'", "22023", 2028),
    ("COPY t FROM STDIN REJECTED DATA AS TABLE r EXCEPTIONS '/e'", "42601", 0),
    ("COPY t FROM STDIN REJECTED DATA '/a' REJECTED DATA AS TABLE r", "42601", 0),
    ("COPY t FROM STDIN REJECTED DATA AS TABLE r REJECTED DATA '/a'", "42601", 0),
    ("COPY t FROM LOCAL 'a' RETURNREJECTED REJECTED DATA '/a'", "0A000", 0),
    ("COPY t FROM LOCAL 'a' RETURNREJECTED EXCEPTIONS '/a'", "0A000", 0),
    ("COPY t FROM STDIN RETURNREJECTED", "0A000", 0),
    ("COPY t (a, A) FROM STDIN", "42701", 2663),
    ("COPY t (a AS 1, b AS 2) FROM STDIN", "42601", 2156),
    ("COPY t FROM STDIN LZO", "0A000", 0),
    ("COPY t FROM STDIN NATIVE", "0A000", 0),
    ("COPY t FROM STDIN NATIVE VARCHAR", "0A000", 0),
    ("COPY t FROM STDIN FIXEDWIDTH COLSIZES (1, 2)", "0A000", 0),
    ("COPY t FROM STDIN SKIP BYTES 3", "0A000", 0),
    ("COPY t FROM '/a.orc' ORC", "0A000", 0),
    ("COPY t FROM '/a.parquet' PARQUET", "0A000", 0),
    ("COPY t FROM VERTICA db.s.t", "0A000", 0),
    ("COPY t FROM STDIN FILTER f()", "0A000", 0),
    ("COPY t FROM STDIN PARSER fjsonparser()", "0A000", 0),
    ("COPY t FROM STDIN PARSER fcsvparser() DELIMITER ','", "42601", 0),
]


def refusal(text: str) -> tuple[str, int]:
    """Return the SQLSTATE and the number with which a statement is refused."""
    with pytest.raises(VerticaError) as caught:
        parse_copy(text)
    return caught.value.sqlstate, caught.value.number


@pytest.mark.parametrize("text", ACCEPTED)
def test_accepts_what_is_documented(text: str) -> None:
    """A documented form of COPY parses."""
    assert isinstance(parse_copy(text), CopyStatement)


@pytest.mark.parametrize(("text", "sqlstate", "number"), REFUSED)
def test_refuses_what_is_wrong(text: str, sqlstate: str, number: int) -> None:
    """What Vertica refuses is refused with its SQLSTATE and number."""
    assert refusal(text) == (sqlstate, number)


def test_product_statement_is_read_whole() -> None:
    """Every clause of the loader's own COPY arrives in the statement."""
    statement = parse_copy(PRODUCT)
    assert (statement.schema, statement.table) == ("staging", "users")
    assert [column.name for column in statement.columns] == [
        "load_id",
        "staged_at",
        "record_no",
        "id",
    ]
    assert statement.columns[1].expression == "'2021-01-01 00:00:00'::TIMESTAMP"
    assert statement.format == FieldFormat(
        delimiter="\x1f", null="\x15", no_escape=True, enforce_length=True
    )
    assert statement.record_terminator == "\x1e"
    assert statement.rejection.table == RejectTable(None, "users_copy_rejects")
    assert statement.no_commit
    assert statement.source.kind == "stdin"


def test_filler_keeps_type_and_options() -> None:
    """A filler's type ends where its options begin."""
    statement = parse_copy("COPY t (a FILLER NUMERIC(10, 2) NULL 'x' TRIM '*', b AS a) FROM STDIN")
    assert statement.columns[0].filler == VType("NUMERIC", precision=10, scale=2)
    assert statement.columns[0].format == FieldFormat(null="x", trim="*")


def test_expression_keeps_its_text() -> None:
    """A computed column's text reaches the translator untouched."""
    statement = parse_copy("COPY t (a, b AS  COALESCE(a, 'x,)')  || 'y' , c) FROM STDIN")
    assert statement.columns[1].expression == "COALESCE(a, 'x,)')  || 'y'"


def test_local_files_are_named_as_written() -> None:
    """The client is asked for exactly the patterns of the statement."""
    statement = parse_copy("COPY t FROM LOCAL 'a b.csv', '/x/*.csv'")
    assert statement.local_files == ("a b.csv", "/x/*.csv")
    assert statement.needs_client
    assert parse_copy("COPY t FROM STDIN").local_files == ()
    assert not parse_copy("COPY t FROM '/x/*.csv'").needs_client


def test_parser_arguments_are_kept() -> None:
    """The arguments of a named parser are kept by lower-case name."""
    statement = parse_copy("COPY t FROM STDIN PARSER FCSVPARSER(Type='traditional', header=false)")
    assert statement.parser == ParserCall(
        "fcsvparser", (("type", "traditional"), ("header", "false"))
    )
