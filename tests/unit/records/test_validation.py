"""Validation: each record in exactly one of two files, once, and the counts true."""

import csv
import io
import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.drawing import draws

from social_vault.errors import PipelineError
from social_vault.model.catalogue import catalogue
from social_vault.records.framing import Layout
from social_vault.records.positions import Positions
from social_vault.records.splitting import Splitter
from social_vault.records.validation import validate_file
from tests.unit.records.slow_contract import expected, read_copy, read_rejects

INTEGERS = ["0", "1", "2", "2.0", "-1", "+1", "", "x", "9" * 30, " 1", "131"]
MOMENTS = ["2020-01-01 00:00:00", "2020-01-01T00:00:00.0", "2020-02-30 00:00:00", "", "x"]
TEXTS = ["", 'a "b"', "a,b", "я\nя", "\\", " c ", "add", "leave", "a" * 201, "\t"]
VALUES = {
    "integer": st.sampled_from(INTEGERS),
    "timestamp": st.sampled_from(MOMENTS),
    "boolean": st.sampled_from(["1", "0.0", "true", "", "2"]),
    "decimal": st.sampled_from(["0", "-1.5", "12.30000", "0.123456", "1e3", "9" * 15, ""]),
    "text": st.sampled_from(TEXTS),
}
DAMAGE = st.sampled_from(
    [b'1,"a', b'1,a"b', b"1", b"1,2,3,4,5,6,7,8", b"\x00", b"\xff", b"", b"  ", b"a" * 300, b'"']
)  # fmt: skip
TABLES = st.sampled_from(
    [table.name for table in catalogue().declared if table.form == "csv" and not table.variants]
)
LONGEST = 250
# An overlong line gives an empty frame a chunk, and a frame costs milliseconds; the tests of
# framing draw the smallest chunks.
SIZES = st.sampled_from([4, 16, 64, 300, 1 << 20])


@st.composite
def files(draw):
    """Draw a contract and the body of a file of its table, good and bad records mixed."""
    contract = catalogue().tables[draw(TABLES)]
    record = st.tuples(*(VALUES[column.kind] for column in contract.columns))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    lines = []
    for line in draw(st.lists(st.one_of(record, record, record, DAMAGE), max_size=25)):
        text = io.StringIO(newline="")
        if isinstance(line, tuple):
            csv.writer(text, quoting=quoting, lineterminator="").writerow(line)
        lines.append(text.getvalue().encode() or line)
    return contract, end.encode().join(lines)


@draws(100)
@given(drawn=files(), chunk=SIZES)
def test_two_files_and_counts_are_those_of_the_slow_reference(drawn, chunk):
    """Accepted values, rejects with places and reasons, and counts hold for any chunk size."""
    contract, body = drawn
    header = ",".join(contract.headers).encode() + b"\n"
    with TemporaryDirectory() as folder:
        source = Path(folder, "source.csv")
        source.write_bytes(header + body)

        layout = Layout(len(contract.columns), chunk, LONGEST)
        result = validate_file(source, contract, Path(folder), layout)

        wanted = expected(body, contract, LONGEST)
        rejected = [
            (number, line + 1, offset + len(header), *rest)
            for number, line, offset, *rest in wanted.rejected
        ]
        assert read_copy(result.accepted) == wanted.accepted
        assert read_rejects(result.rejected, LONGEST) == rejected
        assert result.rules == Counter(rule for reject in rejected for rule in reject[-1])
        assert result.accepted_count == len(wanted.accepted)
        assert result.rejected_count == len(rejected)
        assert result.blank == wanted.blank
        assert result.read == result.accepted_count + result.rejected_count + result.blank
        assert sorted(Path(folder).iterdir()) == sorted([source, result.accepted, result.rejected])


MOMENT = "2020-01-01 00:00:00"


def test_columns_in_another_order_reach_their_own_places(tmp_path):
    """A file is read by the names in its header."""
    source = tmp_path / "users.csv"
    source.write_text(f"age,country,registration_dt,chat_name,id\n5,land,{MOMENT},name,7\n")

    result = validate_file(source, catalogue().tables["users"], tmp_path)

    assert read_copy(result.accepted) == [["1", "7", "name", MOMENT, "land", "5"]]


def test_a_refused_file_is_one_reject_and_nothing_else(tmp_path):
    """One record of stage `file` says why; what is in the file is not read."""
    source = tmp_path / "users.csv"
    source.write_bytes(b"id,extra\r\n1,2\r\n")

    result = validate_file(source, catalogue().tables["users"], tmp_path)

    ((stage, number, line, offset, raw, encoding, octets, reasons),) = read_copy(result.rejected)
    assert (stage, number, line, offset, raw) == ("file", "0", "1", "0", "id,extra")
    assert (encoding, octets, reasons) == ("utf8", "8", result.refusal)
    assert (result.read, result.rejected_count, result.accepted_count) == (1, 1, 0)
    assert result.accepted.read_bytes() == b""
    assert "file: header lacks column age" in result.rules


def test_nothing_of_an_earlier_try_is_left(tmp_path):
    """What a broken run wrote does not count in the next one, also when the file is refused."""
    source = tmp_path / "users.csv"
    source.touch()
    for part in ("accepted", "rejected"):
        Path(f"{source}.{part}").write_text("left over")

    result = validate_file(source, catalogue().tables["users"], tmp_path)

    assert result.accepted.read_bytes() == b""
    assert len(read_copy(result.rejected)) == 1


def test_a_reader_that_sees_other_records_than_framing_stops_the_load():
    """A disagreement is an error with its position, never a shorter file."""
    splitter = Splitter(catalogue().tables["users"], catalogue().tables["users"].headers)

    with pytest.raises(PipelineError, match="from line 2 on: polars read 1, expected 2"):
        splitter._texts(b"1,2,3,4,5\n", Positions(*np.array([[1, 2], [2, 3], [0, 10], [9, 9]])))


def test_an_empty_file_is_refused_with_an_empty_raw_text(tmp_path):
    """There is nothing to show, and that is told from a missing text."""
    source = tmp_path / "users.csv"
    source.touch()

    result = validate_file(source, catalogue().tables["users"], tmp_path)

    assert result.refusal == "file: empty"
    assert read_copy(result.rejected)[0][4] == ""


def test_a_header_alone_is_a_file_of_no_records(tmp_path):
    """It is taken, and everything is counted as none."""
    source = tmp_path / "users.csv"
    source.write_text("id,chat_name,registration_dt,country,age\n")

    result = validate_file(source, catalogue().tables["users"], tmp_path)

    assert (result.read, result.refusal, result.rules) == (0, None, {})
    assert result.accepted.read_bytes() == result.rejected.read_bytes() == b""


def test_a_giant_line_takes_no_other_record_along(tmp_path):
    """Megabytes without a line end are one reject, cut, with their true length."""
    source = tmp_path / "users.csv"
    good = f"1,a,{MOMENT},,\n"
    source.write_text(
        f"id,chat_name,registration_dt,country,age\n{good}{'я' * (3 << 20)}\n2{good[1:]}"
    )

    result = validate_file(source, catalogue().tables["users"], tmp_path, Layout(5, chunk=1 << 20))

    ((_, number, _, _, raw, _, octets, reasons),) = read_copy(result.rejected)
    assert (number, octets, reasons) == ("2", str(6 << 20), "record: too long")
    assert len(raw.encode()) == 1 << 20
    assert [row[0] for row in read_copy(result.accepted)] == ["1", "3"]


REAL = Path(__file__).parents[4] / "shared" / "data" / "groups.csv"


@pytest.mark.skipif(not REAL.exists(), reason="needs the course's groups.csv beside the repository")
def test_the_real_groups_are_all_accepted_and_the_ten_oldest_known(tmp_path):
    """Group 0, mixed precision and leading spaces are data."""
    result = validate_file(REAL, catalogue().tables["groups"], tmp_path)

    groups = read_copy(result.accepted)
    oldest = sorted(groups, key=lambda group: group[4])[:10]
    assert (result.read, result.accepted_count) == (250, 250)
    assert [int(group[1]) for group in oldest] == [84, 125, 64, 72, 199, 71, 177, 165, 38, 78]
    assert sum(group[3].startswith(" ") for group in groups) == 13


# getrusage would give the child the peak of the process that started it.
PEAK = """
import re, sys
from pathlib import Path
from social_vault.model.catalogue import catalogue
from social_vault.records.validation import validate_file

table = catalogue().tables[sys.argv[3]]
result = validate_file(Path(sys.argv[1]), table, Path(sys.argv[2]))
peak = re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]
print(result.read, result.rejected_count, peak)
"""


def peak_of(source, folder, table="group_log"):
    """Validate a file in a process of its own; return its counts and its peak memory in MB."""
    command = [sys.executable, "-c", PEAK, source, folder, table]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    read, rejected, kilobytes = map(int, run.stdout.split())
    return read, rejected, kilobytes / 1024


def test_memory_does_not_grow_with_the_file(tmp_path):
    """A file of eight times the records takes the memory of the small one and little more."""
    header = ",".join(catalogue().tables["group_log"].headers) + "\n"
    block = [f"{n % 250},{n},,add,{MOMENT}\n" if n % 50 else "x,1\n" for n in range(150_000)]
    small, large = tmp_path / "small.csv", tmp_path / "large.csv"
    small.write_text(header + "".join(block))
    with large.open("w") as out:
        out.write(header)
        for turn in range(8):
            out.writelines(line.replace("2020", f"{2012 + turn}") for line in block)

    of_small, of_large = peak_of(small, tmp_path), peak_of(large, tmp_path)

    assert of_small[:2] == (150_000, 3_000)
    assert of_large[:2] == (1_200_000, 24_000)
    assert of_large[2] < of_small[2] + 60


def test_memory_does_not_grow_with_a_file_of_documents(tmp_path):
    """Decoded, a document takes ten times its octets: no more than a few blocks are held."""
    courier = '{"_id":"%023d","name":"Анна Петрова %s"}\n'
    small, large = tmp_path / "small.ndjson", tmp_path / "large.ndjson"
    small.write_text("".join(courier % (n, "a" * 80) for n in range(60_000)))
    large.write_text("".join(courier % (n, "a" * 80) for n in range(300_000)) + "{\n")

    of_small, of_large = (peak_of(file, tmp_path, "couriers") for file in (small, large))

    assert (of_small[:2], of_large[:2]) == ((60_000, 0), (300_001, 1))
    assert of_large[2] < of_small[2] + 60
