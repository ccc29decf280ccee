"""The parts of a run report, as titles and bodies that text and markdown write in their forms."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from social_vault.answers.run_report import FileReport, Row, RunReport
from social_vault.loading.loads import Totals
from social_vault.report.layout import shown

Table = Callable[[Sequence[str], Sequence[Sequence[object]]], str]
Section = tuple[str, str]  # a title, and what stands under it

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


def answer_sections(report: RunReport, table: Table) -> list[Section]:
    """Gather what the vault answers; no section at all, if nobody asked."""
    asked = None if report.answer is None else answer_section(report.answer, table)
    blocks = [asked, ages_section(report, table)]
    return [block for block in blocks if block is not None]


def load_sections(report: RunReport, form: Form) -> list[Section]:
    """Gather what was loaded, refused and failed, without a value of any record."""
    blocks = [
        files_section(report, form),
        rules_section(report, form.table),
        failures_section(report, form.text),
        # Of a run that neither loaded nor asked, the vault tells nothing.
        None if report == RunReport(known=report.known) else vault_section(report, form.text),
    ]
    return [block for block in blocks if block is not None]


def answer_section(answer: Sequence[Row], table: Table) -> Section:
    """Say in which groups newcomers start to talk."""
    if not answer:
        return "The answer: the vault holds no group yet.", ""
    title = f"Where newcomers start to talk: the {len(answer)} oldest groups"
    return title, table(ANSWER_HEADINGS, [answer_cells(row) for row in answer])


def answer_cells(row: Row) -> list[object]:
    """Show one row of the answer in the order of ANSWER_HEADINGS, its interval in one cell."""
    low, high = row["conversion_low"], row["conversion_high"]
    interval = None if low is None or high is None else f"{percent(low)} – {percent(high)}"
    return [
        str(row["group_id"]),  # a name, and no number to be right-aligned or parted by thousands
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
    """Name the age group of an age; a user without one, or known from no file, is `unknown`."""
    if age is None:
        return UNKNOWN_AGE
    # From the oldest down: the first group that begins at or below the age.
    return next(name for start, name in reversed(AGE_GROUPS.items()) if int(str(age)) >= start)


def files_section(report: RunReport, form: Form) -> Section:
    """Account for every record of every object of the run, and for the others together."""
    before = known_line(report.known)
    if not report.files:
        why = "nothing is new" if report.known.objects else "no object was found"
        return f"Nothing to load: {why}.", form.text(before)
    rows = [
        [
            file.key,
            file.table,
            file.status,
            # Zeros would claim that somebody has read it.
            *((None,) * 4 if file.status == "failed" else counts(file)),
        ]
        for file in report.files
    ]
    listed = form.table(FILE_HEADINGS, rows)
    body = f"{listed}\n\n{form.text(before)}" if before else listed
    return "What became of every record", body


def known_line(known: Totals) -> str:
    """Say in one line what earlier runs had loaded of what was looked at."""
    if not known.objects:
        return ""
    refused = f", {known.refused:,} of them refused as a whole" if known.refused else ""
    objects = "1 object" if known.objects == 1 else f"{known.objects:,} objects"
    return (
        f"Loaded before: {objects}{refused}; {known.read:,} records read, "
        f"{known.accepted:,} accepted, {known.rejected:,} rejected, {known.blank:,} blank."
    )


def counts(file: FileReport) -> tuple[int, int, int, int]:
    """List read, accepted, rejected and blank, in the order of FILE_HEADINGS."""
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
    """Say what the vault gained, and which references lead nowhere."""
    added = {table: count for table, count in report.added.items() if count}
    unknown = {hub: count for hub, count in report.unknown.items() if count}
    rows = sum(added.values())
    title = f"Vault: {rows:,} rows added" if added else "Vault: nothing to add"
    lines = [
        listed("By table", added),
        listed("Named in some file, but delivered in none", unknown),
    ]
    return title, "\n".join(f"- {text(line)}" for line in lines if line)


def listed(title: str, values: Mapping[str, object]) -> str:
    """Write names and values in one line; an empty one if there are none."""
    body = ", ".join(f"{name} {shown(value)}" for name, value in values.items())
    return f"{title}: {body}" if body else ""


def as_float(value: object) -> float | None:
    """Make a number of the warehouse, which may be a Decimal, one that `shown` rounds."""
    return None if value is None else float(str(value))


def percent(value: object) -> str:
    """Write a share with one digit behind the point, as `42.4%`."""
    return f"{float(str(value)):.1%}"
