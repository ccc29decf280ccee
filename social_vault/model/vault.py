"""What a hub, a link and a satellite are: what differs from one to the next, and nothing more.

How they are created, loaded, audited and granted is the same for all of a kind: `sql/patterns`.
An exception is a field here, with its reason, and never a table's name in a pattern.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["integer", "text", "timestamp", "boolean", "decimal"]


@dataclass(frozen=True)
class Hub:
    """One row per business key; it is fed by every column of a staging table that names it.

    The entity's name begins the canonical text of each key, so that user 5 and group 5 have
    different hash keys. A small hub lies on every node, so that joins to it need no network.
    """

    name: str
    entity: str
    key: str
    business_key: str
    kind: Kind = "integer"
    max_octets: int | None = None  # of a text key
    is_small: bool = False  # some thousands of rows: each node holds them all


@dataclass(frozen=True)
class Link:
    """One row per relation of the hubs that some columns of its staging table name.

    `ends` are these columns, in the order in which their values make the link's hash key: another
    order is another key. A link is sorted and segmented by its own hash key, or by that of the hub
    by which it is joined most: `joined_by`. Of one that `is_fixed`, a key of the first end has one
    row for ever: the order of another restaurant is another order. What breaks it fails the audit.
    """

    name: str
    key: str
    ends: tuple[str, ...]
    joined_by: Hub | None = None
    is_fixed: bool = False


@dataclass(frozen=True)
class Satellite:
    """What columns of its staging table say about a hub or a link.

    Without more, it keeps each version that differs from the one before it; with `is_event`, each
    distinct event once, whatever came before it. One that `follows` another holds the parts of its
    versions, as the items of an order: a new version there brings all its rows here, and nothing
    else does. One with `is_presence` has no columns of its own: it tells, from deletes and from
    absence in whole reads, whether the source still holds the key.

    `renamed` are pairs: the staging column, and its name in the satellite. `always_true` is a
    column that no source has and that the course asks for; it is TRUE in every row, by its default.
    """

    name: str
    parent: Hub | Link
    columns: tuple[str, ...] = ()
    is_event: bool = False
    is_presence: bool = False
    follows: "Satellite | None" = None
    renamed: tuple[tuple[str, str], ...] = ()
    always_true: str | None = None
