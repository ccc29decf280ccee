"""All reasons against a record as one text, which the reject table has room for."""

from collections.abc import Sequence

from social_vault.records.rejects import BETWEEN_REASONS

# The width of the column `reasons` (sql/patterns/create/rejects.sql), in octets.
ROOM = 2_000
MORE = "record: more reasons"


def joined(reasons: Sequence[str]) -> str:
    """Join reasons; where they are too many the first ones stay, and one tells of the others."""
    text = BETWEEN_REASONS.join(reasons)
    # An array may have thousands of elements, and each a reason of its own.
    if len(text.encode()) <= ROOM:
        return text
    room = ROOM - len(BETWEEN_REASONS) - len(MORE)
    kept = text.encode()[: room + len(BETWEEN_REASONS)]
    whole = kept.decode(errors="ignore").rpartition(BETWEEN_REASONS)[0]
    return BETWEEN_REASONS.join([whole, MORE] if whole else [MORE])
