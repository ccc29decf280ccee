"""COPY over the wire: data in, counts and reject files out, errors in step with the client."""

import struct

import pytest

from local_vertica.copy.context import ClientFile, CopyOutcome
from local_vertica.errors import VerticaError
from local_vertica.results import CopyNeeded
from local_vertica.wire import line
from local_vertica.wire.spool import Spool
from support.wire_stand import frame, query, rows

REJECTED = VerticaError("22V04", "COPY: Input record 1 has been rejected", 2035)
DATA, DONE, BATCH = frame(b"d", b"1|a\n"), frame(b"c"), frame(b"j")


def files(*names, wide=True):
    """Return the client's answer to VerifyFiles."""
    count = struct.pack("!i" if wide else "!h", len(names))
    listed = b"".join(name.encode() + b"\0" + struct.pack("!q", 4) for name in names)
    return frame(b"F", count + listed)


def local(*patterns, **more):
    """Return what the engine says to COPY FROM LOCAL."""
    return CopyNeeded("spec", patterns, is_local=True, **more)


def test_data_of_any_cut_reach_the_engine_as_one_file(stand):
    """How the client cuts its data into messages does not matter."""
    session = stand({"copy": CopyNeeded("spec")})

    sent = [frame(b"d", b"1|"), frame(b"d"), frame(b"d", b"a\n2|b"), DONE]

    assert session.kinds(query("copy"), *sent) == "GCZ"
    assert session.engine.copied == [("STDIN", b"1|a\n2|b")]


def test_a_large_message_is_read_in_pieces(stand, monkeypatch):
    """A message of any size passes without lying in memory as a whole."""
    monkeypatch.setattr(line, "LARGEST_READ", 1000)
    session = stand({"copy": CopyNeeded("spec")})
    data = bytes(range(256)) * 40

    assert session.kinds(query("copy"), frame(b"d", data), DONE) == "GCZ"
    assert session.engine.copied == [("STDIN", data)]


def test_a_copy_among_other_statements_has_its_place(stand):
    """Statements behind a COPY run when its data are in."""
    session = stand({"copy": CopyNeeded("spec"), "a": rows(1)})

    assert session.kinds(query("copy; a"), DATA, DONE) == "GCTDCZ"


def test_a_refused_copy_is_told_when_all_data_are_read(stand):
    """The error comes at the end of the data and the next query is answered."""
    session = stand({"copy": CopyNeeded("spec"), "a": rows(1)})
    session.engine.outcome = REJECTED

    assert session.kinds(query("copy; a"), DATA, DONE) == "GEZ"
    assert session.kinds(query("a")) == "TDCZ"


def test_a_client_that_gives_up_loads_nothing(stand):
    """CopyFail ends the COPY with an error, and the engine is not asked."""
    session = stand({"copy": CopyNeeded("spec")})

    assert session.kinds(query("copy"), DATA, frame(b"f", b"no\0")) == "GEZ"
    assert session.engine.copied == []


def test_a_copy_cancelled_while_data_come_loads_nothing(stand):
    """A cancel request that arrives before the end of the data is not forgotten."""
    session = stand({"copy": CopyNeeded("spec")})
    session.engine.is_stopped = True

    session.send(query("copy"), DATA, DONE)
    messages = session.until(b"Z")

    assert b"C57014\0" in messages[-2][1]
    assert session.engine.copied == []


def test_a_client_that_vanishes_loads_nothing(stand):
    """Data that break off are not data."""
    session = stand({"copy": CopyNeeded("spec")})

    session.send(query("copy"), DATA)
    session.socket.shutdown(1)

    assert session.ended.wait(10)
    assert session.engine.copied == []


def test_local_files_are_asked_for_one_by_one(stand):
    """Each file is loaded in its own batch and the count is a row."""
    session = stand({"copy": local("/d/*.csv")})

    session.send(query("copy"))
    assert [session.read() for _ in "TF"][1] == (b"F", b"\x00\x01/d/*.csv\0\0\0")
    session.send(files("/d/1.csv", "/d/2.csv"), DATA, BATCH, frame(b"d", b"2"), BATCH)
    answers = session.until(b"Z")

    assert b"".join(kind for kind, _ in answers) == b"HJHJcDCZ"
    assert answers[5][1] == b"\x00\x01\x00\x00\x00\x012"
    assert session.engine.copied == [("/d/1.csv", b"1|a\n"), ("/d/2.csv", b"2")]


def test_an_older_client_counts_its_files_in_two_bytes(stand):
    """Below protocol 3.15 the count of files is narrow."""
    session = stand({"copy": local("/d/1.csv")}, protocol_version=str(3 << 16 | 8))

    assert session.kinds(query("copy"), files("/d/1.csv", wide=False), DATA, BATCH) == "TFHJcDCZ"


def test_reject_files_and_row_numbers_come_before_the_end_of_the_batch(stand):
    """The client writes its files and gets the numbers in little-endian order."""
    session = stand({"copy": local("/d/1.csv", reject_file="/d/r", exception_file="/d/e")})
    written = (ClientFile("/d/r", b"bad\n"), ClientFile("/d/e", b"why\n"))
    session.engine.outcome = CopyOutcome(1, 1, True, written, (3,))

    session.send(query("copy"), files("/d/1.csv"), DATA, BATCH)
    answers = session.until(b"Z")

    assert b"".join(kind for kind, _ in answers) == b"TFHOOOJcDCZ"
    assert answers[1][1].endswith(b"/d/r\0/d/e\0")
    assert answers[3][1] == b"/d/r\0\x00\x00\x00\x04bad\n"
    assert answers[5][1] == b"\0\x00\x00\x00\x08" + struct.pack("<q", 3)


@pytest.mark.parametrize("outcome", [CopyOutcome(2, 0, True), REJECTED, ZeroDivisionError("x")])
def test_local_stdin_is_ended_by_the_client(stand, outcome):
    """The batch is answered first; the result or the error follows the client's last word."""
    session = stand({"copy": local(), "a": rows(1)})
    session.engine.outcome = outcome
    expected = "TFGJDCZ" if isinstance(outcome, CopyOutcome) else "TFGJEZ"

    assert session.kinds(query("copy"), files(), DATA, BATCH, DONE) == expected
    assert session.kinds(query("a")) == "TDCZ"


def test_a_refused_local_copy_answers_its_batch_first(stand):
    """The driver takes an error before the answer to its batch for a broken protocol."""
    session = stand({"copy": local("/d/1.csv")})
    session.engine.outcome = REJECTED

    assert session.kinds(query("copy"), files("/d/1.csv"), DATA, BATCH) == "TFHJEZ"


def test_a_file_the_client_cannot_read_ends_the_copy(stand):
    """The client's reason is in the error; where in its code it happened is not."""
    session = stand({"copy": local("/d/1.csv")})
    reason = b"client.py\0\x00\x00\x00\x07open\0/d/1.csv does not exist\0"

    session.send(query("copy"), frame(b"e", reason))
    answers = session.until(b"Z")

    assert b"/d/1.csv does not exist" in answers[-2][1]
    assert b"client.py" not in answers[-2][1]


def test_input_that_cannot_be_kept_is_an_error_after_all_of_it_is_read(stand):
    """Without a place for the data the client is told so and stays in step."""
    session = stand({"copy": CopyNeeded("spec"), "a": rows(1)})
    session.engine.database.spool_folder = session.engine.database.spool_folder / "gone"

    session.send(query("copy"), DATA, DONE)

    assert b"C53100\0" in session.until(b"Z")[-2][1]
    assert session.kinds(query("a")) == "TDCZ"


class FullDisk:
    """A file that takes nothing."""

    def write(self, _piece):
        """Refuse."""
        raise OSError(28, "No space left on device")

    def flush(self):
        """Have nothing to bring to the disk."""


def test_a_full_disk_is_told_at_the_end(tmp_path):
    """Pieces that cannot be written are passed over, and the loss is never silent."""
    spool = Spool(FullDisk(), tmp_path)

    spool.write(b"a")
    spool.write(b"b")

    with pytest.raises(VerticaError, match="No space left on device"):
        spool.finish()
