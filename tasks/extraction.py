"""What is read from source systems: each step lands what is new in one of them.

The drivers are extras of the package, imported only where their system is read.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from social_vault.errors import MOST_PRESSING, PipelineError, SettingsError
from social_vault.landing.objects import ObjectRequest
from social_vault.landing.spool import made_folder
from social_vault.model.catalogue import catalogue
from social_vault.sources.chain import Chain, Landed, beneath, extend, warn_if_replacing
from social_vault.sources.reading import Reader
from social_vault.stores.s3_landing import open_landing
from tasks.connections import source_settings, storage_settings
from tasks.retries import retried_task
from tasks.run_context import RunContext

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Extraction:
    """Which source system is read, and where its chains lie."""

    source: str
    bucket: str
    prefix: str = ""

    @property
    def chains(self) -> ObjectRequest:
        """Ask for what the chains hold."""
        folder = beneath(self.prefix, f"sources/{self.source}/")
        return ObjectRequest(self.bucket, folder, self.source)

    def chain(self, reader: Reader) -> Chain:
        """Name the chain that a reader extends."""
        ending = catalogue().tables[reader.table].extension
        return Chain(self.bucket, self.prefix, reader.source, reader.table, ending)


class Opening(Protocol):
    """Opens a source system and lends a reader for each of its tables."""

    def __call__(self, settings: object) -> AbstractContextManager[tuple[Reader, ...]]:
        """Open it by its settings."""
        ...


# The module of each source system, and what in it opens the system.
OPENINGS: Mapping[str, tuple[str, str]] = {
    "bonus": ("social_vault.sources.postgres", "open_bonus"),
    "orders": ("social_vault.sources.mongo", "open_orders"),
    "couriers": ("social_vault.sources.http_api", "open_couriers"),
}


# One task a system: the tables of the bonus system are read in one snapshot.
@retried_task
def extract(wanted: Extraction, context: RunContext) -> tuple[Landed, ...]:
    """Land what is new in every table of a source system; what fails stops no other table."""
    store = open_landing(storage_settings(context.storage_block))
    warn_if_replacing(store, wanted.bucket, wanted.prefix, context.folder)
    landed, failures = list[Landed](), list[PipelineError]()
    with opened(wanted.source, context) as readers:
        for reader in readers:
            try:
                landed.append(extend(store, wanted.chain(reader), reader, context.folder))
            except PipelineError as failure:
                log.error("%s: %s", reader.table, failure)  # noqa: TRY400 - no trace: it may show data
                failures.append(failure)
    if failures:
        raise min(failures, key=lambda failure: MOST_PRESSING.index(failure.exit_code))
    return tuple(landed)


@contextmanager
def opened(source: str, context: RunContext) -> Iterator[tuple[Reader, ...]]:
    """Lend the readers of a source system that the block or the environment names."""
    open_source = opening(source)
    with made_folder() as folder:
        settings = source_settings(source, context.source_block, Path(folder))
        with open_source(settings) as readers:
            yield readers


def opening(source: str) -> Opening:
    """Find what opens a source system; raise SettingsError where its driver is not installed."""
    module, name = OPENINGS[source]
    try:
        return cast("Opening", getattr(import_module(module), name))
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"The source system {source} needs the package {error.name}: install "
            f"social-vault[sources]."
        ) from None
