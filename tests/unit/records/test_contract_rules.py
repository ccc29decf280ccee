"""Contracts: which records each table takes, and every reason for those it refuses."""

import pytest

from social_vault.model.catalogue import catalogue
from social_vault.model.table import Column, Table
from social_vault.records.validation import validate_file
from tests.unit.records.slow_contract import read_copy

MOMENT = "2020-01-01 00:00:00"
GOOD = {
    "users": {"id": "0", "registration_dt": MOMENT},
    "groups": {"id": "0", "admin_id": "0", "registration_dt": MOMENT, "is_private": "1"},
    "dialogs": {"message_id": "0", "message_ts": MOMENT, "message_from": "0", "message_to": "0"},
    "group_log": {"group_id": "0", "user_id": "0", "event": "add", "datetime": MOMENT},
}


@pytest.fixture
def validate(tmp_path):
    """Validate one record of a table that is good but for the changes."""

    def run(table, **changes):
        contract = catalogue().tables[table]
        values = GOOD[table] | changes
        source = tmp_path / f"{table}.csv"
        record = ",".join(values.get(header, "") for header in contract.headers)
        source.write_text(f"{','.join(contract.headers)}\n{record}\n", newline="")
        return validate_file(source, contract, tmp_path)

    return run


def accepted(result):
    """Return the values of the one accepted record."""
    ((_, *values),) = read_copy(result.accepted)
    return values


@pytest.mark.parametrize("table", GOOD)
def test_a_record_with_only_what_is_required_is_accepted(validate, table):
    """The number 0 is a key like any other, and what may be missing may be missing."""
    result = validate(table)

    values = dict(zip(catalogue().tables[table].headers, accepted(result), strict=True))
    assert {name: value for name, value in values.items() if value is not None} == GOOD[table]


REQUIRED = [(table, header) for table, values in GOOD.items() for header in values]


@pytest.mark.parametrize(("table", "header"), REQUIRED)
def test_a_missing_required_value_is_the_only_reason(validate, table, header):
    """No other rule speaks about a value that is not there."""
    result = validate(table, **{header: ""})

    name = next(
        column.name for column in catalogue().tables[table].columns if column.header == header
    )
    assert result.rules == {f"{name}: missing": 1}


REFUSED = [
    ("users", {"id": "-1"}, ["id: out of range"]),
    ("users", {"id": "x"}, ["id: not an integer"]),
    ("users", {"age": "34.5"}, ["age: not an integer"]),
    ("users", {"age": "131"}, ["age: out of range"]),
    ("users", {"age": "-1.0"}, ["age: out of range"]),
    ("users", {"age": " 34"}, ["age: not an integer"]),
    ("users", {"chat_name": "я" * 101}, ["chat_name: too long"]),
    ("users", {"country": "a" * 201}, ["country: too long"]),
    ("users", {"registration_dt": "2020-02-30 00:00:00"}, ["registration_dt: not a timestamp"]),
    ("users", {"registration_dt": "2020-01-01"}, ["registration_dt: not a timestamp"]),
    ("groups", {"admin_id": "-5"}, ["admin_id: out of range"]),
    ("groups", {"is_private": "2"}, ["is_private: not a boolean"]),
    ("groups", {"is_private": "yes"}, ["is_private: not a boolean"]),
    ("groups", {"group_name": "a" * 201}, ["group_name: too long"]),
    ("dialogs", {"message": "я" * 4001}, ["message: too long"]),
    ("dialogs", {"message_group": "-1"}, ["message_group: out of range"]),
    ("dialogs", {"message_group": "NULL"}, ["message_group: not an integer"]),
    ("dialogs", {"message_id": "9223372036854775808"}, ["message_id: not an integer"]),
    ("group_log", {"event": "Add"}, ["event: unknown value"]),
    ("group_log", {"event": '""'}, ["event: unknown value"]),
    ("group_log", {"datetime": "2020-01-01 00:00:00.1234567"}, ["event_dt: not a timestamp"]),
    (
        "group_log",
        {"group_id": "", "user_id": "x", "user_id_from": "-1", "event": "?", "datetime": "?"},
        [
            "group_id: missing",
            "user_id: not an integer",
            "user_id_from: out of range",
            "event: unknown value",
            "event_dt: not a timestamp",
        ],
    ),
]


@pytest.mark.parametrize(("table", "changes", "reasons"), REFUSED)
def test_every_broken_rule_of_a_record_is_reported(validate, table, changes, reasons):
    """All reasons stand in the order of the columns, each counted once."""
    result = validate(table, **changes)

    assert result.rules == dict.fromkeys(reasons, 1)
    assert read_copy(result.rejected)[0][-1] == "; ".join(reasons)
    assert (result.accepted_count, result.rejected_count) == (0, 1)


WRITTEN = [
    ("users", {"age": "34.0"}, "34"),
    ("users", {"age": "034"}, "34"),
    ("users", {"age": '""'}, None),
    ("users", {"id": '"7"'}, "7"),
    ("users", {"chat_name": '""'}, ""),
    ("users", {"chat_name": ""}, None),
    ("users", {"chat_name": "NULL"}, "NULL"),
    ("users", {"chat_name": "a" * 200}, "a" * 200),
    ("groups", {"group_name": " два  пробела "}, " два  пробела "),
    ("groups", {"registration_dt": "2020-10-19 01:02:03.000100"}, "2020-10-19 01:02:03.000100"),
    ("groups", {"registration_dt": "2020-10-19T01:02:03"}, "2020-10-19 01:02:03"),
    ("groups", {"is_private": "0.0"}, "0"),
    ("groups", {"is_private": "True"}, "1"),
    ("dialogs", {"message": '"a, ""b"" \\n\r\n\tя"'}, 'a, "b" \\n\r\n\tя'),
    ("dialogs", {"message": "\\"}, "\\"),
    ("dialogs", {"message": "м" * 4000}, "м" * 4000),
    ("dialogs", {"message_ts": "2004-08-30 14:49:00"}, "2004-08-30 14:49:00"),
    ("dialogs", {"message_group": "0"}, "0"),
    ("dialogs", {"message_group": "123.0"}, "123"),
    ("group_log", {"user_id_from": "5.00"}, "5"),
]


@pytest.mark.parametrize(("table", "change", "value"), WRITTEN)
def test_accepted_values_are_plain_numbers_and_untouched_texts(validate, table, change, value):
    """Numbers have one form in staging; texts keep every octet, and '' is not missing."""
    result = validate(table, **change)

    (header,) = change
    assert accepted(result)[catalogue().tables[table].headers.index(header)] == value


@pytest.fixture
def part(tmp_path):
    """Part a file of one column by its declaration; return what became of each record."""

    def run(column, *values):
        table = Table(name="one", version=1, columns=(column,), key=(column.name,))
        source = tmp_path / "one.csv"
        source.write_text("\n".join([column.header, *values]) + "\n", encoding="utf-8")
        result = validate_file(source, table, tmp_path)
        return [value for _, value in read_copy(result.accepted)], result.rules

    return run


def test_a_text_of_a_pattern_is_that_from_its_first_letter_to_its_last(part):
    """A key with more around it is another key; a line end within counts as more."""
    column = Column("order_id", "text", required=True, max_octets=24, pattern="[0-9a-f]{4}")

    kept, rules = part(column, "00ff", "00fff", "x00ff", '"00ff\n"', "00FF", "beef")

    assert kept == ["00ff", "beef"]
    assert rules == {"order_id: wrong form": 4}


def test_a_limit_may_have_one_side(part):
    """What is not said is not asked."""
    assert part(Column("n", "integer", maximum=5), "-9", "5", "6")[0] == ["-9", "5"]
    assert part(Column("m", "integer", minimum=5), "4", "5", "99")[0] == ["5", "99"]


def test_a_decimal_is_judged_and_written_with_the_zeros_of_its_scale(part):
    """What its type does not hold exactly is refused; a limit may be a whole number."""
    column = Column("price", "decimal", required=True, minimum=0, maximum=100, digits=(5, 2))

    kept, rules = part(column, "-0", "7", "099.90", "-0.01", "100.01", "1.234", "1e1", '""')

    assert kept == ["0.00", "7.00", "99.90"]
    assert rules == {
        "price: out of range": 2,
        "price: not a decimal": 2,
        "price: missing": 1,
    }


def test_a_text_alone_may_be_the_key(part):
    """A repeat is found whatever the kind of the key."""
    column = Column("order_id", "text", required=True, max_octets=24)

    assert part(column, "b", "a", "b") == (["b", "a"], {"order_id: duplicate": 1})
