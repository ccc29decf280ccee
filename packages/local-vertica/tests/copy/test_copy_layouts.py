"""COPY's FORMAT, after Vertica's pages: COPY parameters (10.1) and template patterns."""

from datetime import date, datetime, time

import pytest

from local_vertica.errors import VerticaError

READ = [
    ("DATE", "DD.MM.YYYY", "20.01.2020", date(2020, 1, 20)),
    ("DATE", "DD-MM-YYYY", "02-01-2020", date(2020, 1, 2)),
    ("DATE", "DD/MM/YYYY", "2/1/2020", date(2020, 1, 2)),
    ("DATE", "YYYYMMDD", "20200102", date(2020, 1, 2)),
    ("DATE", "YYYY", "2020", date(2020, 1, 1)),
    ("DATE", "DD.MM.YY", "02.01.68", date(2068, 1, 2)),
    ("DATE", "DD.MM.YY", "02.01.69", date(1969, 1, 2)),
    ("DATE", "dd Mon yyyy", "2 feb 2020", date(2020, 2, 2)),
    ("DATE", "Month DD, YYYY", "February 2, 2020", date(2020, 2, 2)),
    ("TIMESTAMP", "DD.MM.YYYY HH24:MI:SS", "02.01.2020 23:04:05", datetime(2020, 1, 2, 23, 4, 5)),
    ("TIMESTAMP", "DD.MM.YYYY HH:MI AM", "02.01.2020 11:04 PM", datetime(2020, 1, 2, 23, 4)),
    ("TIMESTAMP", "DDMMYYYY HH24MISS.MS", "02012020 030405.7", datetime(2020, 1, 2, 3, 4, 5, 7000)),
    ("TIMESTAMP", 'DD.MM.YYYY"T"HH24', "02.01.2020T05", datetime(2020, 1, 2, 5)),
    ("TIME", "HH24MI", "0405", time(4, 5)),
]


@pytest.mark.parametrize("case", READ)
def test_reads_by_the_layout(session, case: tuple[str, str, str, object]) -> None:
    """A value is read as its column's FORMAT says, not as the default spellings would have it."""
    column, layout, text, value = case
    session.create("t", f"a {column}")
    session.copy(f"COPY t (a FORMAT '{layout}') FROM STDIN", f"{text}\n".encode())
    assert session.rows("SELECT a FROM t") == [(value,)]


@pytest.mark.parametrize("text", ["2020-01-20", "31.02.2020", "20.13.2020", "20.01.2020 x", "x"])
def test_rejects_what_is_not_so_written(session, text: str) -> None:
    """A value in another spelling is rejected, though it were one that COPY reads by itself."""
    session.create("t", "a DATE")
    outcome = session.copy("COPY t (a FORMAT 'DD.MM.YYYY') FROM STDIN", f"{text}\n".encode())
    assert (outcome.accepted, outcome.rejected) == (0, 1)


@pytest.mark.parametrize(
    ("column", "layout", "sqlstate"),
    [
        ("DATE", "DD.MM.YYYY TZ", "0A000"),
        ("DATE", "DD.MM.YYYY DD", "22007"),
        ("INT", "999", "0A000"),
        ("VARCHAR(9)", "DD.MM.YYYY", "0A000"),
        ("VARBINARY(9)", "base64", "22023"),
    ],
)
def test_refuses_an_unknown_layout(session, column: str, layout: str, sqlstate: str) -> None:
    """A FORMAT that cannot be followed fails the statement: no value is read some other way."""
    session.create("t", f"a {column}")
    with pytest.raises(VerticaError) as caught:
        session.copy(f"COPY t (a FORMAT '{layout}') FROM STDIN", b"1\n")
    assert caught.value.sqlstate == sqlstate
