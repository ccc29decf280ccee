"""The DuckDB SQL that takes the plain values: what it accepts, the exact parser accepts too.

A value that is not plainly right is left to the exact parser, never judged here. Each raw column
is mentioned as seldom as can be: DuckDB shares no work between a filter and a projection.
"""

from local.vertica.copy.plan import InputField, LoadPlan, quoted
from local.vertica.copy.records import Exchange
from local.vertica.types import VType

PLAIN_FLOAT = r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]{1,2})?"
PLAIN_TIME = "[0-9]{2}:[0-9]{2}:[0-9]{2}"
PLAIN_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
PLAIN_UUID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
PLAIN_BOOLEANS = "('1', '0', 't', 'f', 'true', 'false', 'T', 'F', 'TRUE', 'FALSE')"
PLAIN = '"is plain"'
SMALLEST = "'-9223372036854775808'"  # is NULL inside Vertica, so no integer


def insert_sql(plan: LoadPlan, rows: str) -> str:
    """Return the INSERT of the plan over a relation whose columns are the fields by name."""
    names = ", ".join(quoted(name) for name, _ in plan.targets)
    values = ", ".join(sql for _, sql in plan.targets)
    return f"INSERT INTO {plan.table.duck_name} ({names}) SELECT {values} FROM {rows}"


def raw_name(position: int) -> str:
    """Return the name of a field's text as it was read."""
    return f"raw_{position}"


def fields_sql(
    plan: LoadPlan, reader: str, condition: str, exchanges: tuple[Exchange, ...] = ()
) -> str:
    """Return the relation of the records that meet a condition, their plain texts converted."""
    return plain_rows(plan, f"({judged_sql(plan, reader, condition, exchanges)})")


def plain_rows(plan: LoadPlan, judged: str) -> str:
    """Return the relation of the records that were found plain."""
    names = ", ".join(quoted(field.name) for field in plan.fields)
    return f"(SELECT {names} FROM {judged} AS judged WHERE {PLAIN}) AS input"


def judged_sql(
    plan: LoadPlan, reader: str, condition: str, exchanges: tuple[Exchange, ...] = ()
) -> str:
    """Return the SELECT of all records, converted, each with whether it meets a condition.

    `random()` keeps DuckDB from moving a filter below this projection, where every value that
    the condition converts would be converted a second time: a seventh of the whole work.
    """
    values = ", ".join(
        f"{plain_value(field, raw_name(place), exchanges)} AS {quoted(field.name)}"
        for place, field in enumerate(plan.fields)
    )
    plain = f"CASE WHEN {condition} THEN random() >= 0 ELSE false END AS {PLAIN}"
    return f"SELECT {values}, {plain} FROM {reader}"


def bare_fields(plan: LoadPlan, reader: str) -> str:
    """Return the relation of fields without their enclosing octets, where any may have them.

    A field that opens with the octet and does not close with it holds a delimiter, or is none:
    `closed` tells the records without such a field.
    """
    raw = [raw_name(position) for position in range(len(plan.fields))]
    quotes = [literal(one.form.enclosed or b"") for one in plan.fields]
    values = ", ".join(
        f"CASE WHEN starts_with({name}, {quote}) THEN {name}[2:-2] ELSE {name} END AS {name}"
        for name, quote in zip(raw, quotes, strict=True)
    )
    closed = " AND ".join(
        f"coalesce(NOT starts_with({name}, {quote}) OR "
        f"(ends_with({name}, {quote}) AND strlen({name}) > 1), true)"
        for name, quote in zip(raw, quotes, strict=True)
    )
    return f"(SELECT {values}, {closed} AS closed FROM {reader})"


def all_plain(plan: LoadPlan, is_enclosed: bool) -> str:
    """Return the condition that every field of a record is plainly right."""
    fields = plain_fields(plan)
    return f"closed AND {fields}" if is_enclosed else fields


def plain_fields(plan: LoadPlan) -> str:
    """Return the condition that every text is plainly of its field's type."""
    return " AND ".join(
        is_plain(field, raw_name(position)) for position, field in enumerate(plan.fields)
    )


def plain_value(field: InputField, raw: str, exchanges: tuple[Exchange, ...]) -> str:
    """Return the value of a plain text; strings get their swapped octets back."""
    if not field.vtype.is_string:
        return f"TRY_CAST({raw} AS {field.vtype.duck})"
    for one in exchanges:
        raw = f"replace({raw}, {literal(one.stand_in)}, {literal(one.value)})"
    return raw


def is_plain(field: InputField, raw: str) -> str:
    """Return the condition that a text is NULL where it may be, or plainly of its type."""
    plain = plain_of_type(field.vtype, raw)
    null = field.form.null.decode()
    if null.lower() != null.upper():
        plain = f"{plain} AND lower({raw}) <> {literal(null.lower().encode())}"
    return f"({raw} IS NULL OR ({plain}))" if field.nullable else f"({plain})"


def plain_of_type(vtype: VType, raw: str) -> str:
    """Return the condition that a text is plainly of a type."""
    if vtype.is_string:
        return f"strlen({raw}) <= {vtype.length}"
    reader = {
        "INTEGER": plain_integer,
        "NUMERIC": plain_numeric,
        "DATE": plain_date,
        "TIMESTAMP": plain_timestamp,
        "TIME": plain_time,
    }.get(vtype.name)
    if reader is not None:
        return reader(vtype, raw)
    simple = {
        "FLOAT": f"regexp_full_match({raw}, '{PLAIN_FLOAT}')",
        "BOOLEAN": f"{raw} IN {PLAIN_BOOLEANS}",
        "UUID": f"regexp_full_match({raw}, '{PLAIN_UUID}')",
    }
    return simple.get(vtype.name, "false")


def plain_integer(_vtype: VType, raw: str) -> str:
    """Return the condition for digits that fit; the first arm is the cheap one."""
    canonical = f"TRY_CAST({raw} AS BIGINT)::VARCHAR = {raw} AND {raw} <> {SMALLEST}"
    return f"({canonical}) OR regexp_full_match({raw}, '[-+]?[0-9]{{1,18}}')"


def plain_numeric(vtype: VType, raw: str) -> str:
    """Return the condition for digits that fit without rounding."""
    precision, scale = vtype.precision or 37, vtype.scale or 0
    if precision > 38 or precision == scale:
        return "false"
    fraction = rf"(\.[0-9]{{1,{scale}}})?" if scale else ""
    return f"regexp_full_match({raw}, '[-+]?[0-9]{{1,{precision - scale}}}{fraction}')"


def plain_date(_vtype: VType, raw: str) -> str:
    """Return the condition for a day that exists, in ISO form."""
    shape = f"regexp_full_match({raw}, '{PLAIN_DAY}') AND {raw} >= '0001'"
    return f"{shape} AND TRY_CAST({raw} AS DATE) IS NOT NULL"


def plain_timestamp(vtype: VType, raw: str) -> str:
    """Return the condition for a moment that exists, in ISO form and not finer than the column."""
    moment = f"TRY_CAST({raw} AS TIMESTAMP)"
    digits = 6 if vtype.precision is None else vtype.precision
    fraction = rf"(\.[0-9]{{1,{digits}}})?" if digits else ""
    shape = f"regexp_full_match({raw}, '{PLAIN_DAY} {PLAIN_TIME}{fraction}')"
    if digits == 6:  # the cheap arm first: DuckDB would write the moment just so
        shape = f"({raw} LIKE '____-__-__ __:__:__%' AND {moment}::VARCHAR = {raw}) OR {shape}"
    return f"({shape}) AND {raw} >= '0001' AND {moment} IS NOT NULL"


def plain_time(vtype: VType, raw: str) -> str:
    """Return the condition for a time of day, in ISO form and not finer than the column."""
    digits = 6 if vtype.precision is None else vtype.precision
    fraction = rf"(\.[0-9]{{1,{digits}}})?" if digits else ""
    shape = f"regexp_full_match({raw}, '{PLAIN_TIME}{fraction}') AND {raw} < '24'"
    return f"{shape} AND TRY_CAST({raw} AS TIME) IS NOT NULL"


def literal(octets: bytes) -> str:
    """Return a string literal for DuckDB."""
    return "'" + octets.decode().replace("'", "''") + "'"
