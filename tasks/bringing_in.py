"""Bring what is new in a source system into the vault: a straight line of tasks."""

from prefect import get_run_logger

from social_vault.answers.run import Run
from social_vault.answers.run_report import RunReport, complete
from social_vault.landing.objects import ObjectRequest
from social_vault.report.text import render_accounting
from tasks.carrying import carry_objects
from tasks.extraction import Extraction, extract
from tasks.run_context import RunContext
from tasks.warehouse import account, find_new, load_vault


def bring_in(wanted: Extraction, context: RunContext) -> RunReport:
    """Extract what is new, load what has landed, and account for each of its records.

    Raises what kept the source or an object of its chains from being read, when all else is done.
    """
    extracted = extract.submit(wanted, context)
    extracted.wait()
    # Also when the source is out of reach: what was landed before may still wait to be loaded.
    report = load_chains(wanted.chains, context)
    get_run_logger().info("The run is over.\n\n%s", render_accounting(report))
    extracted.result()
    return complete(report)


def load_chains(chains: ObjectRequest, context: RunContext) -> RunReport:
    """Load what is new in the chains, and account for each of its records."""
    news = find_new(chains, context)
    if news.is_none:
        return RunReport(known=news.known)
    outcomes = carry_objects(news.new, context)
    batch = load_vault(context)
    return account(Run(news.known, outcomes, batch), context)
