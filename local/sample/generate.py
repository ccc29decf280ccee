"""Write the four files of the sample: good records in blocks, bad ones between the blocks.

What is expected of a load is counted while writing, so tests and a first run know what must come
out. The same seed and scale give the same bytes.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from local.sample.bad import MAKERS
from local.sample.network import USERS, Groups, Ints, Network, make_groups, make_network, moments
from local.sample.words import (
    ADJECTIVES,
    COUNTRIES,
    FIRST_NAMES,
    MESSAGES,
    NICKS,
    NOUNS,
    TAILS,
)

Flags = NDArray[np.bool_]
SHARE_OF_BAD = 0.01
MOST_AT_ONCE = 500_000  # rows in memory; scale 100 has a hundred million messages
NUMBER_OF_BAD = 10**12  # keys of bad records begin here, far from every good one
HOUR = 3_600_000_000
EVENTS = ("create", "add", "leave")


@dataclass
class Expected:
    """What a load of one file must account for."""

    read: int = 0
    accepted: int = 0
    rejected: int = 0
    blank: int = 0
    rules: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Sample:
    """The folder of the four files, and what is expected of each."""

    folder: Path
    files: dict[str, Expected]


class Writer:
    """Writes one file: blocks of good records, and between them its share of bad ones."""

    def __init__(self, folder: Path, table: str, seed: int) -> None:
        self.path = folder / f"{table}.csv"
        self.makers = MAKERS[table]
        self.chance = np.random.default_rng([seed, len(table)])
        self.expected = Expected()
        self.made = 0
        self.path.write_bytes(b"")

    def add(self, rows: pl.DataFrame, blocks: int = 40) -> None:
        """Append good records and the bad records that are due."""
        # At least one of each kind: the smallest sample, too, shows every reason.
        bad = max(len(self.makers), round(rows.height * SHARE_OF_BAD))
        blocks = min(blocks, rows.height)
        edges = np.linspace(0, rows.height, blocks + 1).astype(int)
        shares = np.diff(np.linspace(0, bad, blocks + 1).astype(int))
        with self.path.open("ab") as out:
            if not out.tell():
                out.write(",".join(rows.columns).encode() + b"\n")
            for start, end, share in zip(edges, edges[1:], shares, strict=False):
                block = rows[int(start) : int(end)].write_csv(include_header=False).encode()
                out.write(block)
                last = rows[int(end) - 1 : int(end)].write_csv(include_header=False).encode()
                for _ in range(share):
                    out.write(self.next_bad(last))
        self.expected.read += rows.height
        self.expected.accepted += rows.height

    def next_bad(self, good: bytes) -> bytes:
        """Make the next bad record, kind after kind, and count what it must lead to."""
        made = self.makers[self.made % len(self.makers)](NUMBER_OF_BAD + self.made, good)
        self.made += 1
        self.expected.read += 1
        if made.reasons:
            self.expected.rejected += 1
            self.expected.rules.update(made.reasons)
        else:
            self.expected.blank += 1
        return made.octets


def generate(
    folder: Path, scale: float = 0.02, *, seed: int = 20210624, groups_file: Path | None = None
) -> Sample:
    """Write users, groups, dialogs and group_log; a groups file that is given is taken as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    # The network's own stream; each file draws from another, so that one can change alone.
    chance = np.random.default_rng(seed)
    users = max(200, round(USERS * scale))
    files = {"users": write_users(folder, users, seed)}
    if groups_file is None:
        groups = make_groups(scale, users, chance)
        files["groups"] = write_groups(folder, groups, seed)
    else:
        groups = read_groups(groups_file)
        (folder / "groups.csv").write_bytes(groups_file.read_bytes())
        files["groups"] = Expected(len(groups.ids), len(groups.ids))
    network = make_network(scale, groups, users, chance)
    files["group_log"] = write_log(folder, network, seed)
    files["dialogs"] = write_dialogs(folder, network, seed)
    return Sample(folder, files)


def read_groups(path: Path) -> Groups:
    """Read ids, admins and ages of groups from a file like those of the sample."""
    rows = pl.read_csv(path, infer_schema=False)
    opened = rows["registration_dt"].str.to_datetime("%Y-%m-%d %H:%M:%S%.f")
    return Groups(
        rows["id"].cast(pl.Int64).to_numpy(),
        rows["admin_id"].cast(pl.Int64).to_numpy(),
        opened.dt.epoch("us").to_numpy(),
    )


def pick(words: tuple[str, ...] | list[str], count: int, chance: np.random.Generator) -> pl.Series:
    """Draw so many words, each as likely as the others."""
    return pl.Series(words)[chance.integers(0, len(words), count)]


def timestamps(name: str, microseconds: Ints, whole: Flags) -> pl.Series:
    """Write points in time as text: with microseconds, or without where `whole` says so."""
    moments_ = pl.Series(name, microseconds).cast(pl.Datetime("us"))
    frame = pl.DataFrame({"at": moments_, "whole": whole})
    return frame.select(
        pl.when("whole")
        .then(pl.col("at").dt.strftime("%Y-%m-%d %H:%M:%S"))
        .otherwise(pl.col("at").dt.strftime("%Y-%m-%d %H:%M:%S%.6f"))
        .alias(name)
    )[name]


def write_users(folder: Path, count: int, seed: int) -> Expected:
    """Write users.csv; some ages are written as 34.0, as older snapshots have them."""
    chance = np.random.default_rng([seed, 1])
    registered = moments(datetime(2020, 9, 18), datetime(2021, 5, 24), count, chance)  # noqa: DTZ001
    ages = pl.Series(18 + np.minimum(chance.gamma(3, 5, count), 60).astype(np.int64)).cast(
        pl.String
    )
    decimal = pl.Series(chance.random(count) < 0.02)
    numbers = pl.Series(np.arange(1, count + 1))
    rows = pl.DataFrame(
        {
            "id": numbers,
            "chat_name": pick(FIRST_NAMES, count, chance)
            + " "
            + pick(NICKS, count, chance)
            + numbers.cast(pl.String),
            "registration_dt": timestamps(
                "registration_dt", registered, chance.random(count) < 0.3
            ),
            "country": pick(COUNTRIES, count, chance),
            "age": ages.to_frame("age").select(
                pl.when(decimal).then(pl.col("age") + ".0").otherwise("age")
            )["age"],
        }
    )
    writer = Writer(folder, "users", seed)
    writer.add(rows)
    return writer.expected


def write_groups(folder: Path, groups: Groups, seed: int) -> Expected:
    """Write groups.csv: id 0 is a group as any other, and some names begin with a space."""
    chance = np.random.default_rng([seed, 2])
    count = len(groups.ids)
    names = pick(ADJECTIVES, count, chance) + " " + pick(NOUNS, count, chance)
    spaces = pl.Series(np.where(chance.random(count) < 0.05, " ", ""))
    rows = pl.DataFrame(
        {
            "id": groups.ids,
            "admin_id": groups.admins,
            "group_name": spaces
            + names
            + pick(TAILS, count, chance)
            + " №"
            + pl.Series(groups.ids).cast(pl.String),
            "registration_dt": timestamps(
                "registration_dt", groups.opened, chance.random(count) < 0.15
            ),
            "is_private": chance.integers(0, 2, count),
        }
    )
    writer = Writer(folder, "groups", seed)
    writer.add(rows)
    return writer.expected


def write_log(folder: Path, network: Network, seed: int) -> Expected:
    """Write group_log.csv; every moment differs, so no good record repeats another."""
    chance = np.random.default_rng([seed, 3])
    count = len(network.event_group)
    opened = dict(zip(network.groups.ids.tolist(), network.groups.opened.tolist(), strict=True))
    starts = np.array([opened[group] for group in network.event_group.tolist()], np.int64)
    at = np.where(
        network.event_kind == 0, starts, starts + HOUR + chance.integers(0, 2000 * HOUR, count)
    )
    # The remainder is the row's own number: no two moments are the same.
    at = at // count * count + np.arange(count)
    helped = (network.event_kind == 1) & (chance.random(count) < 0.3)
    rows = pl.DataFrame(
        {
            "group_id": network.event_group,
            "user_id": network.event_user,
            "user_id_from": pl.Series(chance.integers(1, network.users + 1, count)),
            "event": pl.Series(EVENTS)[network.event_kind],
            "datetime": timestamps("datetime", at, np.zeros(count, np.bool_)),
        }
    ).with_columns(pl.when(pl.Series(helped)).then("user_id_from").alias("user_id_from"))
    return written(Writer(folder, "group_log", seed), rows.slice, count)


def write_dialogs(folder: Path, network: Network, seed: int) -> Expected:
    """Write dialogs.csv; five messages in a hundred are older than the network itself."""
    chance = np.random.default_rng([seed, 4])
    count = len(network.author)
    at = moments(datetime(2020, 9, 20), datetime(2021, 6, 21), count, chance)  # noqa: DTZ001
    old = moments(datetime(2004, 8, 30), datetime(2012, 12, 31), count, chance)  # noqa: DTZ001
    at = np.where(chance.random(count) < 0.05, old, at)
    receivers = chance.integers(1, network.users + 1, count)
    texts = chance.integers(0, len(MESSAGES), count)

    def rows(start: int, length: int) -> pl.DataFrame:
        part = slice(start, start + length)
        place = network.place[part]
        return pl.DataFrame(
            {
                "message_id": np.arange(start, start + len(place)),
                "message_ts": timestamps("message_ts", at[part], np.ones(len(place), np.bool_)),
                "message_from": network.author[part],
                "message_to": receivers[part],
                "message": pl.Series(MESSAGES)[texts[part]],
                "message_group": place,
            }
        ).with_columns(pl.when(pl.col("message_group") >= 0).then("message_group"))

    return written(Writer(folder, "dialogs", seed), rows, count)


def written(writer: Writer, rows: Callable[[int, int], pl.DataFrame], count: int) -> Expected:
    """Write rows in bounded parts; return what is expected of the file."""
    for start in starts(count):
        writer.add(rows(start, min(MOST_AT_ONCE, count - start)))
    return writer.expected


def starts(count: int) -> Iterator[int]:
    """Yield where the parts begin."""
    yield from range(0, count, MOST_AT_ONCE)
