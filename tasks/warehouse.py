"""What is done in Vertica: each step one transaction, which may be tried again as a whole."""

from dataclasses import replace
from datetime import date

from social_vault.answers.dues import FoodReports
from social_vault.answers.food_reports import food_reports
from social_vault.answers.run import Run, account_for, report_on
from social_vault.answers.run_report import RunReport
from social_vault.landing.finding import find_objects, in_order
from social_vault.landing.objects import ObjectRequest, SpooledObject
from social_vault.loading import staging, vault
from social_vault.loading.ledger import News, find_chain_news, find_news
from social_vault.loading.loads import Load
from social_vault.loading.staging import StageRequest
from social_vault.loading.vault import VaultBatch
from social_vault.model.catalogue import catalogue, of_worlds
from social_vault.records.validation import Validated
from social_vault.schema.apply import apply_schema
from tasks.connections import open_storage, open_vertica
from tasks.retries import retried_task
from tasks.run_context import RunContext


@retried_task
def create_schema(worlds: tuple[str, ...], warehouse_block: str | None) -> None:
    """Create the schemas, tables and views of some worlds that are absent; safe to repeat."""
    with open_vertica(warehouse_block) as warehouse:
        apply_schema(warehouse, of_worlds(worlds))


@retried_task
def find_new(request: ObjectRequest, context: RunContext) -> News:
    """Tell new objects from those that the load ledger knows, and what the vault lacks.

    One step of two stores: the ledger is asked while the bucket is still being listed.
    """
    store = open_storage(context.storage_block)
    with open_vertica(context.warehouse_block) as warehouse:
        if request.source:
            news = find_chain_news(warehouse, request, store)
        else:
            news = find_news(warehouse, find_objects(store, request, catalogue()))
    return replace(news, new=in_order(news.new, request))


@retried_task
def stage_object(spooled: SpooledObject, validated: Validated, context: RunContext) -> Load:
    """Load the two parts of one object, in one transaction; say where its records went."""
    request = StageRequest(
        spooled=spooled,
        validated=validated,
        table=catalogue().feeds(spooled.object.key),
        reject_limit=context.reject_limit,
        run_id=context.run_id,
    )
    # A connection of its own: loads of different tables run side by side, each in its session.
    with open_vertica(context.warehouse_block) as warehouse:
        return staging.stage(warehouse, request)


@retried_task
def load_vault(context: RunContext) -> VaultBatch:
    """Bring every load that is staged and not yet in the vault into it, in one transaction."""
    with open_vertica(context.warehouse_block) as warehouse:
        return vault.load_vault(warehouse, context.run_id)


@retried_task
def account(run: Run, context: RunContext) -> RunReport:
    """Account for every record of a run that brought in a source system's chains."""
    with open_vertica(context.warehouse_block) as warehouse:
        return account_for(warehouse, run)


@retried_task
def answer(run: Run, context: RunContext) -> RunReport:
    """Account for every record of the run, and answer where newcomers start to talk."""
    with open_vertica(context.warehouse_block) as warehouse:
        return report_on(warehouse, run)


@retried_task
def ask_food_reports(since: date | None, until: date | None, block: str | None) -> FoodReports:
    """Ask what restaurants and couriers are due."""
    with open_vertica(block) as warehouse:
        return food_reports(warehouse, since, until)
