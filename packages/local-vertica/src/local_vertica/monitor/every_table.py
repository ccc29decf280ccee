"""Every system table: who imports this module finds them all in `catalog.system_tables.TABLES`."""

from local_vertica.monitor import (  # noqa: F401 - each enters its tables as it is imported
    client_tables,
    history_tables,
    monitor_tables,
    node_tables,
    object_tables,
    pool_tables,
    rights_tables,
    secret_tables,
    storage_tables,
)
