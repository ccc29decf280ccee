"""The SQL files: rendering, binds, and a second opinion on their grammar."""

import re
from pathlib import Path

import pytest
from sqlfluff.core import FluffConfig, Linter

import sql
from social_vault.loading.vault import TABLES
from social_vault.model.catalogue import CONTRACTS
from social_vault.schema.apply import SATELLITES, STATEMENTS
from social_vault.stores.vertica import BIND, bound
from sql.__main__ import GRANTS, grants, rendered

RENDERED = dict(rendered("staging", "dwh"))
# What sqlfluff's dialect does not know though Vertica documents it: COPY with computed columns and
# with a reject table, LOCK TABLE, and CREATE SEQUENCE IF NOT EXISTS (since release 9.2).
UNKNOWN_TO_SQLFLUFF = re.compile(r"^(COPY|LOCK TABLE|CREATE SEQUENCE IF NOT EXISTS) ", re.MULTILINE)
SETTINGS = Path(__file__).parents[2] / ".sqlfluff"


@pytest.fixture(scope="module")
def linter():
    """Return sqlfluff's parser of Vertica's SQL."""
    return Linter(config=FluffConfig.from_path(str(SETTINGS.parent)))


@pytest.mark.parametrize("name", sorted(RENDERED))
def test_a_second_parser_takes_every_statement(name, linter):
    """A grammar that others wrote finds what ours and the stand-in's would share."""
    text = RENDERED[name]
    if UNKNOWN_TO_SQLFLUFF.search(text):
        assert name.startswith(
            ("staging/copy_", "staging/lock", "vault/lock", "ddl/create_load_ids")
        )
        return

    parsed = linter.parse_string(text)

    assert [violation.desc() for violation in parsed.violations] == []


@pytest.mark.parametrize("name", sorted(RENDERED))
def test_a_file_says_what_it_does_before_it_does_it(name):
    """Whoever opens a statement reads its purpose first; no bind may hide in a comment."""
    lines = RENDERED[name].splitlines()

    comments = [line for line in lines if line.lstrip().startswith("--")]
    assert lines[0].startswith("-- ")
    assert not any(BIND.search(line) for line in comments)


@pytest.mark.parametrize("name", sorted(RENDERED))
def test_no_statement_ends_itself_or_reads_the_clock(name):
    """One statement a file, and no time but what the ledger says."""
    text = RENDERED[name]

    assert ";\n" not in text
    assert not text.endswith(";")
    assert not re.search(r"\b(NOW|GETDATE|SYSDATE|CURRENT_TIMESTAMP)\b", text, re.IGNORECASE)


def test_every_file_is_used():
    """A statement that nothing runs is dead; one that is missing would fail at night."""
    used = {*STATEMENTS, *TABLES, *GRANTS, *(f"checks/{table.split('/')[1]}" for table in TABLES)}
    folders = ("ddl", "marts", "checks", "grants")
    by_folder = {name for name in sql.names() if name.split("/")[0] in folders}

    assert by_folder <= used
    assert used <= set(sql.names())


def test_the_loader_is_granted_every_table_that_is_made():
    """A new table without a grant would fail at night, and not on the laptop of a superuser."""
    made = {name.removeprefix("ddl/create_") for name in STATEMENTS if name.startswith("ddl/")}

    granted = re.findall(
        r"^    (?:staging|dwh)\.(\w+)", RENDERED["grants/loader_tables"], re.MULTILINE
    )

    assert {*granted, "load_ids", "staging_schema", "vault_schema"} == made


def test_who_gets_the_grants_is_a_plain_identifier():
    """The names of a user and a role are checked as those of schemas are."""
    assert all(
        "TO ann" in text or "TO readers" in text for text in grants(loader="ann", reader="readers")
    )
    with pytest.raises(ValueError, match="not a plain identifier"):
        list(grants(loader="ann; DROP USER bob"))


@pytest.mark.parametrize("schema", ["a b", "x; DROP TABLE y", 'q"uote', "", "1st", "a" * 129])
def test_a_schema_name_that_is_no_identifier_is_refused(schema):
    """Nothing but plain identifiers is rendered, so no setting can become SQL."""
    with pytest.raises(ValueError, match="not a plain identifier"):
        sql.statement("hubs/h_users", staging="staging", vault=schema)


def clause(name, word):
    """Return what stands behind a word in the statement that makes a table."""
    return re.search(
        rf"^{word} (.+?)(?: ALL NODES)?$", RENDERED[f"ddl/create_{name}"], re.MULTILINE
    )


@pytest.mark.parametrize("name", SATELLITES)
def test_a_satellite_lies_as_its_parent_does(name):
    """Only then their join needs neither sort nor network, as both files say."""
    parent = re.search(r"REFERENCES dwh\.(\w+)", RENDERED[f"ddl/create_{name}"])[1]

    assert clause(name, "ORDER BY")[1] == f"{clause(parent, 'ORDER BY')[1]}, load_dt"
    placed, above = clause(name, "SEGMENTED BY"), clause(parent, "SEGMENTED BY")
    assert (placed and placed[1]) == (above and above[1])


@pytest.mark.parametrize("name", [name for name in RENDERED if name.startswith("ddl/create_")])
def test_runs_are_encoded_only_where_the_sort_makes_them(name):
    """RLE is for columns that the sort brings together; elsewhere a merge breaks its runs up."""
    text = RENDERED[name]

    assert "ENCODING RLE" not in text or re.search(r"^ORDER BY load_id,", text, re.MULTILINE)


@pytest.mark.parametrize("table", sorted(CONTRACTS))
def test_staging_has_the_contracts_columns(table):
    """What a contract accepts has a column in staging, in the same order."""
    ddl, copy = RENDERED[f"ddl/create_{table}"], RENDERED[f"staging/copy_{table}"]
    columns = [column.name for column in CONTRACTS[table].columns]

    assert re.findall(r"^    ([a-z_]+) [A-Z]", ddl, re.MULTILINE)[3:] == columns
    assert re.findall(r"^    ([a-z_]+),?$", copy, re.MULTILINE)[1:] == columns


@pytest.mark.parametrize("table", sorted(CONTRACTS))
def test_staging_is_as_wide_as_the_contract_allows(table):
    """A text that the contract accepts fits, counted in octets as Vertica counts."""
    widths = dict(
        re.findall(
            r"^    ([a-z_]+) VARCHAR\((\d+)\)", RENDERED[f"ddl/create_{table}"], re.MULTILINE
        )
    )

    for column in CONTRACTS[table].columns:
        if column.kind == "text":
            longest = column.max_octets or max(len(choice.encode()) for choice in column.choices)
            assert longest <= int(widths[column.name])


def test_the_second_parser_refuses_what_is_wrong(linter):
    """A parser that takes everything would prove nothing."""
    assert linter.parse_string("SELECT a FROM b QUALIFY c = :d\n").violations


def test_binds_are_written_in_one_pass():
    """A value that looks like a bind stays a value."""

    class Cursor:
        def object_to_sql_literal(self, value):
            return "'" + str(value).replace("'", "''") + "'"

    text = bound(
        Cursor(), "SELECT :src, CAST(:dt AS TIMESTAMP), x::INT", {"src": "a:dt", "dt": "' --"}
    )

    assert text == "SELECT 'a:dt', CAST(''' --' AS TIMESTAMP), x::INT"


def test_a_backslash_is_written_so_that_no_setting_can_change_it():
    """Where StandardConformingStrings is 0, a plain literal would end early at an escaped quote."""

    class Cursor:
        def object_to_sql_literal(self, value):
            return "'" + value.replace("'", "''") + "'"

    text = bound(Cursor(), "SELECT :key, :name", {"key": "a\\' OR TRUE --", "name": "it's"})

    assert text == r"SELECT E'a\\'' OR TRUE --', 'it''s'"
