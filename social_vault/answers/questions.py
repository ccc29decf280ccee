"""Ask the vault the marketers' question."""

from social_vault.answers.run_report import ANSWER_COLUMNS
from social_vault.stores.vertica import Row, Warehouse

# In the order of sql/answers/author_ages.sql; a row that is longer or shorter is an error.
AGES = ("age", "cnt_users")
Record = dict[str, object]


def group_conversion(warehouse: Warehouse, oldest_groups: int) -> list[Record]:
    """Ask for the oldest groups, the best conversion first; a share of nobody is None, and last."""
    return asked(warehouse, "answers/group_conversion", oldest_groups, ANSWER_COLUMNS)


def author_ages(warehouse: Warehouse, oldest_groups: int) -> list[Record]:
    """Count the users of each age who write in the oldest groups; an unknown age is None."""
    return asked(warehouse, "answers/author_ages", oldest_groups, AGES)


def asked(
    warehouse: Warehouse, name: str, oldest_groups: int, columns: tuple[str, ...]
) -> list[Record]:
    """Name the columns of an answer, in the order in which its SQL gives them."""
    rows: list[Row] = warehouse.query(name, {"oldest_groups": oldest_groups})
    return [dict(zip(columns, row, strict=True)) for row in rows]
