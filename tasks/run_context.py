"""What the tasks of one run have in common."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class RunContext:
    """Where a run finds its stores and its spool, and how many refused records it bears."""

    run_id: str
    folder: Path
    reject_limit: float
    storage_block: str | None
    warehouse_block: str | None
    source_block: str | None = None
