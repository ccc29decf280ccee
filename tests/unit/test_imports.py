"""Who imports whom: no files in a circle, rooms point one way, and each knows only what it may."""

from pathlib import Path

import pytest
from support.import_graph import circles, graph_of

ROOT = Path(__file__).parents[2]
GRAPH = graph_of(ROOT, "flows", "tasks", "social_vault", "sql", "local", "deployments")
EVERYWHERE = {"errors", "disk"}
# What the modules of a room may import of the others; ruff holds the walls around the libraries.
MAY_IMPORT = {
    "model": set(),
    "records": {"model", "memory"},
    "landing": {"model"},
    "stores": {"settings", "landing.objects", "sql"},  # knows no table
    "sources": {"settings", "model", "landing.objects"},  # is handed the store it lands in
    "schema": {"model", "stores", "sql", "commands"},
    "loading": {"model", "records", "landing", "stores", "schema", "sql"},
    "answers": {"model", "landing", "records", "stores", "schema", "loading"},  # shows nothing
    "report": {"answers.run_report", "answers.dues", "loading.loads"},  # asks nothing
    "commands": set(),
    "disk": set(),
    "settings": set(),
    "memory": set(),
    "errors": set(),
}
LIBRARY = {module for module in GRAPH if module.startswith("social_vault.")}


def inner(module):
    """Name a module as the rooms do: without the library's own name."""
    return module.removeprefix("social_vault.")


def room(module):
    """Name the room that a module stands in."""
    return inner(module).split(".")[0]


def is_allowed(module, other):
    """Tell whether a module may import another of another room."""
    allowed = MAY_IMPORT[room(module)] | EVERYWHERE
    return room(other) in allowed or inner(other) in allowed


def test_no_files_import_each_other():
    """A file can be read, and tested, with what it imports."""
    assert circles(GRAPH) == []


@pytest.mark.parametrize("name", sorted({room(module) for module in LIBRARY}))
def test_a_room_imports_only_what_it_may(name):
    """The store knows no table, answers show nothing, the report asks nothing."""
    wrong = [
        f"{module} imports {other}"
        for module in sorted(LIBRARY)
        for other in sorted(GRAPH[module])
        if room(module) == name != room(other) and not is_allowed(module, other)
    ]

    assert wrong == []


@pytest.mark.parametrize(
    ("package", "above"),
    [
        ("flows", {"deployments", "local"}),
        ("tasks", {"flows", "deployments", "local"}),
        ("sql", {"social_vault", "tasks", "flows", "deployments", "local"}),
    ],
)
def test_what_lies_beneath_knows_nothing_of_what_lies_above(package, above):
    """Flows → tasks → social_vault → sql, and nothing the other way."""
    wrong = [
        f"{module} imports {other}"
        for module in GRAPH
        for other in GRAPH[module]
        if module.split(".")[0] == package and other.split(".")[0] in above
    ]

    assert wrong == []


def test_the_library_knows_neither_tasks_nor_places_to_run_against():
    """It could be used without Prefect, and on a real Vertica."""
    others = {other.split(".")[0] for module in LIBRARY for other in GRAPH[module]}

    assert others <= {"social_vault", "sql"}
