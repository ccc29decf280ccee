"""A run report as plain text, for a terminal or a log."""

from collections.abc import Sequence

from social_vault.answers.run_report import RunReport
from social_vault.report.layout import shown, text_table
from social_vault.report.sections import Form, Section, answer_sections, load_sections

TEXT = Form(text_table, shown)


def render_text(report: RunReport) -> str:
    """Write the whole report for a terminal."""
    return as_text([*answer_sections(report, TEXT.table), *load_sections(report, TEXT)])


def render_accounting(report: RunReport) -> str:
    """Write what became of the records for a log: counts, and no value of the data."""
    return as_text(load_sections(report, TEXT))


def as_text(blocks: Sequence[Section]) -> str:
    """Write titled blocks, an empty line between them."""
    return "\n\n".join("\n".join(filter(None, block)) for block in blocks)
