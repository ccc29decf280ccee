"""Ask the places that a command needs, once and before it begins: nobody waits minutes to be told.

A run of a deployment asks nothing beforehand: its tasks outlive an outage (`retries`).
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from httpx import TransportError
from prefect.client.orchestration import get_client
from prefect.exceptions import PrefectHTTPStatusError
from prefect.settings import PREFECT_API_URL

from social_vault.errors import PipelineError, SettingsError, UnavailableError
from social_vault.landing.spool import made_folder
from social_vault.stores.addresses import in_background, is_unknown_name
from social_vault.stores.s3 import Patience, open_store
from social_vault.stores.vertica_connection import check_connection
from tasks.connections import storage_settings, warehouse_settings

SECONDS_FOR_PREFECT = 5.0
SECONDS_FOR_STORES = 7.0
SECONDS_TO_REACH = 4.0
ONCE = Patience(connect_seconds=SECONDS_TO_REACH, read_seconds=SECONDS_FOR_STORES, requests=1)


@dataclass(frozen=True)
class Question:
    """What a place is asked, which raises unless the place takes our requests now."""

    where: str
    ask: Callable[[], object]


@contextmanager
def warehouse_question(block: str | None) -> Iterator[Question]:
    """Ask Vertica to let us in, at whichever of its addresses."""
    with made_folder() as folder:
        settings = warehouse_settings(block, Path(folder))
        yield Question(
            f"Vertica at {settings.host}:{settings.port}",
            lambda: check_connection(settings, SECONDS_TO_REACH),
        )


def storage_question(bucket: str, prefix: str, block: str | None) -> Question:
    """Ask S3 to list the bucket."""
    store = open_store(storage_settings(block), ONCE)
    return Question(f"s3://{bucket}", lambda: next(store.listed(bucket, prefix), None))


def check_at_once(questions: Sequence[Question], seconds: float) -> None:
    """Ask all places at the same time, and wait no longer than that for all of them."""
    end = time.monotonic() + seconds
    asked = [(each, in_background(each.ask)) for each in questions]
    for each, answer in asked:
        try:
            answer.result(max(0.0, end - time.monotonic()))
        except TimeoutError:
            why = f"{each.where} gave no answer within {seconds:g} seconds."
            raise UnavailableError(why) from None


def check_warehouse(block: str | None) -> None:
    """Raise unless Vertica takes our requests now."""
    with warehouse_question(block) as warehouse:
        check_at_once([warehouse], SECONDS_FOR_STORES)


def check_stores(bucket: str, prefix: str, storage: str | None, warehouse: str | None) -> None:
    """Raise unless S3 and Vertica, as the blocks or the environment name them, can be used now."""
    with warehouse_question(warehouse) as vertica:
        s3 = storage_question(bucket, prefix, storage)
        check_at_once([s3, vertica], SECONDS_FOR_STORES)


@contextmanager
def reached_prefect() -> Iterator[None]:
    """Ask the Prefect server, if one is configured, and say whose matter its failures are."""
    address = PREFECT_API_URL.value()
    try:
        if address:
            prefect = Question(f"The Prefect server at {address}", ask_prefect)
            check_at_once([prefect], SECONDS_FOR_PREFECT)
        yield
    except (TransportError, PrefectHTTPStatusError) as error:
        raise lost_prefect(address, error) from error


def ask_prefect() -> None:
    """Raise what the client raises where no server answers."""
    with get_client(sync_client=True) as client:
        failure = client.api_healthcheck()
    if failure is not None:
        raise failure


def lost_prefect(
    address: str | None, error: TransportError | PrefectHTTPStatusError
) -> PipelineError:
    """Return our error for one of Prefect's client; what was loaded until then is kept."""
    where = f"The Prefect server at {address}, which PREFECT_API_URL or the active profile names,"
    if isinstance(error, PrefectHTTPStatusError):
        status = error.response.status_code
        family = UnavailableError if status == 429 or status >= 500 else SettingsError
        return family(f"{where} answered {status}: expected an API that takes our requests.")
    if is_unknown_name(error):
        return SettingsError(f"{where} has a host name that does not exist.")
    return UnavailableError(f"{where} cannot be reached ({type(error).__name__}).")
