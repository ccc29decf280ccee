"""The header: a file that is not its table's is refused whole, with a reason."""

import codecs
import io
from itertools import permutations

import pytest

from social_vault.model.catalogue import catalogue
from social_vault.records.header import read_header

NAMES = "id,chat_name,registration_dt,country,age"
ROW = "1,a,2020-01-01 00:00:00,b,5"
LACKS_ALL_BUT_ID = [f"header lacks column {name}" for name in NAMES.split(",")[1:]]

REFUSED = {
    "empty": (b"", ["empty"]),
    "only a mark": (codecs.BOM_UTF8, ["empty"]),
    "UTF-16 little": (codecs.BOM_UTF16_LE + NAMES.encode("utf-16-le"), ["UTF-16"]),
    "UTF-16 big": (codecs.BOM_UTF16_BE + NAMES.encode("utf-16-be"), ["UTF-16"]),
    "UTF-16 without mark": (f"{NAMES}\n{ROW}\n".encode("utf-16-le"), ["UTF-16"]),
    "UTF-32": (NAMES.encode("utf-32"), ["UTF-16"]),
    "CR line ends": (f"{NAMES}\r{ROW}\r".encode(), ["CR line ends"]),
    "CR, then LF": (f"{NAMES}\r{ROW}\n".encode(), ["CR line ends"]),
    "not UTF-8": (f"{NAMES}\xe9\n".encode("latin-1"), ["not UTF-8"]),
    "no header": (f"{ROW}\n{ROW}\n".encode(), ["no header"]),
    "blank first line": (f"\n{NAMES}\n".encode(), ["no header"]),
    "spaces first": (f"   \n{NAMES}\n".encode(), ["no header"]),
    "other language": ("имя,возраст\n".encode(), ["no header"]),
    "open quote": (f'"{NAMES}\n'.encode(), ["no header"]),
    "one giant line": (b"id," * 100_000, ["no header"]),
    "compressed": (b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab", ["not UTF-8"]),
    "semicolons": (NAMES.replace(",", ";").encode(), ["wrong delimiter"]),
    "tabs": (NAMES.replace(",", "\t").encode(), ["wrong delimiter"]),
    "missing column": (NAMES.replace(",country", "").encode(), ["header lacks column country"]),
    "renamed column": (
        NAMES.replace("country", "land").encode(),
        ["header lacks column country", "unknown column"],
    ),
    "extra column": (f"{NAMES},extra\n".encode(), ["unknown column"]),
    "column twice": (f"{NAMES},id\n".encode(), ["column twice"]),
    "unnamed column": (f"{NAMES},\n".encode(), ["column without a name"]),
    "spaces in a name": (
        NAMES.replace("age", " age").encode(),
        ["header lacks column age", "unknown column"],
    ),
    "another case": (
        NAMES.replace("age", "Age").encode(),
        ["header lacks column age", "unknown column"],
    ),
    "many faults": (
        b"id,id,,x\n",
        [*LACKS_ALL_BUT_ID, "column without a name", "unknown column", "column twice"],
    ),
}


@pytest.mark.parametrize(("data", "rules"), REFUSED.values(), ids=REFUSED.keys())
def test_a_file_of_another_shape_is_refused_with_every_reason(data, rules):
    """Everything wrong with a header is named at once, and nothing of the file is repeated."""
    header = read_header(io.BytesIO(data), catalogue().tables["users"])

    assert list(header.refusals) == [f"file: {rule}" for rule in rules]


TAKEN = {
    "plain": NAMES.encode(),
    "CRLF": f"{NAMES}\r\n".encode(),
    "mark": codecs.BOM_UTF8 + NAMES.encode(),
    "quoted": ",".join(f'"{name}"' for name in NAMES.split(",")).encode(),
    "mark and quotes": codecs.BOM_UTF8 + b'"id",' + NAMES.encode()[3:],
}


@pytest.mark.parametrize("data", TAKEN.values(), ids=TAKEN.keys())
def test_harmless_forms_of_the_header_are_taken(data):
    """A byte order mark, quotes and CRLF change nothing."""
    header = read_header(io.BytesIO(data), catalogue().tables["users"])

    assert header.refusals == ()
    assert header.names == tuple(NAMES.split(","))


def test_columns_may_stand_in_any_order():
    """Names decide where a value goes, not places."""
    for names in permutations(NAMES.split(",")):
        header = read_header(io.BytesIO(",".join(names).encode()), catalogue().tables["users"])

        assert header.refusals == ()
        assert header.names == names
