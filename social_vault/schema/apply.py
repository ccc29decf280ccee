"""Create what the pipeline loads into."""

import logging

from social_vault.model.catalogue import Catalogue, catalogue
from social_vault.schema.statements import creations
from social_vault.stores.vertica import Warehouse

log = logging.getLogger(__name__)


def apply_schema(warehouse: Warehouse, declared: Catalogue | None = None) -> None:
    """Create every schema, table and view that is absent; what is there stays as it is.

    Without a catalogue of some worlds, all that is declared is created.
    """
    statements = creations(declared or catalogue())
    # One by one and without a transaction: in Vertica each CREATE commits by itself.
    for statement in statements:
        warehouse.execute(statement)
    log.info("The schemas hold %d objects.", len(statements))
