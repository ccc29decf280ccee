"""How the fields of the input become columns of the table."""

from dataclasses import dataclass

from local_vertica.copy.context import CopyContext
from local_vertica.copy.layouts import check_layout
from local_vertica.copy.options import CopyColumn, CopyStatement, FieldFormat
from local_vertica.errors import VerticaError
from local_vertica.sql.scope import ColumnInfo, TableInfo
from local_vertica.types import VType


@dataclass(frozen=True)
class FieldForm:
    """How one field is written, every option settled; separators are single octets."""

    delimiter: bytes
    null: bytes
    escape: bytes | None
    enclosed: bytes | None
    enforce_length: bool
    layout: str | None
    trim: bytes | None


@dataclass(frozen=True)
class InputField:
    """One field of a record: `number` is its place in the record, from 1."""

    name: str
    number: int
    vtype: VType
    nullable: bool
    form: FieldForm


@dataclass(frozen=True)
class LoadPlan:
    """What to read from each record and what to insert: target column and its DuckDB SQL."""

    table: TableInfo
    fields: tuple[InputField, ...]
    targets: tuple[tuple[str, str], ...]


def plan_load(context: CopyContext, statement: CopyStatement) -> LoadPlan:
    """Match the statement with the table; refuse columns that are not there."""
    table = context.resolve_table(statement.schema, statement.table)
    if table.kind != "table":
        raise VerticaError("42809", f'Cannot COPY into {table.kind} "{table.name}"')
    known = {column.name.lower(): column for column in table.columns}
    listed = statement.columns or tuple(
        CopyColumn(column.name) for column in table.columns if not column.is_identity
    )
    check_known(listed, known, table)
    check_omitted(listed, table)
    optioned = {column.name.lower(): column.format for column in statement.column_options}
    unlisted = next((name for name in optioned if name not in {c.name.lower() for c in listed}), "")
    if unlisted:
        raise VerticaError("42703", f'Column "{unlisted}" does not exist', 2624)
    read = [column for column in listed if column.expression is None]
    fields = tuple(
        InputField(
            name=column.name.lower(),
            number=number,
            vtype=column.filler or known[column.name.lower()].vtype,
            nullable=column.filler is not None or known[column.name.lower()].nullable,
            form=settle(statement.format, column.format, optioned.get(column.name.lower())),
        )
        for number, column in enumerate(read, 1)
    )
    check_readable(fields)
    return LoadPlan(table, fields, targets_of(context, listed, fields))


def targets_of(
    context: CopyContext, listed: tuple[CopyColumn, ...], fields: tuple[InputField, ...]
) -> tuple[tuple[str, str], ...]:
    """Return each target column with the SQL of its value."""
    types = {field.name: field.vtype for field in fields}
    return tuple(
        (
            column.name,
            quoted(column.name.lower())
            if column.expression is None
            else context.translate_expression(column.expression, types),
        )
        for column in listed
        if column.filler is None
    )


def check_known(
    listed: tuple[CopyColumn, ...], known: dict[str, ColumnInfo], table: TableInfo
) -> None:
    """Refuse a column the table has not or numbers itself, and a filler named like one it has."""
    for column in listed:
        is_known = column.name.lower() in known
        if column.filler is None and not is_known:
            message = f'Column "{column.name}" of relation "{table.name}" does not exist'
            raise VerticaError("42703", message, 2624)
        if is_known and known[column.name.lower()].is_identity:
            message = f'Cannot insert into or update IDENTITY/AUTO_INCREMENT column "{column.name}"'
            raise VerticaError("0A000", message, 2444)
        if column.filler is not None and is_known:
            message = f'Filler "{column.name}" has the name of a column of "{table.name}"'
            raise VerticaError("42701", message)


def check_readable(fields: tuple[InputField, ...]) -> None:
    """Refuse a FORMAT that its type does not know, and a spatial object read from a field."""
    for field in fields:
        check_layout(field.vtype, field.form.layout, field.name)
        if field.vtype.is_spatial:
            message = f'COPY fills spatial column "{field.name}" by an expression only'
            raise VerticaError("0A000", message, 4160)


def check_omitted(listed: tuple[CopyColumn, ...], table: TableInfo) -> None:
    """Refuse to leave out a column that has neither a default nor room for NULL."""
    named = {column.name.lower() for column in listed}
    for column in table.columns:
        given = column.nullable or column.default is not None or column.is_identity
        if column.name.lower() not in named and not given:
            message = f"Cannot set a NOT NULL column ({column.name}) to a NULL value"
            raise VerticaError("23502", message, 2501)


def settle(statement: FieldFormat, *own: FieldFormat | None) -> FieldForm:
    """Return the options of one field: its own, else the statement's, else Vertica's defaults."""
    forms = [form for form in reversed(own) if form is not None] + [statement]

    def first(name: str) -> str | None:
        return next((value for form in forms if (value := getattr(form, name)) is not None), None)

    escape: str | None = "\\"
    for form in forms:
        if form.no_escape or form.escape is not None:
            escape = form.escape
            break
    enclosed, trim = first("enclosed"), first("trim")
    return FieldForm(
        delimiter=(first("delimiter") or "|").encode(),
        null=(first("null") or "").encode(),
        escape=None if escape is None else escape.encode(),
        enclosed=enclosed.encode() if enclosed else None,
        enforce_length=any(form.enforce_length for form in forms),
        layout=first("layout"),
        trim=trim.encode() if trim else None,
    )


def quoted(name: str) -> str:
    """Return an identifier as DuckDB reads it."""
    return '"' + name.replace('"', '""') + '"'
