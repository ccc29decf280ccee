import csv

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from social_vault.errors import SourceError
from social_vault.sources.chain import Chain, extend
from tests.sources.bonus import rows_of
from tests.unit.sources.memory_store import MemoryStore

INSERT = "INSERT INTO outbox (id, event_value) VALUES (%s, %s)"


def test_an_event_that_commits_late_is_found_by_the_next_read(bonus):
    """Its number was drawn before that of one which was read already."""
    with bonus.connect() as late:
        late.execute(INSERT, (1, "late"))
        bonus.run(INSERT, 2, "early")
        first, rows = bonus.read()
        late.commit()

    assert [row["id"] for row in rows] == ["2"]
    assert 1 in bonus.ids(first.until)


def test_an_event_of_a_savepoint_is_found_by_the_next_read(bonus):
    """A transaction within a transaction has a number above that of the outer one."""
    with bonus.connect() as late:
        late.execute("SELECT pg_current_xact_id()")
        with late.transaction():
            late.execute(INSERT, (1, "inner"))
        bonus.run(INSERT, 2, "other")
        first, rows = bonus.read()
        late.commit()

    assert [row["id"] for row in rows] == ["2"]
    assert 1 in bonus.ids(first.until)


def test_an_event_of_a_prepared_transaction_is_found_by_the_next_read(bonus):
    """Between the two phases no session is at work, yet the horizon waits for it."""
    with bonus.connect() as late:
        late.tpc_begin(late.xid(1, bonus.database, "late"))
        late.execute(INSERT, (1, "late"))
        late.tpc_prepare()
        bonus.run(INSERT, 2, "early")
        first, _ = bonus.read()
        late.tpc_commit()

    assert first.until["horizon"] < first.until["high"]
    assert 1 in bonus.ids(first.until)


def test_what_happens_during_a_read_belongs_to_the_next_one(bonus, tmp_path):
    """All readers of a run share one snapshot, whatever is changed, removed or undone meanwhile."""
    bonus.run("INSERT INTO outbox (id, event_value) VALUES (1, 'a'), (2, 'b'), (3, 'c')")
    bonus.run("INSERT INTO users VALUES (1, 'u')")
    path = tmp_path / "snapshot.csv"
    with bonus.snapshot() as readers:
        bonus.run("UPDATE outbox SET event_value = 'changed' WHERE id = 1")
        bonus.run("DELETE FROM outbox WHERE id = 2; DELETE FROM users")
        with bonus.connect() as undone:
            undone.execute("UPDATE outbox SET event_value = 'undone' WHERE id = 3")
            undone.rollback()
        first = readers["bonus_outbox"].read(None, path)
        events = {row["id"]: row["event_value"] for row in rows_of(path.read_bytes())}
        users = readers["bonus_users"].read(None, path)

    _, rows = bonus.read(first.until)
    assert events == {"1": "a", "2": "b", "3": "c"}
    assert users.records == 1
    assert [(row["id"], row["event_value"]) for row in rows] == [("1", "changed")]


def test_nothing_new_is_a_header_alone(bonus):
    """And its bookmark goes on."""
    bonus.run(INSERT, 1, "a")
    first, _ = bonus.read()
    bonus.run("CREATE TABLE other (id int)")

    second, rows = bonus.read(first.until)

    assert (rows, second.records, second.warnings) == ([], 0, ())
    assert (bonus.folder / "read.csv").read_bytes() == b"id,event_ts,event_type,event_value\n"
    assert second.until["horizon"] > first.until["horizon"]


def test_freezing_brings_nothing_anew_and_hides_nothing(bonus):
    """VACUUM FREEZE leaves the number of a row's transaction as it is."""
    bonus.run("INSERT INTO outbox (id) SELECT generate_series(1, 100)")
    first, _ = bonus.read()
    bonus.run("UPDATE outbox SET event_value = 'changed' WHERE id = 7")
    bonus.run("VACUUM FREEZE outbox")

    second, rows = bonus.read(first.until)

    assert [row["id"] for row in rows] == ["7"]
    assert bonus.ids(second.until) == []


@pytest.mark.parametrize(
    ("changed", "warning"),
    [
        ({"system": "1"}, "another cluster"),
        ({"timeline": 99}, "restored or failed over"),
        ({"horizon": 10**12, "high": 10**12}, "forgotten transactions"),
    ],
)
def test_another_cluster_is_read_anew_and_told(bonus, changed, warning):
    """Its numbers mean nothing beside those that were remembered."""
    bonus.run("INSERT INTO outbox (id) VALUES (1), (2)")
    first, _ = bonus.read()

    second, rows = bonus.read(first.until | changed)

    assert len(rows) == 2
    assert warning in second.warnings[0]
    assert second.until["system"] == first.until["system"]


def test_a_user_who_may_not_ask_for_the_cluster_reads_all_the_same(bonus):
    """What was known of the cluster is kept meanwhile."""
    known, _ = bonus.read()
    for function in ("pg_control_system", "pg_control_checkpoint"):
        bonus.run(f"REVOKE EXECUTE ON FUNCTION {function}() FROM PUBLIC")
    bonus.run(INSERT, 1, "a")

    first, rows = bonus.read()
    second, _ = bonus.read(known.until)

    assert (first.until["system"], first.until["timeline"], len(rows)) == (None, None, 1)
    assert second.until["system"] == known.until["system"]
    assert second.warnings == ()


def test_the_bookmark_of_another_source_is_an_error(bonus):
    """As when chains were mixed up."""
    with pytest.raises(SourceError, match="bonus_outbox ends in a bookmark without"):
        bonus.read({"token": "x"})


def test_a_role_s_own_formats_do_not_reach_the_file(bonus):
    """Dates in ISO order, in UTC, and UTF-8 whatever the role prefers."""
    bonus.run("INSERT INTO outbox VALUES (1, '2026-11-30 10:00:00.5', 'user_rank', 'Кофе ☕')")
    for setting in ("datestyle = 'German'", "timezone = 'Asia/Kamchatka'"):
        bonus.run(f"ALTER ROLE {bonus.reader} SET {setting}")
    bonus.run(f"ALTER ROLE {bonus.reader} SET client_encoding = 'WIN1251'")

    _, [row] = bonus.read()

    assert row["event_ts"] == "2026-11-30 10:00:00.5"
    assert row["event_value"] == "Кофе ☕"


@given(texts=st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_text_comes_as_it_is_stored(bonus, texts):
    """Quotes, line breaks, backslashes, the end mark of COPY, all that is no NUL."""
    nasty = ['"', "\n", "\r\n", "\\.", "\\", "", ",", "\u2028", "😀", 'a"\n"b', *texts]
    bonus.run("TRUNCATE outbox")
    with bonus.connect() as owner, owner.cursor() as cursor:
        cursor.executemany(INSERT, list(enumerate(nasty)))

    path = bonus.folder / "nasty.csv"
    with bonus.snapshot() as readers:
        readers["bonus_outbox"].read(None, path)

    with path.open(newline="", encoding="utf-8") as file:
        assert [row["event_value"] for row in csv.DictReader(file)] == nasty


def test_null_is_told_from_an_empty_text(bonus):
    """NULL stands bare, all else is quoted."""
    bonus.run(INSERT, 1, None)
    bonus.run(INSERT, 2, "")
    bonus.read()

    lines = (bonus.folder / "read.csv").read_text().splitlines()
    assert lines[1].endswith(",")
    assert lines[2].endswith(',""')


def test_nan_and_infinity_come_as_words(bonus):
    """The contract refuses them; the read does not stop for them."""
    bonus.run("INSERT INTO ranks VALUES (1, 'x', 'NaN', 0)")
    bonus.run("INSERT INTO outbox (id, event_ts) VALUES (1, 'infinity'), (2, '0044-03-15 BC')")

    assert bonus.read(table="bonus_ranks")[1][0]["bonus_percent"] == "NaN"
    assert [row["event_ts"] for row in bonus.read()[1]] == ["infinity", "0044-03-15 00:00:00 BC"]


def test_small_tables_are_read_whole_and_land_when_they_changed(bonus):
    """So absence is seen; nothing lands where nothing changed."""
    bonus.run("INSERT INTO users VALUES (2, 'b'), (1, 'a')")
    store, chain = MemoryStore(), Chain("landing", "", "bonus", "bonus_users", "csv")
    outcomes = []
    for change in ("", "UPDATE users SET id = id WHERE id = 1", "DELETE FROM users WHERE id = 1"):
        bonus.run(change or "SELECT 1")
        with bonus.snapshot() as readers:
            outcomes.append(extend(store, chain, readers["bonus_users"], bonus.folder).outcome)

    assert outcomes == ["landed", "unchanged", "landed"]
    assert list(store.contents.values()) == [
        b'id,order_user_id\n"1","a"\n"2","b"\n',
        b'id,order_user_id\n"2","b"\n',
    ]


def test_a_column_more_changes_nothing(bonus):
    """The catalogue says which columns are read."""
    bonus.run("INSERT INTO users VALUES (1, 'a')")
    bonus.run("ALTER TABLE users ADD COLUMN phone text DEFAULT 'secret'")

    assert bonus.read(table="bonus_users")[1] == [{"id": "1", "order_user_id": "a"}]
