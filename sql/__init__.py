"""Vertica SQL, one file per table and purpose.

`statement` renders a file: schema names come from the settings, table and column names stand in the
files. Every `{{ … }}` passes one check, so only plain identifiers reach the text; values are binds
(`:name`) that `social_vault.stores.vertica` writes as literals.
"""

import re
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")


def identifier(value: object) -> object:
    """Let a plain identifier, or the output of a macro, into the text."""
    if isinstance(value, Markup) or IDENTIFIER.fullmatch(str(value)):
        return value
    raise ValueError(f"{value!r} is not a plain identifier.")


@cache
def templates() -> Environment:
    """Return the loader; every `{{ value }}` in it passes `identifier`."""
    return Environment(
        loader=PackageLoader("sql", "."),
        autoescape=True,  # a macro then returns Markup, which no setting can be
        finalize=identifier,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def statement(name: str, **schemas: str) -> str:
    """Return sql/<name>.sql with its schema names filled in."""
    return templates().get_template(f"{name}.sql").render(schemas).strip()


def source(name: str) -> str:
    """Return sql/<name>.sql as it is written."""
    return resources.files("sql").joinpath(f"{name}.sql").read_text()


def names() -> list[str]:
    """Return the names of all statements, by folder."""
    root = resources.files("sql")
    folders = sorted(entry.name for entry in root.iterdir() if entry.is_dir())
    return [
        f"{folder}/{entry.name.removesuffix('.sql')}"
        for folder in folders
        if folder not in ("macros", "__pycache__")
        for entry in sorted(root.joinpath(folder).iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".sql")
    ]
