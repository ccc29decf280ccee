"""Turn an expression of one type into another: explicitly, implicitly, for assignment."""

from __future__ import annotations

from dataclasses import replace

from local_vertica.sql.bound import DAY_TIME, YEAR_MONTH, Bound, combine, text
from local_vertica.sql.literals import read_literal
from local_vertica.sql.refusals import DATE_TIME, no_cast
from local_vertica.sql.words import word_set
from local_vertica.types import SPATIAL, VType

_STRINGS = ("CHAR", "VARCHAR", "LONG VARCHAR")
_BINARIES = ("BINARY", "VARBINARY", "LONG VARBINARY")

# Data type coercion chart: every conversion there is, by the family of its source.
_CASTS = {
    "BOOLEAN": {"BOOLEAN", "INTEGER", *_STRINGS},
    "INTEGER": {"BOOLEAN", "INTEGER", "NUMERIC", "FLOAT", "INTERVAL", "YEARS", *_STRINGS},
    "NUMERIC": {"INTEGER", "NUMERIC", "FLOAT", *_STRINGS},
    "FLOAT": {"INTEGER", "NUMERIC", "FLOAT", *_STRINGS},
    "DATE": {"DATE", "TIMESTAMP", "TIMESTAMPTZ", *_STRINGS},
    "TIME": {"TIME", "TIMETZ", "TIMESTAMP", "TIMESTAMPTZ", "INTERVAL", *_STRINGS},
    "TIMETZ": {"TIME", "TIMETZ", "TIMESTAMP", "TIMESTAMPTZ", *_STRINGS},
    "TIMESTAMP": {"DATE", "TIME", "TIMESTAMP", "TIMESTAMPTZ", *_STRINGS},
    "TIMESTAMPTZ": {"DATE", "TIME", "TIMETZ", "TIMESTAMP", "TIMESTAMPTZ", *_STRINGS},
    "INTERVAL": {"TIME", "INTEGER", "INTERVAL", *_STRINGS},
    "YEARS": {"INTEGER", "YEARS", *_STRINGS},
    "UUID": {"UUID", *_STRINGS},
    "BINARY": set(_BINARIES),
    "VARBINARY": set(_BINARIES),
    "LONG VARBINARY": set(_BINARIES),
    **{name: {name} for name in SPATIAL},
}
_ANY = {"BOOLEAN", "INTEGER", "NUMERIC", "FLOAT", "UUID", "INTERVAL", "YEARS", *DATE_TIME}
for _string in _STRINGS:
    _CASTS[_string] = {*_ANY, *_STRINGS, *_BINARIES}

# What happens without being asked for: in operators, function arguments, comparisons.
_IMPLICIT = {
    "BOOLEAN": word_set("BOOLEAN"),
    "INTEGER": word_set("BOOLEAN INTEGER NUMERIC FLOAT"),
    "NUMERIC": word_set("NUMERIC FLOAT"),
    "FLOAT": word_set("FLOAT"),
    "DATE": word_set("DATE TIMESTAMP TIMESTAMPTZ"),
    "TIME": word_set("TIME TIMETZ"),
    "TIMETZ": word_set("TIMETZ"),
    "TIMESTAMP": word_set("TIMESTAMP TIMESTAMPTZ"),
    "TIMESTAMPTZ": word_set("TIMESTAMPTZ TIMESTAMP"),
    "INTERVAL": word_set("INTERVAL"),
    "YEARS": word_set("YEARS"),
    "UUID": frozenset({"UUID", *_STRINGS}),
    **dict.fromkeys(_BINARIES, frozenset(_BINARIES)),
    **{name: frozenset({name}) for name in SPATIAL},
    **dict.fromkeys(_STRINGS, frozenset({"INTEGER", "NUMERIC", "FLOAT", *_STRINGS})),
}


def family(vtype: VType) -> str:
    """Return a type's name, with all intervals of days and all of months as one."""
    if vtype.is_day_time:
        return "INTERVAL"
    return "YEARS" if vtype.is_year_month else vtype.name


def can_coerce(source: VType, target: VType) -> bool:
    """Say whether Vertica turns one type into the other without being asked."""
    return family(target) in _IMPLICIT[family(source)]


def can_cast(source: VType, target: VType) -> bool:
    """Say whether Vertica turns one type into the other when asked."""
    return family(target) in _CASTS[family(source)]


def can_assign(source: VType, target: VType) -> bool:
    """Say whether INSERT and UPDATE turn one type into the other."""
    if can_cast(source, target):
        return True
    return {family(source), family(target)} == {"DATE", "TIMESTAMPTZ"}


def cast(bound: Bound, target: VType, *, safe: bool = False) -> Bound:
    """Return an explicit cast; a safe one gives NULL where the other fails."""
    if bound.is_open:
        return _close(bound, target, safe=safe)
    if not can_cast(bound.vtype, target):
        raise no_cast(bound.vtype, target)
    if bound.vtype == target and not bound.number:
        return bound
    sql = _cast_sql(bound, target, safe or (target.name in DATE_TIME and bound.vtype.is_string))
    made = combine(sql, target, (bound,), bound.name)
    return replace(made, nullable=bound.nullable) if target.is_string else made


def coerce(bound: Bound, target: VType) -> Bound:
    """Return it as the target type, which the caller knows to be reachable."""
    if bound.is_open:
        return _close(bound, _roomy(bound, target))
    if family(bound.vtype) == family(target):
        return bound
    return cast(bound, target)


def settle(bound: Bound) -> Bound:
    """Give an open constant or parameter the type it has when nothing else says so."""
    if bound.parameter is not None:
        return _close(bound, VType("VARCHAR", length=80))
    if bound.null:
        return _close(bound, bound.vtype)
    return replace(bound, literal=None) if bound.literal is not None else bound


def _roomy(bound: Bound, target: VType) -> VType:
    """Let a character constant keep its own length beside a shorter column."""
    if target.is_string and bound.literal is not None:
        return bound.vtype
    return target


def _close(bound: Bound, target: VType, *, safe: bool = False) -> Bound:
    if target.is_spatial and not bound.null:
        raise no_cast(bound.vtype, target)
    if bound.parameter is not None:
        slot = bound.parameter
        slot.vtype = slot.vtype or target
        return Bound(f"CAST(${slot.index} AS {target.duck})", target, bound.name)
    if bound.null:
        return Bound(f"CAST(NULL AS {target.duck})", target, bound.name)
    value = read_literal(bound.literal or "", target, safe=safe)
    return Bound(value, target, bound.name, nullable=False)


def _cast_sql(bound: Bound, target: VType, safe: bool) -> str:
    source, goal = family(bound.vtype), family(target)
    if bound.vtype.is_string and not target.is_string:
        return _from_string(bound, target, safe)
    if target.is_string:
        return _cut(_to_string(bound, source), bound.vtype, target)
    special = _SPECIAL.get((source, goal))
    if special is not None:
        return special.format(bound.number or bound.sql)
    if goal == "NUMERIC" or source != goal:
        sql = bound.number if bound.number and goal != "INTEGER" else bound.sql
        return f"{'TRY_CAST' if safe else 'CAST'}({sql} AS {target.duck})"
    if target.is_binary:
        return _resized(bound, target)
    return _rounded(bound, target)


_SPECIAL = {
    ("INTEGER", "INTERVAL"): "to_days(CAST({0} AS INTEGER))",
    ("INTEGER", "YEARS"): "to_months(CAST({0} AS INTEGER))",
    ("INTERVAL", "INTEGER"): "(epoch_us({0}) // 86400000000)",
    ("INTERVAL", "TIME"): "CAST((TIME '00:00:00' + {0}) AS TIME)",
    ("TIME", "INTERVAL"): "to_microseconds(epoch_us({0}))",
    ("YEARS", "INTEGER"): "v_months({0})",
    ("TIME", "TIMESTAMP"): "(DATE '1970-01-01' + {0})",
    ("TIME", "TIMESTAMPTZ"): "CAST((DATE '1970-01-01' + {0}) AS TIMESTAMPTZ)",
}


def _from_string(bound: Bound, target: VType, safe: bool) -> str:
    call = "TRY_CAST" if safe else "CAST"
    if target.name == "INTEGER":
        return f"{'v_try_integer' if safe else 'v_integer'}({bound.sql})"
    if target.is_binary:
        return _resized(replace(bound, sql=f"encode({bound.sql})", vtype=_LONGEST), target)
    if target.name == "UUID" and bound.sql.startswith("md5("):
        # A vault makes millions of such keys; from octets they cost a third less than from text.
        return f"CAST(unhex({bound.sql}) AS UUID)"
    return f"{call}({bound.sql} AS {target.duck})"


_LONGEST = VType("LONG VARBINARY", length=32_000_000)


def _to_string(bound: Bound, source: str) -> str:
    sql = bound.number or bound.sql
    if source in _STRINGS:
        return bound.sql
    if source == "BOOLEAN":
        return f"v_boolean_text({sql})"
    if source == "FLOAT":
        return f"v_float_text({sql})"
    if source == "INTERVAL":
        return f"v_interval_text({sql})"
    if source == "YEARS":
        return f"v_years_text({sql})"
    return f"CAST({sql} AS VARCHAR)"


def _cut(sql: str, source: VType, target: VType) -> str:
    """Shorten to the target's octets, unless the source cannot be longer."""
    if text_length(source) <= (target.length or 0):
        return sql
    return f"v_cut({sql}, {target.length})"


def text_length(vtype: VType) -> int:
    """Return the most octets the text of a value can take."""
    if vtype.is_string or vtype.is_binary:
        return vtype.length or 1
    if vtype.name == "NUMERIC":
        return (vtype.precision or 37) + 3
    return _TEXT_LENGTHS.get(family(vtype), 64)


_TEXT_LENGTHS = {
    "BOOLEAN": 1,
    "INTEGER": 20,
    "FLOAT": 24,
    "DATE": 15,
    "TIME": 15,
    "TIMETZ": 21,
    "TIMESTAMP": 29,
    "TIMESTAMPTZ": 35,
    "UUID": 36,
    "INTERVAL": 30,
    "YEARS": 24,
}


def _resized(bound: Bound, target: VType) -> str:
    length = target.length or 1
    if target.name == "BINARY" and bound.vtype != target:
        return f"v_binary({bound.sql}, {length})"
    if (bound.vtype.length or 1) <= length:
        return bound.sql
    return f"array_slice({bound.sql}, 1, {length})"


def _rounded(bound: Bound, target: VType) -> str:
    """Apply a precision of fewer than six fractional digits."""
    digits = 6 if target.precision is None else target.precision
    if digits >= 6 or target.name not in ("TIMESTAMP", "TIMESTAMPTZ", "TIME"):
        return bound.sql
    return f"v_round_{target.name.lower()}({bound.sql}, {10 ** (6 - digits)})"


INTERVALS = {"INTERVAL": DAY_TIME, "YEARS": YEAR_MONTH}


def as_text(bound: Bound) -> Bound:
    """Return it as VARCHAR of the length its text can have."""
    if bound.vtype.is_string and not bound.is_open:
        return bound
    if bound.literal is not None:
        return Bound(text(bound.literal), bound.vtype, nullable=False)
    length = text_length(bound.vtype)
    return cast(bound, VType("VARCHAR", length=max(length, 1)))
