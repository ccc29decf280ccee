"""A run report as markdown, for the dashboard."""

from collections.abc import Sequence

from social_vault.answers.run_report import RunReport
from social_vault.report.layout import markdown_table, markdown_text
from social_vault.report.sections import Form, Section, answer_sections, load_sections

MARKDOWN = Form(markdown_table, markdown_text)


def render_markdown(report: RunReport) -> str:
    """Write the whole report; no value in it can become markup."""
    return as_markdown([*answer_sections(report, MARKDOWN.table), *load_sections(report, MARKDOWN)])


def as_markdown(blocks: Sequence[Section]) -> str:
    """Write titled blocks, each title a heading that stands well below the page's own."""
    return "\n\n".join("\n\n".join(filter(None, (f"### {title}", body))) for title, body in blocks)
