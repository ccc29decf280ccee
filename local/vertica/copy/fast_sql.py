"""The DuckDB SQL that takes the plain values: what it accepts, the exact parser accepts too.

A value that is not plainly right is left to the exact parser, never judged here. Each raw column
is mentioned as seldom as can be: DuckDB shares no work between a filter and a projection.
"""

from dataclasses import dataclass

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


@dataclass(frozen=True)
class Texts:
    """A relation of the texts of all fields, raw_0 and so on, and how they are to be read.

    NULL is spelled by the text `null`, or is NULL where that is None. The exchanges are those of
    the lines that the texts come from. Where fields may be enclosed, `closed` is a column that
    tells the records whose enclosed fields are whole.
    """

    relation: str
    null: bytes | None = None
    exchanges: tuple[Exchange, ...] = ()
    is_enclosed: bool = False


def plain_rows(plan: LoadPlan, judged: str) -> str:
    """Return the relation of the records that were found plain."""
    names = ", ".join(quoted(field.name) for field in plan.fields)
    return f"(SELECT {names} FROM {judged} AS judged WHERE {PLAIN}) AS input"


def judged_sql(plan: LoadPlan, texts: Texts) -> str:
    """Return the SELECT of all records, converted, each with whether it is plainly right.

    `random()` keeps DuckDB from moving a filter below this projection, where every value that
    the condition converts would be converted a second time: a seventh of the whole work.
    """
    values = ", ".join(
        f"{plain_value(field, raw_name(place), texts)} AS {quoted(field.name)}"
        for place, field in enumerate(plan.fields)
    )
    plain = f"CASE WHEN {all_plain(plan, texts)} THEN random() >= 0 ELSE false END AS {PLAIN}"
    return f"SELECT {values}, {plain} FROM {texts.relation}"


def bare_fields(plan: LoadPlan, texts: Texts) -> Texts:
    """Return the texts without their enclosing octets.

    A field that opens with the octet and does not close with it holds a delimiter, or is none:
    `closed` tells the records without such a field.
    """
    values, closed = [], []
    for place, field in enumerate(plan.fields):
        raw, quote = raw_name(place), literal(field.form.enclosed or b"")
        values.append(
            f"CASE WHEN {is_null(raw, texts.null)} THEN NULL "
            f"WHEN starts_with({raw}, {quote}) THEN {raw}[2:-2] ELSE {raw} END AS {raw}"
        )
        closed.append(
            f"(NOT starts_with({raw}, {quote}) OR "
            f"(ends_with({raw}, {quote}) AND strlen({raw}) > 1))"
        )
    conditions = " AND ".join(closed)
    relation = f"(SELECT {', '.join(values)}, {conditions} AS closed FROM {texts.relation})"
    return Texts(relation, None, texts.exchanges, is_enclosed=True)


def is_null(raw: str, null: bytes | None) -> str:
    """Return the condition that a text spells NULL, in any case of letters."""
    if null is None:
        return f"{raw} IS NULL"
    if null.lower() == null.upper():
        return f"{raw} = {literal(null)}"
    return f"lower({raw}) = {literal(null.lower())}"


def all_plain(plan: LoadPlan, texts: Texts) -> str:
    """Return the condition that every field of a record is plainly right."""
    fields = " AND ".join(
        is_plain(field, raw_name(place), texts.null) for place, field in enumerate(plan.fields)
    )
    return f"closed AND {fields}" if texts.is_enclosed else fields


def plain_value(field: InputField, raw: str, texts: Texts) -> str:
    """Return the value of a plain text; strings get their swapped octets back."""
    if field.nullable and may_be_taken_for_a_value(field.vtype, texts.null):
        raw = f"CASE WHEN {is_null(raw, texts.null)} THEN NULL ELSE {raw} END"
    if not field.vtype.is_string:
        return f"TRY_CAST({raw} AS {field.vtype.duck})"
    for one in texts.exchanges:
        raw = f"replace({raw}, {literal(one.stand_in)}, {literal(one.value)})"
    return raw


def is_plain(field: InputField, raw: str, null: bytes | None) -> str:
    """Return the condition that a text is NULL where it may be, or plainly of its type."""
    plain = plain_of_type(field.vtype, raw)
    if field.nullable:
        return f"({is_null(raw, null)} OR ({plain}))"
    if may_be_taken_for_a_value(field.vtype, null):
        return f"(NOT {is_null(raw, null)} AND ({plain}))"
    return f"({plain})"


def may_be_taken_for_a_value(vtype: VType, null: bytes | None) -> bool:
    """Tell whether the text that spells NULL could also be a value of a type."""
    return null is not None and (vtype.is_string or any(chr(octet).isalnum() for octet in null))


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


def has_plain_texts(plan: LoadPlan) -> bool:
    """Tell whether a record of this plan can be plainly right at all."""
    return all(plain_of_type(field.vtype, "raw") != "false" for field in plan.fields)


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
