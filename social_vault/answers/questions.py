"""Ask the vault the marketers' question."""

from social_vault.answers.run_report import ANSWER_COLUMNS
from social_vault.stores.vertica import Row, Warehouse

AGES = ("age", "cnt_users")
Record = dict[str, object]


def group_conversion(warehouse: Warehouse, oldest_groups: int) -> list[Record]:
    """Return the conversion of the oldest groups, the best first; none where there is none."""
    return asked(warehouse, "answers/group_conversion", oldest_groups, ANSWER_COLUMNS)


def author_ages(warehouse: Warehouse, oldest_groups: int) -> list[Record]:
    """Return how many users of each age write in the oldest groups, the most frequent first."""
    return asked(warehouse, "answers/author_ages", oldest_groups, AGES)


def asked(
    warehouse: Warehouse, name: str, oldest_groups: int, columns: tuple[str, ...]
) -> list[Record]:
    """Return the rows of an answer under the names of their columns."""
    rows: list[Row] = warehouse.query(name, {"oldest_groups": oldest_groups})
    return [dict(zip(columns, row, strict=True)) for row in rows]
