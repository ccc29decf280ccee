"""What a run did and what it found out, as plain text and as markdown."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Literal

from social_vault.errors import IncompleteRunError, SettingsError
from social_vault.landing.objects import ObjectVersion
from social_vault.report.layout import (
    Row,
    markdown_table,
    markdown_text,
    shown,
    text_table,
    write_csv,
)

Status = Literal["new", "already loaded", "refused", "refused before", "failed"]
Table = Callable[[Sequence[str], Sequence[Sequence[object]]], str]
Section = tuple[str, str]  # a title, and what stands under it

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
ANSWER_HEADINGS = (
    "group",
    "name",
    "added",
    "wrote",
    "conversion",
    "added and wrote",
    "95% interval",
)
FILE_HEADINGS = ("object", "table", "outcome", "read", "accepted", "rejected", "blank")
AGE_GROUPS = {0: "under 18", 18: "18–24", 25: "25–34", 35: "35–44", 45: "45–54", 55: "55 and over"}
UNKNOWN_AGE = "unknown"
RULE_HEADINGS = ("table", "refused because", "records")


@dataclass(frozen=True)
class Form:
    """How tables and values are written."""

    table: Table
    text: Callable[[str], str]


TEXT = Form(text_table, shown)
MARKDOWN = Form(markdown_table, markdown_text)


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

    @property
    def complaint(self) -> str:
        """Say what a human must look at: where, and what was found."""
        return self.reason if self.key in self.reason else f"{self.key}: {self.reason}"


@dataclass(frozen=True)
class Outcome:
    """How the way of one object into staging went: seconds by step, and why it stopped short."""

    object: ObjectVersion
    seconds: Mapping[str, float]
    failure: str = ""
    already: bool = False  # another run was quicker


@dataclass(frozen=True)
class RunReport:
    """What a run did and what the vault answers after it."""

    files: tuple[FileReport, ...]
    added: Mapping[str, int] = field(default_factory=dict)
    answer: tuple[Row, ...] = ()
    ages: tuple[Row, ...] = ()
    unknown: Mapping[str, int] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    picture: Path | None = None

    @property
    def failed(self) -> tuple[FileReport, ...]:
        """Return the objects that were not loaded because something went wrong."""
        return tuple(file for file in self.files if file.status == "failed")

    @property
    def is_idle(self) -> bool:
        """Tell whether the run found nothing new and changed nothing."""
        return not any(self.added.values()) and all(
            file.status in {"already loaded", "refused before"} for file in self.files
        )

    def with_seconds(self, step: str, spent: float) -> "RunReport":
        """Return the report with the time that one more step took."""
        return replace(self, seconds={**self.seconds, step: spent})

    def with_picture(self, picture: Path) -> "RunReport":
        """Return the report with the place of its picture."""
        return replace(self, picture=picture)


def complete(report: RunReport) -> RunReport:
    """Return the report of a run that loaded everything; of another one, raise what it lacks."""
    if not report.failed:
        return report
    reasons = "; ".join(file.complaint.rstrip(".") for file in report.failed)
    count = f"{len(report.failed)} of {len(report.files)} objects"
    raise IncompleteRunError(f"{count} were not loaded: {reasons}.", report)


def render_text(report: RunReport) -> str:
    """Return the whole report as text for a terminal."""
    return as_text([*answer_sections(report, text_table), *load_sections(report, TEXT)])


def render_accounting(report: RunReport) -> str:
    """Return what became of the records as text for a log: counts, and no value of the data."""
    return as_text(load_sections(report, TEXT))


def render_markdown(report: RunReport) -> str:
    """Return the whole report as markdown; no value in it can become markup."""
    blocks = [*answer_sections(report, markdown_table), *load_sections(report, MARKDOWN)]
    return "\n\n".join("\n\n".join(filter(None, (f"### {title}", body))) for title, body in blocks)


def write_answer(report: RunReport, target: Path) -> Path:
    """Write the answer as a CSV with the columns of the view it comes from."""
    try:
        return write_csv(target, ANSWER_COLUMNS, report.answer)
    except OSError as error:
        why = f"The answer cannot be written to {target}: {error.strerror}; the loads are kept."
        raise SettingsError(why) from error


def answer_records(report: RunReport) -> list[dict[str, object]]:
    """Return the answer in types that JSON knows; exact numbers become texts or floats."""
    return [{name: plain(row[name]) for name in ANSWER_COLUMNS} for row in report.answer]


def plain(value: object) -> object:
    """Return a value of the warehouse as one that JSON knows."""
    if isinstance(value, Decimal):
        return float(value)
    return value if value is None or isinstance(value, int | float | str) else str(value)


def as_text(blocks: Sequence[Section]) -> str:
    """Return titled blocks as text."""
    return "\n\n".join("\n".join(filter(None, block)) for block in blocks)


def answer_sections(report: RunReport, table: Table) -> list[Section]:
    """Return what the vault answers."""
    blocks = [answer_section(report, table), ages_section(report, table)]
    return [block for block in blocks if block is not None]


def load_sections(report: RunReport, form: Form) -> list[Section]:
    """Return what was loaded, what was refused and what failed."""
    blocks = [
        files_section(report, form.table),
        rules_section(report, form.table),
        failures_section(report, form.text),
        vault_section(report, form.text),
    ]
    return [block for block in blocks if block is not None]


def answer_section(report: RunReport, table: Table) -> Section:
    """Say in which groups newcomers start to talk."""
    if not report.answer:
        return "The answer: the vault holds no group yet.", ""
    title = f"Where newcomers start to talk: the {len(report.answer)} oldest groups"
    return title, table(ANSWER_HEADINGS, [answer_cells(row) for row in report.answer])


def answer_cells(row: Row) -> list[object]:
    """Return one row of the answer as a reader wants to see it."""
    low, high = row["conversion_low"], row["conversion_high"]
    interval = None if low is None or high is None else f"{percent(low)} – {percent(high)}"
    return [
        str(row["group_id"]),
        row["group_name"],
        row["cnt_added_users"],
        row["cnt_users_in_group_with_messages"],
        as_float(row["group_conversion"]),
        row["cnt_added_users_with_messages"],
        interval,
    ]


def ages_section(report: RunReport, table: Table) -> Section | None:
    """Say how old the users are who write in these groups."""
    if not report.ages:
        return None
    users = Counter[str]()
    for row in report.ages:
        users[age_group(row["age"])] += int(str(row["cnt_users"]))
    total = sum(users.values())
    names = [*AGE_GROUPS.values(), UNKNOWN_AGE]
    rows = [[name, users[name], percent(users[name] / total)] for name in names if users[name]]
    return "How old the users are who write there", table(("age", "users", "share"), rows)


def age_group(age: object) -> str:
    """Return the name of the age group that an age belongs to."""
    if age is None:
        return UNKNOWN_AGE
    return next(name for start, name in reversed(AGE_GROUPS.items()) if int(str(age)) >= start)


def files_section(report: RunReport, table: Table) -> Section:
    """Account for every record of every object."""
    if not report.files:
        return "No object was found: nothing to load.", ""
    rows = [
        [
            file.key,
            file.table,
            file.status,
            *((None,) * 4 if file.status == "failed" else counts(file)),
        ]
        for file in report.files
    ]
    title = "What became of every record"
    if report.is_idle:
        title += " (nothing is new: every object had been loaded before)"
    return title, table(FILE_HEADINGS, rows)


def counts(file: FileReport) -> tuple[int, int, int, int]:
    """Return how many records were read, and where they went."""
    return file.read, file.accepted, file.rejected, file.blank


def rules_section(report: RunReport, table: Table) -> Section | None:
    """Count the refused records by the rule they broke; a record may break several."""
    rows = [
        [file.table, rule, count]
        for file in report.files
        for rule, count in sorted(file.rules.items(), key=lambda item: (-item[1], item[0]))
    ]
    return ("Why records were refused", table(RULE_HEADINGS, rows)) if rows else None


def failures_section(report: RunReport, text: Callable[[str], str]) -> Section | None:
    """Name the objects that were not loaded, and why."""
    lines = [f"- {text(file.complaint)}" for file in report.files if file.reason]
    return ("What a human must look at", "\n".join(lines)) if lines else None


def vault_section(report: RunReport, text: Callable[[str], str]) -> Section:
    """Say what the vault gained, which references lead nowhere, and how long it took."""
    added = {table: count for table, count in report.added.items() if count}
    unknown = {hub: count for hub, count in report.unknown.items() if count}
    rows = sum(added.values())
    title = f"Vault: {rows:,} rows added" if added else "Vault: nothing to add"
    lines = [
        listed("By table", added),
        listed("Named in some file, but delivered in none", unknown),
        listed("Seconds", {stage: f"{spent:.1f}" for stage, spent in report.seconds.items()}),
    ]
    return title, "\n".join(f"- {text(line)}" for line in lines if line)


def listed(title: str, values: Mapping[str, object]) -> str:
    """Return names and values as one line; none, as an empty one."""
    body = ", ".join(f"{name} {shown(value)}" for name, value in values.items())
    return f"{title}: {body}" if body else ""


def as_float(value: object) -> float | None:
    """Return a number of the warehouse, which may be exact, as one to look at."""
    return None if value is None else float(str(value))


def percent(value: object) -> str:
    """Return a share as a percentage."""
    return f"{float(str(value)):.1%}"
