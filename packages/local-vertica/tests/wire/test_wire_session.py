"""The conversation: simple queries, prepared statements, what goes wrong in them."""

import logging
import struct

import pytest

from local_vertica.errors import VerticaError
from local_vertica.results import Rows
from support.wire_stand import ONE, done, frame, query, rows

REFUSAL = VerticaError("42703", 'Column "nope" does not exist', 2624)
SYNC, FLUSH = frame(b"S"), frame(b"H")


def parse(text="select", name="s0"):
    """Return a Parse message and the Describe that follows it."""
    named = name.encode() + b"\0"
    return frame(b"P", named + text.encode() + b"\0\0\0") + frame(b"D", b"S" + named)


def bind(*values, name="s0"):
    """Return a Bind message with values as text."""
    count = struct.pack("!h", len(values))
    oids = struct.pack(f"!{len(values)}i", *[9] * len(values))
    data = b"".join(
        struct.pack("!i", -1) if value is None else struct.pack("!i", len(value)) + value
        for value in values
    )
    return frame(
        b"B", b"\0" + name.encode() + b"\0\0\0" + count + oids + count[:0] + data + b"\0\0"
    )


EXECUTE = frame(b"E", b"\0" + struct.pack("!i", 0))


def test_each_statement_is_answered_in_turn_and_one_ready_ends_them(stand):
    """Rows get a description, a statement without rows only its end."""
    session = stand({"a": rows(1, 2), "b": done()})

    assert session.kinds(query("a; b")) == "TDDCCZ"


def test_what_a_query_tells_beside_its_rows_comes_first(stand):
    """A notice stands before the description of the rows, or the rows of a prepared statement."""

    def told():
        return Rows(ONE, iter([[(1,)]]), "SELECT", ("profiled",))

    session = stand({"a": told})

    assert session.kinds(query("a")) == "NTDCZ"
    assert session.kinds(parse("a"), bind(b"5", b"x"), EXECUTE, SYNC) == "1tTm2NDsZ"


def test_an_error_ends_the_string_but_not_the_session(stand):
    """What stands behind the failing statement is not run; the next query is."""
    session = stand({"a": rows(1), "bad": REFUSAL, "b": rows(2)})

    assert session.kinds(query("a; bad; b")) == "TDCEZ"
    assert session.kinds(query("b")) == "TDCZ"
    assert [text for text, _ in session.engine.ran] == ["a", "bad", "b"]


def test_an_empty_query_is_answered_as_such(stand):
    """A comment alone is no statement and no error."""
    assert stand().kinds(query("  ")) == "IZ"


def test_rows_before_an_error_stay_sent(stand):
    """A result may break off in the middle; what came before it has arrived."""

    def broken():
        yield [(1,)]
        raise REFUSAL

    session = stand({"a": lambda: Rows(ONE, broken(), "SELECT")})

    assert session.kinds(query("a")) == "TDEZ"


def test_an_unforeseen_fault_is_an_error_of_the_statement_and_a_line_in_the_log(stand, caplog):
    """A crash in the engine is told and logged, and the session goes on."""
    session = stand({"crash": ZeroDivisionError("oops"), "b": rows(2)})

    with caplog.at_level(logging.ERROR):
        session.send(query("crash"))
        (kind, body), *_ = session.until(b"Z")

    assert kind == b"E"
    assert b"CXX000\0" in body
    assert b"ZeroDivisionError" in body
    assert "nobody foresaw" in caplog.text
    assert session.kinds(query("b")) == "TDCZ"


def test_a_fault_of_a_file_is_not_taken_for_a_lost_client(stand):
    """An OSError of the engine, such as a full disk, is told to the client."""
    session = stand({"full": OSError(28, "No space left on device")})

    assert session.kinds(query("full")) == "EZ"


def test_a_fatal_error_is_the_last_message(stand):
    """A session that was closed by another one ends after its error."""
    session = stand({"a": VerticaError("57V01", "Closed", 4149, severity="FATAL")})

    session.send(query("a"))

    assert session.read()[0] == b"E"
    assert session.read() == (b"", b"")


def test_text_that_is_not_utf8_is_refused(stand):
    """A query in another encoding is an error, not a crash."""
    session = stand()

    session.send(frame(b"Q", b"SELECT '\xff'\0"))

    (kind, body), *_ = session.until(b"Z")
    assert kind == b"E"
    assert b"C22021\0" in body


def test_a_changed_setting_is_told_before_the_statement_ends(stand):
    """The driver reads a setting only if it comes before the end of the statement."""
    session = stand({"set": done("SET")})
    session.engine.parameters["auto_commit"] = "on"

    session.send(query("set"))

    assert session.until(b"Z")[0] == (b"S", b"auto_commit\0on\0")


def test_ready_tells_of_an_open_transaction(stand):
    """The letter behind ReadyForQuery is the engine's."""
    session = stand({"a": rows(1)})
    session.engine.transaction_status = "T"

    session.send(query("a"))

    assert session.until(b"Z")[-1] == (b"Z", b"T")


def test_a_prepared_statement_is_described_and_run_with_values_of_its_types(stand):
    """Parameters are told, values come typed to the engine, rows come without a description."""
    session = stand({"select": lambda: rows(7)})

    assert session.kinds(parse(), FLUSH, SYNC) == "1tTmZ"
    assert session.kinds(bind(b"5", b"x"), EXECUTE, bind(None, b""), EXECUTE, SYNC) == "2Ds2DsZ"
    assert session.engine.ran == [("select", [5, "x"]), ("select", [None, ""])]


def test_all_rows_come_whatever_limit_a_client_asks_for(stand):
    """Vertica suspends no portal: PortalSuspended is only how it ends a prepared statement."""
    session = stand({"select": lambda: rows(1, 2, 3)})
    limited = frame(b"E", b"\0" + struct.pack("!i", 2))

    assert session.kinds(parse(), bind(b"5", b"x"), limited, SYNC) == "1tTm2DDDsZ"


def test_after_an_error_the_messages_up_to_sync_are_skipped(stand):
    """One failing step of a run of messages fails the run, once."""
    session = stand({"select": REFUSAL})
    session.kinds(parse(), SYNC)

    assert session.kinds(bind(b"1", b"x"), EXECUTE, bind(b"2", b"y"), EXECUTE, SYNC) == "2EZ"
    assert len(session.engine.ran) == 1


def test_the_python_driver_gets_no_ready_after_a_refused_parse(stand):
    """It sends Sync there and reads no answer; the next prepared statement would find it."""
    hasty, other = stand(client_type="vertica-python"), stand()

    hasty.send(parse("bad"), FLUSH)
    assert hasty.read()[0] == b"E"
    assert hasty.kinds(SYNC, parse(), SYNC) == "1tTmZ"
    assert other.kinds(parse("bad"), SYNC) == "EZ"


@pytest.mark.parametrize(
    ("messages", "sqlstate"),
    [
        (parse("a; b"), b"42601"),
        (bind(b"1", b"x", name="s9"), b"26000"),
        (parse() + bind(b"1"), b"26000"),
        (parse() + bind(b"one", b"x"), b"22V02"),
        (frame(b"E", b"p\0" + struct.pack("!i", 0)), b"34000"),
        (frame(b"B", b"\0s0"), b"08P01"),
        (frame(b"?"), b"08P01"),
    ],
    ids=[
        "two statements",
        "no such",
        "too few",
        "no number",
        "no portal",
        "cut",
        "unknown",
    ],
)
def test_a_wrong_step_is_refused_with_its_own_code(stand, messages, sqlstate):
    """Misuse of the protocol is an error that says what is wrong, and the session goes on."""
    session = stand({"a": rows(1)})

    session.send(messages, SYNC)
    refusals = [body for kind, body in session.until(b"Z") if kind == b"E"]

    assert len(refusals) == 1
    assert b"C" + sqlstate + b"\0" in refusals[0]
    assert session.kinds(query("a")) == "TDCZ"


def test_a_closed_statement_is_gone(stand):
    """After Close the name means nothing."""
    session = stand()
    session.kinds(parse(), SYNC)

    assert session.kinds(frame(b"C", b"Ss0\0"), bind(b"1", b"x"), SYNC) == "3EZ"


def test_an_empty_statement_can_be_prepared(stand):
    """It is described by an empty tag, from which the driver makes its own error."""
    session = stand()

    session.send(parse(""), SYNC)

    assert session.until(b"Z")[-2] == (b"m", b"\0\0\0\0")


@pytest.mark.parametrize("left_over", [b"d", b"c", b"f", b"j", b"e"])
def test_what_is_left_of_a_failed_copy_is_passed_over(stand, left_over):
    """A client notices the error late; what it still sends means nothing and is no error."""
    session = stand({"a": rows(1)})

    assert session.kinds(frame(left_over, b"x"), query("a")) == "TDCZ"


def test_terminate_ends_the_session(stand):
    """The server closes the connection when the client says goodbye."""
    session = stand()

    session.send(frame(b"X"))

    assert session.read() == (b"", b"")


def test_a_client_that_vanishes_in_the_middle_of_a_message_ends_only_its_session(stand):
    """Half a message is the end of that conversation and no crash."""
    session = stand()

    session.send(frame(b"Q", b"SELECT 1\0")[:7])
    session.socket.shutdown(1)

    assert session.ended.wait(10)
