"""The system tables on how tables are stored: one projection each, with every column."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from local.vertica.catalog.model import Column, Table
from local.vertica.catalog.object_tables import schema_oid
from local.vertica.catalog.store import key_of
from local.vertica.catalog.system_tables import Row, system_table

if TYPE_CHECKING:
    from local.vertica.engine.session import EngineSession


@system_table(
    "v_catalog.projection_columns",
    "projection_id:i projection_name projection_column_name column_position:i sort_position:i "
    "column_id data_type encoding_type access_rank:i group_id:i table_schema table_id:i "
    "table_name table_column_id table_column_name statistics_type "
    "statistics_updated_timestamp:t is_expression:b is_aggregate:b",
)
def projection_columns(session: "EngineSession") -> Iterator[Row]:
    """Give the columns of the projections."""
    tables = {key_of(t.schema, t.name): t for t in filter(session.sees, session.catalog.tables())}
    for table in tables.values():
        for position, column in enumerate(table.columns):
            own = (table.oid + 1, f"{table.name}_super", table.order_by)
            yield _projection_column(table, column, position, own)
    for projection in session.catalog.projections.values():
        anchor = tables.get(projection.anchor)
        if anchor is not None:
            named = (anchor.column(name) for name in projection.columns)
            for position, found in enumerate(column for column in named if column):
                made = (projection.oid + 1, projection.name, projection.order_by)
                yield _projection_column(anchor, found, position, made)


def _projection_column(
    table: Table, column: Column, position: int, of: tuple[int, str, tuple[str, ...]]
) -> Row:
    """Return one column of a projection, which is known by identifier, name and order."""
    oid, projection, ordered = of
    order = [name.lower() for name in ordered]
    name = column.name
    return (
        oid, projection, name, position,
        order.index(name.lower()) if name.lower() in order else None,
        f"{oid}-{position + 1}", column.type, column.encoding or "AUTO",
        column.access_rank or 0, 0, table.schema, table.oid, table.name,
        f"{table.oid}-{table.columns.index(column) + 1}", name, "NONE", None, False, False,
    )  # fmt: skip


@system_table(
    "v_monitor.storage_containers",
    "node_name schema_id:i schema_name projection_id:i projection_name storage_oid:i "
    "total_row_count:i deleted_row_count:i used_bytes:i start_epoch:i end_epoch:i grouping "
    "location_label delete_vector_count:i shard_id:i shard_name",
)
def storage_containers(session: "EngineSession") -> Iterator[Row]:
    """Give one container for each table that holds rows; how many octets it takes is unknown."""
    for table in filter(session.sees, session.catalog.tables()):
        count = 0 if table.scope else session.row_count(table)
        if count:
            yield (
                session.database.node_name, schema_oid(session, table.schema), table.schema,
                table.oid + 1, f"{table.name}_super", table.oid + 2, count, 0, 0, 1, 1, "ALL",
                "", 0, 0, "",
            )  # fmt: skip


@system_table(
    "v_catalog.shards",
    "shard_oid:i shard_name shard_type lower_hash_bound:i upper_hash_bound:i is_replicated:b "
    "has_objects:b",
)
def shards(_session: "EngineSession") -> Iterator[Row]:
    """Give nothing: only a database in Eon mode has shards."""
    yield from ()
