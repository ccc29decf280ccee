"""The DuckDB SQL that takes the plain values: what it accepts, the exact parser accepts too.

A value that is not plainly right is left to the exact parser, never judged here.
"""

from dataclasses import dataclass

from local_vertica.copy.plan import InputField, LoadPlan, quoted
from local_vertica.copy.records import Exchange
from local_vertica.types import VType

PLAIN_INTEGER = "[-+]?[0-9]{1,18}"
PLAIN_FLOAT = r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]{1,2})?"
PLAIN_TIME = "[0-9]{2}:[0-9]{2}:[0-9]{2}"
PLAIN_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
PLAIN_UUID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
PLAIN_BOOLEANS = "('1', '0', 't', 'f', 'true', 'false', 'T', 'F', 'TRUE', 'FALSE')"
PLAIN_DAYS = "DATE '0001-01-01' AND DATE '9999-12-31'"
PLAIN_MOMENTS = "TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59.999999'"
PLAIN = '"is plain"'
LEAST = "-9223372036854775807"  # one less is NULL inside Vertica, so no integer


def insert_sql(plan: LoadPlan, rows: str) -> str:
    """Return the INSERT of the plan over a relation whose columns are the fields by name."""
    names = ", ".join(quoted(name) for name, _ in plan.targets)
    values = ", ".join(sql for _, sql in plan.targets)
    return f"INSERT INTO {plan.table.duck_name} ({names}) SELECT {values} FROM {rows}"


def raw_name(position: int) -> str:
    """Return the name of a field's text as it was read."""
    return f"raw_{position}"


def value_name(position: int) -> str:
    """Return the name of a field's value, converted."""
    return f"value_{position}"


@dataclass(frozen=True)
class Texts:
    """A relation of the texts of all fields, raw_0 and so on, and how they are to be read.

    NULL is spelled by the text `null`, or is NULL where that is None. The exchanges are those of
    the lines that the texts come from. `is_enclosed` tells that fields may be enclosed.
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

    It has a layer for what the texts mean, one for their values and one for the judgement, so
    that each text is converted once. `random()` keeps DuckDB from moving a filter below these
    layers, where every value that the condition names would be converted a second time.
    """
    named = ", ".join(
        f"{value_name(place)} AS {quoted(field.name)}" for place, field in enumerate(plan.fields)
    )
    values = ", ".join(
        f"{value_of(field, raw_name(place), texts.exchanges)} AS {value_name(place)}"
        for place, field in enumerate(plan.fields)
    )
    conditions = [is_plain(field, place) for place, field in enumerate(plan.fields)]
    if texts.is_enclosed:
        conditions.insert(0, "closed")
    plain = f"CASE WHEN {' AND '.join(conditions)} THEN random() >= 0 ELSE false END AS {PLAIN}"
    return f"SELECT {named}, {plain} FROM (SELECT *, {values} FROM {meant_texts(plan, texts)})"


def meant_texts(plan: LoadPlan, texts: Texts) -> str:
    """Return the relation of the texts as they are meant: NULL is NULL, none is enclosed.

    DuckDB is not asked to find NULL as it reads: it would pass over one too many at the end of a
    line. A field that opens with the enclosing octet and does not close with it holds a delimiter,
    or is none: `closed` tells the records without such a field.
    """
    if texts.null is None:
        return texts.relation
    columns = [
        f"{meant_text(field, raw_name(place), texts)} AS {raw_name(place)}"
        for place, field in enumerate(plan.fields)
    ]
    if texts.is_enclosed:
        closed = (is_closed(field, raw_name(place)) for place, field in enumerate(plan.fields))
        columns.append(f"{' AND '.join(closed)} AS closed")
    return f"(SELECT {', '.join(columns)} FROM {texts.relation})"


def meant_text(field: InputField, raw: str, texts: Texts) -> str:
    """Return a text without its enclosing octets, or NULL where it spells NULL."""
    quote = literal(field.form.enclosed or b"")
    bare = f"WHEN starts_with({raw}, {quote}) THEN {raw}[2:-2] " if texts.is_enclosed else ""
    return f"CASE WHEN {is_null(raw, texts.null or b'')} THEN NULL {bare}ELSE {raw} END"


def is_closed(field: InputField, raw: str) -> str:
    """Return the condition that a text which opens with the enclosing octet closes with it."""
    quote = literal(field.form.enclosed or b"")
    ends = f"ends_with({raw}, {quote}) AND strlen({raw}) > 1"
    return f"(NOT starts_with({raw}, {quote}) OR ({ends}))"


def is_null(raw: str, null: bytes) -> str:
    """Return the condition that a text spells NULL, in any case of letters."""
    if null.lower() == null.upper():
        return f"{raw} = {literal(null)}"
    return f"lower({raw}) = {literal(null.lower())}"


def value_of(field: InputField, raw: str, exchanges: tuple[Exchange, ...]) -> str:
    """Return the value of a plain text; strings get their swapped octets back."""
    if not field.vtype.is_string:
        return f"TRY_CAST({raw} AS {field.vtype.duck})"
    for one in exchanges:
        raw = f"replace({raw}, {literal(one.stand_in)}, {literal(one.value)})"
    return raw


def is_plain(field: InputField, place: int) -> str:
    """Return the condition that a text is NULL where it may be, or plainly of its type."""
    raw = raw_name(place)
    plain = plain_of_type(field.vtype, raw, value_name(place))
    return f"({raw} IS NULL OR ({plain}))" if field.nullable else f"({plain})"


def plain_of_type(vtype: VType, raw: str, value: str) -> str:
    """Return the condition that a text is plainly of a type; for NULL it does not hold."""
    if vtype.is_string:
        return f"strlen({value}) <= {vtype.length}"
    digits = 6 if vtype.precision is None else vtype.precision
    clock = PLAIN_TIME + (rf"(\.[0-9]{{1,{digits}}})?" if digits else "")
    conditions = {
        "INTEGER": f"{value} >= {LEAST} AND {written(vtype, raw, value, PLAIN_INTEGER)}",
        "NUMERIC": plain_numeric(vtype, raw),
        "FLOAT": matches(raw, PLAIN_FLOAT),
        "BOOLEAN": f"{raw} IN {PLAIN_BOOLEANS}",
        "UUID": matches(raw, PLAIN_UUID),
        "DATE": f"{value} BETWEEN {PLAIN_DAYS} AND {written(vtype, raw, value, PLAIN_DAY)}",
        "TIME": f"{value} < TIME '24:00:00' AND {written(vtype, raw, value, clock)}",
        "TIMESTAMP": f"{value} BETWEEN {PLAIN_MOMENTS} "
        f"AND {written(vtype, raw, value, f'{PLAIN_DAY} {clock}')}",
    }
    return conditions.get(vtype.name, "false")


def written(vtype: VType, raw: str, value: str, shape: str) -> str:
    """Return the condition that a text has a shape, or is what DuckDB writes for its value.

    The latter is the cheap one; only of a moment that the column would round it tells too little.
    """
    if vtype.precision not in (None, 6):
        return matches(raw, shape)
    return f"({value}::VARCHAR = {raw} OR {matches(raw, shape)})"


def matches(raw: str, shape: str) -> str:
    """Return the condition that a whole text has a shape."""
    return f"regexp_full_match({raw}, '{shape}')"


def plain_numeric(vtype: VType, raw: str) -> str:
    """Return the condition for digits that fit without rounding."""
    precision, scale = vtype.precision or 37, vtype.scale or 0
    if precision > 38 or precision == scale:
        return "false"
    fraction = rf"(\.[0-9]{{1,{scale}}})?" if scale else ""
    return matches(raw, f"[-+]?[0-9]{{1,{precision - scale}}}{fraction}")


def has_plain_texts(plan: LoadPlan) -> bool:
    """Tell whether a record of this plan can be plainly right at all."""
    return all(plain_of_type(field.vtype, "raw", "value") != "false" for field in plan.fields)


def literal(octets: bytes) -> str:
    """Return a string literal for DuckDB."""
    return "'" + octets.decode().replace("'", "''") + "'"
