"""Create what the other flows load into: schemas, tables and views.

Needs: a Vertica user who may create schemas, from the environment (VERTICA_HOST, VERTICA_DATABASE,
VERTICA_USER, VERTICA_PASSWORD) or from a `VerticaCredentials` block. Safe to repeat: what is there
stays as it is. It is a flow of its own, so that the ones that load can do without such rights.
"""

from typing import Annotated

from prefect import flow
from pydantic import AfterValidator, Field

from social_vault.model.catalogue import WORLDS, declared_world
from tasks.warehouse import create_schema

World = Annotated[
    str,
    AfterValidator(declared_world),
    Field(json_schema_extra={"enum": list(WORLDS)}),  # the form offers these
]


@flow(name="apply-schema", persist_result=False)
def apply_schema(worlds: list[World] | None = None, warehouse_block: str | None = None) -> None:
    """Create the schemas, tables and views that are absent.

    Args:
        worlds: Only what these declare, `social_network` or `food_delivery`; none: all.
        warehouse_block: A `VerticaCredentials` block; none: the environment.

    """
    create_schema(tuple(worlds or WORLDS), warehouse_block)
