"""The run report: what became of the objects of a run, and what the vault answers after it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from social_vault.errors import IncompleteRunError
from social_vault.landing.objects import ObjectVersion
from social_vault.loading.loads import NOTHING, Load, Totals

Status = Literal["new", "already loaded", "refused", "failed"]
Row = Mapping[str, object]

# Those of the view dwh.group_conversion, in its order.
ANSWER_COLUMNS = (
    "hk_group_id",
    "group_id",
    "group_name",
    "cnt_added_users",
    "cnt_users_in_group_with_messages",
    "group_conversion",
    "cnt_added_users_with_messages",
    "added_user_conversion",
    "conversion_low",
    "conversion_high",
)


@dataclass(frozen=True)
class Outcome:
    """How the way of one object into staging ended: with its load, or with why there is none."""

    object: ObjectVersion
    table: str
    load: Load | None = None
    failure: str = ""
    exit_code: int = 0  # of the failure: whose matter it is


@dataclass(frozen=True)
class FileReport:
    """What became of one object: each record read is accepted, rejected or blank."""

    key: str
    table: str
    status: Status
    read: int = 0
    accepted: int = 0
    rejected: int = 0
    blank: int = 0
    rules: Mapping[str, int] = field(default_factory=dict)
    reason: str = ""
    exit_code: int = 0  # of the failure: whose matter it is

    @property
    def complaint(self) -> str:
        """Say what a human must look at: where, and what was found."""
        # Errors of a store name the object themselves, and nobody wants to read it twice.
        return self.reason if self.key in self.reason else f"{self.key}: {self.reason}"


@dataclass(frozen=True)
class RunReport:
    """What a run did and what the vault answers after it.

    `files` are the objects of this run alone; what earlier runs had loaded is added up in `known`.
    Without an `answer` nobody asked for one.
    """

    files: tuple[FileReport, ...] = ()
    known: Totals = NOTHING
    added: Mapping[str, int] = field(default_factory=dict)
    answer: tuple[Row, ...] | None = None
    ages: tuple[Row, ...] = ()
    unknown: Mapping[str, int] = field(default_factory=dict)
    picture: Path | None = None

    @property
    def failed(self) -> tuple[FileReport, ...]:
        """List the objects that were not loaded because something went wrong."""
        return tuple(file for file in self.files if file.status == "failed")

    @property
    def is_idle(self) -> bool:
        """Tell whether the run found nothing new and changed nothing."""
        return not self.files and not any(self.added.values())

    def with_picture(self, picture: Path) -> "RunReport":
        """Add where the picture lies; the report itself is frozen."""
        return replace(self, picture=picture)


def complete(report: RunReport) -> RunReport:
    """Let the report of a whole run pass; raise IncompleteRunError if objects were not loaded."""
    if not report.failed:
        return report
    reasons = "; ".join(file.complaint.rstrip(".") for file in report.failed)
    count = f"{len(report.failed)} of {len(report.files)} objects"
    codes = {file.exit_code for file in report.failed}
    raise IncompleteRunError(f"{count} were not loaded: {reasons}.", report, codes)
