"""The network behind the sample: who joins which group, and who then writes.

Everything follows from a seed and a scale. Activity is skewed, as it is among people: a few groups
are large and a few authors write much. In each group another share of the newcomers starts to talk.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

USERS, GROUPS, MESSAGES, EVENTS = 170_000, 250, 1_000_000, 900_000  # at scale 1
FEWEST_GROUPS = 24
LEAVING, COMING_BACK = 0.08, 0.03
TALKING = (0.44, 0.59)  # the share of newcomers that writes lies between, group by group
SHARE_OF_GROUPS = 0.6  # of the messages; the others are private


@dataclass(frozen=True)
class Groups:
    """The groups: who runs them and since when they are there."""

    ids: Ints
    admins: Ints
    opened: Ints  # microseconds since 1970


@dataclass(frozen=True)
class Network:
    """Who did what: an event or a message is a position in these arrays."""

    groups: Groups
    users: int
    event_group: Ints
    event_user: Ints
    event_kind: Ints  # 0 create, 1 add, 2 leave
    author: Ints
    place: Ints  # the group of a message, -1 for a private one


def moments(first: datetime, last: datetime, count: int, chance: np.random.Generator) -> Ints:
    """Draw so many points in time, in microseconds since 1970."""
    low, high = (np.datetime64(moment, "us").astype(np.int64) for moment in (first, last))
    return chance.integers(int(low), int(high), count, dtype=np.int64)


def make_groups(scale: float, users: int, chance: np.random.Generator) -> Groups:
    """Make the groups of a scale; their number grows as its square root."""
    count = max(FEWEST_GROUPS, round(GROUPS * sqrt(scale)))
    opened = moments(datetime(2020, 9, 21), datetime(2021, 5, 29), count, chance)  # noqa: DTZ001
    admins = chance.choice(users, min(count, users), replace=False) + 1
    return Groups(np.arange(count), np.resize(admins, count).astype(np.int64), opened)


def skewed(choices: Sequence[int] | Ints, count: int, chance: np.random.Generator) -> Ints:
    """Draw from choices, some of which come up far more often than others."""
    weights = chance.pareto(1.2, len(choices)) + 0.3
    return np.asarray(chance.choice(choices, count, p=weights / weights.sum()), np.int64)


def make_network(scale: float, groups: Groups, users: int, chance: np.random.Generator) -> Network:
    """Decide who joined where and who wrote where."""
    group, user = memberships(round(EVENTS * scale), groups, users, chance)
    event_group, event_user, event_kind = events(group, user, groups, chance)
    author, place = messages(round(MESSAGES * scale), (group, user), groups, (users, chance))
    return Network(groups, users, event_group, event_user, event_kind, author, place)


def memberships(
    count: int, groups: Groups, users: int, chance: np.random.Generator
) -> tuple[Ints, Ints]:
    """Draw distinct pairs of a group and a user who was added to it."""
    wanted = round(count / (1 + LEAVING + COMING_BACK))
    sizes = chance.gamma(6, 1, len(groups.ids))  # large and small groups, none without members
    group = chance.choice(len(groups.ids), wanted, p=sizes / sizes.sum())
    # A pair in one number, so that repeats fall out by a sort.
    pairs = np.unique(group * (users + 1) + chance.integers(1, users + 1, wanted))
    chance.shuffle(pairs)
    return groups.ids[pairs // (users + 1)], pairs % (users + 1)


def events(
    group: Ints, user: Ints, groups: Groups, chance: np.random.Generator
) -> tuple[Ints, Ints, Ints]:
    """Make the log: groups are created, members added; some leave and some of them come back."""
    leaves = chance.random(len(group)) < LEAVING
    returns = leaves & (chance.random(len(group)) < COMING_BACK / LEAVING)
    parts = [
        (groups.ids, groups.admins, 0),
        (group, user, 1),
        (group[leaves], user[leaves], 2),
        (group[returns], user[returns], 1),
    ]
    return (
        np.concatenate([part[0] for part in parts]),
        np.concatenate([part[1] for part in parts]),
        np.concatenate([np.full(len(part[0]), part[2], np.int64) for part in parts]),
    )


def messages(
    count: int, members: tuple[Ints, Ints], groups: Groups, people: tuple[int, np.random.Generator]
) -> tuple[Ints, Ints]:
    """Decide who wrote each message and where, in no order of groups or authors."""
    (group, user), (users, chance) = members, people
    talking = dict(zip(groups.ids.tolist(), chance.uniform(*TALKING, len(groups.ids)), strict=True))
    rates = np.array([talking[each] for each in group.tolist()])
    talks = np.flatnonzero(chance.random(len(group)) < rates)
    talks = talks[: round(count * SHARE_OF_GROUPS)]
    more = round(count * SHARE_OF_GROUPS) - len(talks)
    again = skewed(talks, more, chance) if len(talks) else talks
    strangers = chance.integers(1, users + 1, more // 50)  # some write without having been added
    written = np.concatenate([talks, again[len(strangers) :]])
    private = count - len(written) - len(strangers)
    author = np.concatenate([user[written], strangers, chance.integers(1, users + 1, private)])
    place = np.concatenate(
        [group[written], chance.choice(groups.ids, len(strangers)), np.full(private, -1, np.int64)]
    )
    order = chance.permutation(len(author))
    return author[order], place[order]
