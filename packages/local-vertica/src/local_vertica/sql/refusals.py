"""The refusals a statement meets while its names and types are worked out."""

from collections.abc import Iterable

from local_vertica.errors import VerticaError
from local_vertica.types import VType

ADD_CASTS = "You may need to add explicit type casts"


def unknown_column(name: str) -> VerticaError:
    """Say that no source has this column."""
    return VerticaError("42703", f'Column "{name}" does not exist', 2624)


def ambiguous_column(name: str) -> VerticaError:
    """Say that several sources have this column."""
    return VerticaError("42702", f'Column reference "{name}" is ambiguous', 2671)


def unknown_table(name: str) -> VerticaError:
    """Say that a qualifier names no source of the query."""
    return VerticaError("42V01", f'Missing FROM-clause entry for table "{name}"', 3978)


def ungrouped(name: str, *, is_series: bool = False) -> VerticaError:
    """Say that a column is neither grouped nor aggregated."""
    if is_series:
        message = (
            f'Column "{name}" must appear in the PARTITION BY list of Timeseries clause '
            "or be used in a Time Series Aggregate function"
        )
        return VerticaError("42601", message, 2641)
    message = "must appear in the GROUP BY clause or be used in an aggregate function"
    return VerticaError("42803", f'Column "{name}" {message}', 2640)


def misplaced(what: str, where: str) -> VerticaError:
    """Say that aggregates or analytic functions stand where they may not."""
    return VerticaError("42803", f"{what} not allowed in {where}", 2135)


def misplaced_window(where: str) -> VerticaError:
    """Say that an analytic function stands where it may not."""
    return VerticaError("42P20", f"Analytic functions not allowed in {where}", 2189)


def without_over(name: str) -> VerticaError:
    """Say that a function that is analytic only stands without OVER."""
    return VerticaError("42601", f"Analytic function {name} must have an OVER clause", 2180)


def unknown_function(name: str, types: Iterable[VType]) -> VerticaError:
    """Say that Vertica has no function of this name for these types."""
    shown = ", ".join(type_word(vtype) for vtype in types)
    message = (
        f"Function {name}({shown}) does not exist, or permission is denied for {name}({shown})"
    )
    hint = f"No function matches the given name and argument types. {ADD_CASTS}"
    return VerticaError("42883", message, 3457, hint=hint)


def unknown_operator(left: VType | None, op: str, right: VType) -> VerticaError:
    """Say that Vertica has no such operator for these types."""
    shown = f"{type_word(left)} {op} {type_word(right)}" if left else f"{op} {type_word(right)}"
    hint = f"No operator matches the given name and argument type(s). {ADD_CASTS}"
    return VerticaError("42883", f"Operator does not exist: {shown}", 4286, hint=hint)


def no_cast(source: VType, target: VType) -> VerticaError:
    """Say that one type cannot be turned into the other."""
    return VerticaError(
        "42846", f"Cannot cast type {type_word(source)} to {type_word(target)}", 2366
    )


def not_assignable(column: str, target: VType, source: VType) -> VerticaError:
    """Say that an expression does not fit the column it is written to."""
    message = (
        f'Column "{column}" is of type {type_word(target)} '
        f"but expression is of type {type_word(source)}"
    )
    hint = "You will need to rewrite or cast the expression"
    return VerticaError("42804", message, 2631, hint=hint)


def mismatched(what: str, left: VType, right: VType) -> VerticaError:
    """Say that branches or parts have types without a common one."""
    message = f"{what} types {type_word(left)} and {type_word(right)} cannot be matched"
    return VerticaError("42804", message, 3429)


def not_boolean(where: str, vtype: VType) -> VerticaError:
    """Say that a condition is no condition."""
    message = f"Argument of {where} must be type boolean, not type {type_word(vtype)}"
    return VerticaError("42804", message, 2213)


def bad_literal(vtype: VType, value: str) -> VerticaError:
    """Say that a constant cannot be read as the type it has to have."""
    state = "22007" if vtype.name in DATE_TIME or vtype.name.startswith("INTERVAL") else "22V02"
    word = "integer" if vtype.name == "INTEGER" else type_word(vtype)
    number = 3681 if state == "22V02" else 3679
    return VerticaError(state, f'Invalid input syntax for {word}: "{value}"', number)


def unsupported(what: str) -> VerticaError:
    """Say that the stand-in does not do what Vertica can."""
    return VerticaError("0A000", f"{what} is not supported here", 4160)


def uncorrelated(what: str) -> VerticaError:
    """Say that Vertica takes no correlated subquery there."""
    return VerticaError("0A000", f"Correlated subquery with {what} is not supported", 2786)


def type_word(vtype: VType) -> str:
    """Return a type's name without its sizes, as messages show it."""
    name = vtype.name.lower()
    return {"integer": "int"}.get(name, "interval" if name.startswith("interval") else name)


DATE_TIME = frozenset({"DATE", "TIME", "TIMETZ", "TIMESTAMP", "TIMESTAMPTZ"})
