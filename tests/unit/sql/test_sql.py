"""The SQL: rendering, what is committed of it, and a second opinion on its grammar."""

import re
from pathlib import Path

import pytest
from sqlfluff.core import FluffConfig, Linter

from social_vault.model.catalogue import catalogue
from social_vault.schema.__main__ import NAMES, rendered
from social_vault.schema.statements import creations, everything, grants, load, marts
from social_vault.stores.vertica import BIND

ROOT = Path(__file__).parents[3]
RENDERED = {
    str(path.with_suffix("")): text.removesuffix(";\n") for path, text in rendered().items()
}
# What sqlfluff's dialect does not know though Vertica documents it: COPY with computed columns and
# with a reject table, LOCK TABLE, and CREATE SEQUENCE IF NOT EXISTS (since release 9.2).
UNKNOWN_TO_SQLFLUFF = re.compile(r"^(COPY|LOCK TABLE|CREATE SEQUENCE IF NOT EXISTS) ", re.MULTILINE)
IMPORT = re.compile(r'{% from "(\S+)\.sql" import')


@pytest.fixture(scope="module")
def linter():
    """Return sqlfluff's parser of Vertica's SQL."""
    return Linter(config=FluffConfig.from_path(str(ROOT)))


@pytest.mark.parametrize("name", sorted(RENDERED))
def test_a_second_parser_takes_every_statement(name, linter):
    """A grammar that others wrote finds what ours and the stand-in's would share."""
    text = RENDERED[name]
    if UNKNOWN_TO_SQLFLUFF.search(text):
        assert name.startswith(("copy/", "ledgers/lock_vault", "ledgers/create_load_ids"))
        return

    parsed = linter.parse_string(text)

    assert [violation.desc() for violation in parsed.violations] == []


@pytest.mark.parametrize("name", sorted(RENDERED))
def test_a_statement_says_what_it_does_before_it_does_it(name):
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


def test_every_template_is_used():
    """A template that no statement comes from is dead."""
    folder = ROOT / "sql"
    files = {
        str(path.relative_to(folder).with_suffix("")): path.read_text()
        for path in folder.rglob("*.sql")
        if "rendered" not in path.parts
    }

    used = {each.template for each in everything(catalogue())}
    imported = {name for text in files.values() for name in IMPORT.findall(text)}

    assert files.keys() == used | imported


def test_the_loader_is_granted_every_table_that_is_made():
    """A new table without a grant would fail at night, and not on the laptop of a superuser."""
    made = {each.name.split("/")[1] for each in creations(catalogue()) if "marts" not in each.name}

    granted = re.findall(
        r"^    (?:staging|dwh)\.(\w+)", RENDERED["grant/loader_tables"], re.MULTILINE
    )

    ledgers = {"create_load_ledger", "create_vault_ledger"}
    others = {"create_load_ids", "create_staging_schema", "create_vault_schema"}
    assert {*granted} - {"load_ledger", "vault_ledger"} == made - ledgers - others


def test_who_gets_the_grants_is_a_plain_identifier():
    """The names of a user and a role are checked as those of schemas are."""
    given = grants(catalogue())

    texts = [each.text(**NAMES | {"loader": "ann", "reader": "readers"}) for each in given]

    assert all("TO ann" in text or "TO readers" in text for text in texts)
    with pytest.raises(ValueError, match="not a plain identifier"):
        [each.text(**NAMES | {"loader": "ann; DROP USER bob"}) for each in given]


@pytest.mark.parametrize("schema", ["a b", "x; DROP TABLE y", 'q"uote', "", "1st", "a" * 129])
def test_a_schema_name_that_is_no_identifier_is_refused(schema):
    """Nothing but plain identifiers is rendered, so no setting can become SQL."""
    statement = load(catalogue(), catalogue().hubs[0])

    with pytest.raises(ValueError, match="not a plain identifier"):
        statement.text(staging="staging", vault=schema)


def test_views_are_made_behind_those_that_they_read():
    """A view of a view that is not there yet would be refused."""
    views = marts(catalogue())

    for place, name in enumerate(views):
        read = re.findall(r"dwh\.(\w+)", RENDERED[name])
        behind = {f"marts/create_{view}" for view in read} & {*views[place + 1 :]}
        assert behind == set()


def clause(name, word):
    """Return what stands behind a word in the statement that makes a table."""
    return re.search(rf"^{word} (.+?)(?: ALL NODES)?$", RENDERED[f"create/{name}"], re.MULTILINE)


@pytest.mark.parametrize("satellite", catalogue().satellites, ids=lambda each: each.name)
def test_a_satellite_lies_as_its_parent_does(satellite):
    """Only then their join needs neither sort nor network, as both statements say."""
    name, parent = satellite.name, satellite.parent.name

    assert clause(name, "ORDER BY")[1] == f"{clause(parent, 'ORDER BY')[1]}, load_dt"
    placed, above = clause(name, "SEGMENTED BY"), clause(parent, "SEGMENTED BY")
    assert (placed and placed[1]) == (above and above[1])


@pytest.mark.parametrize("name", [name for name in RENDERED if name.startswith("create/")])
def test_runs_are_encoded_only_where_the_sort_makes_them(name):
    """RLE is for columns that the sort brings together; elsewhere a merge breaks its runs up."""
    text = RENDERED[name]

    assert "ENCODING RLE" not in text or re.search(r"^ORDER BY load_id,", text, re.MULTILINE)


def test_the_second_parser_refuses_what_is_wrong(linter):
    """A parser that takes everything would prove nothing."""
    assert linter.parse_string("SELECT a FROM b QUALIFY c = :d\n").violations
