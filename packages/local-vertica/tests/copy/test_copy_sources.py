"""Where a COPY finds its input and where it leaves its rejects."""

import bz2
import gzip
from pathlib import Path

import pytest

from local_vertica.copy import sources
from local_vertica.errors import VerticaError

REJECTING = "COPY t FROM {} DELIMITER ',' ENFORCELENGTH"


@pytest.fixture
def table(session):
    """Lend a session with a table of a number and a short text."""
    session.create("t", "a INT; b VARCHAR(9)")
    return session


def test_server_files_by_pattern(table, tmp_path: Path) -> None:
    """A pattern of a server-side path loads every file that fits, and rejects name the file."""
    (tmp_path / "1.csv").write_bytes(b"1,a\nx,b\n")
    (tmp_path / "2.csv").write_bytes(b"2,c")
    outcome = table.copy(f"COPY t FROM '{tmp_path}/*.csv' DELIMITER ',' REJECTED DATA AS TABLE r")
    assert (outcome.accepted, outcome.rejected) == (2, 1)
    assert table.rows("SELECT file_name, row_number FROM r") == [(f"{tmp_path}/1.csv", 2)]


def test_server_files_with_different_packing(table, tmp_path: Path) -> None:
    """Each path has the compression that stands behind it."""
    (tmp_path / "1.gz").write_bytes(gzip.compress(b"1,a\n"))
    (tmp_path / "2.bz2").write_bytes(bz2.compress(b"2,b\n"))
    (tmp_path / "3.csv").write_bytes(b"3,c\n")
    paths = f"'{tmp_path}/1.gz' GZIP, '{tmp_path}/2.bz2' BZIP, '{tmp_path}/3.csv'"
    assert table.copy(f"COPY t FROM {paths} DELIMITER ','").accepted == 3
    assert list(table.spool_folder.iterdir()) == []


@pytest.mark.parametrize(
    ("source", "sqlstate"),
    [
        ("'/nowhere/a.csv'", "58V01"),
        ("'/nowhere/*.csv'", "58V01"),
        ("'/tmp'", "58V01"),
        ("'hdfs://x/y'", "0A000"),
        ("'s3://bucket/key'", "42501"),
    ],
)
def test_unreadable_paths_are_refused(table, source: str, sqlstate: str) -> None:
    """A path that cannot be read refuses the statement."""
    with pytest.raises(VerticaError) as caught:
        table.copy(f"COPY t FROM {source}")
    assert caught.value.sqlstate == sqlstate


def test_broken_archive_is_refused(table) -> None:
    """An archive cut short loads nothing."""
    packed = gzip.compress(b"1,a\n" * 1000)
    with pytest.raises(VerticaError, match="GZIP"):
        table.copy("COPY t FROM STDIN GZIP DELIMITER ','", packed[: len(packed) // 2])
    assert table.rows("SELECT count(*) FROM t") == [(0,)]


def test_client_gets_its_files(table) -> None:
    """COPY LOCAL hands the client the rejected rows and the reasons, in the order of the files."""
    outcome = table.copy(
        "COPY t FROM LOCAL 'x', 'y' DELIMITER ',' ENFORCELENGTH"
        " REJECTED DATA '/c/rej' EXCEPTIONS '/c/exc'",
        b"1,foo\n2,bar\nx\xc3\xb1,bla",
        b"4,\n5,aaaaaaaaaa\n,baz",
    )
    assert outcome.accepted == 4
    rejected, exceptions = outcome.client_files
    assert (rejected.name, rejected.content) == ("/c/rej", "xñ,bla\n5,aaaaaaaaaa\n".encode())
    assert exceptions.name == "/c/exc"
    assert exceptions.content.decode().splitlines() == [
        (
            "COPY: Input record 3 in /in/0.dat has been rejected (Invalid integer format 'xñ' for"
            " column 1 (a)).  Please see /c/rej, record 1 for the rejected record."
        ),
        (
            "COPY: Input record 2 in /in/1.dat has been rejected (The 10-byte value is too long for"
            " type Varchar(9), column 2 (b)).  Please see /c/rej, record 2 for the rejected record."
        ),
    ]


def test_client_gets_row_numbers(table) -> None:
    """RETURNREJECTED gives the numbers of the rejected rows instead of files."""
    outcome = table.copy("COPY t FROM LOCAL 'x' DELIMITER ',' RETURNREJECTED", b"1,a\nx,b\ny,c\n")
    assert outcome.rejected_rows == (2, 3)
    assert outcome.client_files == ()


def test_server_writes_its_files(table, tmp_path: Path) -> None:
    """Without LOCAL the server writes the files of rejects, into a folder if one is named."""
    home = tmp_path / "rejects"
    home.mkdir()
    outcome = table.copy(
        f"COPY t FROM STDIN DELIMITER ',' REJECTED DATA '{home}' EXCEPTIONS '{tmp_path}/new/exc'",
        b"x,a\n",
    )
    assert outcome.client_files == ()
    assert (home / "t-copy-from-rejected-data").read_bytes() == b"x,a\n"
    assert "STDIN" in (tmp_path / "new" / "exc").read_text()


def test_packing_follows_the_pattern_that_names_the_file(table) -> None:
    """A client's file is unpacked as the pattern says under which it was sent."""
    statement = "COPY t FROM LOCAL '/in/0.*' GZIP, '/in/1.dat' DELIMITER ','"
    assert table.copy(statement, gzip.compress(b"1,a\n"), b"2,b\n").accepted == 2


def test_stdin_has_its_name(table) -> None:
    """Rejects of STDIN carry the name that Vertica gives them, and the session's identifiers."""
    table.copy("COPY t FROM STDIN DELIMITER ',' REJECTED DATA AS TABLE r", b"x,a\n")
    assert table.rows("SELECT * FROM r") == [
        (
            "v_test_node0001",
            sources.STDIN,
            "v_test_node0001-1:0x1",
            45035996273704970,
            7,
            0,
            1,
            "x,a",
            3,
            "Invalid integer format 'x' for column 1 (a)",
        )
    ]
