"""Vertica SQL: what is written by hand, and the patterns from which the rest follows.

A `Statement` is a template with what it is filled with; `text` renders it. Names of schemas come
from the settings, those of tables and columns from the declaration. Every `{{ … }}` passes one
check, so only plain identifiers and numbers reach the text; values are binds (`:name`), which
`social_vault.stores.vertica` writes as literals.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

# What Vertica takes without quotes, but for its letters outside ASCII and its $.
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")


@dataclass(frozen=True)
class Statement:
    """One statement: its name in logs and errors, its template, what fills the template."""

    name: str
    template: str
    given: Mapping[str, object] = field(default_factory=dict, repr=False)

    def text(self, **names: str) -> str:
        """Render the statement with the names of schemas and the like.

        Raises ValueError for a name that is no plain identifier, and jinja2's UndefinedError for
        one that is missing.
        """
        template = templates().get_template(f"{self.template}.sql")
        return template.render({**self.given, **names}).strip()


def written(name: str) -> Statement:
    """Find a statement that is written by hand, by its file's name below sql/."""
    return Statement(name, name)


def names(folder: str) -> list[str]:
    """List the statements of a folder that is written by hand."""
    entries = resources.files("sql").joinpath(folder).iterdir()
    files = sorted(entry.name for entry in entries if entry.name.endswith(".sql"))
    return [f"{folder}/{name.removesuffix('.sql')}" for name in files]


def identifier(value: object) -> object:
    """Let a plain identifier, a whole number or the output of a macro into the text."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if is_number or isinstance(value, Markup) or IDENTIFIER.fullmatch(str(value)):
        return value
    raise ValueError(f"{value!r} is not a plain identifier.")


@cache
def templates() -> Environment:
    """Make the loader of templates; every `{{ value }}` in them passes `identifier`."""
    return Environment(
        loader=PackageLoader("sql", "."),
        autoescape=True,  # a macro then returns Markup, which no setting can be
        finalize=identifier,
        undefined=StrictUndefined,  # a name that is missing would else be an empty text
        trim_blocks=True,
        lstrip_blocks=True,
    )
