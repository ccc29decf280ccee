"""Pick the values of documents into columns of text, by the steps that lead to them."""

from collections.abc import Sequence

import polars as pl

from social_vault.records.documents.decoding import Json, moments

# Stands in a column of text for an object or a list, where a value belongs; nothing that is
# accepted holds the control character, so that no text of a document can pass for it.
NO_VALUE = "\x00{}"


def picked(objects: Sequence[Json], steps: tuple[str, ...]) -> list[object]:
    """Follow the steps into each object; None is what is missing, or null, on the way."""
    if len(steps) == 1:
        [name] = steps
        return [each.get(name) for each in objects]
    return [_reached(each, steps) for each in objects]


def _reached(value: object, steps: tuple[str, ...]) -> object:
    for step in steps:
        if value is None:
            return None
        if type(value) is not dict:
            return []  # no way leads on from here: no value, as a list is none
        value = value.get(step)
    return value


def texts_of(values: Sequence[object], name: str) -> pl.Series:
    """Make a column of text of values: truth values are words, objects and lists NO_VALUE."""
    try:
        texts = pl.Series(name, values, dtype=pl.String)
    except TypeError:  # something in it is no text; most columns have no such value
        texts = pl.Series(name, [_text(value) for value in values], dtype=pl.String)
    return moments(texts)


def _text(value: object) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case str():
            return value
    return NO_VALUE
