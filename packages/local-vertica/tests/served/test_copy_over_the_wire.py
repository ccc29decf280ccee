"""COPY from the unmodified client: what comes back, what stays, what is taken back."""

import gzip
import io
import warnings
from pathlib import Path

import pytest
from vertica_python import errors

PRODUCT = (
    r"COPY {schema}.t (load_id AS 1, staged_at AS '2021-01-01 00:00:00'::TIMESTAMP, id, message)"
    r" FROM STDIN DELIMITER E'\037' RECORD TERMINATOR E'\036' NULL E'\025' NO ESCAPE ENFORCELENGTH"
    r" REJECTED DATA AS TABLE {table} NO COMMIT"
)
MESSAGES = [
    "two\nlines",
    'he said "no"',
    "c:\\path\\n",
    "a, b",
    "Привет, мир",
    "",
    None,
    "\r\n",
    "\x01",
]


@pytest.fixture
def cursor(schema, connect):
    """Lend a cursor and two tables; it closes, and gives up its locks, before the schema goes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = connect().cursor()
    found.execute(
        f"CREATE TABLE {schema}.t (load_id INT, staged_at TIMESTAMP, id INT, message VARCHAR(20))"
    )
    found.execute(f"CREATE TABLE {schema}.two (a INT, b VARCHAR(9))")
    return found


def rows(cursor, query: str) -> list[list[object]]:
    """Return what a query gives."""
    cursor.execute(query)
    return cursor.fetchall()


def product_file(messages: list[str | None]) -> bytes:
    """Write messages, numbered from 1, as the loader does."""
    texts = ((n, "\x15" if m is None else m) for n, m in enumerate(messages, 1))
    fields = (f"{n}\x1f{text}\x1e" for n, text in texts)
    return "".join(fields).encode()


def test_product_format_arrives_byte_for_byte(cursor, schema):
    """Whatever stands in a text comes back, computed columns beside it."""
    cursor.copy(PRODUCT.format(schema=schema, table="rejects_1"), product_file(MESSAGES))
    found = rows(cursor, f"SELECT message FROM {schema}.t ORDER BY id")
    assert [message for (message,) in found] == MESSAGES
    assert rows(cursor, f"SELECT DISTINCT load_id, staged_at::VARCHAR FROM {schema}.t") == [
        [1, "2021-01-01 00:00:00"]
    ]


def test_rejects_stay_in_the_session(cursor, connect, schema):
    """With NO COMMIT a new reject table is the session's own, and ROLLBACK takes the rows back."""
    data = product_file(["a", "x" * 21]) + b"three\x1fc\x1e4\x1e"
    cursor.copy(PRODUCT.format(schema=schema, table="rejects_2"), data)
    assert rows(cursor, "SELECT GET_NUM_ACCEPTED_ROWS(), GET_NUM_REJECTED_ROWS()") == [[1, 3]]
    found = rows(cursor, "SELECT row_number, rejected_reason FROM rejects_2 ORDER BY row_number")
    assert found[:2] == [
        [2, "The 21-byte value is too long for type Varchar(20), column 2 (message)"],
        [3, "Invalid integer format 'three' for column 1 (id)"],
    ]
    assert [number for number, _ in found] == [2, 3, 4]
    with pytest.raises(errors.MissingRelation):
        connect().cursor().execute("SELECT * FROM rejects_2")
    cursor.execute("ROLLBACK")
    assert rows(cursor, f"SELECT count(*) FROM {schema}.t") == [[0]]


def test_copy_commits(cursor, schema):
    """Without NO COMMIT a COPY commits itself and what was open."""
    cursor.execute(f"INSERT INTO {schema}.two VALUES (1, 'a')")
    cursor.copy(f"COPY {schema}.two FROM STDIN", "2|b\n")
    cursor.execute("ROLLBACK")
    assert rows(cursor, f"SELECT a FROM {schema}.two ORDER BY a") == [[1], [2]]


def test_failed_copy_leaves_the_transaction(cursor, schema):
    """A COPY that fails leaves nothing of its own and everything before it."""
    cursor.execute(f"INSERT INTO {schema}.two VALUES (1, 'a')")
    many = "".join(f"{n}|ok\n" for n in range(5000))
    with pytest.raises(errors.CopyRejected, match="Input record 5001 has been rejected"):
        cursor.copy(f"COPY {schema}.two FROM STDIN ABORT ON ERROR NO COMMIT", many + "x|y\n")
    with pytest.raises(errors.QueryError):
        cursor.copy(f"COPY {schema}.two (a, z FILLER VARCHAR, b AS z::INT) FROM STDIN", "5|five\n")
    with pytest.raises(errors.VerticaSyntaxError):
        cursor.copy(f"COPY {schema}.two FROM STDIN CSV", "1,a\n")
    cursor.execute("COMMIT")
    assert rows(cursor, f"SELECT * FROM {schema}.two") == [[1, "a"]]


def test_local_files_and_their_rejects(cursor, schema, tmp_path: Path):
    """COPY LOCAL loads the client's files; it writes rejects and reasons where it is told."""
    (tmp_path / "1.csv").write_bytes(b"1,foo\nx,bar\n")
    (tmp_path / "2.csv").write_bytes(b"2,aaaaaaaaaa\n3,baz")
    cursor.execute(
        f"COPY {schema}.two FROM LOCAL '{tmp_path}/1.csv', '{tmp_path}/2*' DELIMITER ','"
        f" ENFORCELENGTH REJECTED DATA '{tmp_path}/rejects' EXCEPTIONS '{tmp_path}/reasons'"
    )
    assert cursor.fetchall() == [[2]]
    assert (tmp_path / "rejects").read_text() == "x,bar\n2,aaaaaaaaaa\n"
    assert (tmp_path / "reasons").read_text().count("has been rejected") == 2


def test_spatial_objects_are_loaded_by_an_expression(cursor, schema):
    """A text becomes an object on its way into the table."""
    cursor.execute(f"CREATE TABLE {schema}.paths (id INT, place GEOMETRY(100))")

    columns = "id, wkt FILLER LONG VARCHAR, place AS ST_GeomFromText(wkt)"
    cursor.copy(f"COPY {schema}.paths ({columns}) FROM STDIN", "1|POINT(1 2)\n2|\n")

    query = f"SELECT id, ST_AsText(place) FROM {schema}.paths ORDER BY id"
    assert rows(cursor, query) == [[1, "POINT (1 2)"], [2, None]]


def test_packed_input(cursor, schema):
    """GZIP and BZIP are unpacked by the server."""
    cursor.copy(f"COPY {schema}.two FROM STDIN GZIP", io.BytesIO(gzip.compress(b"1|a\n")))
    assert rows(cursor, f"SELECT * FROM {schema}.two") == [[1, "a"]]


def test_client_that_breaks_off_leaves_nothing(cursor, schema):
    """Data whose reading fails on the client's side are taken back."""

    class Torn(io.BytesIO):
        """A stream that fails after its first piece."""

        def read(self, size: int | None = -1) -> bytes:
            """Give one piece, then fail."""
            if self.tell():
                raise OSError("the disk is gone")
            return super().read(size)

    with pytest.raises(errors.DataError):
        cursor.copy(f"COPY {schema}.two FROM STDIN", Torn(b"1|a\n"), buffer_size=2)
    assert rows(cursor, f"SELECT count(*) FROM {schema}.two") == [[0]]
