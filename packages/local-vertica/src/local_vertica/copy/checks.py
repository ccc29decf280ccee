"""The contradictions in a COPY statement that Vertica refuses before it reads any data."""

from local_vertica.copy.options import CopyStatement, FieldFormat
from local_vertica.errors import VerticaError

# Per option: the numbers of "must be a single character", for the statement and for a column.
SINGLE = {
    "delimiter": ("COPY delimiter", 2730, "COPY DELIMITER", 2729),
    "enclosed": ("COPY ENCLOSED BY", 2734, "COPY ENCLOSED BY", 2733),
    "escape": ("COPY ESCAPE", 2737, "COPY ESCAPE AS", 2736),
}


def conflict() -> VerticaError:
    """Return the refusal of a clause given twice."""
    return VerticaError("2200B", "Conflicting or redundant options", 2699)


def check_statement(statement: CopyStatement) -> None:
    """Refuse contradictions between the clauses."""
    check_format(statement.format, "")
    for column in (*statement.columns, *statement.column_options):
        check_format(column.format, column.name)
    check_columns(statement)
    check_rejection(statement)
    if statement.record_terminator == "":
        raise VerticaError("22023", "COPY RECORD TERMINATOR must not be an empty string")
    if statement.parser is not None and statement.format != FieldFormat(
        enforce_length=statement.format.enforce_length, null=statement.format.null
    ):
        message = "COPY options of the DELIMITED parser cannot stand beside a PARSER clause"
        raise VerticaError("42601", message)


def check_columns(statement: CopyStatement) -> None:
    """Refuse a column list that names a column twice or reads nothing from the input."""
    names = [column.name.lower() for column in statement.columns]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise VerticaError("42701", f'Column "{twice}" specified more than once', 2663)
    if names and all(column.expression is not None for column in statement.columns):
        message = (
            "All columns are evaluated by expressions. "
            "At least one column should be read from input"
        )
        raise VerticaError("42601", message, 2156)
    optioned = [column.name.lower() for column in statement.column_options]
    if len(set(optioned)) < len(optioned):
        raise conflict()


def check_format(form: FieldFormat, column: str) -> None:
    """Refuse separators that are not one octet, or that stand for two things at once."""
    where = f" for column {column}" if column else ""
    for name, (text, number, column_text, column_number) in SINGLE.items():
        value = getattr(form, name)
        if value is not None and not is_single(value):
            subject, code = (column_text, column_number) if column else (text, number)
            raise VerticaError("22019", f"{subject}{where} must be a single character", code)
    check_enclosure(form, where)
    if form.trim is not None and form.trim != "" and not is_single(form.trim):
        subject, code = ("COPY TRIM", 2758) if column else ("COPY trim", 2759)
        message = f"{subject}{where} must be an empty string or a single character"
        raise VerticaError("22019", message, code)
    if form.no_escape and form.escape is not None:
        message = f"COPY NO ESCAPE{where} cannot also contain an ESCAPE clause"
        raise VerticaError("22V0B", message, 2747 if column else 2746)
    if form.delimiter is not None and form.null and form.delimiter in form.null:
        raise VerticaError("22023", f"COPY delimiter{where} must not appear in the NULL string")


def check_enclosure(form: FieldFormat, where: str) -> None:
    """Refuse an enclosing character that is white space, the escape or the delimiter."""
    if form.enclosed is None:
        return
    if form.enclosed.isspace():
        code = 2732 if where else 2731
        raise VerticaError(
            "22019", f"COPY ENCLOSED BY{where} cannot be a whitespace character", code
        )
    if form.enclosed == form.escape:
        message = f"COPY ENCLOSED BY and ESCAPE AS{where} cannot be the same character"
        raise VerticaError("22023", message, 3169)
    if form.enclosed == (form.delimiter or "|"):
        message = f"COPY ENCLOSED BY and DELIMITER{where} cannot be the same character"
        raise VerticaError("22023", message)
    if form.enclosed == "\\" and form.escape is None and not form.no_escape:
        message = f"COPY ENCLOSED BY and ESCAPE AS{where} cannot be the same character"
        raise VerticaError("22023", message, 3169)


def is_single(value: str) -> bool:
    """Tell whether a separator is one ASCII character."""
    return len(value) == 1 and ord(value) < 128


def check_rejection(statement: CopyStatement) -> None:
    """Refuse two homes for the same rejects."""
    rejection = statement.rejection
    if rejection.table is not None and rejection.exceptions_path is not None:
        message = (
            "Cannot specify both an exceptions file and a rejected table in the same statement"
        )
        raise VerticaError("42601", message)
    if rejection.data_path is not None and rejection.data_path == rejection.exceptions_path:
        message = "COPY exceptions and rejected_data can not be the same filename"
        raise VerticaError("22023", message, 2028)
    if not rejection.row_numbers:
        return
    if not statement.source.kind.startswith("local"):
        raise VerticaError("0A000", "RETURNREJECTED is supported for COPY LOCAL only")
    if rejection.table or rejection.data_path or rejection.exceptions_path:
        message = (
            "COPY LOCAL does not support rejected row numbers "
            "with exceptions or rejected data options"
        )
        raise VerticaError("0A000", message)
