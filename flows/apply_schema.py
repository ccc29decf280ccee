"""Create what `social-network` loads into: schemas, tables and views.

Needs: a Vertica user who may create schemas, from the environment (VERTICA_HOST, VERTICA_DATABASE,
VERTICA_USER, VERTICA_PASSWORD) or from a `VerticaCredentials` block. Safe to repeat: what is there
stays as it is. It is a flow of its own, so that the one that loads can do without such rights.
"""

from prefect import flow

from tasks.warehouse import create_schema


# No parameter but the block: what is created follows from the declaration.
@flow(name="apply-schema", persist_result=False)
def apply_schema(warehouse_block: str | None = None) -> None:
    """Create the schemas, tables and views that are absent."""
    create_schema(warehouse_block)
