"""Messages byte by byte, as the official clients read and write them."""

import pytest

from local_vertica.errors import VerticaError
from local_vertica.results import Field
from local_vertica.types import VType, parse_type
from local_vertica.wire import messages

GOLDEN = {
    "authentication": (
        messages.authentication(65536, b"salt"),
        b"R\x00\x00\x00\x0c\x00\x01\x00\x00salt",
    ),
    "parameter status": (
        messages.parameter_status("auto_commit", "on"),
        b"S\x00\x00\x00\x13auto_commit\0on\0",
    ),
    "backend key": (
        messages.backend_key(1, 4294967295),
        b"K\x00\x00\x00\x0c\x00\x00\x00\x01\xff\xff\xff\xff",
    ),
    "ready": (messages.ready("T"), b"Z\x00\x00\x00\x05T"),
    "load balance": (
        messages.load_balance("::1", 5433),
        b"Y\x00\x00\x00\x0c\x00\x00\x15\x39::1\0",
    ),
    "command complete": (messages.command_complete("COPY"), b"C\x00\x00\x00\x09COPY\0"),
    "notice": (
        messages.notice("so"),
        b"N\x00\x00\x00\x18SNOTICE\0C00000\0Mso\0\0",
    ),
    "no columns": (messages.row_description((), binary=False), b"T\x00\x00\x00\x06\x00\x00"),
    "no parameters": (messages.parameter_description([]), b"t\x00\x00\x00\x06\x00\x00"),
    "parameters": (
        messages.parameter_description([(6, -1)]),
        b"t\x00\x00\x00\x15\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x06\xff\xff\xff\xff\x00\x00",
    ),
    "command description": (
        messages.command_description("INSERT"),
        b"m\x00\x00\x00\x0eINSERT\0\x00\x00\0",
    ),
    "copy in": (messages.copy_in(1), b"G\x00\x00\x00\x09\x00\x00\x01\x00\x00"),
    "verify files": (
        messages.verify_files(["/a*", "/b"], "/r", ""),
        b"F\x00\x00\x00\x11\x00\x02/a*\0/b\0/r\0\0",
    ),
    "load file": (messages.load_file("/a"), b"H\x00\x00\x00\x07/a\0"),
    "write file": (
        messages.write_file("/r", b"xy"),
        b"O\x00\x00\x00\x0d/r\0\x00\x00\x00\x02xy",
    ),
}


@pytest.mark.parametrize(("built", "expected"), GOLDEN.values(), ids=GOLDEN.keys())
def test_a_message_has_exactly_these_bytes(built, expected):
    """What the clients were seen to read is what is sent."""
    assert built == expected


def test_an_error_names_its_fields_and_leaves_out_empty_ones():
    """Severity, Vertica's number, SQLSTATE and message are told; no hint means no field."""
    built = messages.error_response(VerticaError("42601", "No", 4856, detail="d"))

    assert built[5:] == b"SERROR\0V4856\0C42601\0MNo\0Dd\0\0"


def test_a_column_of_no_table_has_no_table_names():
    """Schema and table follow only a table number that is not zero."""
    built = messages.row_description((Field("n", VType("INTEGER")),), binary=True)

    assert built[5:] == (
        b"\x00\x01\x00\x00\x00\x00n\0" + bytes(8) + b"\x00\x00"
        b"\x00\x00\x00\x00\x06\x00\x08\x00\x01\x00\x00\xff\xff\xff\xff\x00\x01"
    )


def test_a_column_of_a_table_tells_where_it_comes_from():
    """Schema, table, position, identity and type modifier are told."""
    origin = {"table_oid": 258, "schema": "s", "table": "t", "attnum": 2}
    field = Field("c", parse_type("varchar(5)"), nullable=False, is_identity=True, **origin)

    built = messages.row_description((field,), binary=False)

    assert built[5:] == (
        b"\x00\x01\x00\x00\x00\x00c\0\x00\x00\x00\x00\x00\x00\x01\x02s\0t\0\x00\x02"
        b"\x00\x00\x00\x00\x09\xff\xff\x00\x00\x00\x01\x00\x00\x00\x09\x00\x00"
    )


def test_a_user_type_is_named_once_and_its_columns_point_at_it():
    """A spatial column tells, in place of a type's number, its place among the named types."""
    fields = [Field(name, parse_type("GEOMETRY(9)")) for name in "ab"]

    built = messages.row_description(fields, binary=False)

    tail = bytes(10) + b"\x01\x00\x00\x00\x00\xff\xff\x00\x01\x00\x00\x00\x00\x00\x0d\x00\x00"
    assert built[5:] == (
        b"\x00\x02\x00\x00\x00\x01\x00\x00\x00\x74geometry\0" + b"a\0" + tail + b"b\0" + tail
    )


def test_settings_are_text_but_the_protocol_is_a_number():
    """The start-up message holds the wanted protocol as four raw bytes."""
    data = b"protocol_version\0\x00\x03\x00\x10\0user\0dbadmin\0workload\0\0\0"

    found = messages.read_settings(data)

    assert found == {"protocol_version": "196624", "user": "dbadmin", "workload": ""}


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [("196624", 196624), ("196700", 196624), ("196613", 196613), ("", 196608), ("x", 196608)],
)
def test_the_protocol_is_the_older_of_the_two(wanted, spoken):
    """A client is never spoken to in a protocol newer than its own, nor than 3.16."""
    assert messages.negotiated(wanted) == spoken


def test_a_bind_is_read_with_nulls_and_the_format_of_results():
    """Values are text, -1 is NULL, one format code stands for all columns."""
    data = (
        b"\0s0\0\x00\x00\x00\x02" + b"\x00\x00\x00\x06\x00\x00\x00\x09"
        b"\x00\x00\x00\x0212\xff\xff\xff\xff\x00\x01\x00\x01"
    )

    assert messages.read_bind(data) == messages.Bind("", "s0", (b"12", None), binary=True)


@pytest.mark.parametrize(
    ("data", "wide"),
    [
        (b"\x00\x00\x00\x01/a\0" + bytes(7) + b"\x05", True),
        (b"\x00\x01/a\0" + bytes(7) + b"\x05", False),
    ],
)
def test_the_count_of_files_is_wide_from_protocol_3_15_on(data, wide):
    """Older clients send the count in two bytes, newer ones in four."""
    assert messages.read_verified_files(data, wide=wide) == [("/a", 5)]


@pytest.mark.parametrize("data", [b"no end", b"", b"\xff\xfe\0"])
def test_a_text_that_is_cut_or_not_utf8_is_refused(data):
    """A malformed message is an error of the client, not of the server."""
    with pytest.raises(VerticaError) as refusal:
        messages.Body(data).text()

    assert refusal.value.sqlstate in ("08P01", "22021")


def test_a_number_that_is_cut_is_refused():
    """A body shorter than it must be is named, not read past its end."""
    with pytest.raises(VerticaError, match="1 bytes where 4 are announced"):
        messages.Body(b"\x00").number("i")


@pytest.mark.parametrize("head", [b"\x00\x00\x00\x07\x00\x00\x00\x00", b"\x7f\xff\xff\xff\0\0\0\0"])
def test_a_start_up_message_of_an_impossible_length_ends_the_connection(head):
    """What does not speak the protocol is not answered and takes no memory."""
    with pytest.raises(messages.Disconnected):
        messages.startup_head(head)
