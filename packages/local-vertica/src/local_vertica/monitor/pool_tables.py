"""The system tables of resource pools: their parameters are kept, nothing is limited by them."""

import os
from collections.abc import Iterator
from datetime import timedelta

from local_vertica.catalog.model import GENERAL, ResourcePool
from local_vertica.catalog.system_tables import Row, system_table
from local_vertica.engine import settings
from local_vertica.engine.session import EngineSession

# The documented defaults of a pool of one's own; the rest have none.
DEFAULTS = {
    "MEMORYSIZE": "0%",
    "EXECUTIONPARALLELISM": "AUTO",
    "PRIORITY": "0",
    "RUNTIMEPRIORITY": "MEDIUM",
    "RUNTIMEPRIORITYTHRESHOLD": "2",
    "QUEUETIMEOUT": "300",
    "PLANNEDCONCURRENCY": "AUTO",
    "CPUAFFINITYMODE": "ANY",
}
OF_GENERAL = {"MEMORYSIZE": "", "MAXMEMORYSIZE": "Special: 95%"}
UNITS = {"K": 1, "M": 1 << 10, "G": 1 << 20, "T": 1 << 30}


class Shown:
    """The parameters of a pool as they hold."""

    def __init__(self, pool: ResourcePool) -> None:
        self.pool = pool
        self.is_internal = pool.name == GENERAL.name
        own = OF_GENERAL if self.is_internal else {}
        self.settings = {**DEFAULTS, **own, **dict(pool.settings)}

    def text(self, parameter: str) -> str:
        """Return a parameter as text, nothing if it is not limited."""
        found = self.settings.get(parameter, "")
        return "" if found == "NONE" else found

    def number(self, parameter: str) -> int | None:
        """Return a parameter that is a number, or None."""
        found = self.text(parameter)
        return int(found) if found.lstrip("-").isdigit() else None

    def seconds(self, parameter: str) -> timedelta | None:
        """Return a parameter that is a time, or None."""
        found = self.number(parameter)
        return None if found is None else timedelta(seconds=found)

    def kilobytes(self, parameter: str, whole: int) -> int | None:
        """Return a parameter that is a size, or a share of the whole, or None."""
        found = self.text(parameter).removeprefix("Special: ")
        if not found:
            return None
        number = int(found[:-1])
        return whole * number // 100 if found[-1] == "%" else number * UNITS[found[-1]]


@system_table(
    "v_catalog.resource_pools",
    "pool_id:i name subcluster_oid:i subcluster_name is_internal:b memorysize maxmemorysize "
    "maxquerymemorysize executionparallelism priority:i runtimepriority "
    "runtimeprioritythreshold:i queuetimeout:d plannedconcurrency maxconcurrency:i runtimecap:d "
    "singleinitiator:b cpuaffinityset cpuaffinitymode cascadeto",
)
def resource_pools(session: EngineSession) -> Iterator[Row]:
    """Give the general pool and those that were made."""
    for shown in map(Shown, session.catalog.pools.values()):
        yield (
            shown.pool.oid, shown.pool.name, 0, "", shown.is_internal, shown.text("MEMORYSIZE"),
            shown.text("MAXMEMORYSIZE"), shown.text("MAXQUERYMEMORYSIZE"),
            shown.text("EXECUTIONPARALLELISM"), shown.number("PRIORITY"),
            shown.text("RUNTIMEPRIORITY"), shown.number("RUNTIMEPRIORITYTHRESHOLD"),
            shown.seconds("QUEUETIMEOUT"), shown.text("PLANNEDCONCURRENCY"),
            shown.number("MAXCONCURRENCY"), shown.seconds("RUNTIMECAP"),
            shown.text("SINGLEINITIATOR") == "TRUE", shown.text("CPUAFFINITYSET"),
            shown.text("CPUAFFINITYMODE"), shown.text("CASCADE"),
        )  # fmt: skip


@system_table(
    "v_monitor.resource_pool_status",
    "node_name pool_oid:i pool_name is_internal:b memory_size_kb:i memory_size_actual_kb:i "
    "memory_inuse_kb:i general_memory_borrowed_kb:i queueing_threshold_kb:i max_memory_size_kb:i "
    "max_query_memory_size_kb:i running_query_count:i planned_concurrency:i max_concurrency:i "
    "is_standalone:b queue_timeout:d queue_timeout_in_seconds:i execution_parallelism priority:i "
    "runtime_priority runtime_priority_threshold:i runtimecap_in_seconds:i single_initiator:b "
    "query_budget_kb:i cpu_affinity_set cpu_affinity_mask cpu_affinity_mode",
)
def resource_pool_status(session: EngineSession) -> Iterator[Row]:
    """Give how many statements run in each pool; what memory they take is not measured."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024
    whole = Shown(session.catalog.pools[GENERAL.name]).kilobytes("MAXMEMORYSIZE", memory) or 0
    running = list(_running(session))
    for shown in map(Shown, session.catalog.pools.values()):
        most = shown.kilobytes("MAXMEMORYSIZE", memory if shown.is_internal else whole) or whole
        size, name = shown.kilobytes("MEMORYSIZE", whole), shown.pool.name
        yield (
            session.database.node_name, shown.pool.oid, name, shown.is_internal, size, None, None,
            None, most * 95 // 100, most, shown.kilobytes("MAXQUERYMEMORYSIZE", most),
            running.count(name), shown.number("PLANNEDCONCURRENCY"),
            shown.number("MAXCONCURRENCY"), not shown.is_internal and size == most,
            shown.seconds("QUEUETIMEOUT"), shown.number("QUEUETIMEOUT"),
            shown.text("EXECUTIONPARALLELISM"), shown.number("PRIORITY"),
            shown.text("RUNTIMEPRIORITY"), shown.number("RUNTIMEPRIORITYTHRESHOLD"),
            shown.number("RUNTIMECAP"), shown.text("SINGLEINITIATOR") == "TRUE", None,
            shown.text("CPUAFFINITYSET"), "", shown.text("CPUAFFINITYMODE"),
        )  # fmt: skip


def _running(session: EngineSession) -> Iterator[str]:
    """Go through the pools of the sessions that run a statement."""
    busy = {r.session_id for r in session.database.history.requests() if r.is_executing}
    for other in session.all_sessions():
        if other.state.session_id in busy:
            yield settings.pool_of(other)
