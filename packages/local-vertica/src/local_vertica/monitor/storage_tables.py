"""The system tables on how tables are stored: one projection each, with every column.

A container holds the rows of one partition or group of partitions, as Vertica documents it; how
many octets it takes is unknown here, and shown as none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from local_vertica.catalog.model import Column, Table
from local_vertica.catalog.store import FIRST_OID, key_of
from local_vertica.catalog.system_tables import Row, system_table
from local_vertica.engine.partitions import key_counts
from local_vertica.engine.session import EngineSession
from local_vertica.monitor.object_tables import schema_oid

# Numbers of containers and of columns of projections stand apart from those of objects.
CONTAINERS, MOST_CONTAINERS = FIRST_OID * 2, 1 << 20
COLUMNS, MOST_COLUMNS = FIRST_OID * 3, 1 << 11


@dataclass(frozen=True)
class StoredColumn:
    """A column of a projection: the projection's number, name and order, and its place there."""

    table: Table
    column: Column
    projection: str
    oid: int
    order_by: tuple[str, ...]
    position: int

    @property
    def column_id(self) -> int:
        """Return the number that no other column of a projection has."""
        return COLUMNS + (self.oid - FIRST_OID) * MOST_COLUMNS + self.position

    @property
    def table_column_id(self) -> str:
        """Return the number of the table's column, as v_catalog.columns shows it."""
        return f"{self.table.oid}-{self.table.columns.index(self.column) + 1}"


def stored_columns(session: EngineSession) -> Iterator[StoredColumn]:
    """Go through the columns of the projections of the tables one may see."""
    tables = {key_of(t.schema, t.name): t for t in filter(session.sees, session.catalog.tables())}
    for table in tables.values():
        made = (f"{table.name}_super", table.oid + 1, table.order_by)
        for position, column in enumerate(table.columns):
            yield StoredColumn(table, column, *made, position)
    for projection in session.catalog.projections.values():
        anchor = tables.get(projection.anchor)
        if anchor is not None:
            named = filter(None, (anchor.column(name) for name in projection.columns))
            made = (projection.name, projection.oid + 1, projection.order_by)
            for position, column in enumerate(named):
                yield StoredColumn(anchor, column, *made, position)


@system_table(
    "v_catalog.projection_columns",
    "projection_id:i projection_name projection_column_name column_position:i sort_position:i "
    "column_id:i data_type encoding_type access_rank:i group_id:i table_schema table_id:i "
    "table_name table_column_id table_column_name statistics_type "
    "statistics_updated_timestamp:t is_expression:b is_aggregate:b",
)
def projection_columns(session: EngineSession) -> Iterator[Row]:
    """Give the columns of the projections."""
    for stored in stored_columns(session):
        table, column = stored.table, stored.column
        order = [name.lower() for name in stored.order_by]
        name = column.name
        yield (
            stored.oid, stored.projection, name, stored.position,
            order.index(name.lower()) if name.lower() in order else None,
            stored.column_id, column.type, column.encoding or "AUTO",
            column.access_rank or 0, 0, table.schema, table.oid, table.name,
            stored.table_column_id, name, "NONE", None, False, False,
        )  # fmt: skip


@system_table(
    "v_monitor.column_storage",
    "node_name column_id:i column_name row_count:i used_bytes:i encodings compression "
    "wos_row_count:i ros_row_count:i ros_used_bytes:i ros_count:i projection_id:i "
    "projection_name projection_schema anchor_table_id:i anchor_table_name anchor_table_schema "
    "anchor_table_column_id anchor_table_column_name",
)
def column_storage(session: EngineSession) -> Iterator[Row]:
    """Give how many rows each column of a projection holds; how it is compressed is unknown."""
    kept = {table.oid: list(containers(session, table)) for table in _stored_tables(session)}
    for stored in stored_columns(session):
        table, held = stored.table, kept.get(stored.table.oid)
        if held is None:
            continue
        rows = sum(container.rows for container in held)
        yield (
            session.database.node_name, stored.column_id, stored.column.name, rows, 0,
            stored.column.encoding or "AUTO", "", 0, rows, 0, len(held), stored.oid,
            stored.projection, table.schema, table.oid, table.name, table.schema,
            stored.table_column_id, stored.column.name,
        )  # fmt: skip


@dataclass(frozen=True)
class Container:
    """What a table's rows of one partition, or group of partitions, are stored in."""

    oid: int
    keys: tuple[str, ...]
    rows: int


def containers(session: EngineSession, table: Table) -> Iterator[Container]:
    """Return the containers of a table: one in all where it is not partitioned."""
    first = CONTAINERS + (table.oid - FIRST_OID) * MOST_CONTAINERS
    if not table.partition_by:
        if rows := session.row_count(table):
            yield Container(first, (), rows)
        return
    groups = groupby(key_counts(session, table), key=lambda counted: counted[0])
    for number, (_group, counted) in enumerate(groups):
        found = list(counted)
        keys = tuple(key for _, key, _ in found)
        yield Container(first + number, keys, sum(rows for _, _, rows in found))


def _stored_tables(session: EngineSession) -> list[Table]:
    """Return the tables one may see that other sessions see the rows of."""
    return [t for t in session.catalog.tables() if not t.scope and session.sees(t)]


@system_table(
    "v_monitor.storage_containers",
    "node_name schema_id:i schema_name projection_id:i projection_name storage_oid:i "
    "total_row_count:i deleted_row_count:i used_bytes:i start_epoch:i end_epoch:i grouping "
    "location_label delete_vector_count:i shard_id:i shard_name",
)
def storage_containers(session: EngineSession) -> Iterator[Row]:
    """Give the containers of the tables that hold rows."""
    for table in _stored_tables(session):
        for container in containers(session, table):
            yield (
                session.database.node_name, schema_oid(session, table.schema), table.schema,
                table.oid + 1, f"{table.name}_super", container.oid, container.rows, 0, 0, 1, 1,
                "ALL", "", 0, 0, "",
            )  # fmt: skip


@system_table(
    "v_monitor.partitions",
    "partition_key:m projection_id:i table_schema projection_name ros_id ros_size_bytes:i "
    "ros_row_count:i node_name deleted_row_count:i location_label",
)
def partitions(session: EngineSession) -> Iterator[Row]:
    """Give the keys in the containers of partitioned tables, with the rows of the container."""
    for table in _stored_tables(session):
        for container in containers(session, table):
            for key in container.keys:
                yield (
                    key, table.oid + 1, table.schema, f"{table.name}_super", str(container.oid),
                    0, container.rows, session.database.node_name, 0, "",
                )  # fmt: skip


@system_table(
    "v_monitor.delete_vectors",
    "node_name namespace_name schema_name projection_name dv_oid:i storage_oid:i sal_storage_id "
    "deleted_row_count:i used_bytes:i start_epoch:i end_epoch:i",
)
def delete_vectors(_session: EngineSession) -> Iterator[Row]:
    """Give nothing: a row that is deleted is gone at once."""
    yield from ()


@system_table(
    "v_catalog.shards",
    "shard_oid:i shard_name shard_type lower_hash_bound:i upper_hash_bound:i is_replicated:b "
    "has_objects:b",
)
def shards(_session: EngineSession) -> Iterator[Row]:
    """Give nothing: only a database in Eon mode has shards."""
    yield from ()
