"""The system tables of the node and of what it keeps: epochs and disk."""

import os
import shutil
from collections.abc import Iterator

from local_vertica.catalog.system_tables import Row, system_table
from local_vertica.engine.session import EngineSession

MEGABYTE = 1 << 20


@system_table(
    "v_monitor.system",
    "current_epoch:i ahm_epoch:i last_good_epoch:i refresh_epoch:i designed_fault_tolerance:i "
    "node_count:i node_down_count:i current_fault_tolerance:i catalog_revision_number:i "
    "wos_used_bytes:i wos_row_count:i ros_used_bytes:i ros_row_count:i total_used_bytes:i "
    "total_row_count:i",
)
def system(session: EngineSession) -> Iterator[Row]:
    """Give the state of the one node, its epochs, and what its file and rows come to."""
    tables = [table for table in session.catalog.tables() if not table.scope]
    rows = sum(session.row_count(table) for table in tables)
    path = session.database.path
    files = (path, path.with_name(f"{path.name}.wal"))
    size = sum(file.stat().st_size for file in files if file.exists())
    version = session.catalog.version
    epochs = session.database.epochs
    marks = (epochs.current, epochs.ancient.number, epochs.last_good.number)
    yield (*marks, -1, 0, 1, 0, 0, version, 0, 0, size, rows, size, rows)


@system_table("v_catalog.epochs", "epoch_close_time:t epoch_number:i")
def epochs(session: EngineSession) -> Iterator[Row]:
    """Give the closed epochs from the Ancient History Mark on."""
    for epoch in session.database.epochs.closed():
        yield (epoch.closed_at, epoch.number)


@system_table(
    "v_monitor.projection_refreshes",
    "node_name projection_schema projection_id:i projection_name anchor_table_name refresh_status "
    "percent_complete refresh_phase refresh_method refresh_failure_count:i session_id "
    "refresh_start:t refresh_duration_sec:d is_executing:b runtime_priority transaction_id:i",
)
def projection_refreshes(_session: EngineSession) -> Iterator[Row]:
    """Give nothing: a projection holds nothing that could be stale."""
    yield from ()


@system_table(
    "v_monitor.disk_storage",
    "node_name storage_path:m storage_usage rank:i throughput:i latency:i storage_status "
    "disk_block_size_bytes:i disk_space_used_blocks:i disk_space_used_mb:i "
    "disk_space_free_blocks:i disk_space_free_mb:i disk_space_free_percent",
)
def disk_storage(session: EngineSession) -> Iterator[Row]:
    """Give the file system that the database lies in."""
    folder = session.database.path.resolve().parent
    block, disk = os.statvfs(folder).f_frsize, shutil.disk_usage(folder)
    yield (
        session.database.node_name, str(folder), "DATA,TEMP", 0, 0, 0, "Active", block,
        disk.used // block, disk.used // MEGABYTE, disk.free // block, disk.free // MEGABYTE,
        f"{100 * disk.free // disk.total}%",
    )  # fmt: skip


@system_table(
    "v_catalog.storage_locations",
    "location_id:i node_name location_path:m location_usage sharing_type is_retired:b "
    "location_label rank:i throughput:i latency:i",
)
def storage_locations(session: EngineSession) -> Iterator[Row]:
    """Give the folder that the database lies in, the only location."""
    folder = str(session.database.path.resolve().parent)
    yield (1, session.database.node_name, folder, "DATA,TEMP", "NONE", False, "", 0, 0, 0)
