import json
import logging
import random
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from social_vault.errors import MissingObjectError, SourceError
from social_vault.model.catalogue import CHAIN
from social_vault.sources.chain import (
    PAGE,
    Chain,
    extend,
    last_link,
    last_number,
    warn_if_replacing,
)
from social_vault.sources.reading import Reading
from tests.unit.sources.memory_store import MemoryStore, Numbers, rows_of

SALES = Chain("landing", "raw", "shop", "sales", "csv")
FIRST, SECOND = SALES.key(0), SALES.key(1)


@pytest.fixture
def store():
    """Make an empty store."""
    return MemoryStore()


class DenseStore(MemoryStore):
    """A chain of so many objects, none of which is kept."""

    def __init__(self, count):
        super().__init__()
        self.count = count

    def keys_after(self, _bucket, key, most):
        """Count on from a number."""
        self.requests += 1
        number = SALES.number(key)
        start = 0 if number is None else number + 1
        return [SALES.key(each) for each in range(start, min(start + most, self.count))]


@pytest.mark.parametrize(("prefix", "begin"), [("raw", "raw/"), ("raw/", "raw/"), ("", "")])
def test_the_first_read_lands_as_number_0_and_says_where_it_ended(store, tmp_path, prefix, begin):
    """Its key is one that the catalogue takes for an object of a chain."""
    chain = Chain("landing", prefix, "shop", "sales", "csv")

    landed = extend(store, chain, Numbers([7, 8]), tmp_path)

    told = store.metadata[landed.key]
    assert landed.key == f"{begin}sources/shop/sales/000000000000.csv"
    assert (landed.outcome, landed.records) == ("landed", 2)
    assert (told["since"], json.loads(told["until"]), told["records"]) == ("null", {"seen": 2}, "2")
    assert told["extractor"].startswith("social-vault ")
    assert CHAIN.fullmatch(landed.key)["table"] == "sales"


def test_each_read_begins_where_the_last_object_ended(store, tmp_path):
    """Chains have no other memory."""
    source = Numbers([1])
    extend(store, SALES, source, tmp_path)
    source.rows += [2, 3]

    landed = extend(store, SALES, source, tmp_path)

    assert source.begun_at == [None, {"seen": 1}]
    assert landed.key == SECOND
    assert json.loads(store.metadata[SECOND]["since"]) == {"seen": 1}
    assert rows_of(list(store.contents.values())) == [1, 2, 3]


def test_nothing_new_lands_nothing(store, tmp_path):
    """Neither at first nor later, while the bookmark is young."""
    source = Numbers()
    assert extend(store, SALES, source, tmp_path).outcome == "unchanged"
    source.rows.append(1)
    extend(store, SALES, source, tmp_path)
    store.wait(minutes=59)

    landed = extend(store, SALES, source, tmp_path)

    assert (landed.outcome, landed.key, landed.records) == ("unchanged", None, 0)
    assert list(store.contents) == [FIRST]


def test_a_bookmark_older_than_an_hour_is_renewed_by_an_empty_object(store, tmp_path):
    """It holds the header alone, and the hour begins anew."""
    source = Numbers([1])
    extend(store, SALES, source, tmp_path)
    store.wait(minutes=61)

    landed = extend(store, SALES, source, tmp_path)

    assert (landed.outcome, landed.records) == ("landed", 0)
    assert store.contents[SECOND] == b"number\n"
    assert extend(store, SALES, source, tmp_path).outcome == "unchanged"


class Repeating(Numbers):
    """A source that cannot tell the last rows from new ones, and goes on counting."""

    def read(self, _since, path):
        """Write all rows again."""
        reading = super().read(None, path)
        return Reading(reading.records, {"seen": len(self.begun_at)})


def test_nothing_but_repeats_lands_nothing_for_an_hour(store, tmp_path):
    """Then they land once more, for the sake of their bookmark."""
    source = Repeating([1, 2])
    extend(store, SALES, source, tmp_path)
    assert extend(store, SALES, source, tmp_path).outcome == "unchanged"
    store.wait(hours=2)

    landed = extend(store, SALES, source, tmp_path)

    assert landed.key == SECOND
    assert json.loads(store.metadata[SECOND]["until"]) == {"seen": 3}


def test_a_table_that_is_read_whole_lands_when_it_changed_and_never_else(store, tmp_path):
    """Its bookmark may get as old as it likes."""
    source = Numbers([1, 2], is_whole=True)
    extend(store, SALES, source, tmp_path)
    store.wait(days=30)
    assert extend(store, SALES, source, tmp_path).outcome == "unchanged"
    source.rows.remove(1)

    assert extend(store, SALES, source, tmp_path).key == SECOND
    assert store.contents[SECOND] == b"number\n2\n"


def test_a_whole_table_that_was_emptied_is_news(store, tmp_path):
    """An empty object says that all is deleted; so does the first one, of what there never was."""
    source = Numbers(is_whole=True)
    assert extend(store, SALES, source, tmp_path).key == FIRST
    source.rows.append(1)
    extend(store, SALES, source, tmp_path)
    source.rows.clear()

    landed = extend(store, SALES, source, tmp_path)

    assert landed.key == SALES.key(2)
    assert store.contents[landed.key] == b"number\n"


@pytest.mark.parametrize(
    "lost",
    [
        {},
        {"until": '{"seen": 1}'},
        {"until": '{"seen": 1', "sha256": "0"},
        {"until": "[1]", "sha256": "0"},
        {"until": "null", "sha256": "0"},
    ],
)
def test_lost_metadata_is_an_error_and_the_source_is_not_read_anew(store, tmp_path, lost):
    """As in a bucket that was copied without them."""
    source = Numbers([1])
    extend(store, SALES, source, tmp_path)
    store.metadata[FIRST] = lost

    with pytest.raises(SourceError, match=r"raw/sources/shop/sales/000000000000\.csv"):
        extend(store, SALES, source, tmp_path)

    assert source.begun_at == [None]


def test_an_object_that_vanishes_between_two_looks_is_an_error(store, tmp_path):
    """Nobody deletes from a chain."""
    store.contents[FIRST] = b""
    store.described = lambda _bucket, _key: None

    with pytest.raises(MissingObjectError, match="000000000000"):
        last_link(store, SALES)


class Overtaken(Numbers):
    """While it is read, another extractor lands."""

    def __init__(self, store, folder):
        super().__init__([1, 2])
        self.store = store
        self.folder = folder

    def read(self, since, path):
        """Let the other read and land first."""
        extend(self.store, SALES, Numbers([1]), self.folder)
        return super().read(since, path)


def test_who_comes_second_gives_way_and_goes_on_from_the_first(store, tmp_path):
    """The other's object stays as it is, and the next read begins at its end."""
    landed = extend(store, SALES, Overtaken(store, tmp_path), tmp_path)
    later = extend(store, SALES, Numbers([1, 2]), tmp_path)

    assert (landed.outcome, landed.key) == ("outrun", None)
    assert later.key == SECOND
    assert rows_of(list(store.contents.values())) == [1, 2]
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_replaces_is_looked_at_before_it_is_written_to(store, tmp_path):
    """Where PUT has no condition the one who came second still gives way."""
    store.is_replacing = True

    landed = extend(store, SALES, Overtaken(store, tmp_path), tmp_path)

    assert landed.outcome == "outrun"
    assert rows_of(list(store.contents.values())) == [1]


def test_an_answer_that_was_lost_does_not_hide_that_the_object_is_ours(store, tmp_path):
    """The repeated PUT finds what the first one wrote."""
    store.loses_answers = True

    landed = extend(store, SALES, Numbers([1]), tmp_path)

    assert (landed.outcome, landed.key) == ("landed", FIRST)


def test_a_read_that_fails_leaves_nothing(store, tmp_path):
    """Neither in the store nor on the disk."""
    source = Numbers([1])
    source.rows = None

    with pytest.raises(TypeError):
        extend(store, SALES, source, tmp_path)

    assert store.contents == {}
    assert list(tmp_path.iterdir()) == []


def test_a_reader_s_warning_is_told_and_logged(store, tmp_path, caplog):
    """A human must see that a history was lost."""
    landed = extend(store, SALES, Numbers([1], warnings=("It was restored.",)), tmp_path)

    assert landed.warnings == ("It was restored.",)
    assert "sales: It was restored." in caplog.text


@given(count=st.one_of(st.integers(0, 5 * PAGE), st.integers(0, 2_000_000)))
def test_the_last_number_is_found_in_few_requests(count):
    """A chain of two million objects, an hour's each for two centuries, takes some twenty."""
    store = DenseStore(count)

    assert last_number(store, SALES) == (count - 1 if count else None)
    assert store.requests <= 2 + 2 * max(0, (count // PAGE).bit_length())


@pytest.mark.parametrize("stranger", ["", "000000000000.csv.bak", "README.txt", "1.csv"])
def test_what_is_no_link_of_the_chain_is_passed_over(store, tmp_path, stranger):
    """A console's folder marker, a copy made by hand."""
    store.contents[SALES.folder + stranger] = b""
    extend(store, SALES, Numbers([1]), tmp_path)

    assert extend(store, SALES, Numbers([1, 2]), tmp_path).key == SECOND


def test_a_folder_full_of_other_things_is_an_error(store):
    """The chain's end cannot be told among them."""
    store.contents = {f"{SALES.folder}00-{number:03d}.csv": b"" for number in range(PAGE)}

    with pytest.raises(SourceError, match=r"s3://landing/raw/sources/shop/sales/ holds many"):
        last_number(store, SALES)


class Bookmarked(Numbers):
    """A source with a bookmark of one's choice."""

    def __init__(self, mark):
        super().__init__([1])
        self.mark = mark

    def read(self, _since, path):
        """End there."""
        super().read(None, path)
        return Reading(1, {"mark": self.mark})


def test_bookmarks_are_written_in_ascii(store, tmp_path):
    """Headers take nothing else."""
    extend(store, SALES, Bookmarked("Кофейня\n"), tmp_path)

    assert store.metadata[FIRST]["until"].isascii()
    assert last_link(store, SALES).until == {"mark": "Кофейня\n"}


def test_a_bookmark_that_metadata_cannot_hold_is_an_error(store, tmp_path):
    """Before anything is written."""
    with pytest.raises(SourceError, match="at most 2048"):
        extend(store, SALES, Bookmarked("x" * 2048), tmp_path)

    assert store.contents == {}


@pytest.mark.parametrize("is_replacing", [True, False])
def test_a_store_without_conditional_put_is_found_out(tmp_path, caplog, is_replacing):
    """It is told in one warning, at every look, and the probe feeds no table."""
    store = MemoryStore(is_replacing=is_replacing)

    for _ in range(2):
        caplog.clear()
        assert warn_if_replacing(store, "landing", "raw", tmp_path) is is_replacing
        warned = [each for each in caplog.records if each.levelno == logging.WARNING]
        assert len(warned) == int(is_replacing)
    assert list(store.contents) == ["raw/sources/.probe"]
    assert list(tmp_path.iterdir()) == []


class DiedError(Exception):
    """The extractor was killed."""


class Dying(Numbers):
    """A source whose extractors die after the read in a fifth of the turns."""

    def __init__(self, rows, seed):
        super().__init__(rows)
        self.random = random.Random(seed)

    def read(self, since, path):
        """Read, and perhaps die before the PUT."""
        reading = super().read(since, path)
        if self.random.random() < 0.2:
            raise DiedError
        return reading


def race(store, folder, seed):
    """Let four extractors read one source that grows; return its rows."""
    rows, ends = [], []

    def extract(number):
        source = Dying(rows, seed * 10 + number)
        while len(ends) == 0 or len(rows_of_chain(store)) < len(rows):
            try:
                extend(store, SALES, source, folder)
            except DiedError:
                continue

    threads = [Thread(target=extract, args=(number,), daemon=True) for number in range(4)]
    for thread in threads:
        thread.start()
    for number in range(300):
        rows.append(number)
        if number % 7 == 0:
            extend(store, SALES, Numbers(rows), folder)
    ends.append(True)
    for thread in threads:
        thread.join(60)
    return rows


def rows_of_chain(store):
    """Read the numbers that have landed."""
    with store.lock:
        keys = sorted(store.contents)
        return rows_of([store.contents[key] for key in keys])


@pytest.mark.parametrize("seed", range(3))
def test_racing_extractors_that_die_land_every_row_once_and_in_order(store, tmp_path, seed):
    """Whoever was first, the next begins where that one ended."""
    rows = race(store, tmp_path, seed)

    assert rows_of_chain(store) == rows
    assert [SALES.number(key) for key in sorted(store.contents)] == list(range(len(store.contents)))
