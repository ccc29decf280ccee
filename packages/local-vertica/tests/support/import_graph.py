"""Which file imports which, by its text: imports for types and inside functions count, too."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

Graph = Mapping[str, set[str]]


def graph_of(root: Path, *packages: str) -> Graph:
    """Return the modules of these packages under a root, each with those that it imports."""
    paths = {
        ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path
        for package in packages
        for path in sorted((root / package).rglob("*.py"))
    }
    return {name: set(_imports(path)) & paths.keys() - {name} for name, path in paths.items()}


def imported(path: Path) -> set[str]:
    """Return the first names of all that a file imports."""
    return {name.partition(".")[0] for name in _imports(path)}


def _imports(path: Path) -> Iterator[str]:
    """Yield what a file may import: a name that is taken from a module may be a module, too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def circles(graph: Graph) -> list[list[str]]:
    """Return each largest set of modules that all lead to one another."""
    reach = {name: _reached(graph, name) for name in graph}
    found = {
        tuple(sorted(other for other in reach[name] if name in reach[other]))
        for name in graph
        if name in reach[name]
    }
    return [list(circle) for circle in sorted(found)]


def _reached(graph: Graph, start: str) -> set[str]:
    """Return every module that a module leads to, in however many steps."""
    seen: set[str] = set()
    waiting = set(graph[start])
    while waiting:
        name = waiting.pop()
        seen.add(name)
        waiting |= graph[name] - seen
    return seen
