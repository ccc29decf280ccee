"""What restaurants and couriers are called in the food delivery's reports."""

from collections import Counter
from collections.abc import Iterable, Mapping

from social_vault.answers.dues import CourierMonth, Settlement

END_OF_ID = 6  # characters; ids of one minute begin alike


def restaurant_names(rows: Iterable[Settlement]) -> dict[str, str]:
    """Name each restaurant by its id; one that was never described is called by it."""
    return {row.restaurant_id: row.restaurant_name or row.restaurant_id for row in rows}


def courier_names(rows: Iterable[CourierMonth]) -> dict[str, str]:
    """Name each courier by its id; one that was never listed is called by it."""
    return {row.courier_id: row.courier_name or row.courier_id for row in rows}


def apart(names: Mapping[str, str]) -> dict[str, str]:
    """Give those who share a name the end of their id, so that none is taken for another."""
    shared = {name for name, count in Counter(names.values()).items() if count > 1}
    return {
        key: f"{name} …{key[-END_OF_ID:]}" if name in shared else name
        for key, name in names.items()
    }
