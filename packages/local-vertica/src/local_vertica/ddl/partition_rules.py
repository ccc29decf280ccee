"""What the page of the partition clause asks of its expressions."""

from collections.abc import Mapping, Sequence

from local_vertica.catalog.model import Column
from local_vertica.ddl.nodes import Physical
from local_vertica.ddl.reader import Reader
from local_vertica.errors import VerticaError
from local_vertica.sql.bind_functions import VOLATILE
from local_vertica.sql.translate import translate_expression
from local_vertica.types import VType, parse_type


def check_partition(physical: Physical, columns: Sequence[Column]) -> None:
    """Refuse a partition clause whose keys are not the same at any time and in any session."""
    if not physical.partition_by:
        return
    types = {column.name: parse_type(column.type) for column in columns}
    # Without a scope, aggregates and what depends on the session are refused.
    translate_expression(physical.partition_by, types)
    key = _words(physical.partition_by)
    if VOLATILE.intersection(key) or _depends_on_zone(key, types):
        raise _refused("PARTITION BY expression must be immutable")
    if physical.group_by:
        _check_group(key, _words(physical.group_by))


def _check_group(key: Sequence[str], group: Sequence[str]) -> None:
    """Refuse a GROUP BY that is not over the key, or has a modulo in it."""
    starts = range(len(group) - len(key) + 1)
    if not any(group[start : start + len(key)] == key for start in starts):
        raise _refused("GROUP BY must use the same expression as PARTITION BY")
    if "%" in group:
        raise _refused("GROUP BY of a partition clause does not support modulo operations")


def _depends_on_zone(key: Sequence[str], types: Mapping[str, VType]) -> bool:
    """Say whether a moment with a time zone is taken apart in the zone of the session."""
    zoned = {name.upper() for name, vtype in types.items() if vtype.name == "TIMESTAMPTZ"}
    return bool(zoned.intersection(key)) and len(key) > 1 and "ZONE" not in key


def _words(text: str) -> list[str]:
    """Return the tokens of an expression without its parentheses."""
    tokens = [token for token in Reader(text).tokens if token.kind != "end"]
    return [token.text.strip('"').upper() for token in tokens if token.text not in ("(", ")")]


def _refused(message: str) -> VerticaError:
    """Return the refusal; the page tells the rule, no page its number."""
    return VerticaError("0A000", message, 4160)
