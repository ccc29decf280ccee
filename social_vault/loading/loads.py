"""What a load is: one object version in staging, and where its records went."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass

LOADED, REFUSED = "staged", "refused"


@dataclass(frozen=True)
class Load:
    """One load as the ledger has it; `already` tells that an earlier run brought it in."""

    load_id: int
    table: str
    status: str
    read: int
    accepted: int
    rejected: int
    blank: int
    already: bool = False


@dataclass(frozen=True)
class Totals:
    """What the loads of some objects add up to."""

    objects: int = 0
    refused: int = 0  # as a whole: nothing of them was accepted
    read: int = 0
    accepted: int = 0
    rejected: int = 0
    blank: int = 0


NOTHING = Totals()


def sum_of(totals: Iterable[Totals]) -> Totals:
    """Add up totals, field by field."""
    rows = [astuple(each) for each in totals]
    return Totals(*map(sum, zip(*rows, strict=True))) if rows else NOTHING


def added_up(loads: Iterable[Load]) -> Totals:
    """Add up what became of the records of some loads."""
    listed = list(loads)
    return Totals(
        objects=len(listed),
        refused=sum(load.status == REFUSED for load in listed),
        read=sum(load.read for load in listed),
        accepted=sum(load.accepted for load in listed),
        rejected=sum(load.rejected for load in listed),
        blank=sum(load.blank for load in listed),
    )
