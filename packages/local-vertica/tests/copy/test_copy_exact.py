"""What COPY's DELIMITED parser makes of values and options, after Vertica's documentation."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import duckdb
import pytest

from local_vertica.errors import VerticaError

KEY = UUID("12345678-1234-1234-1234-123456789abc")

TAKEN = [
    ("INT", "5", 5),
    ("INT", " -7 ", -7),
    ("INT", "+007", 7),
    ("INT", "9223372036854775807", 2**63 - 1),
    ("FLOAT", "1.5", 1.5),
    ("FLOAT", "-1e3", -1000.0),
    ("FLOAT", ".5", 0.5),
    ("FLOAT", "Infinity", float("inf")),
    ("NUMERIC(10,2)", "1.5", Decimal("1.50")),
    ("NUMERIC(10,2)", "1.005", Decimal("1.01")),
    ("NUMERIC(10,2)", "-12345678.91", Decimal("-12345678.91")),
    ("NUMERIC(10,2)", "1e3", Decimal("1000.00")),
    ("NUMERIC(3,3)", "0.125", Decimal("0.125")),
    ("BOOLEAN", "t", True),
    ("BOOLEAN", "FALSE", False),
    ("BOOLEAN", "Yes", True),
    ("BOOLEAN", "n", False),
    ("BOOLEAN", "0", False),
    ("DATE", "2020-02-29", date(2020, 2, 29)),
    ("DATE", "02/29/2020", date(2020, 2, 29)),
    ("DATE", "20200229", date(2020, 2, 29)),
    ("DATE", "Feb 29, 2020", date(2020, 2, 29)),
    ("DATE", "29-Feb-2020", date(2020, 2, 29)),
    ("DATE", "2020-02-29 23:59:59", date(2020, 2, 29)),
    ("DATE", "02020-02-29", date(2020, 2, 29)),
    ("DATE", "12020-02-29", "12020-02-29"),
    ("TIME", "10:11", time(10, 11)),
    ("TIME", "10:11:12.5", time(10, 11, 12, 500_000)),
    ("TIME", "10:11 PM", time(22, 11)),
    ("TIMESTAMP", "2020-02-29", datetime(2020, 2, 29)),
    ("TIMESTAMP", "2020-02-29T10:11:12", datetime(2020, 2, 29, 10, 11, 12)),
    ("TIMESTAMP", "2020-02-29 10:11:12.1234567", datetime(2020, 2, 29, 10, 11, 12, 123_457)),
    ("TIMESTAMP", "2020-02-29 10:11:12+03", datetime(2020, 2, 29, 10, 11, 12)),
    ("TIMESTAMP", "2020-12-31 24:00:00", datetime(2021, 1, 1)),
    ("TIMESTAMP(3)", "2020-02-29 10:11:12.12345", datetime(2020, 2, 29, 10, 11, 12, 123_000)),
    ("INTERVAL DAY TO SECOND", "1 12:00:00", timedelta(days=1, hours=12)),
    ("INTERVAL DAY TO SECOND", "3 days 2 hours", timedelta(days=3, hours=2)),
    ("INTERVAL HOUR", "5", timedelta(hours=5)),
    ("UUID", "12345678-1234-1234-1234-123456789abc", KEY),
    ("UUID", "{12345678123412341234123456789ABC}", KEY),
    ("VARCHAR(5)", "", None),
    ("VARCHAR(5)", " a b ", " a b "),
    ("VARCHAR(5)", "при", "пр"),
    ("VARCHAR(6)", "при", "при"),
    ("CHAR(3)", "abcd", "abc"),
    ("LONG VARCHAR", "x" * 100, "x" * 100),
    ("VARBINARY(3)", "ab", b"ab"),
    ("VARBINARY(3)", "abcd", b"abc"),
    ("BINARY(3)", "ab", b"ab\0"),
]

LEFT = [
    ("TIMESTAMP", "2021-01-01 10:00:00+16"),
    ("TIMESTAMPTZ", "2021-01-01 10:00:00-12:60"),
    ("TIMETZ", "10:00:00+1600"),
    ("INT", "1.5"),
    ("INT", "1e3"),
    ("INT", "1_000"),
    ("INT", "0x1F"),
    ("INT", "1,000"),
    ("INT", "-"),
    ("INT", "٣"),
    ("INT", "9223372036854775808"),
    ("INT", "-9223372036854775808"),
    ("FLOAT", "1.5f"),
    ("FLOAT", "1_0.0"),
    ("NUMERIC(10,2)", "123456789.00"),
    ("NUMERIC(10,2)", "999999999.999"),
    ("NUMERIC(10,2)", "one"),
    ("NUMERIC(3,3)", "1"),
    ("BOOLEAN", "2"),
    ("BOOLEAN", "tru"),
    ("DATE", "2021-02-29"),
    ("DATE", "2021-13-01"),
    ("DATE", "yesterday"),
    ("DATE", "0000-01-01"),
    ("TIME", "25:00"),
    ("TIME", "10"),
    ("TIMESTAMP", "2021-01-01 10:60:00"),
    ("TIMESTAMP", "2021-01-01 10:00:00 Nowhere/Nothing"),
    ("INTERVAL DAY TO SECOND", "soon"),
    ("UUID", "12345678-1234-1234-1234-123456789abg"),
    ("UUID", "{12345678-1234-1234-1234-123456789abc"),
]


@pytest.mark.parametrize(("column", "text", "value"), TAKEN)
def test_takes_a_value(session, column: str, text: str, value: object) -> None:
    """A value in a spelling that Vertica takes arrives as what it means."""
    session.create("t", f"a {column}; b INT")
    assert session.copy("COPY t FROM STDIN", f"{text}|1\n".encode()).accepted == 1
    assert session.rows("SELECT a FROM t") == [(value,)]


@pytest.mark.parametrize(("column", "text"), LEFT)
def test_rejects_a_value(session, column: str, text: str) -> None:
    """A value that is not of its column's type makes its row a reject that names the column."""
    session.create("t", f"b INT; a {column}")
    outcome = session.copy("COPY t FROM STDIN REJECTED DATA AS TABLE r", f"1|{text}\n".encode())
    assert (outcome.accepted, outcome.rejected) == (0, 1)
    (reason,) = session.rows("SELECT rejected_reason FROM r")[0]
    assert reason.startswith("Invalid ")
    assert reason.endswith(f" format '{text}' for column 2 (a)")


WEST = ("-8", "-08", "-800", "-0800", "-8:00", " -08:00")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2020-07-01 10:00:00", "2020-07-01 07:00:00+00"),
        ("2020-07-01 10:00:00+00", "2020-07-01 10:00:00+00"),
        ("2020-07-01 10:00:00 America/New_York", "2020-07-01 14:00:00+00"),
        ("2020-07-01 10:00:00 zulu", "2020-07-01 10:00:00+00"),
        *((f"2020-07-01 10:00:00{west}", "2020-07-01 18:00:00+00") for west in WEST),
    ],
)
def test_zone_of_the_session(session, text: str, moment: str) -> None:
    """A moment without a zone is the session's; a written zone counts."""
    session.rows("SET TimeZone = 'UTC'")
    session.parameters["timezone"] = "Europe/Moscow"
    session.create("t", "a TIMESTAMPTZ; b INT")
    session.copy("COPY t FROM STDIN", f"{text}|1\n".encode())
    assert session.rows("SELECT a::VARCHAR FROM t") == [(moment,)]


@pytest.mark.parametrize(
    ("column", "text", "words"),
    [
        ("VARCHAR(9)", "kkkkkkkkkkkk", "12-byte value is too long for type Varchar(9), column 2"),
        ("CHAR(2)", "при", "6-byte value is too long for type Char(2), column 2"),
        ("VARBINARY(1)", "ab", "2-byte value is too long for type Varbinary(1), column 2"),
        ("LONG VARCHAR(3)", "abcd", "4-byte value is too long for type Long Varchar(3), column 2"),
    ],
)
def test_enforced_length(session, column: str, text: str, words: str) -> None:
    """ENFORCELENGTH rejects what is too long in octets, in Vertica's words."""
    session.create("t", f"a INT; b {column}")
    statement = "COPY t FROM STDIN ENFORCELENGTH REJECTED DATA AS TABLE r"
    assert session.copy(statement, f"1|{text}\n".encode()).rejected == 1
    assert session.rows("SELECT rejected_reason FROM r") == [(f"The {words} (b)",)]


@pytest.mark.parametrize(
    ("options", "line", "row"),
    [
        ("", "1|a", (1, "a")),
        ("", r"1|a\|b\\c\d", (1, r"a|b\cd")),
        ("", "1|a\\\nb", (1, "a\nb")),
        ("NO ESCAPE", r"1|a\b", (1, r"a\b")),
        ("ESCAPE AS '!'", "1|a!|b!!c\\d", (1, "a|b!c\\d")),
        ("ENCLOSED BY '\"'", '"1"|"a|b"', (1, "a|b")),
        ("ENCLOSED BY '\"'", '1|a"b"', (1, 'a"b"')),
        ("ENCLOSED BY '\"'", '1|"a""b"', (1, 'a""b')),
        ("ENCLOSED BY '\"'", '1|"a\\"', (1, '"a"')),
        ("ENCLOSED BY '\"'", '1|"a', (1, '"a')),
        ("ENCLOSED BY '\"'", '1|""', (1, "")),
        ("ENCLOSED BY '\"' NULL 'x'", '1|"x"', (1, "x")),
        ("NULL 'n/a'", "N/A|a", (None, "a")),
        ("NULL 'n/a'", "1|n/a", (1, None)),
        ("NULL 'n/a'", "1| n/a", (1, " n/a")),
        ("NULL 'n/a'", "1|", (1, "")),
        ("NULL 'a'", r"1|\a", (1, "a")),
        (r"NULL E'\\N'", r"\N|b", (None, "b")),
        ("TRAILING NULLCOLS", "1", (1, None)),
        ("TRIM '*'", "*1*|**a*b**", (1, "a*b")),
        ("DELIMITER E'\\t'", "1\ta|b", (1, "a|b")),
        ("RECORD TERMINATOR ';'", "1|a\nb", (1, "a\nb")),
        ("SKIP 1", "header\n1|a", (1, "a")),
        ("SKIP 2", "a\\\nb\n\n1|a", (1, "a")),
        ("", "1|a\r", (1, "a\r")),
        ("DIRECT", "1|a", (1, "a")),
    ],
)
def test_options(session, options: str, line: str, row: tuple[object, ...]) -> None:
    """Each option of the DELIMITED parser does what it is documented to do."""
    session.create("t", "a INT; b VARCHAR(20)")
    assert session.copy(f"COPY t FROM STDIN {options}", line.encode()).accepted == 1
    assert session.rows("SELECT * FROM t") == [row]


def test_blank_lines_do_not_count(session) -> None:
    """Blank lines are neither loaded nor rejected, and later row numbers leave them out."""
    session.create("t", "c1 INT; c2 VARCHAR; c3 INT")
    content = b"1|A|2\n2|B|4\nA|D|7\nA|E|7\n\n\n6|A|3\nB|A|3\n"
    outcome = session.copy("COPY t FROM STDIN REJECTED DATA AS TABLE test_bad", content)
    assert outcome.accepted == 3
    assert session.rows("SELECT row_number, rejected_data, rejected_reason FROM test_bad") == [
        (3, "A|D|7", "Invalid integer format 'A' for column 1 (c1)"),
        (4, "A|E|7", "Invalid integer format 'A' for column 1 (c1)"),
        (6, "B|A|3", "Invalid integer format 'B' for column 1 (c1)"),
    ]


def test_one_column_takes_no_blank_lines(session) -> None:
    """A blank line is no row of NULL, even in a table of one column."""
    session.create("t", "a INT")
    assert session.copy("COPY t FROM STDIN", b"1\n\n2\n\n\n").accepted == 2


def test_not_null_rejects(session) -> None:
    """NULL for a NOT NULL column makes a reject, for a filler it does not."""
    session.create("t", "a INT NOT NULL; b INT")
    outcome = session.copy("COPY t (a, f FILLER INT, b) FROM STDIN", b"|1|2\n3||\n")
    assert (outcome.accepted, outcome.rejected) == (1, 1)


def test_fillers_and_computed_columns(session) -> None:
    """Fillers are read and not stored; expressions see every field with its type."""
    session.create("t", "year INT; label VARCHAR; day DATE")
    session.copy(
        "COPY t (day, first FILLER VARCHAR(10), last FILLER VARCHAR(10),"
        " label AS first || ' ' || last, year AS year(day)) FROM STDIN",
        b"2020-02-29|Ada|Byron\n2021-01-01|x\\|y|z\n",
    )
    assert session.rows("SELECT * FROM t ORDER BY year") == [
        (2020, "Ada Byron", date(2020, 2, 29)),
        (2021, "x|y z", date(2021, 1, 1)),
    ]


def test_expression_error_aborts(session) -> None:
    """An expression that fails is no reject: the statement fails."""
    session.create("t", "a VARCHAR; b INT")
    with pytest.raises(duckdb.Error):
        session.copy("COPY t (a, b AS CAST(a AS INT)) FROM STDIN", b"x\n")


def test_options_of_single_columns(session) -> None:
    """A column's own options come before those of the statement."""
    session.create("t", "a INT; b VARCHAR(3); c VARCHAR(3); d VARBINARY(4)")
    statement = (
        "COPY t (a DELIMITER ';', b NULL 'x' ENFORCELENGTH, c TRIM '*', d FORMAT 'hex')"
        " FROM STDIN DELIMITER ',' NULL 'y'"
    )
    outcome = session.copy(statement, b"1;x,*yyyy*,0xCAFE\n2;abcd,y,00\n3;y,y,f\n")
    assert (outcome.accepted, outcome.rejected) == (1, 2)
    assert session.rows("SELECT * FROM t") == [(1, None, "yyy", b"\xca\xfe")]


def test_column_option_without_a_list(session) -> None:
    """COLUMN OPTION sets options where all columns are loaded."""
    session.create("t", "a INT; b VARCHAR(9)")
    session.copy("COPY t COLUMN OPTION (b NULL 'none') FROM STDIN", b"1|none\n|x\n")
    assert session.rows("SELECT * FROM t ORDER BY a NULLS FIRST") == [(None, "x"), (1, None)]


def test_abort_on_error(session) -> None:
    """ABORT ON ERROR fails at the first rejected record, in Vertica's words."""
    session.create("t", "a INT; b VARCHAR(9)")
    with pytest.raises(VerticaError) as caught:
        session.copy(
            "COPY t FROM STDIN DELIMITER ',' ENFORCELENGTH ABORT ON ERROR",
            b"9,ok\n10,kkkkkkkkkkkk\n11,qux\nxx,corge",
        )
    assert (caught.value.sqlstate, caught.value.number) == ("22V04", 2035)
    assert caught.value.message == (
        "COPY: Input record 2 has been rejected (The 12-byte value is too long for type"
        " Varchar(9), column 2 (b))"
    )


@pytest.mark.parametrize(("limit", "fails"), [(0, False), (1, True), (2, True), (3, False)])
def test_rejectmax(session, limit: int, fails: bool) -> None:
    """REJECTMAX fails when so many rows are rejected; 0 is no limit."""
    session.create("t", "a INT")
    statement = f"COPY t FROM STDIN REJECTMAX {limit}"
    if not fails:
        assert session.copy(statement, b"1\nx\ny\n").rejected == 2
        return
    with pytest.raises(VerticaError) as caught:
        session.copy(statement, b"1\nx\ny\n")
    assert caught.value.sqlstate == "22V04"


def test_columns_must_exist(session) -> None:
    """Unknown tables and columns, and columns that cannot be left out, are refused."""
    session.create("t", "a INT; b INT NOT NULL")
    for statement, sqlstate in (
        ("COPY nowhere FROM STDIN", "42V01"),
        ("COPY t (a, b, c) FROM STDIN", "42703"),
        ("COPY t (a, b AS 1, a FILLER INT) FROM STDIN", "42701"),
        ("COPY t (b, a FILLER INT) FROM STDIN", "42701"),
        ("COPY t (a, b, place FILLER GEOMETRY) FROM STDIN", "0A000"),
        ("COPY t (a) FROM STDIN", "23502"),
        ("COPY t COLUMN OPTION (x NULL 'a') FROM STDIN", "42703"),
    ):
        with pytest.raises(VerticaError) as caught:
            session.copy(statement, b"1\n")
        assert caught.value.sqlstate == sqlstate


def test_reject_table_lives_by_its_rules(session) -> None:
    """It is made even without rejects, kept and appended to; an ordinary table is refused."""
    session.create("t", "a INT")
    session.copy("COPY t FROM STDIN REJECTED DATA AS TABLE r", b"1\n")
    assert not session.tables["r"].temporary
    session.copy("COPY t FROM STDIN REJECTED DATA AS TABLE r NO COMMIT", b"x\n")
    session.copy("COPY t FROM STDIN REJECTED DATA AS TABLE r", b"y\n")
    assert session.rows("SELECT rejected_data FROM r") == [("x",), ("y",)]
    session.copy("COPY t FROM STDIN REJECTED DATA AS TABLE own NO COMMIT", b"1\n")
    assert session.tables["own"].temporary
    with pytest.raises(VerticaError) as caught:
        session.copy("COPY t FROM STDIN REJECTED DATA AS TABLE t", b"x\n")
    assert caught.value.sqlstate == "42809"


@pytest.mark.parametrize(("options", "commits"), [("", True), ("NO COMMIT", False)])
def test_commits_unless_told(session, options: str, commits: bool) -> None:
    """A COPY commits its transaction unless NO COMMIT says otherwise."""
    session.create("t", "a INT")
    assert session.copy(f"COPY t FROM STDIN {options}", b"1\n").commits is commits


def test_empty_input(session) -> None:
    """Nothing in, nothing out."""
    session.create("t", "a INT")
    for content in (b"", b"\n\n", b"\\"):
        outcome = session.copy("COPY t FROM STDIN", content)
        assert (outcome.accepted, outcome.rejected) == (0, 0)


def test_working_files_are_gone(session) -> None:
    """A COPY leaves nothing in the spool folder, whatever way it took."""
    session.create("t", "a INT; b VARCHAR(80)")
    for content in (b"1|a\n", b"1|a\\|b\r\nx|y\n", b"1;\x01;\n"):
        session.copy("COPY t FROM STDIN REJECTED DATA AS TABLE r", content)
    assert list(session.spool_folder.iterdir()) == []


def test_long_values(session) -> None:
    """Values of megabytes arrive whole, among plain ones and among rejects."""
    session.create("t", "a INT; b LONG VARCHAR(10000000)")
    long = "Я" * 2_500_000
    content = f"1|{long}\n2|x\ny|{long}\n".encode()
    outcome = session.copy("COPY t FROM STDIN REJECTED DATA AS TABLE r", content)
    assert (outcome.accepted, outcome.rejected) == (2, 1)
    assert session.rows("SELECT a, strlen(b) FROM t ORDER BY a") == [(1, 5_000_000), (2, 1)]
    assert session.rows("SELECT rejected_data_orig_length FROM r") == [(5_000_002,)]


@pytest.mark.parametrize("null", ["", "x"])
@pytest.mark.parametrize("end", ["\n", ";"])
def test_an_empty_field_too_many_counts(session, null: str, end: str) -> None:
    """A field behind the last column makes a reject, also where it is empty or NULL."""
    session.create("t", "a INT; b VARCHAR(3)")
    lines = ["1|a", "2|", "3|b|", "4|", "5||", "6|c|", f"7|d|{null}", f"8|{null}|{null}"]
    outcome = session.copy(
        f"COPY t FROM STDIN RECORD TERMINATOR '{end}' NULL '{null}' ENFORCELENGTH NO ESCAPE"
        " REJECTED DATA AS TABLE r",
        end.join(lines).encode(),
    )
    assert (outcome.accepted, outcome.rejected) == (3, 5)
    empty = None if null == "" else ""
    assert session.rows("SELECT * FROM t ORDER BY a") == [(1, "a"), (2, empty), (4, empty)]
    assert session.rows("SELECT DISTINCT rejected_reason FROM r") == [("Too many columns found",)]
    assert session.rows("SELECT row_number, rejected_data FROM r ORDER BY 1") == [
        (3, "3|b|"),
        (5, "5||"),
        (6, "6|c|"),
        (7, f"7|d|{null}"),
        (8, f"8|{null}|{null}"),
    ]
