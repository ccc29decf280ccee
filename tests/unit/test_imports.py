"""No files of the product import each other in a circle; those of the stand-in have their test."""

from pathlib import Path

from support.import_graph import circles, graph_of

ROOT = Path(__file__).parents[2]


def test_no_files_import_each_other():
    """A file can be read, and tested, with what it imports."""
    packages = ("flows", "tasks", "social_vault", "sql", "local", "deployments")

    assert circles(graph_of(ROOT, *packages)) == []
