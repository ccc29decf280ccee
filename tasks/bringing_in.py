"""Bring the chains of a source system from the storage into the vault: a straight line of tasks."""

from social_vault.answers.run import Run
from social_vault.answers.run_report import RunReport
from social_vault.landing.objects import ObjectRequest
from tasks.carrying import carry_objects
from tasks.run_context import RunContext
from tasks.warehouse import account, find_new, load_vault


def bring_in(chains: ObjectRequest, context: RunContext) -> RunReport:
    """Load what is new in the chains, and account for each of its records."""
    news = find_new(chains, context)
    if news.is_none:
        return RunReport(known=news.known)
    outcomes = carry_objects(news.new, context)
    batch = load_vault(context)
    return account(Run(news.known, outcomes, batch), context)
