r"""Convert columns of text strictly: what is not plainly a value of its kind becomes null.

Integers are `-?[0-9]+`, with `.0` behind it in older files, within 64 bits. Timestamps are
`YYYY-MM-DD HH:MM:SS` (or a `T` between) with up to six digits of a second's fraction, and days
that exist; nobody reckons with them here, so their value is this text. Booleans are 1, 0, 1.0,
0.0, true or false. Decimals are `-?[0-9]+(\.[0-9]+)?` that their type holds exactly: zeros at
either end do not count, anything that would have to be rounded is none. No spaces, no plus sign,
no exponents. polars alone is too kind: it takes `+5`, `2020-1-1 0:0:0`, second 60 and the year 0,
and rounds.

The quick way reads whole columns; the slow way only looks at values that the quick way left null.
"""

from collections.abc import Callable

import polars as pl

from social_vault.errors import PipelineError
from social_vault.model.table import Column, Staging
from social_vault.model.vault import Kind

DAY = "%Y-%m-%d"
WHOLE = r"^(-?[0-9]+)\.0+$"
YEAR = r"(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
# Without the 29th of February: no short expression says which years have one.
MONTH_AND_DAY = (
    r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?"
MOMENT = f"^{YEAR}-{MONTH_AND_DAY} {CLOCK}$"
LEAP_MOMENT = f"^{YEAR}-02-29 {CLOCK}$"
TRUTHS = {"1": 1, "0": 0, "1.0": 1, "0.0": 0, "true": 1, "false": 0}


def typed(column: str) -> str:
    """Name the converted column beside a column of text; no name of the model holds a colon."""
    return f"{column}:value"


def convert(texts: pl.DataFrame, table: Staging, *, has_plus: bool = True) -> pl.DataFrame:
    """Put converted values beside the texts; null is what is not plainly a value of its kind.

    In the texts, too, an empty number becomes null, and a timestamp has a space in the middle.

    Where no text holds a plus sign, integers need not be searched for one.
    """
    columns = [column for column in table.columns if column.kind != "text"]
    quick = QUICK if has_plus else QUICK | {"integer": _cast}
    values = texts.select(
        quick[column.kind](pl.col(column.name), column).alias(typed(column.name))
        for column in columns
    )
    found = texts.hstack(values)
    # In a sound file few values are doubtful, so that the slow way costs next to nothing.
    for column in columns:
        doubtful = found.select(
            (pl.col(column.name).is_not_null() & pl.col(typed(column.name)).is_null()).arg_true()
        ).to_series()
        if len(doubtful):
            found = _mended(found, column, doubtful)
    return found


def _mended(found: pl.DataFrame, column: Column, doubtful: pl.Series) -> pl.DataFrame:
    """Look again at the doubtful values of one column, and put in what they are after all."""
    texts = found[column.name].gather(doubtful)
    plain, values = SLOW[column.kind](texts, column)
    return found.with_columns(
        found[column.name].scatter(doubtful, plain),
        found[typed(column.name)].scatter(doubtful, values),
    )


def _quick_integer(text: pl.Expr, column: Column) -> pl.Expr:
    # The cast takes `+5`, which is none of ours; the slow way refuses it.
    return pl.when(~text.str.starts_with("+")).then(_cast(text, column))


def _cast(text: pl.Expr, _column: Column) -> pl.Expr:
    return text.cast(pl.Int64, strict=False)


def _quick_timestamp(text: pl.Expr, _column: Column) -> pl.Expr:
    """Take a moment as it is written; a 29th of February is left to the slow way."""
    return pl.when(text.str.contains(MOMENT)).then(text)


def _quick_boolean(text: pl.Expr, _column: Column) -> pl.Expr:
    return pl.when(text == "1").then(1).when(text == "0").then(0).cast(pl.Int64)


def _quick_decimal(text: pl.Expr, column: Column) -> pl.Expr:
    # Looked at first: the cast rounds, and takes exponents.
    checked = pl.when(text.str.contains(_exact(*_digits(column)))).then(text)
    return checked.cast(pl.Decimal(*_digits(column)), strict=False)


def _digits(column: Column) -> tuple[int, int]:
    if column.digits is None:  # the checks of the model see to it
        raise PipelineError(f"{column.name} is a decimal without digits.")
    return column.digits


def _exact(precision: int, scale: int) -> str:
    """Write the pattern of the texts that a decimal type holds without rounding."""
    before = rf"0*[0-9]{{1,{precision - scale}}}" if precision > scale else "0+"
    behind = rf"[0-9]{{1,{scale}}}0*" if scale else "0+"
    return rf"\A-?{before}(?:\.{behind})?\z"


def _slow_decimal(texts: pl.Series, column: Column) -> tuple[pl.Series, pl.Series]:
    # Nothing that is not plain becomes a decimal after all; only an empty one is a missing one.
    none = pl.repeat(None, len(texts), dtype=pl.Decimal(*_digits(column)), eager=True)
    return texts.to_frame().select(_no_empty(texts.name)).to_series(), none


def _slow_integer(texts: pl.Series, _column: Column) -> tuple[pl.Series, pl.Series]:
    # 34.0, as some writers put a column of whole numbers with gaps; 34.5 is refused.
    plain = texts.to_frame().select(_no_empty(texts.name)).to_series()
    return plain, texts.str.extract(WHOLE, 1).cast(pl.Int64, strict=False)


def _slow_timestamp(texts: pl.Series, column: Column) -> tuple[pl.Series, pl.Series]:
    spaced = texts.str.replace(r"^(.{10})T", "${1} ").to_frame()
    text = pl.col(texts.name)
    day = text.str.head(10).str.to_date(DAY, strict=False)
    # The calendar is asked only here, day by day.
    is_leap_day = text.str.contains(LEAP_MOMENT) & day.is_not_null()
    value = pl.when(is_leap_day).then(text).otherwise(_quick_timestamp(text, column))
    found = spaced.select(_no_empty(texts.name), value=value)
    return found.to_series(0), found.to_series(1)


def _slow_boolean(texts: pl.Series, _column: Column) -> tuple[pl.Series, pl.Series]:
    truths = texts.str.to_lowercase().replace_strict(TRUTHS, default=None, return_dtype=pl.Int64)
    return texts.to_frame().select(_no_empty(texts.name)).to_series(), truths


def _no_empty(name: str) -> pl.Expr:
    """Take an empty quoted number, as some writers quote everything, for a missing one."""
    return pl.when(pl.col(name) != "").then(pl.col(name)).alias(name)


QUICK: dict[Kind, Callable[[pl.Expr, Column], pl.Expr]] = {
    "integer": _quick_integer,
    "timestamp": _quick_timestamp,
    "boolean": _quick_boolean,
    "decimal": _quick_decimal,
}
SLOW: dict[Kind, Callable[[pl.Series, Column], tuple[pl.Series, pl.Series]]] = {
    "integer": _slow_integer,
    "timestamp": _slow_timestamp,
    "boolean": _slow_boolean,
    "decimal": _slow_decimal,
}
