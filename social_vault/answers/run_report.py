"""Ask the warehouse what a run has come to: every record accounted for, and the answer."""

from collections import Counter
from dataclasses import dataclass

from social_vault.answers.accounting import account, unknown_references
from social_vault.answers.questions import author_ages, group_conversion
from social_vault.landing.objects import ObjectVersion
from social_vault.loading.staging import Staged
from social_vault.loading.vault import VaultBatch
from social_vault.report.text import FileReport, Outcome, RunReport, Status
from social_vault.stores.vertica import Warehouse
from social_vault.timing import Timed


@dataclass(frozen=True)
class Run:
    """What a run found in the storage, what became of what was new, and what the vault took."""

    found: tuple[ObjectVersion, ...]
    outcomes: tuple[Outcome, ...]
    batch: Timed[VaultBatch]
    oldest_groups: int


def report_on(warehouse: Warehouse, run: Run) -> RunReport:
    """Return the report of a run, read back from the warehouse and not from memory."""
    carried = {outcome.object.key: outcome for outcome in run.outcomes}
    files = [file_report(warehouse, each, carried.get(each.key)) for each in run.found]
    return RunReport(
        files=tuple(files),
        added=run.batch.value.added,
        answer=tuple(group_conversion(warehouse, run.oldest_groups)),
        ages=tuple(author_ages(warehouse, run.oldest_groups)),
        unknown=unknown_references(warehouse),
        seconds=seconds_of(run),
    )


def file_report(warehouse: Warehouse, found: ObjectVersion, outcome: Outcome | None) -> FileReport:
    """Return what became of one object; without an outcome an earlier run had loaded it."""
    if outcome and outcome.failure:
        return FileReport(found.key, found.table, "failed", reason=outcome.failure)
    known = account(warehouse, outcome.object if outcome else found)
    if known is None:
        return FileReport(found.key, found.table, "failed", reason="The ledger does not know it.")
    load = known.load
    return FileReport(
        key=found.key,
        table=found.table,
        status=status_of(load, is_new=outcome is not None and not outcome.already),
        read=load.read,
        accepted=load.accepted,
        rejected=load.rejected,
        blank=load.blank,
        rules=known.rules,
        reason="; ".join(known.rules) if load.status == "refused" else "",
    )


def status_of(load: Staged, *, is_new: bool) -> Status:
    """Return how a load stands in the report of a run."""
    if load.status == "refused":
        return "refused" if is_new else "refused before"
    return "new" if is_new else "already loaded"


def seconds_of(run: Run) -> dict[str, float]:
    """Return the seconds of each step, added up over the objects; steps overlap."""
    spent = Counter[str]()
    for outcome in run.outcomes:
        spent.update(outcome.seconds)
    return {**spent, "vault": run.batch.seconds}
