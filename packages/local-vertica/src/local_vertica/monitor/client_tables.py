"""The system tables that drivers and tools ask: columns in ODBC's words, and kinds of objects.

Of the kinds that cannot be made here the tables are there, and empty.
"""

from collections.abc import Iterator

from local_vertica.catalog.model import Column, Table, View
from local_vertica.catalog.system_tables import Row, system_table
from local_vertica.engine.session import EngineSession
from local_vertica.monitor.object_tables import all_tables_of, all_views_of
from local_vertica.sql.words import RESERVED
from local_vertica.types import OIDS, VType, parse_type

ODBC_TYPES = {
    "BOOLEAN": -7, "INTEGER": -5, "FLOAT": 8, "NUMERIC": 2, "CHAR": 1, "VARCHAR": 12,
    "LONG VARCHAR": -1, "BINARY": -2, "VARBINARY": -3, "LONG VARBINARY": -4, "UUID": -11,
    "DATE": 91, "TIME": 92, "TIMETZ": 92, "TIMESTAMP": 93, "TIMESTAMPTZ": 93,
}  # fmt: skip
DAY_TO_SECOND, YEAR_TO_MONTH = 110, 107


def odbc_type(vtype: VType) -> int:
    """Return ODBC's number of a type; of intervals that of the widest of their kind."""
    if vtype.is_day_time:
        return DAY_TO_SECOND
    if vtype.is_year_month:
        return YEAR_TO_MONTH
    return ODBC_TYPES.get(vtype.name, ODBC_TYPES["LONG VARBINARY"])


@system_table("v_catalog.types", "type_id:i odbc_type:i type_name")
def types(_session: EngineSession) -> Iterator[Row]:
    """Give the data types."""
    for name, oid in OIDS.items():
        yield (oid, odbc_type(VType(name)), name.title())


@system_table(
    "v_catalog.odbc_columns",
    "schema_name table_name column_name data_type:i data_type_name column_size:i "
    "buffer_length:i decimal_digits:i num_prec_radix:i nullable:i remarks:m column_default:m "
    "sql_type_id:i sql_datetime_sub:i char_octet_length:i ordinal_position:i is_nullable "
    "is_identity:b",
)
def odbc_columns(session: EngineSession) -> Iterator[Row]:
    """Give the columns of tables and views as ODBC and JDBC describe them."""
    relations: list[Table | View] = [*all_tables_of(session), *all_views_of(session)]
    for relation in relations:
        for number, column in enumerate(relation.columns, 1):
            yield (relation.schema, relation.name, *_odbc_column(column, number))


def _odbc_column(column: Column, number: int) -> Row:
    """Return what ODBC's SQLColumns says of a column."""
    vtype = parse_type(column.type)
    code, size = odbc_type(vtype), vtype.precision or vtype.length or 8
    is_number = vtype.name in ("INTEGER", "FLOAT", "NUMERIC")
    return (
        column.name, code, vtype.name.title(), size, vtype.length or 8,
        vtype.scale, 10 if is_number else None, int(column.nullable), "", column.default or "",
        code, None, vtype.length, number, "YES" if column.nullable else "NO",
        column.identity is not None,
    )  # fmt: skip


@system_table(
    "v_catalog.client_auth",
    "auth_oid:i auth_name is_auth_enabled:b auth_host_type auth_host_address auth_method "
    "auth_parameters:m auth_priority:i method_priority:i address_priority:i "
    "is_fallthrough_enabled:b",
)
def client_auth(session: EngineSession) -> Iterator[Row]:
    """Give the ways to come in that CREATE AUTHENTICATION made, to administrators alone."""
    ways = session.catalog.authentications if session.holder().is_admin else {}
    for found in ways.values():
        kinds = {"HOST TLS": "HOSTSSL", "HOST NO TLS": "HOSTNOSSL"}
        kind = kinds.get(found.access, found.access)
        method = found.method.upper()
        yield (found.oid, found.name, True, kind, found.address, method, "", 0, 0, 0, False)


@system_table("v_catalog.keywords", "keyword reserved")
def keywords(_session: EngineSession) -> Iterator[Row]:
    """Give the reserved words."""
    for word in sorted(RESERVED):
        yield (word, "R")


@system_table(
    "v_catalog.user_functions",
    "schema_name function_name procedure_type function_return_type:m "
    "function_argument_type:m function_definition:m volatility is_strict:b is_fenced:b comment:m",
)
def user_functions(session: EngineSession) -> Iterator[Row]:
    """Give the SQL functions one may call, alter or drop; there are no others."""
    catalog, holder = session.catalog, session.holder()
    for function in catalog.functions.values():
        known = holder.owns(function) or holder.granted.get(function.oid)
        if known and holder.uses(catalog, function.schema):
            shown = ((name, parse_type(vtype).name.title()) for name, vtype in function.arguments)
            yield (
                function.schema, function.name, "User Defined Function",
                parse_type(function.returns).name.title(),
                ", ".join(f"{name} {vtype}" for name, vtype in shown), f"RETURN {function.body}",
                function.volatility, function.is_strict, False, "",
            )  # fmt: skip


@system_table(
    "v_catalog.models",
    "model_id:i model_name schema_id:i schema_name owner_id:i owner_name category model_type "
    "is_complete:b create_time:t size:i",
)
@system_table(
    "v_catalog.user_procedures",
    "procedure_name owner language security procedure_arguments:m schema_name",
)
@system_table(
    "v_catalog.access_policy",
    "access_policy_oid:i table_name is_policy_enabled policy_type expression:m column_name "
    "trust_grants:b",
)
def nothing(_session: EngineSession) -> Iterator[Row]:
    """Give nothing: no such object can be made."""
    yield from ()
