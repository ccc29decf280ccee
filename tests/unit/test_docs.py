"""The documents: their links lead somewhere, and both READMEs name the same commands."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    path
    for path in sorted(ROOT.rglob("*.md"))
    if not {".venv", ".local", "build", "node_modules"} & set(path.relative_to(ROOT).parts)
]
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_within_the_project_leads_somewhere(document):
    """A reader who follows a link finds what it names."""
    targets = [link for link in LINK.findall(document.read_text()) if "://" not in link]

    missing = [target for target in targets if not (document.parent / target).exists()]

    assert missing == []


def test_both_readmes_name_the_same_commands():
    """A reader of either language is told the same."""

    def commands(name):
        blocks = re.findall(r"```sh\n(.*?)```", (ROOT / name).read_text(), re.DOTALL)
        return [line.split("#")[0].split() for block in blocks for line in block.splitlines()]

    assert commands("README.md") == commands("README.ru.md")
