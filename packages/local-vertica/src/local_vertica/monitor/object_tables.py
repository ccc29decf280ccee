"""The v_catalog tables: what objects there are."""

from collections.abc import Iterator

from local_vertica.catalog.model import DATABASE_OID, Column, Constraint, Table, View
from local_vertica.catalog.store import key_of
from local_vertica.catalog.system_tables import TABLES, Row, system_table
from local_vertica.engine.session import EngineSession
from local_vertica.types import parse_type

CONSTRAINT_LETTERS = {"primary": "p", "unique": "u", "foreign": "f", "check": "c"}
COLUMN_TAIL = (
    "data_type data_type_id:i data_type_length:i character_maximum_length:i numeric_precision:i "
    "numeric_scale:i datetime_precision:i interval_precision:i ordinal_position:i"
)
Shown = tuple[str, str, int]  # name, segmentation and identifier of a projection


@system_table(
    "v_catalog.schemata",
    "schema_id:i schema_name schema_owner_id:i schema_owner system_schema_creator "
    "create_time:t is_system_schema:b",
)
def schemata(session: EngineSession) -> Iterator[Row]:
    """Give the schemas."""
    holder = session.holder()
    for schema in session.catalog.schemas.values():
        if holder.owns(schema) or holder.granted.get(schema.oid):
            owner = (owner_id(session, schema.owner), schema.owner)
            yield (schema.oid, schema.name, *owner, "", schema.created or None, False)
    for name in ("v_catalog", "v_monitor", "v_internal"):
        owner = (owner_id(session, session.database.user), session.database.user)
        yield (0, name, *owner, "", None, True)


@system_table(
    "v_catalog.tables",
    "table_schema_id:i table_schema table_id:i table_name owner_id:i owner_name is_temp_table:b "
    "is_system_table:b force_outer:i is_flextable:b has_aggregate_projection:b "
    "system_table_creator partition_expression:m create_time:t table_definition:l "
    "recover_priority storage_mode partition_group_expression:m active_partition_count:i",
)
def tables(session: EngineSession) -> Iterator[Row]:
    """Give the tables, the session's own temporary ones too."""
    for table in all_tables_of(session):
        yield (
            schema_oid(session, table.schema), table.schema, table.oid, table.name,
            owner_id(session, table.owner), table.owner, bool(table.scope), False, 5, False,
            False, "", table.partition_by,
            table.created or None, "", "DEFAULT", "DIRECT", table.group_by,
            table.active_partitions,
        )  # fmt: skip


@system_table(
    "v_catalog.all_tables",
    "schema_name table_id:i table_name table_type remarks",
)
def all_tables(session: EngineSession) -> Iterator[Row]:
    """Give every relation there is, with its kind."""
    for table in all_tables_of(session):
        kind = {"": "TABLE", "local": "LOCAL TEMPORARY", "global": "GLOBAL TEMPORARY"}[table.scope]
        yield (table.schema, table.oid, table.name, kind, table.comment)
    for view in all_views_of(session):
        yield (view.schema, view.oid, view.name, "VIEW", view.comment)
    for schema, name in TABLES:
        yield (schema, 0, name, "SYSTEM TABLE", "")


@system_table(
    "v_catalog.system_tables",
    "table_schema_id:i table_schema table_id:i table_name table_description:m",
)
def list_system_tables(_session: EngineSession) -> Iterator[Row]:
    """Give the names of the system tables."""
    for schema, name in sorted(TABLES):
        yield (0, schema, 0, name, "")


@system_table(
    "v_catalog.columns",
    "table_id:i table_schema table_name is_system_table:b column_id column_name "
    + COLUMN_TAIL
    + " is_nullable:b column_default:m column_set_using:m is_identity:b",
)
def columns(session: EngineSession) -> Iterator[Row]:
    """Give the columns of the tables."""
    for table in all_tables_of(session):
        for number, column in enumerate(table.columns, 1):
            head = (table.oid, table.schema, table.name, False, f"{table.oid}-{number}")
            rest = (column.nullable, column.default or "", column.set_using or "")
            yield (*head, *type_row(column, number), *rest, column.identity is not None)


def type_row(column: Column, number: int) -> Row:
    """Return name, type and position of a column as the catalogue shows them."""
    vtype = parse_type(column.type)
    is_time = vtype.name.startswith("TIME")
    return (
        column.name,
        str(vtype),
        vtype.oid,
        vtype.length if vtype.length is not None else 8,
        vtype.length,
        vtype.precision if vtype.name == "NUMERIC" else None,
        vtype.scale,
        vtype.precision if is_time else None,
        vtype.precision if vtype.name.startswith("INTERVAL") else None,
        number,
    )


@system_table(
    "v_catalog.primary_keys",
    "constraint_id:i constraint_name column_name ordinal_position:i table_name constraint_type "
    "is_enabled:b table_schema",
)
def primary_keys(session: EngineSession) -> Iterator[Row]:
    """Give the columns of primary keys."""
    for table, constraint in constraints_of(session):
        if constraint.kind != "primary":
            continue
        for number, column in enumerate(constraint.columns, 1):
            yield (
                constraint.oid, constraint.name, column, number, table.name, "p",
                constraint.is_enforced, table.schema,
            )  # fmt: skip


@system_table(
    "v_catalog.foreign_keys",
    "constraint_id:i constraint_name column_name ordinal_position:i table_name "
    "reference_table_name constraint_type reference_column_name table_schema "
    "reference_table_schema",
)
def foreign_keys(session: EngineSession) -> Iterator[Row]:
    """Give the columns of foreign keys."""
    for table, constraint in constraints_of(session):
        if constraint.kind != "foreign" or constraint.references is None:
            continue
        schema, target = constraint.references
        pairs = zip(constraint.columns, constraint.referenced_columns, strict=True)
        for number, (column, referenced) in enumerate(pairs, 1):
            yield (
                constraint.oid, constraint.name, column, number, table.name, target, "f",
                referenced, table.schema, schema,
            )  # fmt: skip


@system_table(
    "v_catalog.constraint_columns",
    "constraint_id:i constraint_name constraint_type is_enabled:b table_id:i table_schema "
    "table_name column_name reference_table_schema reference_table_name reference_column_name",
)
def constraint_columns(session: EngineSession) -> Iterator[Row]:
    """Give the columns of every constraint, NOT NULL among them."""
    for table, constraint in constraints_of(session):
        letter = CONSTRAINT_LETTERS[constraint.kind]
        schema, target = constraint.references or (None, None)
        for number, column in enumerate(constraint.columns):
            has_target = number < len(constraint.referenced_columns)
            yield (
                constraint.oid, constraint.name, letter, constraint.is_enforced, table.oid,
                table.schema, table.name, column, schema, target,
                constraint.referenced_columns[number] if has_target else None,
            )  # fmt: skip
    for table in all_tables_of(session):
        for column_info in table.columns:
            if not column_info.nullable:
                place = (table.oid, table.schema, table.name, column_info.name)
                yield (table.oid, "C_NOTNULL", "n", True, *place, None, None, None)


@system_table(
    "v_catalog.table_constraints",
    "constraint_id:i constraint_name constraint_schema_id:i constraint_key_count:i "
    "foreign_key_count:i table_id:i table_name foreign_table_id:i constraint_type is_enabled:b "
    "predicate:m",
)
def table_constraints(session: EngineSession) -> Iterator[Row]:
    """Give the constraints of the tables."""
    for table, constraint in constraints_of(session):
        keys = len(constraint.columns)
        yield (
            constraint.oid, constraint.name, schema_oid(session, table.schema), keys,
            len(constraint.referenced_columns), table.oid, table.name, None,
            CONSTRAINT_LETTERS[constraint.kind], constraint.is_enforced, constraint.expression,
        )  # fmt: skip


@system_table(
    "v_catalog.views",
    "table_schema_id:i table_schema table_id:i table_name owner_id:i owner_name "
    "view_definition:l is_system_view:b system_view_creator create_time:t is_local_temp_view:b",
)
def views(session: EngineSession) -> Iterator[Row]:
    """Give the views with their queries."""
    for view in all_views_of(session):
        yield (
            schema_oid(session, view.schema), view.schema, view.oid, view.name,
            owner_id(session, view.owner), view.owner, view.query, False, "",
            view.created or None, bool(view.scope),
        )  # fmt: skip


@system_table(
    "v_catalog.view_columns",
    "table_id:i table_schema table_name column_id column_name " + COLUMN_TAIL,
)
def view_columns(session: EngineSession) -> Iterator[Row]:
    """Give the columns of the views."""
    for view in all_views_of(session):
        for number, column in enumerate(view.columns, 1):
            head = (view.oid, view.schema, view.name, f"{view.oid}-{number}")
            yield (*head, *type_row(column, number))


@system_table(
    "v_catalog.view_tables",
    "table_id:i table_schema table_name reference_table_id:i reference_table_schema "
    "reference_table_name",
)
def view_tables(session: EngineSession) -> Iterator[Row]:
    """Give what the views read."""
    for view in all_views_of(session):
        for schema, name in view.reads:
            found = session.catalog.relations.get((schema.lower(), name.lower()))
            yield (view.oid, view.schema, view.name, found.oid if found else 0, schema, name)


@system_table(
    "v_catalog.projections",
    "projection_schema_id:i projection_schema projection_id:i projection_name "
    "projection_basename owner_id:i owner_name anchor_table_id:i anchor_table_name node_id:i "
    "node_name is_prejoin:b created_epoch:i create_type verified_fault_tolerance:i "
    "is_up_to_date:b has_statistics:b is_segmented:b segment_expression:m is_super_projection:b "
    "is_key_constraint_projection:b",
)
def projections(session: EngineSession) -> Iterator[Row]:
    """Give the projections: the one every table has, and those created by hand."""
    tables = {key_of(t.schema, t.name): t for t in all_tables_of(session) if t.scope != "local"}
    for table in tables.values():
        shown = (f"{table.name}_super", table.segmented_by, table.oid)
        yield _projection_row(session, table, shown)
    for projection in session.catalog.projections.values():
        anchor = tables.get(projection.anchor)
        if anchor is not None:
            shown = (projection.name, projection.segmented_by, projection.oid)
            yield _projection_row(session, anchor, shown)


def _projection_row(session: EngineSession, table: Table, shown: Shown) -> Row:
    """Return one row of v_catalog.projections."""
    name, segments, oid = shown
    is_super = name == f"{table.name}_super"
    return (
        schema_oid(session, table.schema), table.schema, oid + 1, name, name,
        owner_id(session, table.owner), table.owner, table.oid, table.name, 1,
        session.database.node_name, False, 1,
        "DELAYED CREATION" if is_super else "CREATE PROJECTION", 0, True, False,
        bool(segments), segments, is_super, False,
    )  # fmt: skip


@system_table(
    "v_catalog.sequences",
    "session_cache_count:i allow_cycle:b output_ordered:b increment_by:i minimum:i maximum:i "
    "current_value:i sequence_schema_id:i sequence_schema sequence_id:i sequence_name owner_id:i "
    "owner_name identity_table_id:i identity_table_name",
)
def sequences(session: EngineSession) -> Iterator[Row]:
    """Give the sequences, those of IDENTITY columns among them."""
    for sequence in filter(session.sees, session.catalog.sequences()):
        yield (
            sequence.cache, sequence.cycles, False, sequence.increment, sequence.minimum,
            sequence.maximum, session.sequence_value(sequence),
            schema_oid(session, sequence.schema), sequence.schema, sequence.oid, sequence.name,
            owner_id(session, sequence.owner), sequence.owner, None, sequence.identity_of or None,
        )  # fmt: skip


@system_table(
    "v_catalog.comments",
    "comment_id:i object_id:i object_type object_schema object_name child_object owner_id:i "
    "owner_name creation_time:t comment:m",
)
def comments(session: EngineSession) -> Iterator[Row]:
    """Give what COMMENT ON said."""
    items: list[Table | View] = [*all_tables_of(session), *all_views_of(session)]
    for item in items:
        if item.comment:
            kind = "TABLE" if isinstance(item, Table) else "VIEW"
            owner = (owner_id(session, item.owner), item.owner)
            place = (item.schema, item.name, "", *owner, None, item.comment)
            yield (item.oid, item.oid, kind, *place)


@system_table("v_catalog.databases", "database_id:i database_name owner_id:i")
def databases(session: EngineSession) -> Iterator[Row]:
    """Give the one database."""
    yield (DATABASE_OID, session.database.name, owner_id(session, session.database.user))


@system_table("v_catalog.dual", "dummy")
def dual(_session: EngineSession) -> Iterator[Row]:
    """Give one row with an X."""
    yield ("X",)


@system_table(
    "v_catalog.nodes",
    "node_name node_id:i node_state is_primary:b is_readonly:b node_address export_address "
    "catalog_path:m node_type is_ephemeral:b subcluster_name node_down_since:t build_info",
)
def nodes(session: EngineSession) -> Iterator[Row]:
    """Give the one node."""
    node = session.database.node_name
    state = ("UP", True, False, "127.0.0.1", "127.0.0.1", "", "PERMANENT", False, "", None)
    yield (node, 1, *state, "v24.4.0-0")


def all_tables_of(session: EngineSession) -> list[Table]:
    """Return the database's tables that the user may see, and the session's own."""
    local = [item for item in session.names.local.values() if isinstance(item, Table)]
    return [*filter(session.sees, session.catalog.tables()), *local]


def all_views_of(session: EngineSession) -> list[View]:
    """Return the database's views that the user may see, and the session's own."""
    local = [item for item in session.names.local.values() if isinstance(item, View)]
    return [*filter(session.sees, session.catalog.views()), *local]


def constraints_of(session: EngineSession) -> Iterator[tuple[Table, Constraint]]:
    """Go through the constraints of all tables."""
    for table in all_tables_of(session):
        for constraint in table.constraints:
            yield table, constraint


def schema_oid(session: EngineSession, name: str) -> int:
    """Return the identifier of a schema; the session's own has none."""
    found = session.catalog.schemas.get(name.lower())
    return found.oid if found else 0


def owner_id(session: EngineSession, name: str) -> int:
    """Return the identifier of a user; who was dropped has none."""
    found = session.catalog.users.get(name.lower())
    return found.oid if found else 0
