"""Ask the warehouse what a run has come to: every record accounted for, and the answer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from social_vault.answers.accounting import Rules, broken_rules, unknown_references
from social_vault.answers.questions import author_ages, group_conversion
from social_vault.answers.run_report import FileReport, Outcome, RunReport, Status
from social_vault.loading.loads import REFUSED, Load, Totals
from social_vault.loading.vault import VaultBatch
from social_vault.stores.vertica import Warehouse


@dataclass(frozen=True)
class Run:
    """What was known before a run, what became of what was new, and what the vault took."""

    known: Totals
    outcomes: tuple[Outcome, ...]
    batch: VaultBatch
    oldest_groups: int = 10


def report_on(warehouse: Warehouse, run: Run) -> RunReport:
    """Account for the objects of a run and answer; only reads, all of it in one transaction."""
    with warehouse.transaction():
        return replace(
            _accounted(warehouse, run),
            answer=tuple(group_conversion(warehouse, run.oldest_groups)),
            ages=tuple(author_ages(warehouse, run.oldest_groups)),
            unknown=unknown_references(warehouse),
        )


def account_for(warehouse: Warehouse, run: Run) -> RunReport:
    """Account for the objects of a food delivery's run; only reads, all in one transaction."""
    with warehouse.transaction():
        unknown = unknown_references(warehouse, "food_delivery")
        return replace(_accounted(warehouse, run), unknown=unknown)


def _accounted(warehouse: Warehouse, run: Run) -> RunReport:
    rules = broken_rules(warehouse, [each.load for each in run.outcomes if each.load])
    return RunReport(
        files=tuple(file_report(outcome, rules) for outcome in run.outcomes),
        known=run.known,
        added=run.batch.added,
    )


def file_report(outcome: Outcome, rules: Mapping[int, Rules]) -> FileReport:
    """Account for one object, by the counts of its load and the rules that its rejects broke."""
    key, load = outcome.object.key, outcome.load
    if load is None:
        return FileReport(
            key, outcome.table, "failed", reason=outcome.failure, exit_code=outcome.exit_code
        )
    broken = rules.get(load.load_id, {})
    return FileReport(
        key=key,
        table=outcome.table,
        status=status_of(load),
        read=load.read,
        accepted=load.accepted,
        rejected=load.rejected,
        blank=load.blank,
        rules=broken,
        # Of a file that was refused whole its one reject says why; else the rules are counted.
        reason="; ".join(broken) if load.status == REFUSED else "",
    )


def status_of(load: Load) -> Status:
    """Say how a load stands in the report: `already loaded` if another run was quicker."""
    if load.status == REFUSED:
        return "refused"
    return "already loaded" if load.already else "new"
