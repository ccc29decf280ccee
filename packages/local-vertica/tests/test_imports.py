"""Who imports whom: folders point one way, files go in no circle, and nothing leads outside."""

from pathlib import Path

from support.import_graph import circles, graph_of, imported

PACKAGE = Path(__file__).parents[1]
GRAPH = graph_of(PACKAGE / "src", "local_vertica")
# From the top down: each may import what stands beneath it.
ORDER = (
    {"__main__", "pytest_plugin"},
    {"wire"},
    {"statements"},
    {"monitor"},
    {"engine"},
    {"ddl"},
    {"resolve"},
    {"catalog", "copy"},
    {"sql"},
    {"results"},
    {"types"},
    {"errors", "process"},
)
LEVELS = {name: level for level, names in enumerate(ORDER) for name in names}
# An expression holds queries, and a query expressions: who reads or binds them does so in a circle.
GRAMMARS = {"local_vertica.sql.parse_expressions", "local_vertica.sql.bind_expressions"}
OURS = {"dwh", "social_vault", "flows", "tasks", "sql", "local", "deployments"}


def place(module: str) -> str:
    """Return the folder of a module, or its name if it lies in none."""
    return module.split(".")[1] if "." in module else "process"


def test_folders_point_one_way():
    """What lies beneath knows nothing of what lies above."""
    wrong = [
        f"{module} imports {other}"
        for module, others in GRAPH.items()
        for other in others
        if place(module) != place(other) and LEVELS[place(module)] >= LEVELS[place(other)]
    ]

    assert wrong == []


def test_no_files_import_each_other_but_those_of_a_recursive_grammar():
    """A file can be read, and tested, with what it imports."""
    found = [
        circle
        for circle in circles(GRAPH)
        if not GRAMMARS & set(circle) or {place(module) for module in circle} != {"sql"}
    ]

    assert found == []


def test_nothing_of_the_repository_around_it_is_imported():
    """The package and its tests can be taken elsewhere."""
    files = [*PACKAGE.glob("src/**/*.py"), *PACKAGE.glob("tests/**/*.py")]

    assert [str(path) for path in files if imported(path) & OURS] == []
    assert len(files) > 200


def test_a_circle_is_found():
    """Three that lead to one another are a circle; what leads in or out of it is none."""
    graph = {"a": {"b"}, "b": {"c"}, "c": {"d"}, "d": {"b", "e"}, "e": set()}

    assert circles(graph) == [["b", "c", "d"]]
