"""Create what the pipeline loads into, and tell whether it is there."""

import logging

from social_vault.errors import SettingsError, WarehouseError
from social_vault.model.catalogue import CONTRACTS
from social_vault.stores.vertica import Warehouse

log = logging.getLogger(__name__)

HUBS = ("h_users", "h_groups", "h_dialogs")
LINKS = ("l_user_message", "l_admins", "l_groups_dialogs", "l_user_group_activity")
SATELLITES = (
    "s_admins",
    "s_user_chatinfo",
    "s_user_socdem",
    "s_group_name",
    "s_group_private_status",
    "s_dialog_info",
    "s_auth_history",
)
VIEWS = (  # each reads those before it
    "current_groups",
    "group_people",
    "group_figures",
    "group_conversion_by_age",
    "group_conversion",
    "author_ages",
)
STATEMENTS = (
    "ddl/create_staging_schema",
    "ddl/create_vault_schema",
    "ddl/create_load_ids",
    "ddl/create_load_ledger",
    "ddl/create_vault_ledger",
    *(f"ddl/create_{table}{part}" for table in CONTRACTS for part in ("", "_rej")),
    *(f"ddl/create_{table}" for table in (*HUBS, *LINKS, *SATELLITES)),
    *(f"marts/create_{view}" for view in VIEWS),
)


def apply_schema(warehouse: Warehouse) -> None:
    """Create every schema, table and view that is absent; what is there stays as it is."""
    for name in STATEMENTS:
        warehouse.execute(name)
    log.info("The schemas hold %d objects.", len(STATEMENTS))


def check_schema(warehouse: Warehouse) -> None:
    """Raise SettingsError if the tables are absent or may not be read."""
    try:
        with warehouse.transaction():
            warehouse.query("vault/next_batch_id")
            warehouse.query("vault/count_pending")
    except WarehouseError as error:
        schemas = " and ".join(warehouse.schemas.values())
        raise SettingsError(
            f"The tables of {schemas} cannot be read; the flow apply-schema creates them. {error}"
        ) from None
